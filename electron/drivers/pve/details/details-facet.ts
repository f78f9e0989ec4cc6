import { AppError, isAnyAppError } from '../../../contract/errors.ts';
import { splitEntityId, type EntityId } from '../../../contract/ids.ts';
import type { EntityDetails, EntityHistory, HistoryWindow } from '../../../contract/records/details.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { DetailsFacet } from '../../../core/ports/driver.ts';
import type { PveApi } from '../api.ts';
import {
  guestPath,
  readGuestPending,
  readGuestSnapshots,
  readGuestStatus,
  readHistory,
  readNodeStatus,
  readNodeSubscription,
  readStorageStatus,
  type GuestPlace,
} from '../commands/reads.ts';
import { describe, pathOf, type PveCommand } from '../commands/request.ts';
import { guestFacts, nodeFacts, storageFacts } from '../map/facts.ts';
import { configuredAddresses, toConfiguration, toHardware } from '../map/hardware.ts';
import { toHistory } from '../map/history.ts';
import {
  countSnapshots,
  parseGuestStatus,
  parseHistoryRows,
  parseNodeStatus,
  parsePending,
  parseStorageStatus,
  parseSubscription,
  type PveGuestStatus,
  type PvePendingLine,
} from '../parse/details.ts';
import { GuestAddresses, unknownBecause, type KnownAddresses } from './guest-addresses.ts';

export interface DetailsFacetOptions {
  readonly api: PveApi;
  readonly clock: Clock;
  /** Where a guest is; rejects with `entity.not-found`. */
  readonly locate: (guest: EntityId, signal: AbortSignal) => Promise<GuestPlace>;
  /** Told what a guest's own status says: it is fresher than the listing. */
  readonly onStatus: (guest: GuestPlace, status: PveGuestStatus) => void;
}

/** What a details page reads. Parts that the account may not see are left out; the entity itself must exist. */
export class PveDetailsFacet implements DetailsFacet {
  readonly #options: DetailsFacetOptions;
  readonly #addresses: GuestAddresses;

  constructor(options: DetailsFacetOptions) {
    this.#options = options;
    this.#addresses = new GuestAddresses(options.api, options.clock);
  }

  async read(entity: EntityId, signal: AbortSignal): Promise<EntityDetails> {
    const { kind, nativeId } = splitEntityId(entity);
    switch (kind) {
      case 'guest':
        return this.#readGuest(entity, signal);
      case 'node':
        return this.#readNode(entity, nativeId, signal);
      case 'storage':
        return this.#readStorage(entity, nativeId, signal);
      case 'cluster':
      case 'connection':
      case 'network':
      case 'pool':
      case 'task':
        return this.#details(entity, {});
    }
  }

  async history(entity: EntityId, window: HistoryWindow, signal: AbortSignal): Promise<EntityHistory> {
    const { kind, nativeId } = splitEntityId(entity);
    let path: string;
    if (kind === 'guest') path = guestPath(await this.#options.locate(entity, signal));
    else if (kind === 'node') path = pathOf('nodes', nativeId);
    else if (kind === 'storage') path = storagePath(nativeId);
    else return toHistory(entity, window, []);
    const command = readHistory(path, window);
    const data = await this.#options.api.call(command, signal, entity);
    return toHistory(entity, window, parseHistoryRows(data, describe(command)));
  }

  async #readGuest(entity: EntityId, signal: AbortSignal): Promise<EntityDetails> {
    const guest = await this.#options.locate(entity, signal);
    const status = await this.#required(readGuestStatus(guest), parseGuestStatus, signal, entity);
    this.#options.onStatus(guest, status);
    const [lines = [], snapshotCount] = await Promise.all([
      this.#allowed(readGuestPending(guest), parsePending, signal, entity),
      this.#allowed(readGuestSnapshots(guest), countSnapshots, signal, entity),
    ]);
    const known = await this.#guestAddresses(guest, status, lines, signal);
    const fixed = configuredAddresses(lines);
    const description = lines.find((line) => line.key === 'description')?.value ?? '';
    return this.#details(entity, {
      facts: guestFacts({ vmid: guest.vmid, status, lines, snapshotCount }),
      hardware: toHardware(lines),
      addresses: known.addresses.length > 0 ? known.addresses : fixed,
      ...(known.note === undefined ? {} : { addressesNote: known.note }),
      configuration: toConfiguration(lines),
      description,
    });
  }

  async #guestAddresses(
    guest: GuestPlace,
    status: PveGuestStatus,
    lines: readonly PvePendingLine[],
    signal: AbortSignal,
  ): Promise<KnownAddresses> {
    if (status.status !== 'running' || status.qmpstatus === 'paused') {
      this.#addresses.forget(guest);
      return unknownBecause('not-running');
    }
    const agent = lines.find((line) => line.key === 'agent')?.value ?? '';
    const hasAgent = /^(1|yes|on|true)(,|$)|(^|,)enabled=1(,|$)/.test(agent);
    if (guest.type === 'qemu' && !hasAgent) return unknownBecause('agent-not-configured');
    return this.#addresses.read(guest, signal);
  }

  async #readNode(entity: EntityId, node: string, signal: AbortSignal): Promise<EntityDetails> {
    const [status, subscription] = await Promise.all([
      this.#required(readNodeStatus(node), parseNodeStatus, signal, entity),
      this.#allowed(readNodeSubscription(node), parseSubscription, signal, entity),
    ]);
    return this.#details(entity, { facts: nodeFacts(status, subscription) });
  }

  async #readStorage(entity: EntityId, nativeId: string, signal: AbortSignal): Promise<EntityDetails> {
    const [node, storage] = splitStorage(nativeId);
    const status = await this.#required(readStorageStatus(node, storage), parseStorageStatus, signal, entity);
    return this.#details(entity, { facts: storageFacts(status) });
  }

  async #required<T>(
    command: PveCommand,
    parse: (data: unknown, command: string) => T,
    signal: AbortSignal,
    about: EntityId,
  ): Promise<T> {
    return parse(await this.#options.api.call(command, signal, about), describe(command));
  }

  /** Undefined where the account may not read it, or a version does not have it. */
  async #allowed<T>(
    command: PveCommand,
    parse: (data: unknown, command: string) => T,
    signal: AbortSignal,
    about: EntityId,
  ): Promise<T | undefined> {
    try {
      return await this.#required(command, parse, signal, about);
    } catch (error) {
      if (isAnyAppError(error) && (error.code === 'access.denied' || error.code === 'remote.refused')) return undefined;
      throw error;
    }
  }

  #details(id: EntityId, parts: Partial<EntityDetails>): EntityDetails {
    return {
      id,
      readAtMs: this.#options.clock.now(),
      facts: [],
      hardware: [],
      addresses: [],
      configuration: [],
      configurationText: '',
      description: '',
      ...parts,
    };
  }
}

function splitStorage(nativeId: string): readonly [node: string, storage: string] {
  const cut = nativeId.indexOf('/');
  if (cut < 1) throw new AppError('entity.not-found', 'not a storage of a node', { entityId: nativeId });
  return [nativeId.slice(0, cut), nativeId.slice(cut + 1)];
}

function storagePath(nativeId: string): string {
  const [node, storage] = splitStorage(nativeId);
  return pathOf('nodes', node, 'storage', storage);
}
