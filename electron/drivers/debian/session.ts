import type { Availability, CapabilityName } from '../../contract/capabilities.ts';
import type { Disposable } from '../../contract/disposable.ts';
import { AppError } from '../../contract/errors.ts';
import type { EntityId } from '../../contract/ids.ts';
import type { EntityRecord } from '../../contract/records/index.ts';
import type {
  DriverContext,
  DriverSession,
  InventoryHint,
  InventoryListing,
  ListingPass,
  SessionFacts,
} from '../../core/ports/driver.ts';
import type { HostLink } from '../../core/ports/host-link.ts';
import { noticesOf, type HostAccess } from './access.ts';
import { capabilityOf } from './capabilities.ts';
import { DebianDetailsFacet } from './details-facet.ts';
import { EventWatch } from './event-watch.ts';
import { isDenied } from './failures.ts';
import { HistoryRing } from './history-ring.ts';
import { fullScript, statusScript } from './host/batch-script.ts';
import type { HostShell } from './host/host-shell.ts';
import { ListingMaker, type HostListing } from './listing.ts';
import { DebianPowerFacet } from './power-facet.ts';
import { RateMeter } from './rates.ts';
import { readMovingFacts, readSeldomFacts, type MovingFacts, type SeldomFacts } from './read-host.ts';

/** A host that swaps answers slowly; one that needs longer is better called stale. */
const statusTimeoutMs = 30_000;
const fullTimeoutMs = 60_000;

interface SessionParts {
  readonly context: DriverContext<HostLink>;
  readonly shell: HostShell;
  readonly access: HostAccess;
  readonly endpoint: string;
  readonly shutdownTimeoutMs: number;
}

