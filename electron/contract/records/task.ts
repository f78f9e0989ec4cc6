import { z } from 'zod';
import { errorShapeSchema, type ErrorShape } from '../errors.ts';
import type { EntityId } from '../ids.ts';
import { entityIdSchema, recordBase, type RecordBase } from './base.ts';

export const taskStates = ['waiting', 'running', 'succeeded', 'warnings', 'failed', 'cancelled', 'unknown'] as const;
/** `waiting`: queued by us, not sent yet. `unknown`: the host went away while it ran. */
export type TaskState = (typeof taskStates)[number];

export interface TaskProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: 'bytes' | 'steps';
}

/** Something running or finished: a PVE UPID, an operation of ours on a Debian host, or a bulk of several. */
export interface TaskRecord extends RecordBase<'task'> {
  /** The operation: PVE's worker type (`qmstart`, `vzdump`) or ours (`guest.start`, `bulk.shutdown`). Texts are looked up by it. */
  readonly taskType: string;
  readonly subjectId?: EntityId;
  readonly nodeId?: EntityId;
  /** The bulk this task is a part of. */
  readonly parentId?: EntityId;
  readonly user: string;
  readonly state: TaskState;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** The host's own closing words, e.g. `OK`, `WARNINGS: 1`, an error text. Empty while running. */
  readonly outcome: string;
  /** Why it failed, where the failure was told to us rather than written by the host; its text is looked up by code. */
  readonly error?: ErrorShape;
  readonly progress?: TaskProgress;
  /** Whether this window's app started it. */
  readonly isOurs: boolean;
  readonly canCancel: boolean;
  /** Whether the same verb can be sent again with the same arguments. */
  readonly canRetry: boolean;
}

export const taskRecordSchema: z.ZodType<TaskRecord> = z.object({
  ...recordBase('task'),
  taskType: z.string(),
  subjectId: entityIdSchema.exactOptional(),
  nodeId: entityIdSchema.exactOptional(),
  parentId: entityIdSchema.exactOptional(),
  user: z.string(),
  state: z.enum(taskStates),
  startedAtMs: z.number(),
  endedAtMs: z.number().exactOptional(),
  outcome: z.string(),
  error: errorShapeSchema.exactOptional(),
  progress: z.object({ done: z.number(), total: z.number(), unit: z.enum(['bytes', 'steps']) }).exactOptional(),
  isOurs: z.boolean(),
  canCancel: z.boolean(),
  canRetry: z.boolean(),
});
