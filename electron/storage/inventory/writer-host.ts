import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InventoryWriter, type WriterReply, type WriterRequest } from './writer.ts';

/** Where the writer runs. Replies come in the order of the requests. */
export interface WriterHost {
  post(request: WriterRequest): void;
  onReply(listener: (reply: WriterReply) => void): void;
}

/** The bundled entry of the writer's thread, as the build puts it below its output folder. */
const bundledEntry = join('storage', 'inventory-writer.js');

/** The writer in its own thread where its bundled entry is found, else in this one (tests run from source). */
export function startWriter(path: string): WriterHost {
  const entry = findEntry(dirname(fileURLToPath(import.meta.url)));
  return entry === undefined ? new InlineWriter(path) : new ThreadWriter(path, () => entry);
}

function findEntry(folder: string): string | undefined {
  for (const up of ['.', '..', '../..']) {
    const entry = join(folder, up, bundledEntry);
    if (existsSync(entry)) return entry;
  }
  return undefined;
}

/** Runs the writer in this thread, one turn later. */
export class InlineWriter implements WriterHost {
  readonly #writer: InventoryWriter;
  #listener: (reply: WriterReply) => void = () => undefined;

  constructor(path: string) {
    this.#writer = new InventoryWriter(path);
  }

  post(request: WriterRequest): void {
    setImmediate(() => {
      const reply = this.#writer.handle(request);
      if (reply !== undefined) this.#listener(reply);
    });
  }

  onReply(listener: (reply: WriterReply) => void): void {
    this.#listener = listener;
  }
}

/** New objects of the thread: texts that are on their way to the disk. V8's own bound would let 48 MiB of them lie about. */
const writerYoungMib = 4;

/** Runs the writer in a thread of its own. A thread that fails is answered for, and started again at the next batch. */
export class ThreadWriter implements WriterHost {
  readonly #path: string;
  readonly #entry: () => string;
  #worker: Worker | undefined;
  #listener: (reply: WriterReply) => void = () => undefined;

  constructor(path: string, entry: () => string) {
    this.#path = path;
    this.#entry = entry;
  }

  post(request: WriterRequest): void {
    if (request.type === 'close' && this.#worker === undefined) {
      setImmediate(() => this.#listener({ type: 'closed' }));
      return;
    }
    this.#worker ??= this.#start();
    // The thread keeps the process alive only while an answer is due.
    this.#worker.ref();
    this.#worker.postMessage(request);
  }

  onReply(listener: (reply: WriterReply) => void): void {
    this.#listener = listener;
  }

  #start(): Worker {
    const worker = new Worker(this.#entry(), {
      workerData: { path: this.#path },
      name: 'inventory-writer',
      resourceLimits: { maxYoungGenerationSizeMb: writerYoungMib },
    });
    let hasEnded = false;
    const onEnd = (cause: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      if (this.#worker === worker) this.#worker = undefined;
      this.#listener({ type: 'failed', fault: 'other', cause });
    };
    worker.on('message', (reply: WriterReply) => {
      if (reply.type === 'closed') {
        hasEnded = true;
        this.#worker = undefined;
      }
      worker.unref();
      this.#listener(reply);
    });
    worker.on('error', (error) => onEnd(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => onEnd(`the writer's thread ended with code ${code}`));
    return worker;
  }
}
