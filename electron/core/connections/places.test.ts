import { describe, expect, it } from 'vitest';
import { Places } from './places.ts';

const { signal } = new AbortController();

describe('Places', () => {
  it('lets in as many as there are places, the others in their order', async () => {
    const places = new Places(2);
    const entered: string[] = [];
    const enter = async (name: string): Promise<() => void> => {
      const release = await places.take(signal);
      entered.push(name);
      return release;
    };
    const [a] = [await enter('a'), await enter('b')];
    const c = enter('c');
    const d = enter('d');
    await Promise.resolve();
    expect(entered).toEqual(['a', 'b']);
    a();
    a();
    (await c)();
    await d;
    expect(entered).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes whoever gives up out of the queue', async () => {
    const places = new Places(1);
    const release = await places.take(signal);
    const giveUp = new AbortController();
    const gone = places.take(giveUp.signal);
    const next = places.take(signal);
    giveUp.abort();
    await expect(gone).rejects.toMatchObject({ code: 'operation.cancelled' });
    release();
    await expect(next).resolves.toBeTypeOf('function');
    await expect(places.take(giveUp.signal)).rejects.toMatchObject({ code: 'operation.cancelled' });
  });
});
