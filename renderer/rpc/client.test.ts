import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../electron/contract/errors.ts';
import type { FrameLink } from '../../electron/contract/rpc/ports.ts';
import { createQueueLinks, type QueueLink } from '../../electron/testing/queue-link.ts';
import { smallTable, type CountFrame, type SmallTable } from '../../electron/testing/small-contract.ts';
import { createSmallCore, settle, type SmallCore } from '../../electron/testing/small-core.ts';
import { createRpcConnection, type RpcConnection, type RpcConnectionOptions, type RpcState } from './client.ts';

interface Bench {
  readonly client: RpcConnection<SmallTable>;
  readonly states: RpcState[];
  /** The links opened so far, newest last: the core's ends. */
  readonly links: QueueLink[];
  /** Waits between attempts that are running, with their length. */
  readonly waits: { readonly delayMs: number; readonly pass: () => void }[];
  /** While it has an error, opening a link fails with it. */
  readonly door: { failWith: Error | undefined };
}

function createBench(core: SmallCore, options: Partial<RpcConnectionOptions<SmallTable>> = {}): Bench {
  const links: QueueLink[] = [];
  const waits: Bench['waits'] = [];
  const states: RpcState[] = [];
  const door: { failWith: Error | undefined } = { failWith: undefined };
  const bench: Bench = {
    door,
    links,
    waits,
    states,
    client: createRpcConnection({
      table: smallTable,
      version: 1,
      rendererId: 'window-one',
      validateFrames: true,
      after: (delayMs, callback) => {
        const leave = (): void => {
          if (waits.includes(wait)) waits.splice(waits.indexOf(wait), 1);
        };
        const pass = (): void => {
          leave();
          callback();
        };
        const wait = { delayMs, pass };
        waits.push(wait);
        return { dispose: leave };
      },
      openLink: () => {
        // Not a mock of the network: the queue is one of the three real hosts.
        return door.failWith === undefined ? Promise.resolve(connect(core, links)) : Promise.reject(door.failWith);
      },
      ...options,
    }),
  };
  bench.client.onStateChange((state) => states.push(state));
  return bench;
}

function connect(core: SmallCore, links: QueueLink[]): FrameLink {
  const { window, core: link } = createQueueLinks();
  links.push(link);
  core.server.accept(link);
  return window;
}

/** What a replica makes of the frames. */
class Replica {
  values: Record<string, number> = {};
  #revision: number | undefined;
  apply(frame: CountFrame): void {
    if (frame.from === 0) this.values = {};
    else if (frame.from !== this.#revision) throw new Error(`gap: ${String(this.#revision)} then ${frame.from}`);
    Object.assign(this.values, frame.put);
    this.#revision = frame.to;
  }
}

describe('the RPC client', () => {
  it('makes calls that were asked for before the link was open', async () => {
    const bench = createBench(createSmallCore());
    await expect(bench.client.request('text.upper', { text: 'früh' })).resolves.toBe('FRÜH');
    expect(bench.states).toEqual([{ phase: 'open', isResumed: false }]);
  });

  it('rebuilds typed errors', async () => {
    const bench = createBench(createSmallCore());
    const wrong = bench.client.request('text.upper', { text: 5 as unknown as string });
    await expect(wrong).rejects.toSatisfy((error) => error instanceof AppError && error.code === 'input.invalid');
  });

  it('rejects at once when a call is called off, and the core hears of it', async () => {
    const core = createSmallCore();
    const bench = createBench(core);
    const controller = new AbortController();
    const call = bench.client.request('text.wait', {}, controller.signal);
    await settle();
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'operation.cancelled' });
    await settle();
    expect(core.waiting[0]?.context.signal.aborted).toBe(true);
    await expect(bench.client.request('text.wait', {}, controller.signal)).rejects.toMatchObject({
      code: 'operation.cancelled',
    });
    expect(core.waiting).toHaveLength(1);
  });

