import { z } from 'zod';
import type { EntityId } from '../ids.ts';
import { entityIdSchema } from './base.ts';

/**
 * The figures of an entity that move all the time. Kept apart from the records so that a poll in which only load changed
 * touches no record, no tree and no search index. A figure that the host does not tell is `null`: unknown is not zero.
 */
export interface EntityLoad {
  /** 0 to 1 of all its CPUs. */
  readonly cpuRatio: number | null;
  readonly memoryUsedBytes: number | null;
  readonly diskUsedBytes: number | null;
  readonly netInBytesPerS: number | null;
  readonly netOutBytesPerS: number | null;
  readonly diskReadBytesPerS: number | null;
  readonly diskWriteBytesPerS: number | null;
}

/** A load on the wire and in the store: the figures in the order of {@link EntityLoad}. Half the bytes of an object. */
export type LoadRow = readonly [
  id: EntityId,
  cpuRatio: number | null,
  memoryUsedBytes: number | null,
  diskUsedBytes: number | null,
  netInBytesPerS: number | null,
  netOutBytesPerS: number | null,
  diskReadBytesPerS: number | null,
  diskWriteBytesPerS: number | null,
];

const figure = z.number().nullable();
export const loadRowSchema: z.ZodType<LoadRow> = z.tuple([
  entityIdSchema,
  figure,
  figure,
  figure,
  figure,
  figure,
  figure,
  figure,
]);

export function toLoadRow(id: EntityId, load: EntityLoad): LoadRow {
  return [
    id,
    load.cpuRatio,
    load.memoryUsedBytes,
    load.diskUsedBytes,
    load.netInBytesPerS,
    load.netOutBytesPerS,
    load.diskReadBytesPerS,
    load.diskWriteBytesPerS,
  ];
}

export function fromLoadRow(row: LoadRow): EntityLoad {
  return {
    cpuRatio: row[1],
    memoryUsedBytes: row[2],
    diskUsedBytes: row[3],
    netInBytesPerS: row[4],
    netOutBytesPerS: row[5],
    diskReadBytesPerS: row[6],
    diskWriteBytesPerS: row[7],
  };
}

/** The load of something that is not running or not known. */
export const noLoad: EntityLoad = {
  cpuRatio: null,
  memoryUsedBytes: null,
  diskUsedBytes: null,
  netInBytesPerS: null,
  netOutBytesPerS: null,
  diskReadBytesPerS: null,
  diskWriteBytesPerS: null,
};
