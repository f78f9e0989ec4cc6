import type { PveApi } from './api.ts';
import { readGuestStatus, type GuestPlace } from './commands/reads.ts';
import { describe } from './commands/request.ts';
import { parseGuestStatus, type PveGuestStatus } from './parse/details.ts';
import type { PveResource } from './parse/resources.ts';
import type { PveTask } from './parse/tasks.ts';

/** pvestatd writes the rows of the listing every 10 s; until then a guest's own status is the fresher one. */
const fresherForMs = 15_000;
/** A task that ended earlier than this is in the listing already. */
const recentTaskMs = 30_000;
/** Each costs one request to its node, in the same round as the listing. */
const questionsPerPass = 8;

/** A connection may be open for months. Forgetting costs a question that was asked before. */
const rememberedTasks = 10_000;

const powerTasks: ReadonlySet<string> = new Set([
  'qmstart',
  'qmstop',
  'qmshutdown',
  'qmreboot',
  'qmpause',
  'qmresume',
  'qmsuspend',
  'vzstart',
  'vzstop',
  'vzshutdown',
  'vzreboot',
  'vzsuspend',
  'vzresume',
]);

interface Fresh {
  readonly status: PveGuestStatus;
  readonly readAtMs: number;
}

/**
 * What the listing does not say or says late: whether a running VM is paused (only its own status tells), and what a
 * task that has just ended did to its guest. Guests are asked one by one, few at a time, and only with a reason: a
 * power task on them ended, they were paused before, or they use no processor time at all.
 */
export class LiveStatus {
  readonly paused = new Set<string>();
  readonly #suspects = new Set<string>();
  readonly #idleAsked = new Set<string>();
  readonly #seenTasks = new Set<string>();
  readonly #fresh = new Map<string, Fresh>();

  /** A guest's own status, from whatever asked for it. */
  note(guest: GuestPlace, status: PveGuestStatus, nowMs: number): void {
    const rowId = `${guest.type}/${guest.vmid}`;
    this.#suspects.delete(rowId);
    if (status.qmpstatus === 'paused' && status.status === 'running') this.paused.add(rowId);
    else this.paused.delete(rowId);
    this.#fresh.set(rowId, { status, readAtMs: nowMs });
  }

  suspect(rowId: string): void {
    this.#suspects.add(rowId);
  }

  /** True when the task is a reason to read again. */
  noteTask(task: PveTask, nowMs: number): boolean {
    const { upid } = task;
    if (task.endedAtMs === undefined || this.#seenTasks.has(upid.text) || !powerTasks.has(upid.type)) return false;
    if (this.#seenTasks.size >= rememberedTasks) this.#seenTasks.clear();
    this.#seenTasks.add(upid.text);
    const isRecent = nowMs - task.endedAtMs < recentTaskMs;
    // A VM may have been paused long before we came.
    if (!isRecent && upid.type !== 'qmpause') return false;
    this.#suspects.add(`${upid.type.startsWith('qm') ? 'qemu' : 'lxc'}/${upid.subject}`);
    return isRecent;
  }

  /** Asks the guests that are suspected; in a full pass also the paused ones and those that do nothing at all. */
  async refresh(
    rows: readonly PveResource[],
    isFull: boolean,
    api: PveApi,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const questions = this.#questions(rows, isFull);
    await Promise.all(
      questions.map(async (row) => {
        const type = row.type === 'qemu' ? 'qemu' : 'lxc';
        const guest: GuestPlace = { node: row.node ?? '', type, vmid: String(row.vmid) };
        const command = readGuestStatus(guest);
        try {
          this.note(guest, parseGuestStatus(await api.call(command, signal), describe(command)), nowMs);
        } catch {
          // Its node, its rights or the guest itself may be gone; the listing alone has to do.
          this.#suspects.delete(row.id);
        }
      }),
    );
  }

  /** The rows with what is known better. */
  apply(rows: readonly PveResource[], nowMs: number): readonly PveResource[] {
    if (this.#fresh.size === 0) return rows;
    const better = new Map<string, PveGuestStatus>();
    for (const [rowId, { status, readAtMs }] of this.#fresh) {
      if (nowMs - readAtMs > fresherForMs) this.#fresh.delete(rowId);
      else better.set(rowId, status);
    }
    if (better.size === 0) return rows;
    return rows.map((row) => {
      const status = better.get(row.id);
      return status === undefined ? row : withStatus(row, status);
    });
  }

  #questions(rows: readonly PveResource[], isFull: boolean): readonly PveResource[] {
    const urgent: PveResource[] = [];
    const idle: PveResource[] = [];
    for (const row of rows) {
      if (row.type !== 'qemu' && row.type !== 'lxc') continue;
      const isRunningVm = row.type === 'qemu' && row.status === 'running';
      if (!isRunningVm) this.paused.delete(row.id);
      if (this.#suspects.has(row.id)) urgent.push(row);
      else if (this.paused.has(row.id)) {
        // A paused VM that computes again was resumed by somebody else.
        if (isFull || (row.cpu ?? 0) > 0) urgent.push(row);
      } else if (isRunningVm && row.cpu === 0) {
        if (isFull && !this.#idleAsked.has(row.id)) idle.push(row);
      } else this.#idleAsked.delete(row.id);
    }
    const asked = [...urgent, ...idle].slice(0, questionsPerPass);
    for (const row of asked) this.#idleAsked.add(row.id);
    return asked;
  }
}

function withStatus(row: PveResource, fresh: PveGuestStatus): PveResource {
  const { lock: _stale, ...rest } = row;
  const isSame = row.status === fresh.status;
  return {
    ...rest,
    status: fresh.status,
    ...(fresh.lock !== undefined && { lock: fresh.lock }),
    ...(!isSame && { uptime: fresh.uptime ?? 0 }),
  };
}
