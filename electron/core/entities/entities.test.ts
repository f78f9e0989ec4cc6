import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { CoreRig, savedLab } from '../../testing/core-rig.ts';
import { aGuest, aListing, aNode, labId } from '../../testing/records.ts';
import { silence, someDetails } from '../../testing/scripted-host.ts';
import type { DetailsFrame } from './entity-details.ts';

const guest = aGuest(1);
const node = aNode('pve1');

describe('details', () => {
  let rig: CoreRig;
  beforeEach(async () => {
    rig = new CoreRig();
    rig.look();
    rig.host().listing = aListing([guest, node]);
    await rig.start(savedLab());
  });
  afterEach(() => rig.close());

  const watch = (frames: DetailsFrame[] = [], id = guest.id) =>
    rig.handlers['entity.watchDetails']({ id }, (frame) => frames.push(frame), rig.context());

  it('are read every two seconds while somebody looks, by one reader for all windows, and not after', async () => {
    const first = watch();
    const second = watch();
    await rig.clock.advance(10_000);
    expect(rig.host().detailReads.length).toBeGreaterThanOrEqual(5);
    expect(rig.host().detailReads.length).toBeLessThanOrEqual(7);
    first.dispose();
    second.dispose();
    const before = rig.host().detailReads.length;
    await rig.clock.advance(60_000);
    expect(rig.host().detailReads.length).toBe(before);
  });

  it('of a node are read less often', async () => {
    const watching = watch([], node.id);
    await rig.clock.advance(19_000);
    expect(rig.host().detailReads.length).toBe(2);
    watching.dispose();
  });

  it('are sent when they change, and at once to a second window', async () => {
    const frames: DetailsFrame[] = [];
    const watching = watch(frames);
    await rig.clock.advance(10_000);
    expect(frames).toEqual([{ details: someDetails(guest.id) }]);
    rig.host().onDetails = (id) => Promise.resolve(someDetails(id, 'changed'));
    await rig.clock.advance(2_000);
    expect(frames.at(-1)?.details?.description).toBe('changed');
    const later: DetailsFrame[] = [];
    const second = watch(later);
    expect(later).toHaveLength(1);
    second.dispose();
    watching.dispose();
  });

  it('stay with their error when the host does not answer any more', async () => {
    const frames: DetailsFrame[] = [];
    const watching = watch(frames);
    await rig.clock.settle();
    rig.host().onDetails = (_id, signal) => silence(signal);
    await rig.clock.advance(20_000);
    expect(frames.at(-1)).toMatchObject({ details: { id: guest.id }, error: { code: 'operation.timed-out' } });
    watching.dispose();
  });

  it('say that the connection is not open', async () => {
    await rig.handlers['connection.save'](
      { id: labId, settings: savedLab({ isEnabled: false }).settings },
      rig.context(),
    );
    const frames: DetailsFrame[] = [];
    const watching = watch(frames);
    await rig.clock.settle();
    expect(frames).toMatchObject([{ error: { code: 'connection.not-ready', data: { state: 'disabled' } } }]);
    watching.dispose();
  });
});

describe('capabilities', () => {
  it('come from the driver while it is open, else name the state of the connection; vanished entities are left out', async () => {
    const rig = new CoreRig();
    rig.host().listing = aListing([guest]);
    await rig.start(savedLab());
    const ask = () => rig.handlers['entity.capabilities']({ ids: [guest.id, aGuest(404).id] }, rig.context());
    const open = await ask();
    expect(open.entities).toHaveLength(1);
    expect(open.entities[0]?.capabilities['guest.start']).toEqual({ available: true });
    expect(open.entities[0]?.capabilities['console.graphical']).toBeUndefined();
    rig.host().onOpen = () =>
      Promise.reject(new AppError('connection.unreachable', 'x', { endpoint: 'x', cause: 'x' }));
    rig.host().breakOff(new AppError('connection.unreachable', 'x', { endpoint: 'x', cause: 'x' }));
    await rig.clock.advance(10_000);
    const closed = await ask();
    expect(closed.entities[0]?.capabilities['guest.start']).toEqual({
      available: false,
      reason: 'connection-not-ready',
      detail: 'offline',
    });
    await rig.close();
  });
});

describe('preferences', () => {
  it('change for every window at once and outlive a restart; keys that are not named stay', async () => {
    const rig = new CoreRig();
    await rig.start();
    const seen: string[] = [];
    rig.handlers['preference.watch'](
      {},
      ({ preferences }) => seen.push(`${preferences.theme} ${preferences.language}`),
      rig.context(),
    );
    await rig.handlers['preference.set']({ change: { theme: 'dark' } }, rig.context());
    await rig.handlers['preference.set']({ change: { language: 'de', theme: undefined } }, rig.context());
    expect(seen).toEqual(['system system', 'dark system', 'dark de']);
    await rig.restart('close');
    expect(rig.core.preferences.current).toMatchObject({ theme: 'dark', language: 'de' });
    await rig.close();
  });
});
