import type { Disposable } from '../../contract/disposable.ts';

/** A program and its arguments. Never a shell line: the SSH transport quotes each word itself. */
export type ArgumentVector = readonly [program: string, ...args: string[]];

export interface RunOptions {
  /** Written to standard input, which is then closed. */
  readonly stdin?: string;
  readonly timeoutMs: number;
  /** Standard output and error together; more ends the process with `remote.too-much`. */
  readonly maxBytes: number;
}

/** How a finished process ended. A non-zero code is not an error here; the caller says which codes it expects. */
export interface RunResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that goes on and tells its output line by line, e.g. `virsh event --loop`. */
export interface RunningProcess {
  onLine(listener: (line: string, stream: 'stdout' | 'stderr') => void): Disposable;
  /** Told once, also after `kill`. */
  onExit(listener: (result: { readonly code: number | null; readonly signal: string | null }) => void): Disposable;
  write(text: string): void;
  /** Ends it; harmless when it has ended. */
  kill(): void;
}

/**
 * One way to run programs on a host: one SSH connection, or local processes. Channels are limited and queued inside
 * (sshd's MaxSessions is 10 by default). Rejects with `connection.lost`, `operation.timed-out`, `remote.too-much`, `operation.cancelled`.
 */
export interface HostLink {
  run(argv: ArgumentVector, options: RunOptions, signal: AbortSignal): Promise<RunResult>;
  start(argv: ArgumentVector, signal: AbortSignal): Promise<RunningProcess>;
  /** Told once when the link is gone (not after `close`). */
  onLost(listener: (error: Error) => void): Disposable;
  close(): void;
}
