import type {
  ConnectionExport,
  ConnectionSettings,
  ConnectionTestStage,
  SavedConnection,
} from '../../contract/connection-settings.ts';
import type { Disposable } from '../../contract/disposable.ts';
import { AppError, isAppError, toAppError } from '../../contract/errors.ts';
import {
  connectionEntityId,
  parseConnectionId,
  splitEntityId,
  type ConnectionId,
  type EntityId,
} from '../../contract/ids.ts';
import { isSameValue } from '../inventory/record-equality.ts';
import type { DriverSession } from '../ports/driver.ts';
import { randomText, type RandomSource } from '../ports/random.ts';
import type { AccessChange } from '../ports/session-opener.ts';
import type { ConnectionStore } from '../ports/store.ts';
import { credentialRefsOf, mapCredentials } from './access-changes.ts';
import { parseConnectionExport, toConnectionExport } from './connection-export.ts';
import { testConnection } from './connection-test.ts';
import type { Credentials } from './credentials.ts';
import { ConnectionSupervisor, type FormerKnowledge, type SupervisorPorts } from './supervisor.ts';
import type { Visibility } from './visibility.ts';
import { findTwins, type KnownPlace } from './twins.ts';
import { watchForWake } from './wake-watch.ts';

/** What the catalogue of connections needs from the rest of the core. */
export interface ConnectionsPorts extends Omit<SupervisorPorts, 'onAccessLearned' | 'isVisible' | 'credentials'> {
  readonly store: ConnectionStore;
  readonly credentials: Credentials;
  readonly visibility: Visibility;
  readonly random: RandomSource;
  /** A connection is gone; whatever else is known of it goes too. */
  onRemoved(id: ConnectionId): void;
}

interface Member {
  readonly supervisor: ConnectionSupervisor;
  /** Lives in this run only: the demonstration. Never written to the profile. */
  readonly isTransient: boolean;
}

/** Every configured connection, open or not: the catalogue, and the supervisors that keep them open. */
export class Connections {
  readonly #members = new Map<ConnectionId, Member>();
  readonly #held: Disposable[] = [];
  #writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly ports: ConnectionsPorts) {}

