import { afterEach, describe, expect, test } from 'vitest';
import type { GuestPower, GuestRecord } from '../../contract/records/index.ts';
import type { DriverSession, InventoryHint } from '../../core/ports/driver.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { pveRig } from '../../testing/pve-rig.ts';
import { SmallPve } from '../../testing/small-pve.ts';
import { createPveDriver } from './index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const never = new AbortController().signal;
const statusCall = 'GET /nodes/pve1/qemu/100/status/current';

class Stage {
  readonly pve = new SmallPve();
  readonly clock = new FakeClock();
  row: Record<string, unknown> = {
    type: 'qemu',
    id: 'qemu/100',
    vmid: 100,
    node: 'pve1',
    status: 'running',
    cpu: 0.2,
    uptime: 50,
  };
  current: Record<string, unknown> = { status: 'running', qmpstatus: 'running', uptime: 50 };
  tasks: unknown[] = [];
  session!: DriverSession;
  readonly hints: InventoryHint[] = [];

  async open(): Promise<this> {
    this.pve.on('GET /cluster/resources', () => ({ data: [this.row] }));
    this.pve.on('GET /cluster/tasks', () => ({ data: this.tasks }));
    this.pve.on(statusCall, () => ({ data: this.current }));
    await this.pve.start();
    cleanups.push(() => this.pve.stop());
    const endpoints = [{ host: '127.0.0.1', port: this.pve.port, fingerprint: this.pve.identity.fingerprint }];
    this.session = await createPveDriver().open(pveRig({ endpoints, clock: this.clock }).context, never);
    cleanups.push(() => this.session.close());
    this.session.watchInventory((hint) => this.hints.push(hint));
    return this;
  }

  async power(pass: 'status' | 'full' = 'status'): Promise<GuestPower> {
    const { records } = await this.session.listInventory(pass, never);
    return records.find((one): one is GuestRecord => one.kind === 'guest')!.power;
  }

  ended(type: string, agoMs: number): void {
    const endtime = Math.floor((this.clock.now() - agoMs) / 1000);
    this.tasks = [{ upid: `UPID:pve1:000009BC:0007E389:6B03C91B:${type}:100:root@pam:`, endtime, status: 'OK' }];
  }
}

describe('what the listing does not say', () => {
  test('a busy guest is never asked', async () => {
    const stage = await new Stage().open();
    await stage.power('full');
    await stage.power();
    expect(stage.pve.count(statusCall)).toBe(0);
  });

  test('a VM without any processor time is asked once, and found paused', async () => {
    const stage = await new Stage().open();
    stage.row = { ...stage.row, cpu: 0 };
    stage.current = { status: 'running', qmpstatus: 'paused', uptime: 50 };
    expect(await stage.power()).toBe('running');
    expect(await stage.power('full')).toBe('paused');
    expect(await stage.power()).toBe('paused');
    expect(stage.pve.count(statusCall)).toBe(1);
  });

  test('an idle VM that is not paused is not asked again and again', async () => {
    const stage = await new Stage().open();
    stage.row = { ...stage.row, cpu: 0 };
    for (let round = 0; round < 4; round += 1) expect(await stage.power('full')).toBe('running');
    expect(stage.pve.count(statusCall)).toBe(1);
  });

  test('a paused VM that computes again was resumed by somebody', async () => {
    const stage = await new Stage().open();
    stage.row = { ...stage.row, cpu: 0 };
    stage.current = { status: 'running', qmpstatus: 'paused' };
    expect(await stage.power('full')).toBe('paused');
    stage.row = { ...stage.row, cpu: 0.1 };
    stage.current = { status: 'running', qmpstatus: 'running' };
    expect(await stage.power()).toBe('running');
  });

  test('the end of a power task is a hint, and its guest is asked before the list knows', async () => {
    const stage = await new Stage().open();
    expect(await stage.power('full')).toBe('running');
    stage.ended('qmstop', 1_000);
    await stage.session.tasks!.list(never);
    expect(stage.hints).toEqual([{ because: 'qmstop has ended', pass: 'status' }]);
    stage.current = { status: 'stopped', qmpstatus: 'stopped' };
    expect(await stage.power()).toBe('stopped');
    await stage.session.tasks!.list(never);
    expect(stage.hints).toHaveLength(1);
  });

  test('the list is believed again when it has had time to learn', async () => {
    const stage = await new Stage().open();
    stage.ended('qmstop', 1_000);
    await stage.session.tasks!.list(never);
    stage.current = { status: 'stopped' };
    expect(await stage.power()).toBe('stopped');
    stage.clock.jump(20_000);
    expect(await stage.power()).toBe('running');
  });

  test('a VM that was paused before we came is found by its task', async () => {
    const stage = await new Stage().open();
    stage.ended('qmpause', 3_600_000);
    stage.current = { status: 'running', qmpstatus: 'paused' };
    await stage.session.tasks!.list(never);
    expect(stage.hints).toEqual([]);
    expect(await stage.power()).toBe('paused');
  });

  test('a guest that cannot be asked stays as it is listed', async () => {
    const stage = await new Stage().open();
    stage.row = { ...stage.row, cpu: 0 };
    stage.pve.on(statusCall, () => ({ status: 595, reason: 'No route to host' }));
    expect(await stage.power('full')).toBe('running');
  });
});
