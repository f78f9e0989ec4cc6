import type { Availability, CapabilityName } from '../../contract/capabilities.ts';
import type { Disposable } from '../../contract/disposable.ts';
import { AppError, cancelled } from '../../contract/errors.ts';
import { splitEntityId, type EntityId } from '../../contract/ids.ts';
import type { EntityRecord } from '../../contract/records/index.ts';
import type {
  DriverContext,
  DriverSession,
  InventoryHint,
  InventoryListing,
  ListingPass,
  SessionFacts,
} from '../../core/ports/driver.ts';
import type { HttpLink } from '../../core/ports/http-link.ts';
import type { PveApi } from './api.ts';
import type { Authentication } from './auth/authentication.ts';
import type { Background } from './background.ts';
import { capabilityOf } from './capabilities/entity-capability.ts';
import { readGuestResources, readResources, type GuestPlace } from './commands/reads.ts';
import { describe } from './commands/request.ts';
import { PveDetailsFacet } from './details/details-facet.ts';
import { endpointName, type EndpointPool } from './endpoints/endpoint-pool.ts';
import type { Failover } from './endpoints/failover.ts';
import type { PveLink } from './link.ts';
import { LiveStatus } from './live-status.ts';
import { InventoryMap } from './map/inventory-map.ts';
import { parseResources, type PveResource } from './parse/resources.ts';
import { PvePowerFacet } from './power/power-facet.ts';
import { PveTaskFacet } from './tasks/task-facet.ts';

export interface PveSessionParts {
  readonly context: DriverContext<PveLink>;
  readonly http: HttpLink;
  readonly pool: EndpointPool;
  readonly failover: Failover;
  readonly authentication: Authentication;
  readonly api: PveApi;
  readonly background: Background;
  /** Aborted by close. */
  readonly ending: AbortController;
}

/** One signed-in connection to a cluster or a single node. */
export class PveSession implements DriverSession {
  readonly power: PvePowerFacet;
  readonly details: PveDetailsFacet;
  readonly tasks: PveTaskFacet;
  readonly #parts: PveSessionParts;
  readonly #map: InventoryMap;
  readonly #live = new LiveStatus();
  readonly #hintListeners = new Set<(hint: InventoryHint) => void>();
  readonly #endListeners = new Set<(error: Error) => void>();
  #ended: Error | undefined;

  constructor(parts: PveSessionParts) {
    this.#parts = parts;
    const { context, api, ending } = parts;
    const { connectionId, clock } = context;
    this.#map = new InventoryMap(connectionId);
    const locate = this.#locate.bind(this);
    const onStatus: ConstructorParameters<typeof PveDetailsFacet>[0]['onStatus'] = (guest, status) =>
      this.#live.note(guest, status, clock.now());
    this.details = new PveDetailsFacet({ api, clock, locate, onStatus });
    this.tasks = new PveTaskFacet({
      api,
      connectionId,
      nowMs: () => clock.now(),
      guestIdOf: (vmid) => this.#guestIdOf(vmid),
      onSeen: (task) => {
        if (this.#live.noteTask(task, clock.now())) this.#hint(`${task.upid.type} has ended`);
      },
    });
    this.power = new PvePowerFacet({
      api,
      clock,
      locate,
      sessionSignal: ending.signal,
      onStatus,
      onStarted: (upid) => this.tasks.started(upid),
      onEnded: (guest) => {
        this.#live.suspect(`${guest.type}/${guest.vmid}`);
        this.#hint('an operation has ended');
      },
    });
  }

  get facts(): SessionFacts {
    const { background, authentication, pool, failover } = this.#parts;
    const { clockSkewMs } = failover;
    return {
      systemVersion: background.version === '' ? 'Proxmox VE' : `Proxmox VE ${background.version}`,
      account: authentication.account,
      endpoint: endpointName(pool.current),
      missingRights: background.permissions.missingForInventory(),
      ...(clockSkewMs !== undefined && { clockSkewMs }),
    };
  }

  capability(name: CapabilityName, known: EntityRecord): Availability | undefined {
    return capabilityOf(name, known, this.#parts.background.permissions);
  }

  async listInventory(pass: ListingPass, signal: AbortSignal): Promise<InventoryListing> {
    const { api, background, authentication, context } = this.#parts;
    const command = readResources();
    const [body] = await Promise.all([
      api.callText(command, signal),
      pass === 'full' ? background.refresh(signal) : Promise.resolve(),
    ]);
    const rows = parseResources(body, describe(command));
    const { clock } = context;
    await this.#live.refresh(rows, pass === 'full', api, clock.now(), signal);
    if (signal.aborted) throw cancelled();
    background.learnVersions(rows);
    const nowMs = clock.now();
    return this.#map.update(
      this.#live.apply(rows, nowMs),
      {
        clusterStatus: background.clusterStatus,
        signInClusterName: authentication.clusterName ?? '',
        haStates: background.haStates,
        poolComments: background.poolComments,
        nodeVersions: background.nodeVersions,
        pausedGuests: this.#live.paused,
      },
      nowMs,
    );
  }

  watchInventory(onHint: (hint: InventoryHint) => void): Disposable {
    this.#hintListeners.add(onHint);
    return { dispose: () => void this.#hintListeners.delete(onHint) };
  }

  onEnded(listener: (error: Error) => void): Disposable {
    if (this.#ended !== undefined) listener(this.#ended);
    else this.#endListeners.add(listener);
    return { dispose: () => void this.#endListeners.delete(listener) };
  }

  /** The server accepts no sign-in of ours any more. */
  end(error: Error): void {
    if (this.#ended !== undefined || this.#parts.ending.signal.aborted) return;
    this.#ended = error;
    for (const listener of this.#endListeners) listener(error);
    this.#endListeners.clear();
  }

  async close(): Promise<void> {
    this.#endListeners.clear();
    this.#hintListeners.clear();
    this.#parts.ending.abort();
    this.#parts.http.close();
    await this.#parts.background.settled();
  }

  #hint(because: string): void {
    for (const listener of this.#hintListeners) listener({ because, pass: 'status' });
  }

  #guestIdOf(vmid: string): EntityId | undefined {
    const ids = [this.#map.guestId('qemu', vmid), this.#map.guestId('lxc', vmid)];
    return ids.find((id) => this.#map.guestRow(id) !== undefined);
  }

  async #locate(guest: EntityId, signal: AbortSignal, again = false): Promise<GuestPlace> {
    const { kind, nativeId } = splitEntityId(guest);
    const [type, vmid] = nativeId.split(':', 2);
    if (kind !== 'guest' || (type !== 'qemu' && type !== 'lxc') || vmid === undefined || !/^\d+$/.test(vmid)) {
      throw new AppError('entity.not-found', 'not a guest of a PVE cluster', { entityId: guest });
    }
    const rowId = `${type}/${vmid}`;
    const known = again ? undefined : this.#map.guestRow(guest);
    const node = (known ?? (await this.#lookUp(rowId, signal)))?.node;
    if (node === undefined) {
      throw new AppError('entity.not-found', `${rowId} is not in the cluster`, { entityId: guest });
    }
    return { node, type, vmid };
  }

  async #lookUp(rowId: string, signal: AbortSignal): Promise<PveResource | undefined> {
    const command = readGuestResources();
    const rows = parseResources(await this.#parts.api.callText(command, signal), describe(command));
    return rows.find((row) => row.id === rowId);
  }
}