  /** Takes the saved connections over and, if asked, begins to open them, all at once. */
  async start(former: ReadonlyMap<ConnectionId, FormerKnowledge>, opens: boolean): Promise<void> {
    for (const saved of await this.ports.store.list()) {
      const supervisor = this.#add(saved, false, former.get(saved.id));
      if (opens) supervisor.start();
    }
    this.#held.push(
      this.ports.store.onDidChangeElsewhere(() => void this.#followElsewhere()),
      this.ports.visibility.onDidChange(() => this.#each((supervisor) => supervisor.repace())),
      watchForWake(this.ports.clock, () => this.#each((supervisor) => supervisor.wake())),
      this.ports.inventory.onDidChange(({ delta }) => {
        if (delta.removed.length > 0 || delta.put.some(({ kind }) => kind === 'node')) this.#recogniseTwins();
      }),
    );
    this.#recogniseTwins();
  }

  ids(): readonly ConnectionId[] {
    return [...this.#members.keys()];
  }

  isTransient(id: ConnectionId): boolean {
    return this.#members.get(id)?.isTransient ?? false;
  }

  /** Undefined when there is no such connection. */
  find(id: ConnectionId): ConnectionSupervisor | undefined {
    return this.#members.get(id)?.supervisor;
  }

  /** Throws `entity.not-found`. */
  get(id: ConnectionId): ConnectionSupervisor {
    return this.#member(id).supervisor;
  }

  /** The open session that an entity is reached by. Throws `entity.not-found` or `connection.not-ready`. */
  sessionOf(id: EntityId): DriverSession {
    return this.get(splitEntityId(id).connectionId).requireSession();
  }

  /** What is known of where each connection leads. */
  places(): readonly KnownPlace[] {
    return [...this.#members.values()].map(({ supervisor }) => this.#placeOf(supervisor));
  }

  /** Adds (without id) or changes a connection, and opens it. Secrets that it no longer names are forgotten. */
  async save(id: ConnectionId | undefined, settings: ConnectionSettings): Promise<ConnectionId> {
    if (id === undefined) return this.#create(settings);
    const { supervisor, isTransient } = this.#member(id);
    const before = supervisor.saved.settings;
    const saved: SavedConnection = { id, settings };
    if (!isTransient) await this.#write(() => this.ports.store.put(saved));
    const refs = credentialRefsOf(settings.access);
    this.ports.credentials.claim(refs);
    const mustReopen = !isSameValue(before.access, settings.access) || before.isEnabled !== settings.isEnabled;
    await supervisor.update(saved, mustReopen);
    this.#recogniseTwins();
    await this.#forgetUnnamed(credentialRefsOf(before.access));
    return id;
  }

  /** A second connection with secrets of its own, switched off: it would reach the same host until it is edited. */
  async duplicate(id: ConnectionId): Promise<ConnectionId> {
    const { settings } = this.get(id).saved;
    const copies = new Map(
      await Promise.all(
        credentialRefsOf(settings.access).map(async (ref) => [ref, await this.ports.credentials.copy(ref)] as const),
      ),
    );
    const access = mapCredentials(settings.access, (ref) => copies.get(ref));
    return this.#create({ ...settings, access, name: nameOfCopy(settings.name), isEnabled: false });
  }

  /** Forgets the connection, its records, its pins and its secrets. */
  async remove(id: ConnectionId): Promise<void> {
    const { supervisor, isTransient } = this.#member(id);
    if (!isTransient) await this.#write(() => this.ports.store.remove(id));
    await this.#drop(id);
    await this.#forgetUnnamed(credentialRefsOf(supervisor.saved.settings.access));
  }

  /** Reads one connection again, or all; settles when that is done. Where one of all fails, its own record says so. */
  async refresh(id: ConnectionId | undefined): Promise<void> {
    if (id !== undefined) return this.get(id).refresh();
    await Promise.allSettled([...this.#members.values()].map(({ supervisor }) => supervisor.refresh()));
  }

  export(ids: readonly ConnectionId[]): ConnectionExport {
    return toConnectionExport(ids.map((id) => this.get(id).saved.settings));
  }

  /** Adds every connection of an exported file. Rejects with `input.invalid` before the first is added. */
  async import(text: string): Promise<readonly ConnectionId[]> {
    const ids: ConnectionId[] = [];
    for (const settings of parseConnectionExport(text)) ids.push(await this.#create(settings));
    return ids;
  }

  test(settings: ConnectionSettings, signal: AbortSignal): Promise<readonly ConnectionTestStage[]> {
    return testConnection(this.ports, settings, parseConnectionId(`test-${randomText(this.ports.random, 8)}`), signal);
  }

  /** Opens a connection that is not written to the profile. */
  addTransient(settings: ConnectionSettings): ConnectionId {
    const saved = { id: this.#newId(settings.name), settings };
    this.#add(saved, true, undefined).start();
    return saved.id;
  }

  async close(): Promise<void> {
    for (const each of this.#held.splice(0)) each.dispose();
    await Promise.all([...this.#members.values()].map(({ supervisor }) => supervisor.close()));
    await this.#writing;
  }

  async #create(settings: ConnectionSettings): Promise<ConnectionId> {
    const saved: SavedConnection = { id: this.#newId(settings.name), settings };
    await this.#write(() => this.ports.store.put(saved));
    this.ports.credentials.claim(credentialRefsOf(settings.access));
    this.#add(saved, false, undefined).start();
    this.#recogniseTwins();
    return saved.id;
  }

  #add(saved: SavedConnection, isTransient: boolean, former: FormerKnowledge | undefined): ConnectionSupervisor {
    const ports: SupervisorPorts = {
      ...this.ports,
      isVisible: () => this.ports.visibility.isVisible,
      onAccessLearned: (id, change) => this.#learn(id, change),
    };
    const options = { isDemonstration: isTransient, ...(former === undefined ? {} : { former }) };
    const supervisor = new ConnectionSupervisor(ports, saved, options);
    this.#members.set(saved.id, { supervisor, isTransient });
    return supervisor;
  }

  async #drop(id: ConnectionId): Promise<void> {
    const member = this.#members.get(id);
    this.#members.delete(id);
    await member?.supervisor.close();
    this.ports.inventory.removeConnection(id);
    this.ports.onRemoved(id);
  }

  #learn(id: ConnectionId, change: AccessChange): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    const before = member.supervisor.saved.settings.access;
    const access = change(before);
    if (isSameValue(before, access)) return;
    member.supervisor.learn(access);
    this.#recogniseTwins();
    if (member.isTransient) return;
    // A secret of a connection that is gone by now stays unclaimed, and goes when the app does.
    this.ports.credentials.claim(credentialRefsOf(access));
    const write = async (): Promise<void> => {
      // Removed while this waited its turn: it must not come back by being written.
      if (this.#members.get(id) !== member) return;
      await this.ports.store.put(member.supervisor.saved);
      // A remembered secret has taken the place of one that was wrong.
      await this.#forgetUnnamed(credentialRefsOf(before));
    };
    this.#write(write).catch((error: unknown) =>
      this.ports.log('warning', 'connection-not-written', { connection: id, code: toAppError(error, 'store').code }),
    );
  }

  /** Another process on the same profile (the command line) changed the list. */
  async #followElsewhere(): Promise<void> {
    try {
      const list = await this.ports.store.list();
      const listed = new Set(list.map((saved) => saved.id));
      for (const [id, member] of this.#members) {
        if (member.isTransient || listed.has(id)) continue;
        await this.#drop(id);
        // The other process may keep its secrets elsewhere: what is ours is forgotten by us.
        await this.#forgetUnnamed(credentialRefsOf(member.supervisor.saved.settings.access));
      }
      for (const saved of list) await this.#followOne(saved);
      this.#recogniseTwins();
    } catch (error) {
      this.ports.log('warning', 'connections-not-read', { code: toAppError(error, 'store').code });
    }
  }

  async #followOne(saved: SavedConnection): Promise<void> {
    const known = this.find(saved.id);
    if (known === undefined) {
      this.#add(saved, false, undefined).start();
      return;
    }
    const before = known.saved;
    if (isSameValue(before, saved)) return;
    await known.update(saved, !isSameValue(before.settings.access, saved.settings.access));
    await this.#forgetUnnamed(credentialRefsOf(before.settings.access));
  }

  #placeOf({ saved }: ConnectionSupervisor): KnownPlace {
    const nodes = this.ports.inventory.recordsOf(saved.id).filter(({ kind }) => kind === 'node');
    const nodeIds = nodes.map(({ id }) => splitEntityId(id).nativeId);
    return { id: saved.id, access: saved.settings.access, nodeIds };
  }

  /** Those that are switched off are left out: nothing of theirs is listed twice for long. */
  #recogniseTwins(): void {
    const open = [...this.#members.values()].filter(({ supervisor }) => supervisor.saved.settings.isEnabled);
    const twins = findTwins(open.map(({ supervisor }) => this.#placeOf(supervisor)));
    this.#each((supervisor) => supervisor.setTwins(twins.get(supervisor.saved.id) ?? []));
  }

  async #forgetUnnamed(refs: readonly ReturnType<typeof credentialRefsOf>[number][]): Promise<void> {
    const named = new Set(
      [...this.#members.values()].flatMap(({ supervisor }) => credentialRefsOf(supervisor.saved.settings.access)),
    );
    await this.ports.credentials.forget(refs.filter((ref) => !named.has(ref)));
  }

  /** One write after the other: the store's file is written whole. */
  #write<T>(write: () => Promise<T>): Promise<T> {
    const written = this.#writing.then(write, write);
    this.#writing = written.catch((error: unknown) => isAppError(error, 'profile.not-writable'));
    return written;
  }

  #member(id: ConnectionId): Member {
    const member = this.#members.get(id);
    if (member !== undefined) return member;
    throw new AppError('entity.not-found', `no connection ${id}`, { entityId: connectionEntityId(id) });
  }

  /** Readable in logs and ids, and never used twice: a new connection must not inherit what was known of an old one. */
  #newId(name: string): ConnectionId {
    const word = name
      .toLowerCase()
      .normalize('NFKD')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 20);
    return parseConnectionId(`${word === '' ? 'connection' : word}-${randomText(this.ports.random, 6)}`);
  }

  #each(action: (supervisor: ConnectionSupervisor) => void): void {
    for (const { supervisor } of this.#members.values()) action(supervisor);
  }
}

/** What settings allow for a name; see `connectionSettingsSchema`. */
const longestName = 250;

function nameOfCopy(name: string): string {
  const mark = ' (2)';
  return `${name.slice(0, longestName - mark.length).trimEnd()}${mark}`;
}
