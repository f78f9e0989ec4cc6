import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { parseConnectionId } from '../../contract/ids.ts';
import { CoreRig, savedLab } from '../../testing/core-rig.ts';
import { aGuest, aListing, aLoad, aNode, labId } from '../../testing/records.ts';
import { silence } from '../../testing/scripted-host.ts';

const unreachable = (): AppError =>
  new AppError('connection.unreachable', 'refused', { endpoint: 'lab.example:8006', cause: 'ECONNREFUSED' });
const rejected = (): AppError =>
  new AppError('auth.rejected', 'no', { method: 'password', text: 'authentication failure' });

describe('a connection', () => {
  let rig: CoreRig;
  const begin = async (): Promise<void> => {
    rig = new CoreRig();
    rig.look();
    rig.host().listing = aListing([aNode('pve1'), aGuest(100)], [aLoad(aGuest(100), 0.1)]);
    await rig.start(savedLab());
  };
  afterEach(async () => {
    await rig.close();
  });

  it('is live after the first full read, and says version, account and age', async () => {
    await begin();
    expect(rig.connection()).toMatchObject({
      state: 'live',
      systemVersion: 'Scripted 1',
      account: 'root@pam',
      lastGoodAtMs: rig.clock.now(),
    });
    expect(rig.core.inventory.get(aGuest(100).id)).toEqual(aGuest(100));
  });

  it('reads the status every five seconds while somebody looks, and everything once a minute', async () => {
    await begin();
    await rig.clock.advance(60_000);
    const status = rig.host().reads.filter((pass) => pass === 'status').length;
    const full = rig.host().reads.filter((pass) => pass === 'full').length;
    expect(status).toBeGreaterThanOrEqual(10);
    expect(status).toBeLessThanOrEqual(13);
    expect(full).toBeLessThanOrEqual(2);
  });

  it('reads four times less often while nobody looks, and at once when somebody does again', async () => {
    rig = new CoreRig();
    await rig.start(savedLab());
    await rig.clock.advance(60_000);
    expect(rig.host().reads.filter((pass) => pass === 'status').length).toBeLessThanOrEqual(4);
    const before = rig.host().reads.length;
    await rig.clock.advance(10_000);
    const hidden = rig.host().reads.length;
    rig.look();
    await rig.clock.advance(1_000);
    expect(hidden - before).toBeLessThanOrEqual(1);
    expect(rig.host().reads.length).toBeGreaterThan(hidden);
  });

  it('makes one read of a burst of hints, and no storm of a storm', async () => {
    await begin();
    await rig.clock.advance(2_000);
    const before = rig.host().reads.length;
    for (let count = 0; count < 50; count += 1) rig.host().hint('status');
    await rig.clock.advance(400);
    expect(rig.host().reads.length).toBe(before + 1);
    for (let count = 0; count < 100; count += 1) {
      rig.host().hint('status');
      await rig.clock.advance(20);
    }
    expect(rig.host().reads.length).toBeLessThanOrEqual(before + 4);
  });

  it('goes stale and then offline in bounded time when the host falls silent, and keeps every record', async () => {
    await begin();
    rig.host().onList = (_pass, signal) => silence(signal);
    rig.host().onOpen = (_request, signal) => silence(signal);
    await rig.clock.advance(15_000);
    expect(rig.connection()).toMatchObject({ state: 'stale', error: { code: 'connection.silent' } });
    await rig.clock.advance(45_000);
    expect(rig.connection()).toMatchObject({ state: 'offline', error: { code: 'connection.silent' } });
    expect(rig.core.inventory.get(aGuest(100).id)).toEqual(aGuest(100));
  });

  it('notices silence even where the driver ignores its signal', async () => {
    await begin();
    rig.host().onList = () => new Promise(() => undefined);
    await rig.clock.advance(60_000);
    expect(rig.connection().state).toBe('offline');
  });

  it('tries again with growing pauses, says when, and is live again by itself', async () => {
    await begin();
    rig.host().onOpen = () => Promise.reject(unreachable());
    rig.host().breakOff(unreachable());
    await rig.clock.advance(5_000);
    expect(rig.connection()).toMatchObject({ state: 'offline', error: { code: 'connection.unreachable' } });
    const opensBefore = rig.host().opens;
    await rig.clock.advance(600_000);
    const tries = rig.host().opens - opensBefore;
    expect(tries).toBeGreaterThanOrEqual(9);
    expect(tries).toBeLessThanOrEqual(20);
    expect(rig.connection().nextTryAtMs).toBeGreaterThan(rig.clock.now());
    rig.host().onOpen = () => Promise.resolve();
    await rig.clock.advance(90_000);
    expect(rig.connection().state).toBe('live');
  });

  it('opens a broken line again at once, without calling it offline', async () => {
    await begin();
    const states: string[] = [];
    rig.core.inventory.onDidChange(() => states.push(rig.connection().state));
    rig
      .host()
      .breakOff(new AppError('connection.lost', 'reset', { endpoint: 'lab.example:8006', cause: 'ECONNRESET' }));
    await rig.clock.advance(3_000);
    expect(new Set(states)).toEqual(new Set(['stale', 'live']));
    expect(rig.host().opens).toBe(2);
  });

  it('stays stale on the same session while the host answers with errors', async () => {
    await begin();
    rig.host().onList = () =>
      Promise.reject(new AppError('remote.no-quorum', 'no quorum', { command: 'GET', text: 'no quorum' }));
    await rig.clock.advance(8_000);
    expect(rig.connection()).toMatchObject({ state: 'stale', error: { code: 'remote.no-quorum' } });
    expect(rig.host().opens).toBe(1);
    rig.host().onList = () => Promise.resolve(rig.host().listing);
    await rig.clock.advance(10_000);
    expect(rig.connection().state).toBe('live');
    expect(rig.host().opens).toBe(1);
  });

  it('never tries a refused password again by itself', async () => {
    rig = new CoreRig();
    rig.host().onOpen = () => Promise.reject(rejected());
    await rig.start(savedLab());
    await rig.clock.advance(3_600_000);
    expect(rig.host().opens).toBe(1);
    expect(rig.connection()).toMatchObject({ state: 'blocked', error: { code: 'auth.rejected' } });
    rig.host().onOpen = () => Promise.resolve();
    await rig.handlers['connection.reconnect']({ id: labId }, rig.context());
    await rig.clock.advance(100);
    expect(rig.connection().state).toBe('live');
  });

  it('shows a changed identity with both fingerprints and goes on only when it is trusted', async () => {
    await begin();
    const changed = new AppError('connection.identity-changed', 'changed', {
      endpoint: 'lab.example:8006',
      expected: 'AA:BB',
      presented: 'CC:DD',
    });
    rig.host().onOpen = () => Promise.reject(changed);
    rig.host().breakOff(changed);
    await rig.clock.advance(3_600_000);
    expect(rig.host().opens).toBe(1);
    expect(rig.connection()).toMatchObject({ state: 'blocked', error: changed.toShape() });
    const [prompt] = rig.openPrompts();
    expect(prompt?.question).toEqual({
      type: 'identity',
      endpoint: 'lab.example:8006',
      expected: 'AA:BB',
      presented: 'CC:DD',
    });
    rig.host().onOpen = () => Promise.resolve();
    await rig.handlers['prompt.answer']({ promptId: prompt!.promptId, answer: { type: 'trust' } }, rig.context());
    await rig.clock.advance(1_000);
    expect(rig.connection().state).toBe('live');
    expect(rig.openPrompts()).toEqual([]);
    expect(rig.connections.saved.get(labId)?.settings.access).toMatchObject({
      endpoints: [{ host: 'lab.example', port: 8006, fingerprint: 'CC:DD' }],
    });
  });

  it('stays blocked when an identity is refused', async () => {
    rig = new CoreRig();
    rig.host().onOpen = () =>
      Promise.reject(
        new AppError('connection.identity-unknown', 'new', { endpoint: 'lab.example:8006', presented: 'CC:DD' }),
      );
    await rig.start(savedLab());
    const [prompt] = rig.openPrompts();
    await rig.handlers['prompt.answer']({ promptId: prompt!.promptId, answer: { type: 'refuse' } }, rig.context());
    await rig.clock.advance(600_000);
    expect(rig.host().opens).toBe(1);
    expect(rig.connection().state).toBe('blocked');
    expect(rig.openPrompts()).toEqual([]);
  });

  it('waits for an answer without a time limit, blocked in view, and takes the question back when it is closed', async () => {
    rig = new CoreRig();
    rig.host().onOpen = async ({ prompter }, signal) => {
      await prompter.ask({ type: 'password', account: 'root@pam', again: false }, signal);
    };
    await rig.start(savedLab());
    await rig.clock.advance(86_400_000);
    expect(rig.connection()).toMatchObject({ state: 'blocked', error: { code: 'auth.challenge-unanswered' } });
    expect(rig.openPrompts()).toMatchObject([{ connectionId: labId, connectionName: 'Lab' }]);
    await rig.core.connections.remove(labId);
    expect(rig.openPrompts()).toEqual([]);
    expect(rig.host().opens).toBe(1);
  });

  it('closes a session that opens after its time is over', async () => {
    rig = new CoreRig();
    let open: () => void = () => undefined;
    rig.host().onOpen = () => new Promise((resolve) => (open = resolve));
    await rig.start(savedLab());
    await rig.clock.advance(46_000);
    expect(rig.connection()).toMatchObject({ state: 'offline', error: { code: 'connection.silent' } });
    rig.host().onOpen = () => Promise.reject(unreachable());
    open();
    await rig.clock.settle();
    expect(rig.host().openSessions).toBe(0);
  });

  it('never lets dead hosts delay living ones, however many they are', async () => {
    rig = new CoreRig();
    rig.look();
    const dead = Array.from({ length: 60 }, (_, index) => savedLab({}, parseConnectionId(`dead-${index}`)));
    for (const each of dead) rig.host(each.id).onOpen = (_request, signal) => silence(signal);
    await rig.start(...dead, savedLab());
    await rig.clock.advance(15_000);
    expect(rig.connection().state).toBe('live');
    const before = rig.host().reads.length;
    await rig.clock.advance(60_000);
    expect(rig.host().reads.length - before).toBeGreaterThanOrEqual(8);
  });

  it('reads at once when the machine wakes up', async () => {
    await begin();
    rig.host().onOpen = () => Promise.reject(unreachable());
    rig.host().breakOff(unreachable());
    await rig.clock.advance(300_000);
    expect(rig.connection().state).toBe('offline');
    rig.host().onOpen = () => Promise.resolve();
    const opens = rig.host().opens;
    rig.clock.jump(3_600_000);
    await rig.clock.advance(5_000);
    expect(rig.host().opens).toBe(opens + 1);
    expect(rig.connection().state).toBe('live');
  });

  it('goes on reading when the clock is set back', async () => {
    await begin();
    rig.clock.jump(-86_400_000);
    const before = rig.host().reads.length;
    await rig.clock.advance(120_000);
    expect(rig.host().reads.length - before).toBeGreaterThanOrEqual(20);
    expect(
      rig
        .host()
        .reads.slice(before)
        .filter((pass) => pass === 'full').length,
    ).toBeGreaterThanOrEqual(2);
    expect(rig.connection().state).toBe('live');
  });

  it('closes its session when it is switched off, keeps the records, and opens when it is switched on', async () => {
    await begin();
    const { settings } = savedLab({ isEnabled: false });
    await rig.handlers['connection.save']({ id: labId, settings }, rig.context());
    expect(rig.connection().state).toBe('disabled');
    expect(rig.host().openSessions).toBe(0);
    expect(rig.core.inventory.get(aGuest(100).id)).toBeDefined();
    await rig.handlers['connection.save']({ id: labId, settings: savedLab().settings }, rig.context());
    await rig.clock.advance(100);
    expect(rig.connection().state).toBe('live');
  });

  it('does not open anew when only its name changes', async () => {
    await begin();
    await rig.handlers['connection.save']({ id: labId, settings: savedLab({ name: 'Attic' }).settings }, rig.context());
    await rig.clock.advance(100);
    expect(rig.connection()).toMatchObject({ name: 'Attic', state: 'live' });
    expect(rig.host().opens).toBe(1);
  });

  it('reads again after a read during which something was asked for: what it saw may be too old', async () => {
    await begin();
    let finish: () => void = () => undefined;
    rig.host().onList = () => new Promise((resolve) => (finish = () => resolve(rig.host().listing)));
    await rig.clock.advance(6_000);
    const reads = rig.host().reads.length;
    rig.host().hint('status');
    const refreshed = rig.handlers['inventory.refresh']({ id: labId }, rig.context());
    rig.host().onList = () => Promise.resolve(rig.host().listing);
    finish();
    await refreshed;
    await rig.clock.advance(2_000);
    expect(rig.host().reads.slice(reads)).toEqual(['full']);
  });

  it('settles a refresh with the read that it caused, and with its error', async () => {
    await begin();
    await rig.clock.advance(2_000);
    const reads = rig.host().reads.length;
    await rig.handlers['inventory.refresh']({ id: labId }, rig.context());
    expect(rig.host().reads.slice(reads)).toEqual(['full']);
    rig.host().onList = () => Promise.reject(unreachable());
    await expect(rig.handlers['inventory.refresh']({ id: labId }, rig.context())).rejects.toMatchObject({
      code: 'connection.unreachable',
    });
  });
});
