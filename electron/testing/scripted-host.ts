import { available } from '../contract/capabilities.ts';
import { cancelled } from '../contract/errors.ts';
import type { EntityId } from '../contract/ids.ts';
import type { EntityDetails, EntityHistory, TaskRecord } from '../contract/records/index.ts';
import type { GuestPowerAction } from '../contract/rpc/table.ts';
import type {
  DriverSession,
  InventoryHint,
  InventoryListing,
  ListingPass,
  OperationEvent,
  RemoteOperation,
  SessionFacts,
} from '../core/ports/driver.ts';
import type { OpenRequest } from '../core/ports/session-opener.ts';

/** Rejects when the signal aborts, and never otherwise: a host that accepts and says nothing. */
export function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(cancelled());
    signal.addEventListener('abort', () => reject(cancelled()), { once: true });
  });
}

/** An operation that a test ends by hand. */
export class ScriptedOperation implements RemoteOperation {
  readonly #queue: OperationEvent[] = [];
  #wake: (() => void) | undefined;
  cancellations = 0;

  constructor(readonly nativeId: string) {}

  readonly events: AsyncIterable<OperationEvent> = { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) };

  tell(event: OperationEvent): void {
    this.#queue.push(event);
    this.#wake?.();
  }

  end(outcome: Extract<OperationEvent, { type: 'end' }>['outcome'] = 'succeeded', text = ''): void {
    this.tell({ type: 'end', outcome, text });
  }

  cancel(): Promise<void> {
    this.cancellations += 1;
    this.end('cancelled');
    return Promise.resolve();
  }

  async #next(): Promise<IteratorResult<OperationEvent>> {
    while (this.#queue.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return { done: false, value: this.#queue.shift()! };
  }
}

/** A host whose behaviour a test writes: replace a function, and the next call behaves so. */
export class ScriptedHost {
  facts: SessionFacts = {
    systemVersion: 'Scripted 1',
    account: 'root@pam',
    endpoint: 'lab.example:8006',
    missingRights: [],
  };
  listing: InventoryListing = { records: [], loads: [] };
  tasks: readonly TaskRecord[] | undefined;
  log: readonly string[] = [];
  readonly reads: ListingPass[] = [];
  readonly detailReads: EntityId[] = [];
  readonly operations: ScriptedOperation[] = [];
  opens = 0;
  openSessions = 0;
  #hint: ((hint: InventoryHint) => void) | undefined;
  #end: ((error: Error) => void) | undefined;

  /** What happens before a session opens. */
  onOpen: (request: OpenRequest, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  onList: (pass: ListingPass, signal: AbortSignal) => Promise<InventoryListing> = () => Promise.resolve(this.listing);
  onPerform: (action: GuestPowerAction, guest: EntityId) => Promise<ScriptedOperation> = (action, guest) =>
    Promise.resolve(new ScriptedOperation(`${action}:${guest}`));
  onDetails: (id: EntityId, signal: AbortSignal) => Promise<EntityDetails> = (id) => Promise.resolve(someDetails(id));

  hint(pass: ListingPass): void {
    this.#hint?.({ because: 'test', pass });
  }

  /** The session breaks off by itself. */
  breakOff(error: Error): void {
    this.#end?.(error);
  }

  readonly open = async (request: OpenRequest, signal: AbortSignal): Promise<DriverSession> => {
    this.opens += 1;
    await this.onOpen(request, signal);
    this.openSessions += 1;
    return this.#session();
  };

  #session(): DriverSession {
    const factsNow = (): SessionFacts => this.facts;
    let isOpen = true;
    return {
      get facts() {
        return factsNow();
      },
      capability: (name, known) => (known.kind === 'guest' && name.startsWith('guest.') ? available : undefined),
      listInventory: (pass, signal) => {
        this.reads.push(pass);
        return this.onList(pass, signal);
      },
      watchInventory: (onHint) => {
        this.#hint = onHint;
        return { dispose: () => (this.#hint = undefined) };
      },
      onEnded: (listener) => {
        this.#end = listener;
        return { dispose: () => (this.#end = undefined) };
      },
      power: {
        perform: async (action, guest) => {
          const operation = await this.onPerform(action, guest);
          this.operations.push(operation);
          return operation;
        },
      },
      details: {
        read: (id, signal) => {
          this.detailReads.push(id);
          return this.onDetails(id, signal);
        },
        history: (id, window) => Promise.resolve(emptyHistory(id, window)),
      },
      ...(this.tasks === undefined ? {} : { tasks: this.#taskFacet() }),
      close: () => {
        if (isOpen) this.openSessions -= 1;
        isOpen = false;
        return Promise.resolve();
      },
    };
  }

  #taskFacet(): NonNullable<DriverSession['tasks']> {
    return {
      list: () => Promise.resolve(this.tasks ?? []),
      readLog: (_task, firstLine) =>
        Promise.resolve({ lines: this.log.slice(firstLine), isComplete: this.log.at(-1) === 'end' }),
      cancel: () => Promise.resolve(),
    };
  }
}

export function someDetails(id: EntityId, description = ''): EntityDetails {
  return {
    id,
    readAtMs: 0,
    facts: [],
    hardware: [],
    addresses: [],
    configuration: [],
    configurationText: '',
    description,
  };
}

function emptyHistory(id: EntityId, window: EntityHistory['window']): EntityHistory {
  return {
    id,
    window,
    timesMs: [],
    cpuRatio: [],
    memoryUsedBytes: [],
    memoryTotalBytes: [],
    netInBytesPerS: [],
    netOutBytesPerS: [],
    diskReadBytesPerS: [],
    diskWriteBytesPerS: [],
    diskUsedBytes: [],
  };
}
