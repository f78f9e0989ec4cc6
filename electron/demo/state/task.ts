/** A worker process of PVE: it has a log, an owner and an end. */
export interface SimTask {
  readonly upid: string;
  readonly node: string;
  readonly pid: number;
  readonly pstart: number;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly type: string;
  /** What it works on: a VMID, a storage, or nothing. */
  readonly id: string;
  /** Owner without a token. */
  readonly user: string;
  readonly tokenId?: string;
  readonly log: string[];
  /** Epoch seconds. */
  endedAt?: number;
  /** `OK`, `WARNINGS: 1`, or the text of the error. */
  exitStatus?: string;
  /** Ends the worker by a signal; set while it runs. */
  abort?: () => void;
  /** Ends the worker without a word, as the death of its host does; set while it runs. */
  vanish?: () => void;
}
