import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contract, type StreamName } from '../../../contract/rpc/table.ts';
import { CoreRig, savedLab } from '../../../testing/core-rig.ts';
import { aGuest, aListing } from '../../../testing/records.ts';

describe('the handlers of the contract', () => {
  let rig: CoreRig;
  beforeEach(async () => {
    rig = new CoreRig();
    rig.host().listing = aListing([aGuest(1)]);
    await rig.start(savedLab());
  });
  afterEach(() => rig.close());

  it('answer every entry and no other', () => {
    expect(Object.keys(rig.handlers).toSorted()).toEqual(Object.keys(contract).toSorted());
  });

  it('send frames that fit their schemas, the first of them at once', async () => {
    const { taskId } = await rig.handlers['guest.power']({ id: aGuest(1).id, action: 'stop' }, rig.context());
    const seen = new Set<string>();
    const check = (name: StreamName) => (frame: unknown) => {
      expect(contract[name].frame.parse(frame)).toEqual(frame);
      seen.add(name);
    };
    const watch = (name: Exclude<StreamName, 'entity.watchDetails' | 'task.watchLog'>) =>
      rig.handlers[name]({}, check(name), rig.context());
    const open = [
      watch('inventory.watch'),
      watch('task.watch'),
      watch('prompt.watch'),
      watch('preference.watch'),
      watch('window.watchCommands'),
    ];
    expect(seen.size).toBe(open.length);
    open.push(
      rig.handlers['task.watchLog']({ id: taskId }, check('task.watchLog'), rig.context()),
      rig.handlers['entity.watchDetails']({ id: aGuest(1).id }, check('entity.watchDetails'), rig.context()),
    );
    await rig.clock.advance(3_000);
    expect(seen.size).toBe(open.length);
    for (const each of open) each.dispose();
  });

  it('send back bytes in their order, and make a writer wait whose reader does not consume', async () => {
    const channel = await rig.handlers['diagnostics.echo']({}, rig.context());
    const received: number[] = [];
    const consume: (() => void)[] = [];
    channel.onChunk((chunk, consumed) => {
      received.push(chunk[0] ?? -1);
      consume.push(consumed);
    });
    let accepted = 0;
    const writes = Array.from({ length: 40 }, async (_, index) => {
      await channel.write(Uint8Array.of(index));
      accepted += 1;
    });
    await rig.clock.settle();
    expect(accepted).toBe(16);
    for (let index = 0; index < 40; index += 1) {
      consume[index]?.();
      await rig.clock.settle();
    }
    await Promise.all(writes);
    expect(received).toEqual(Array.from({ length: 40 }, (_, index) => index));
    channel.close();
    await expect(channel.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'rpc.disconnected' });
  });
});
