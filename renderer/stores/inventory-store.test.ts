import { describe, expect, it } from 'vitest';
import type { InventoryFrame } from '../../electron/contract/inventory.ts';
import type { ContractClient } from '../../electron/contract/rpc/table.ts';
import { FixtureCore } from '../../electron/testing/fixture-core.ts';
import { connectInProcess } from '../../electron/testing/in-process-client.ts';
import type { FrameScheduler } from './frame-scheduler.ts';
import { InventoryStore } from './inventory-store.ts';

/** Frames of the screen as the test says. */
class ManualScheduler implements FrameScheduler {
  readonly #waiting = new Set<() => void>();
  request(work: () => void): void {
    this.#waiting.add(work);
  }
  paint(): void {
    const works = [...this.#waiting];
    this.#waiting.clear();
    for (const work of works) work();
  }
}

/** Lets what is queued in this process happen. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function startedStore(guestCount: number) {
  const core = new FixtureCore({ guestCount, nowMs: 0 });
  const scheduler = new ManualScheduler();
  const store = new InventoryStore(connectInProcess(core.handlers()), scheduler, () => 1000);
  const running = store.start();
  await settle();
  // A snapshot is taken over before one picture and shown in the next.
  scheduler.paint();
  scheduler.paint();
  return { core, scheduler, store, running };
}

describe('the inventory store', () => {
  it('is ready with everything after the first frame, told of once', async () => {
    const { core, store } = await startedStore(20);
    expect(store.state.getState()).toMatchObject({ status: 'ready', version: 1, changedAtMs: 1000 });
    expect(store.replica.records).toEqual(core.records);
  });

  it('applies all frames of one picture together', async () => {
    const { core, scheduler, store } = await startedStore(20);
    const versions: number[] = [];
    store.state.subscribe((state) => versions.push(state.loadVersion));
    core.moveLoads();
    core.moveLoads();
    core.moveLoads();
    await settle();
    expect(versions).toEqual([]);
    scheduler.paint();
    expect(versions).toEqual([2]);
  });

  it('tells a row of its own load only, and no list of a poll in which only loads moved', async () => {
    const { core, scheduler, store } = await startedStore(20);
    const running = [...core.records.values()].find((record) => record.kind === 'guest' && record.power === 'running')!;
    const stopped = [...core.records.values()].find((record) => record.kind === 'guest' && record.power === 'stopped')!;
    const told: string[] = [];
    store.subscribeLoad(running.id, () => told.push('running'));
    store.subscribeLoad(stopped.id, () => told.push('stopped'));
    store.subscribeRecord(running.id, () => told.push('record'));
    core.moveLoads();
    await settle();
    scheduler.paint();
    expect(told).toEqual(['running']);
    expect(store.state.getState().version).toBe(1);
  });

  it('tells nobody after unsubscribing', async () => {
    const { core, scheduler, store } = await startedStore(5);
    const guest = [...core.records.values()].find((record) => record.kind === 'guest')!;
    const told: string[] = [];
    const stop = store.subscribeRecord(guest.id, () => told.push('record'));
    stop();
    core.change({ put: [{ ...guest, name: 'renamed' }] });
    await settle();
    scheduler.paint();
    expect(told).toEqual([]);
    expect(store.getRecord(guest.id)?.name).toBe('renamed');
  });

  it('subscribes anew after a gap and is right again', async () => {
    const core = new FixtureCore({ guestCount: 5, nowMs: 0 });
    const inner = connectInProcess(core.handlers());
    let subscriptions = 0;
    let isLosing = false;
    const losing = {
      stream: (name: never, input: never, onFrame: (frame: InventoryFrame) => void) => {
        subscriptions += 1;
        return inner.stream(name, input, ((frame: InventoryFrame) => {
          if (!isLosing) onFrame(frame);
        }) as never);
      },
    } as unknown as Pick<ContractClient, 'stream'>;
    const scheduler = new ManualScheduler();
    const store = new InventoryStore(losing, scheduler, () => 0);
    store.start();
    await settle();
    scheduler.paint();
    const guest = [...core.records.values()].find((record) => record.kind === 'guest')!;
    isLosing = true;
    core.change({ removed: [guest.id] });
    await settle();
    isLosing = false;
    core.moveLoads();
    await settle();
    scheduler.paint();
    await settle();
    scheduler.paint();
    expect(subscriptions).toBe(2);
    expect(store.replica.records).toEqual(core.records);
  });
});