/** One Debian host. libvirt and LXC stand behind one node. */
export class DebianSession implements DriverSession {
  readonly power: DebianPowerFacet;
  readonly details: DebianDetailsFacet;
  readonly #parts: SessionParts;
  readonly #maker: ListingMaker;
  readonly #history = new HistoryRing();
  readonly #watch: EventWatch;
  readonly #closing = new AbortController();
  #seldom: SeldomFacts | undefined;
  #known = new Map<EntityId, EntityRecord>();
  #clockSkewMs: number | undefined;
  /** Whether guests of that system could be read before: then a failure must not look as if they were gone. */
  #hasRead = { libvirt: false, lxc: false };

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { connectionId, clock, log } = parts.context;
    const { shell } = parts;
    this.#maker = new ListingMaker(connectionId, new RateMeter());
    this.#watch = new EventWatch({ shell, clock, log });
    this.power = new DebianPowerFacet({
      connectionId,
      shell,
      clock,
      shutdownTimeoutMs: parts.shutdownTimeoutMs,
      onChanged: (because) => this.#watch.tell({ because, pass: 'status' }),
    });
    this.details = new DebianDetailsFacet({
      shell,
      clock,
      history: this.#history,
      seldom: () => this.#seldom,
      known: (id) => this.#known.get(id),
    });
  }

  get facts(): SessionFacts {
    const { access, endpoint } = this.#parts;
    return {
      systemVersion: this.#seldom?.host.system ?? '',
      account: access.usesSudo ? `${access.user} (sudo)` : access.user,
      endpoint,
      missingRights: missingRightsOf(access),
      ...(this.#clockSkewMs === undefined ? {} : { clockSkewMs: this.#clockSkewMs }),
    };
  }

  capability(name: CapabilityName, known: EntityRecord): Availability | undefined {
    return capabilityOf(name, known);
  }

  async listInventory(pass: ListingPass, signal: AbortSignal): Promise<InventoryListing> {
    const { shell, context } = this.#parts;
    const isFull = pass === 'full' || this.#seldom === undefined;
    const begunMs = context.clock.now();
    const { sections, mark } = await shell.batch(
      isFull ? { name: 'full reading', text: fullScript } : { name: 'status reading', text: statusScript },
      [],
      isFull ? fullTimeoutMs : statusTimeoutMs,
      AbortSignal.any([signal, this.#closing.signal]),
    );
    const endedMs = context.clock.now();
    const moving = readMovingFacts(sections, mark);
    this.#refuseToForget(moving);
    const seldom = isFull || this.#seldom === undefined ? readSeldomFacts(sections, mark) : this.#seldom;
    this.#seldom = seldom;
    this.#clockSkewMs = skewOf(moving.host.clockMs, begunMs, endedMs);
    const notices = noticesOf(this.#parts.access, {
      hasLibvirt: moving.hasLibvirt,
      domainsProblem: moving.domainsProblem,
      isLxcInstalled: moving.isLxcInstalled,
      hasLxcAccess: moving.hasLxcAccess,
      containersProblem: moving.containersProblem,
      unsupported: seldom.host.unsupported,
    });
    return { ...this.#remember(this.#maker.make(seldom, moving, notices), endedMs), ...unreadOf(moving) };
  }

  watchInventory(onHint: (hint: InventoryHint) => void): Disposable {
    return this.#watch.listen(onHint);
  }

  onEnded(listener: (error: Error) => void): Disposable {
    return this.#parts.context.link.onLost(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#watch.close();
    this.#parts.context.link.close();
  }

  #remember(made: HostListing, nowMs: number): InventoryListing {
    const records: readonly EntityRecord[] = [made.node, ...made.guests, ...made.storages, ...made.networks];
    this.#known = new Map(records.map((record) => [record.id, record]));
    for (const row of made.loads) this.#history.add(row, memoryOf(this.#known.get(row[0])), nowMs);
    this.#history.keepOnly(new Set(this.#known.keys()));
    return { records, loads: made.loads };
  }

  /** What is not listed is gone for the inventory; guests that cannot be read at the moment are not. */
  #refuseToForget(moving: MovingFacts): void {
    const problem =
      (this.#hasRead.libvirt ? moving.domainsProblem : undefined) ??
      (this.#hasRead.lxc ? moving.containersProblem : undefined);
    if (problem !== undefined) {
      if (isDenied(problem)) {
        throw new AppError('access.denied', problem, { privilege: 'libvirt', path: '', text: problem });
      }
      throw new AppError('remote.refused', problem, { command: 'reading guests', status: 'failed', text: problem });
    }
    this.#hasRead = {
      libvirt: moving.hasLibvirt && moving.domainsProblem === undefined,
      lxc: moving.hasLxcAccess && moving.containersProblem === undefined,
    };
  }
}

/** A session that begins while libvirtd is down must not take the machines away that an earlier one has listed. */
function unreadOf(moving: MovingFacts): Pick<InventoryListing, 'unread'> {
  const unread = [
    ...(moving.domainsProblem === undefined ? [] : (['vm'] as const)),
    ...(moving.containersProblem === undefined && (!moving.isLxcInstalled || moving.hasLxcAccess)
      ? []
      : (['container'] as const)),
  ];
  return unread.length === 0 ? {} : { unread };
}

/** Rights that the account lacks for a complete inventory, in words of the system. */
function missingRightsOf(access: HostAccess): readonly string[] {
  return [
    ...(access.libvirt === 'denied' ? ['libvirt: group libvirt, or sudo -n'] : []),
    ...(access.lxc === 'denied' ? ['lxc: root, or sudo -n'] : []),
  ];
}

/** The host read its clock at some moment in between; differences within that span are not known. */
function skewOf(hostMs: number, begunMs: number, endedMs: number): number {
  if (hostMs >= begunMs && hostMs <= endedMs) return 0;
  return hostMs < begunMs ? hostMs - begunMs : hostMs - endedMs;
}

function memoryOf(record: EntityRecord | undefined): number | null {
  if (record?.kind !== 'node' && record?.kind !== 'guest') return null;
  return record.memoryBytes > 0 ? record.memoryBytes : null;
}
