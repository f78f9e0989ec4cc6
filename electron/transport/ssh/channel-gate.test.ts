import { describe, expect, it } from 'vitest';
import { isAppError } from '../../contract/errors.ts';
import { ChannelGate } from './channel-gate.ts';

const never = new AbortController().signal;

describe('the gate in front of the channels', () => {
  it('admits in the order of arrival and keeps one place for a stream', async () => {
    const gate = new ChannelGate(3);
    const admitted: string[] = [];
    const enter = (name: string) =>
      gate.enter('command', never).then((leave) => {
        admitted.push(name);
        return leave;
      });
    const first = await enter('first');
    await enter('second');
    const third = enter('third');
    const fourth = enter('fourth');
    await gate.enter('stream', never);
    expect(admitted).toEqual(['first', 'second']);
    expect(gate.openCount).toBe(3);
    first();
    first();
    (await third)();
    await fourth;
    expect(admitted).toEqual(['first', 'second', 'third', 'fourth']);
  });

  it('lets a waiting caller go when its signal aborts, and admits the next one', async () => {
    const gate = new ChannelGate(2);
    const leave = await gate.enter('command', never);
    const controller = new AbortController();
    const given = gate.enter('command', controller.signal);
    const next = gate.enter('command', never);
    controller.abort();
    await expect(given).rejects.toSatisfy((error) => isAppError(error, 'operation.cancelled'));
    leave();
    await expect(next).resolves.toBeTypeOf('function');
  });

  it('refuses everybody once it is closed', async () => {
    const gate = new ChannelGate(2);
    await gate.enter('command', never);
    const waiting = gate.enter('command', never);
    gate.close(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(gate.enter('stream', never)).rejects.toThrow('gone');
  });
});
