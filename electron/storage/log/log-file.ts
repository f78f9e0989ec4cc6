import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../core/ports/log.ts';
import { redact } from './redact.ts';

export interface LogFileOptions {
  /** `wheelhouse.log`; older ones get `.1`, `.2`... */
  readonly folder: string;
  readonly name: string;
  readonly now: () => number;
  /** A file is put aside when it has reached this. */
  readonly maxBytes?: number;
  /** How many older files are kept. */
  readonly keptFiles?: number;
}

/** A log that is written soon, off the caller's turn. */
export interface LogFile {
  readonly log: Log;
  /** Resolves when everything logged so far is written or given up. */
  readonly flush: () => Promise<void>;
}

const defaultMaxBytes = 2 * 1024 * 1024;
const defaultKeptFiles = 3;
/** Beyond this much waiting text lines are dropped and counted: a disk that hangs must not fill the memory. */
const maxWaitingChars = 1024 * 1024;

/** One JSON object a line, `{"at": ISO time, "level", "event", ...fields}`. Never throws: a log that cannot be written is lost. */
export function openLogFile(options: LogFileOptions): LogFile {
  const writer = new LineWriter(
    join(options.folder, options.name),
    options.maxBytes ?? defaultMaxBytes,
    options.keptFiles ?? defaultKeptFiles,
  );
  return {
    log: (level, event, fields = {}) => {
      const at = new Date(options.now()).toISOString();
      writer.add(lineOf({ ...(redact(fields) as object), at, level, event }));
    },
    flush: () => writer.flush(),
  };
}

function lineOf({ at, level, event, ...fields }: { at: string; level: string; event: string }): string {
  try {
    return `${JSON.stringify({ at, level, event, ...fields })}\n`;
  } catch {
    return `${JSON.stringify({ at, level, event, note: 'fields cannot be written as JSON' })}\n`;
  }
}

class LineWriter {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keptFiles: number;
  #waiting: string[] = [];
  #waitingChars = 0;
  #dropped = 0;
  #running: Promise<void> | undefined;
  #sizeBytes: number | undefined;

  constructor(path: string, maxBytes: number, keptFiles: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keptFiles = keptFiles;
  }

  add(line: string): void {
    if (this.#waitingChars + line.length > maxWaitingChars) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingChars += line.length;
    this.#running ??= this.#drain();
  }

  async flush(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #drain(): Promise<void> {
    // Lets the lines of one turn join into one write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const dropped = this.#dropped;
      const text =
        this.#waiting.join('') + (dropped > 0 ? `${JSON.stringify({ event: 'log-lines-dropped', dropped })}\n` : '');
      this.#waiting = [];
      this.#waitingChars = 0;
      this.#dropped = 0;
      await this.#append(text);
    }
    this.#running = undefined;
  }

  async #append(text: string): Promise<void> {
    try {
      this.#sizeBytes ??= (await fs.stat(this.#path).catch(() => undefined))?.size ?? 0;
      if (this.#sizeBytes > 0 && this.#sizeBytes + text.length > this.#maxBytes) await this.#rotate();
      await fs.appendFile(this.#path, text, { mode: 0o600 });
      this.#sizeBytes += Buffer.byteLength(text);
    } catch {
      this.#sizeBytes = undefined;
    }
  }

  async #rotate(): Promise<void> {
    for (let age = this.#keptFiles - 1; age >= 1; age -= 1) {
      await fs.rename(`${this.#path}.${age}`, `${this.#path}.${age + 1}`).catch(() => undefined);
    }
    await fs.rename(this.#path, `${this.#path}.1`);
    this.#sizeBytes = 0;
  }
}
