import { z } from 'zod';
import type { EntityId } from './ids.ts';
import {
  entityIdSchema,
  entityRecordSchema,
  loadRowSchema,
  noLoad,
  taskRecordSchema,
  toLoadRow,
  type EntityRecord,
  type LoadRow,
  type TaskRecord,
} from './records/index.ts';

/** The change from one revision of the inventory to the next. `loads` holds only rows that changed. */
export interface InventoryDelta {
  readonly from: number;
  readonly revision: number;
  readonly put: readonly EntityRecord[];
  readonly removed: readonly EntityId[];
  readonly loads: readonly LoadRow[];
}

/** What `inventory.watch` sends: everything once, then changes. A change whose `from` is not the replica's revision is a gap; the replica subscribes anew. */
export type InventoryFrame =
  | {
      readonly type: 'snapshot';
      readonly revision: number;
      readonly records: readonly EntityRecord[];
      readonly loads: readonly LoadRow[];
    }
  | ({ readonly type: 'delta' } & InventoryDelta);

export const inventoryFrameSchema: z.ZodType<InventoryFrame> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    revision: z.number(),
    records: z.array(entityRecordSchema),
    loads: z.array(loadRowSchema),
  }),
  z.object({
    type: z.literal('delta'),
    from: z.number(),
    revision: z.number(),
    put: z.array(entityRecordSchema),
    removed: z.array(entityIdSchema),
    loads: z.array(loadRowSchema),
  }),
]);

/** Two consecutive deltas become one, so that a slow reader never has a queue longer than one. */
export function squashInventoryDeltas(earlier: InventoryDelta, later: InventoryDelta): InventoryDelta {
  if (later.from !== earlier.revision) throw new RangeError(`cannot squash ${earlier.revision} with ${later.from}`);
  const put = new Map(earlier.put.map((record) => [record.id, record]));
  const loads = new Map(earlier.loads.map((row) => [row[0], row]));
  const removed = new Set(earlier.removed);
  for (const id of later.removed) {
    put.delete(id);
    loads.delete(id);
    removed.add(id);
  }
  for (const record of later.put) {
    // Gone and back within one frame: the replica never hears that it was gone, so its old figures are taken back here.
    if (removed.delete(record.id)) loads.set(record.id, toLoadRow(record.id, noLoad));
    put.set(record.id, record);
  }
  for (const row of later.loads) loads.set(row[0], row);
  return {
    from: earlier.from,
    revision: later.revision,
    put: [...put.values()],
    removed: [...removed],
    loads: [...loads.values()],
  };
}

/** Joins an unsent frame with the one after it. */
export function squashInventoryFrames(earlier: InventoryFrame, later: InventoryFrame): InventoryFrame {
  if (later.type === 'snapshot') return later;
  if (earlier.type === 'delta') return { type: 'delta', ...squashInventoryDeltas(earlier, later) };
  if (later.from !== earlier.revision) throw new RangeError(`cannot squash ${earlier.revision} with ${later.from}`);
  const records = new Map(earlier.records.map((record) => [record.id, record]));
  const loads = new Map(earlier.loads.map((row) => [row[0], row]));
  for (const id of later.removed) {
    records.delete(id);
    loads.delete(id);
  }
  for (const record of later.put) records.set(record.id, record);
  for (const row of later.loads) loads.set(row[0], row);
  return { type: 'snapshot', revision: later.revision, records: [...records.values()], loads: [...loads.values()] };
}

/** What `task.watch` sends. Tasks are few, so a change carries whole records. */
export type TaskFrame =
  | { readonly type: 'snapshot'; readonly tasks: readonly TaskRecord[] }
  | { readonly type: 'delta'; readonly put: readonly TaskRecord[]; readonly removed: readonly EntityId[] };

export const taskFrameSchema: z.ZodType<TaskFrame> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), tasks: z.array(taskRecordSchema) }),
  z.object({ type: z.literal('delta'), put: z.array(taskRecordSchema), removed: z.array(entityIdSchema) }),
]);

/** Joins an unsent task frame with the one after it. */
export function squashTaskFrames(earlier: TaskFrame, later: TaskFrame): TaskFrame {
  if (later.type === 'snapshot') return later;
  const base = earlier.type === 'snapshot' ? earlier.tasks : earlier.put;
  const put = new Map(base.map((task) => [task.id, task]));
  for (const id of later.removed) put.delete(id);
  for (const task of later.put) put.set(task.id, task);
  if (earlier.type === 'snapshot') return { type: 'snapshot', tasks: [...put.values()] };
  const removed = new Set([...earlier.removed, ...later.removed]);
  for (const id of put.keys()) removed.delete(id);
  return { type: 'delta', put: [...put.values()], removed: [...removed] };
}
