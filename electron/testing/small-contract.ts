import { z } from 'zod';
import { channel, request, stream } from '../contract/rpc/shapes.ts';

const counts = z.object({ from: z.number(), to: z.number(), put: z.record(z.string(), z.number()) });

/** A table for tests of the machinery: one entry of each shape and what else they need. */
export const smallTable = {
  'text.upper': request(z.object({ text: z.string().max(20_000), times: z.number().int().default(1) }), z.string()),
  'text.wait': request(z.object({}), z.string()),
  'count.watch': stream(z.object({}), counts, (earlier, later) => {
    if (earlier.to !== later.from) throw new RangeError('a gap between frames');
    return { from: earlier.from, to: later.to, put: { ...earlier.put, ...later.put } };
  }),
  'bytes.echo': channel(z.object({})),
} as const;
export type SmallTable = typeof smallTable;

/** Frames of `count.watch`. */
export type CountFrame = z.output<typeof counts>;
