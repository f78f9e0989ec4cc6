import type { z } from 'zod';

/** One question, one answer, cancellable. */
export const request = <Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output) =>
  ({ shape: 'request', input, output }) as const;

/**
 * Frames until either side ends it. At most one frame is unsent at any time: a newer one is joined to it by `squash`.
 * After a reconnect the server starts the stream again from its first frame, so every stream must be able to.
 */
export const stream = <Input extends z.ZodType, Frame extends z.ZodType>(
  input: Input,
  frame: Frame,
  squash: (earlier: z.output<Frame>, later: z.output<Frame>) => z.output<Frame>,
) => ({ shape: 'stream', input, frame, squash }) as const;

/** Bytes both ways with credit. Does not survive a reconnect: bytes cannot be replayed. */
export const channel = <Input extends z.ZodType>(input: Input) => ({ shape: 'channel', input }) as const;

export interface RequestEntry {
  readonly shape: 'request';
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}
export interface StreamEntry {
  readonly shape: 'stream';
  readonly input: z.ZodType;
  readonly frame: z.ZodType;
  // The table is heterogeneous; each entry's own squash is typed where it is declared.
  squash(earlier: never, later: never): unknown;
}
export interface ChannelEntry {
  readonly shape: 'channel';
  readonly input: z.ZodType;
}

/** A table of methods: `<noun>.<verb>` to its shape and schemas. The machinery works with any table; tests use small ones. */
export type MethodTable = { readonly [method: string]: RequestEntry | StreamEntry | ChannelEntry };

export type NamesOf<Table extends MethodTable, Shape extends 'request' | 'stream' | 'channel'> = {
  [Name in keyof Table]: Table[Name]['shape'] extends Shape ? Name : never;
}[keyof Table] &
  string;
/** What the caller hands in (before defaults are applied). */
export type InputOf<Table extends MethodTable, Name extends keyof Table> = z.input<Table[Name]['input']>;
/** What the handler receives (after defaults are applied). */
export type ParsedInputOf<Table extends MethodTable, Name extends keyof Table> = z.output<Table[Name]['input']>;
export type OutputOf<Table extends MethodTable, Name extends keyof Table> = Table[Name] extends {
  output: infer Output extends z.ZodType;
}
  ? z.output<Output>
  : never;
export type FrameOf<Table extends MethodTable, Name extends keyof Table> = Table[Name] extends {
  frame: infer Frame extends z.ZodType;
}
  ? z.output<Frame>
  : never;
