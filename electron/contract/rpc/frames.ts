import { z } from 'zod';
import { errorShapeSchema, type ErrorShape } from '../errors.ts';

/**
 * Numbers of calls, streams and channels. Chosen by the window, strictly rising on one link, so a number is never used twice.
 * 32 bits, because a data frame carries it in four bytes.
 */
const idSchema = z.number().int().min(1).max(0xffff_ffff);
// `z.unknown().optional()` below: JSON leaves `undefined` out, and the method's own schema judges the value anyway.
const methodSchema = z.string().min(1).max(200);

/** The first frame of a window. Everything else is refused before it. */
const helloSchema = z.object({
  type: z.literal('hello'),
  version: z.number().int(),
  rendererId: z.string().min(8).max(64),
});
const callSchema = z.object({
  type: z.literal('call'),
  id: idSchema,
  method: methodSchema,
  input: z.unknown().optional(),
});
/** Calls off a call that has not been answered, or an `open` whose answer is not known yet. */
const cancelSchema = z.object({ type: z.literal('cancel'), id: idSchema });
const subscribeSchema = z.object({
  type: z.literal('subscribe'),
  id: idSchema,
  method: methodSchema,
  input: z.unknown().optional(),
});
const unsubscribeSchema = z.object({ type: z.literal('unsubscribe'), id: idSchema });
/** The window has taken an item; the next one may be sent. */
const takenSchema = z.object({ type: z.literal('taken'), id: idSchema });
const openSchema = z.object({
  type: z.literal('open'),
  id: idSchema,
  method: methodSchema,
  input: z.unknown().optional(),
});
/** More bytes of a channel have been consumed; the other side may send as many more. */
const creditSchema = z.object({
  type: z.literal('credit'),
  id: idSchema,
  bytes: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31),
});
/** The end of a channel, from either side. */
const closeSchema = z.object({ type: z.literal('close'), id: idSchema, error: errorShapeSchema.optional() });

/** What a window sends. */
export const clientFrameSchema = z.discriminatedUnion('type', [
  helloSchema,
  callSchema,
  cancelSchema,
  subscribeSchema,
  unsubscribeSchema,
  takenSchema,
  openSchema,
  creditSchema,
  closeSchema,
]);
export type ClientFrame = z.output<typeof clientFrameSchema>;

/** Answers `hello`. `isResumed`: this core has met this window before, so references it was given still hold. */
const welcomeSchema = z.object({ type: z.literal('welcome'), version: z.number().int(), isResumed: z.boolean() });
/** Answers `hello` too; the link closes after it, and trying again would get the same answer. */
const refusedSchema = z.object({ type: z.literal('refused'), error: errorShapeSchema });
const resultSchema = z.object({ type: z.literal('result'), id: idSchema, output: z.unknown().optional() });
/** Ends a call, a stream, or an `open`. */
const failureSchema = z.object({ type: z.literal('failure'), id: idSchema, error: errorShapeSchema });
const itemSchema = z.object({ type: z.literal('item'), id: idSchema, frame: z.unknown().optional() });
const openedSchema = z.object({ type: z.literal('opened'), id: idSchema });

/** What the core sends. */
export const serverFrameSchema = z.discriminatedUnion('type', [
  welcomeSchema,
  refusedSchema,
  resultSchema,
  failureSchema,
  itemSchema,
  openedSchema,
  creditSchema,
  closeSchema,
]);
export type ServerFrame = z.output<typeof serverFrameSchema>;

/** A refusal, for hosts that turn a window away before the core sees it. */
export function refusal(error: ErrorShape): ServerFrame {
  return { type: 'refused', error };
}
