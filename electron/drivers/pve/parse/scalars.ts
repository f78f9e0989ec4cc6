import { z } from 'zod';

/**
 * PVE is written in Perl: a number may arrive as a string (`"memory": "384"`), a flag as 0, 1, "0", "1", true or "".
 * These schemas accept all spellings seen on 8.4 to 9.2 and nothing else.
 */
export const number = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i)]).transform(Number);

export const flag = z
  .union([z.boolean(), z.number(), z.enum(['', '0', '1'])])
  .transform((value) => value === true || Number(value) === 1);

/** Text that may arrive as a bare number (a VM named `100`, a task's id). */
export const text = z.union([z.string(), z.number()]).transform(String);
