import { AppError } from '../../contract/errors.ts';
import { splitEntityId, type EntityId } from '../../contract/ids.ts';
import type { EntityDetails, EntityHistory, EntityRecord, HistoryWindow } from '../../contract/records/index.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { DetailsFacet } from '../../core/ports/driver.ts';
import { explainFailure } from './failures.ts';
import { guestReferenceOf } from './guest-reference.ts';
import type { HistoryRing } from './history-ring.ts';
import { containerScript, domainScript } from './host/batch-script.ts';
import type { HostShell } from './host/host-shell.ts';
import { splitVirshOutput } from './host/sections.ts';
import { toDomainDetails } from './libvirt/map/details.ts';
import { toContainerDetails } from './lxc/map/details.ts';
import { nodeFacts, poolFacts } from './host-facts.ts';
import type { SeldomFacts } from './read-host.ts';

const detailsTimeoutMs = 20_000;

interface DetailsParts {
  readonly shell: HostShell;
  readonly clock: Clock;
  readonly history: HistoryRing;
  /** What the last full pass read; undefined before the first. */
  readonly seldom: () => SeldomFacts | undefined;
  /** The record of an entity as last listed. */
  readonly known: (id: EntityId) => EntityRecord | undefined;
}

/** What details pages read of a Debian host: one round trip for a guest, none for the rest. */
export class DebianDetailsFacet implements DetailsFacet {
  readonly #parts: DetailsParts;

  constructor(parts: DetailsParts) {
    this.#parts = parts;
  }

  async read(id: EntityId, signal: AbortSignal): Promise<EntityDetails> {
    const { kind } = splitEntityId(id);
    if (kind === 'guest') return this.#readGuest(id, signal);
    const known = this.#parts.known(id);
    const seldom = this.#parts.seldom();
    if (known === undefined || seldom === undefined) throw notFound(id);
    return {
      id,
      readAtMs: this.#parts.clock.now(),
      facts: kind === 'node' ? nodeFacts(seldom) : poolFacts(known, seldom),
      hardware: [],
      addresses: [],
      configuration: [],
      configurationText: '',
      description: '',
    };
  }

  async history(id: EntityId, window: HistoryWindow, signal: AbortSignal): Promise<EntityHistory> {
    if (signal.aborted) throw new AppError('operation.cancelled', 'cancelled', {});
    return this.#parts.history.read(id, window, this.#parts.clock.now());
  }

  async #readGuest(id: EntityId, signal: AbortSignal): Promise<EntityDetails> {
    const reference = guestReferenceOf(id);
    const { shell, clock } = this.#parts;
    if (reference.system === 'lxc') {
      const script = { name: 'lxc-info', text: containerScript };
      const { sections } = await shell.batch(script, [reference.name], detailsTimeoutMs, signal);
      const info = sections.get('info');
      if (info === undefined || info.code !== 0) throw failed('lxc-info', info?.stderr ?? '', id);
      return toContainerDetails(id, clock.now(), sections);
    }
    const script = { name: 'virsh dumpxml', text: domainScript };
    const { sections, mark } = await shell.batch(script, [reference.uuid], detailsTimeoutMs, signal);
    const parts = splitVirshOutput(sections.get('domain')?.stdout ?? '', mark);
    if ((parts.get('live') ?? '').trim() === '')
      throw failed('virsh dumpxml', sections.get('domain')?.stderr ?? '', id);
    return toDomainDetails({ id, readAtMs: clock.now(), parts, agent: sections.get('agent') });
  }
}

const failed = (command: string, stderr: string, id: EntityId) =>
  explainFailure(command, { code: 1, signal: null, stdout: '', stderr }, id);

const notFound = (id: EntityId) => new AppError('entity.not-found', `not listed: ${id}`, { entityId: id });
