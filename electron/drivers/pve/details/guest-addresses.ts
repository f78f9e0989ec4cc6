import { isAppError } from '../../../contract/errors.ts';
import type { AddressesNote, GuestAddress } from '../../../contract/records/details.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { PveApi } from '../api.ts';
import { readAgentInterfaces, readContainerInterfaces, type GuestPlace } from '../commands/reads.ts';
import { describe } from '../commands/request.ts';
import { parseInterfaces } from '../parse/details.ts';

/** Addresses change seldom, and a dead agent costs the node 3 s of waiting every time. */
const freshMs = 20_000;
/** The page does not wait longer for the agent; what it says comes with the next read. */
const patienceMs = 1_000;

export interface KnownAddresses {
  readonly addresses: readonly GuestAddress[];
  /** Why there are none. */
  readonly note?: AddressesNote;
}

/** No addresses, and why. */
export function unknownBecause(code: AddressesNote['code'], detail = ''): KnownAddresses {
  return { addresses: [], note: { code, detail } };
}

interface Entry {
  readonly readAtMs: number;
  readonly known: KnownAddresses;
}

/** What agents and containers say of their addresses, remembered for a while. */
export class GuestAddresses {
  readonly #api: PveApi;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #asking = new Map<string, Promise<void>>();

  constructor(api: PveApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  async read(guest: GuestPlace, signal: AbortSignal): Promise<KnownAddresses> {
    const key = `${guest.type}/${guest.vmid}`;
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#clock.now() - entry.readAtMs < freshMs) return entry.known;
    const asking = this.#asking.get(key) ?? this.#ask(key, guest, signal);
    await this.#atMost(asking);
    return this.#entries.get(key)?.known ?? unknownBecause('asking');
  }

  /** A guest that was stopped has no addresses any more. */
  forget(guest: GuestPlace): void {
    this.#entries.delete(`${guest.type}/${guest.vmid}`);
  }

  #ask(key: string, guest: GuestPlace, signal: AbortSignal): Promise<void> {
    const command = guest.type === 'qemu' ? readAgentInterfaces(guest) : readContainerInterfaces(guest);
    const source = guest.type === 'qemu' ? 'agent' : 'host';
    const asking = this.#api
      .call(command, signal)
      .then((data): KnownAddresses => {
        const found = parseInterfaces(data, describe(command));
        return found.length === 0
          ? unknownBecause('no-address')
          : { addresses: found.map((one) => ({ ...one, source })) };
      })
      .catch((error: unknown): KnownAddresses | undefined =>
        unknownBecause(guest.type === 'qemu' ? 'agent-failed' : 'not-readable', words(error)),
      )
      .then((known) => {
        this.#asking.delete(key);
        if (known !== undefined && !signal.aborted) this.#entries.set(key, { readAtMs: this.#clock.now(), known });
      });
    this.#asking.set(key, asking);
    return asking;
  }

  async #atMost(asking: Promise<void>): Promise<void> {
    const giveUp = new AbortController();
    const patience = this.#clock.sleep(patienceMs, giveUp.signal).catch(() => undefined);
    await Promise.race([asking, patience]);
    giveUp.abort();
  }
}

function words(error: unknown): string {
  if (isAppError(error, 'remote.refused') || isAppError(error, 'access.denied')) return error.data.text;
  return error instanceof Error ? error.message : String(error);
}