  it('keeps a replica equal to the authority under random changes, pauses and reconnects', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constant('set'), fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(1000)) },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom('hold', 'release', 'settle'), fc.constant(''), fc.constant(0)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('cut'), fc.constant(''), fc.constant(0)) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const core = createSmallCore();
        const bench = createBench(core);
        const replica = new Replica();
        bench.client.stream('count.watch', {}, (frame) => replica.apply(frame));
        await settle();
        for (const [what, name, value] of steps) {
          const link = bench.links.at(-1);
          if (what === 'set') core.counters.set(name, value);
          else if (what === 'hold') link?.hold();
          else if (what === 'release') link?.release();
          else await settle();
          if (what !== 'cut') continue;
          link?.close('cut');
          await settle();
          bench.waits[0]?.pass();
        }
        bench.links.at(-1)?.release();
        await settle();
        await settle();
        expect(replica.values).toEqual(core.counters.values);
        expect(core.counters.watcherCount).toBe(1);
        bench.client.dispose();
        await settle();
        expect(core.counters.watcherCount).toBe(0);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it('rejects what is under way when the link ends, says why, and comes back as the same window', async () => {
    const core = createSmallCore();
    const bench = createBench(core);
    const call = bench.client.request('text.wait', {});
    const channel = await bench.client.channel('bytes.echo', {});
    const channelEnd = new Promise((resolve) => channel.onClosed(resolve));
    bench.links[0]?.close('the host went away');
    await expect(call).rejects.toMatchObject({ code: 'rpc.disconnected' });
    await expect(channelEnd).resolves.toMatchObject({ code: 'rpc.disconnected' });
    await expect(bench.client.request('text.upper', { text: 'x' })).rejects.toMatchObject({ code: 'rpc.disconnected' });
    bench.waits[0]?.pass();
    await settle();
    expect(bench.states).toEqual([
      { phase: 'open', isResumed: false },
      { phase: 'connecting', attempt: 1, reason: 'the host went away' },
      { phase: 'open', isResumed: true },
    ]);
    expect(core.waiting).toHaveLength(1);
  });

  it('waits longer after each attempt that failed, up to five seconds, and tries at once when told to', async () => {
    const bench = createBench(createSmallCore());
    await settle();
    bench.door.failWith = new Error('nobody there');
    bench.links[0]?.close('cut');
    const delays: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      await settle();
      delays.push(bench.waits[0]?.delayMs ?? 0);
      bench.waits[0]?.pass();
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    await settle();
    expect(bench.states.at(-1)).toEqual({ phase: 'connecting', attempt: 8, reason: 'nobody there' });
    bench.door.failWith = undefined;
    bench.client.reconnectNow();
    await settle();
    expect(bench.client.state).toEqual({ phase: 'open', isResumed: true });
    expect(bench.waits).toEqual([]);
  });

  it('stops and says so when the core speaks another version', async () => {
    const bench = createBench(createSmallCore({}, 2));
    const errors: Error[] = [];
    bench.client.stream(
      'count.watch',
      {},
      () => undefined,
      (error) => errors.push(error),
    );
    await expect(bench.client.request('text.upper', { text: 'x' })).rejects.toMatchObject({
      code: 'rpc.version-mismatch',
      data: { ours: 2, theirs: 1 },
    });
    await settle();
    expect(bench.client.state).toMatchObject({ phase: 'refused', error: { code: 'rpc.version-mismatch' } });
    expect(errors).toMatchObject([{ code: 'rpc.version-mismatch' }]);
    expect({ links: bench.links.length, waits: bench.waits.length }).toEqual({ links: 1, waits: 0 });
    await expect(bench.client.request('text.upper', { text: 'x' })).rejects.toMatchObject({
      code: 'rpc.version-mismatch',
    });
  });

  it('does not come back once disposed', async () => {
    const core = createSmallCore();
    const bench = createBench(core);
    const call = bench.client.request('text.wait', {});
    await settle();
    bench.client.dispose();
    await expect(call).rejects.toMatchObject({ code: 'rpc.disconnected' });
    await settle();
    expect(bench.client.state).toEqual({ phase: 'closed' });
    expect({ waits: bench.waits.length, aborted: core.waiting[0]?.context.signal.aborted }).toEqual({
      waits: 0,
      aborted: true,
    });
  });

  it('notices an answer that does not keep the contract', async () => {
    const broken = createSmallCore({
      'text.upper': () => Promise.resolve(7 as unknown as string),
      'count.watch': (_input, send) => {
        send({ from: 'x' } as unknown as CountFrame);
        return { dispose: () => undefined };
      },
    });
    const bench = createBench(broken);
    await expect(bench.client.request('text.upper', { text: 'x' })).rejects.toMatchObject({
      code: 'internal.bug',
      data: { where: 'output of text.upper' },
    });
    const error = await new Promise((resolve) => bench.client.stream('count.watch', {}, () => undefined, resolve));
    expect(error).toMatchObject({ data: { where: 'frame of count.watch' } });
  });

  it('gives back through a channel what was written, and ends both sides', async () => {
    const core = createSmallCore();
    const bench = createBench(core);
    const channel = await bench.client.channel('bytes.echo', {});
    const back: number[] = [];
    channel.onChunk((chunk, consumed) => {
      back.push(...chunk);
      consumed();
    });
    const sent = Array.from({ length: 700_000 }, (_, index) => index % 256);
    await channel.write(Uint8Array.from(sent));
    await settle();
    await settle();
    expect(back).toEqual(sent);
    const coreEnd = new Promise<void>((resolve) => core.channels[0]?.onClosed(() => resolve()));
    channel.close();
    await coreEnd;
  });

  it('holds a bounded number of bytes when the window does not read', async () => {
    const core = createSmallCore();
    const bench = createBench(core);
    const channel = await bench.client.channel('bytes.echo', {});
    channel.onChunk(() => undefined);
    let accepted = 0;
    for (let count = 0; count < 100; count++) {
      void channel.write(new Uint8Array(65_536)).then(
        () => accepted++,
        () => undefined,
      );
    }
    await settle();
    await settle();
    const bytes = bench.links[0]?.sent.reduce(
      (sum, frame) => sum + (typeof frame === 'string' ? 0 : frame.length - 4),
      0,
    );
    expect(bytes).toBe(256 * 1024);
    // Window to core, core to echo, and back: four windows at most, of 64 KiB chunks.
    expect(accepted).toBeLessThanOrEqual(16);
    bench.client.dispose();
  });

  it('closes a channel whose open was called off while its answer was under way', async () => {
    const core = createSmallCore();
    const bench = createBench(core);
    await settle();
    bench.links[0]?.hold();
    const controller = new AbortController();
    const opening = bench.client.channel('bytes.echo', {}, controller.signal);
    await settle();
    const coreEnd = new Promise<void>((resolve) => core.channels[0]?.onClosed(() => resolve()));
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'operation.cancelled' });
    await coreEnd;
    bench.links[0]?.release();
    await settle();
    await expect(bench.client.request('text.upper', { text: 'still there' })).resolves.toBe('STILL THERE');
  });

  it('ends a stream when it is disposed, however often', async () => {
    const core = createSmallCore();
    const bench = createBench(core);
    const seen: number[] = [];
    const watching = bench.client.stream('count.watch', {}, (frame) => seen.push(frame.to));
    await settle();
    core.counters.set('a', 1);
    await settle();
    watching.dispose();
    watching.dispose();
    await settle();
    core.counters.set('a', 2);
    await settle();
    expect({ seen, watchers: core.counters.watcherCount }).toEqual({ seen: [0, 1], watchers: 0 });
  });
});
