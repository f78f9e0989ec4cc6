import { describe, expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { encodeData } from '../../contract/rpc/codec.ts';
import { channelWindowBytes } from '../../contract/rpc/credit-channel.ts';
import { createQueueLinks, type QueueLink } from '../../testing/queue-link.ts';
import { createSmallCore, settle, type SmallCore } from '../../testing/small-core.ts';

/** A window that speaks in raw frames. */
function connectRaw(core: SmallCore): { window: QueueLink; heard: unknown[]; closed: string[] } {
  const { window, core: link } = createQueueLinks();
  const heard: unknown[] = [];
  const closed: string[] = [];
  window.onFrame((frame) => heard.push(typeof frame === 'string' ? JSON.parse(frame) : frame));
  window.onClosed((reason) => closed.push(reason));
  core.server.accept(link);
  return { window, heard, closed };
}

const hello = JSON.stringify({ type: 'hello', version: 1, rendererId: 'window-one' });
const welcome = { type: 'welcome', version: 1, isResumed: false };
const call = (id: number, method: string, input: unknown): string =>
  JSON.stringify({ type: 'call', id, method, input });

describe('the RPC server', () => {
  it('answers a call with its defaults applied', async () => {
    const { window, heard } = connectRaw(createSmallCore());
    window.send(hello);
    window.send(call(1, 'text.upper', { text: 'a\ud800é' }));
    await settle();
    expect(heard).toEqual([welcome, { type: 'result', id: 1, output: 'A\ud800É' }]);
  });

  it('refuses input that does not fit, naming every place', async () => {
    const { window, heard } = connectRaw(createSmallCore());
    window.send(hello);
    window.send(call(1, 'text.upper', { text: 7, times: 'x' }));
    window.send(call(2, 'text.upper', undefined));
    await settle();
    const paths = heard.slice(1).map((frame) => {
      const { error } = frame as { error: { code: string; data: { issues: { path: string }[] } } };
      return [error.code, ...error.data.issues.map((issue) => issue.path)];
    });
    expect(paths).toEqual([
      ['input.invalid', 'text', 'times'],
      ['input.invalid', ''],
    ]);
  });

  it.each(['nothing.here', '__proto__', 'constructor', 'toString', 'count.watch'])(
    'does not know the request %s',
    async (method) => {
      const { window, heard } = connectRaw(createSmallCore());
      window.send(hello);
      window.send(call(1, method, {}));
      await settle();
      expect(heard[1]).toMatchObject({
        type: 'failure',
        id: 1,
        error: { code: 'rpc.unknown-method', data: { method } },
      });
    },
  );

  it('carries a typed error across and turns any other into a bug, logged without the input', async () => {
    const core = createSmallCore({
      'text.upper': ({ text }) => {
        if (text === 'typed') throw new AppError('entity.not-found', 'gone', { entityId: 'a/guest/1' });
        throw new TypeError('surprise');
      },
    });
    const { window, heard } = connectRaw(core);
    window.send(hello);
    window.send(call(1, 'text.upper', { text: 'typed' }));
    window.send(call(2, 'text.upper', { text: 'hunter2' }));
    await settle();
    expect(heard.slice(1)).toMatchObject([
      { id: 1, error: { code: 'entity.not-found', message: 'gone', data: { entityId: 'a/guest/1' } } },
      { id: 2, error: { code: 'internal.bug', message: 'TypeError: surprise' } },
    ]);
    expect(core.log.map(({ event }) => event)).toEqual(['rpc-handler-failed']);
    expect(JSON.stringify(core.log)).not.toContain('hunter2');
  });

  it('answers with a bug when an output cannot be sent', async () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const { window, heard } = connectRaw(
      createSmallCore({ 'text.upper': () => Promise.resolve(circular as unknown as string) }),
    );
    window.send(hello);
    window.send(call(1, 'text.upper', { text: 'x' }));
    await settle();
    expect(heard[1]).toMatchObject({ type: 'failure', id: 1, error: { code: 'internal.bug' } });
  });

  it('aborts a call that was cancelled and does not answer it', async () => {
    const core = createSmallCore();
    const { window, heard } = connectRaw(core);
    window.send(hello);
    window.send(call(1, 'text.wait', {}));
    await settle();
    window.send(JSON.stringify({ type: 'cancel', id: 1 }));
    await settle();
    expect(core.waiting[0]?.context).toMatchObject({ rendererId: 'window-one', signal: { aborted: true } });
    expect(heard).toEqual([welcome]);
  });

  it.each([
    ['a call before hello', [call(1, 'text.upper', {})]],
    ['data before hello', [encodeData(1, Uint8Array.of(1))]],
    ['a second hello', [hello, hello]],
    ['a number used twice', [hello, call(1, 'text.wait', {}), call(1, 'text.wait', {})]],
    ['a number that goes back', [hello, call(2, 'text.wait', {}), call(1, 'text.wait', {})]],
    ['a cancel for what never was', [hello, JSON.stringify({ type: 'cancel', id: 9 })]],
    ['data for what never was', [hello, encodeData(9, Uint8Array.of(1))]],
    ['a data frame without payload', [hello, new Uint8Array(4)]],
    ['text that is not JSON', [hello, '{']],
    ['a frame of the core', [hello, JSON.stringify(welcome)]],
    ['too short a window id', [JSON.stringify({ type: 'hello', version: 1, rendererId: 'x' })]],
  ])('closes the link in words after %s', async (_name, frames) => {
    const core = createSmallCore();
    const { window, closed } = connectRaw(core);
    for (const frame of frames) window.send(frame);
    await settle();
    expect(closed).toEqual([expect.stringMatching(/^protocol violated: /)]);
    expect(core.log.at(-1)).toMatchObject({ event: 'rpc-link-refused' });
    expect(core.waiting.every(({ context }) => context.signal.aborted)).toBe(true);
  });

  it('refuses another contract version in words, whatever the form of its hello', async () => {
    const { window, heard, closed } = connectRaw(createSmallCore());
    window.send(JSON.stringify({ type: 'hello', version: 2, window: { id: 7 } }));
    await settle();
    expect(heard).toMatchObject([
      {
        type: 'refused',
        error: {
          code: 'rpc.version-mismatch',
          message: expect.stringMatching(/speaks version 2 .* speaks version 1/) as string,
          data: { ours: 1, theirs: 2 },
        },
      },
    ]);
    expect(closed).toHaveLength(1);
  });

  it('closes a link that opens too much at once', async () => {
    const { window, closed } = connectRaw(createSmallCore());
    window.send(hello);
    for (let id = 1; id <= 4097; id++) window.send(call(id, 'text.wait', {}));
    await settle();
    expect(closed).toEqual(['protocol violated: more than 4096 calls, streams and channels at once']);
  });

  it('closes the old link of a window that comes back, and calls it resumed', async () => {
    const core = createSmallCore();
    const first = connectRaw(core);
    first.window.send(hello);
    first.window.send(call(1, 'text.wait', {}));
    await settle();
    const second = connectRaw(core);
    second.window.send(hello);
    await settle();
    expect(first.closed).toEqual(['replaced by a newer link of the same window']);
    expect(core.waiting[0]?.context.signal.aborted).toBe(true);
    expect(second.heard).toEqual([{ ...welcome, isResumed: true }]);
    expect(second.closed).toEqual([]);
  });

  it('cancels calls, streams and channels when the link closes or the server ends', async () => {
    for (const end of ['link', 'server'] as const) {
      const core = createSmallCore();
      const { window, closed } = connectRaw(core);
      window.send(hello);
      window.send(call(1, 'text.wait', {}));
      window.send(JSON.stringify({ type: 'subscribe', id: 2, method: 'count.watch', input: {} }));
      window.send(JSON.stringify({ type: 'open', id: 3, method: 'bytes.echo', input: {} }));
      await settle();
      expect(core.counters.watcherCount).toBe(1);
      let channelEnds = 0;
      core.channels[0]?.onClosed(() => channelEnds++);
      if (end === 'link') window.close('gone');
      else core.server.dispose();
      await settle();
      expect({ watchers: core.counters.watcherCount, channelEnds, closed: closed.length }).toEqual({
        watchers: 0,
        channelEnds: 1,
        closed: 1,
      });
      expect(core.waiting[0]?.context.signal.aborted).toBe(true);
    }
  });

  it('sends one item at a time and joins the rest while the window has not taken it', async () => {
    const { window, heard } = await subscribed((counters) => {
      for (let value = 1; value <= 100; value++) counters.set('a', value);
    });
    expect(heard).toHaveLength(2);
    window.send(JSON.stringify({ type: 'taken', id: 1 }));
    await settle();
    expect(heard.slice(2)).toEqual([{ type: 'item', id: 1, frame: { from: 0, to: 100, put: { a: 100 } } }]);
  });

  it('holds items back while the link is full', async () => {
    const core = createSmallCore();
    const { window, core: link } = createQueueLinks();
    const heard: unknown[] = [];
    window.onFrame((frame) => heard.push(JSON.parse(frame as string)));
    core.server.accept(link);
    window.send(hello);
    await settle();
    link.hold();
    window.send(call(1, 'text.upper', { text: 'x'.repeat(20_000), times: 20 }));
    await settle();
    window.send(JSON.stringify({ type: 'subscribe', id: 2, method: 'count.watch', input: {} }));
    await settle();
    core.counters.set('a', 1);
    core.counters.set('b', 2);
    const sentWhileFull = link.sent.length;
    link.release();
    await settle();
    expect(sentWhileFull).toBe(2);
    expect(heard.at(-1)).toEqual({ type: 'item', id: 2, frame: { from: 0, to: 2, put: { a: 1, b: 2 } } });
  });

  it('ends a stream whose frames do not join, and spares the one who had the news', async () => {
    const { core, heard } = await subscribed((counters) => {
      counters.set('a', 1);
      expect(() => counters.skip()).not.toThrow();
    });
    expect(heard.at(-1)).toMatchObject({ type: 'failure', id: 1, error: { code: 'internal.bug' } });
    expect(core.counters.watcherCount).toBe(0);
  });

  it('closes the link when a window sends beyond its credit', async () => {
    const core = createSmallCore({
      'bytes.echo': () =>
        Promise.resolve({
          write: () => new Promise<void>(() => undefined),
          onChunk: () => ({ dispose: () => undefined }),
          onClosed: () => ({ dispose: () => undefined }),
          close: () => undefined,
        }),
    });
    const { window, closed } = connectRaw(core);
    window.send(hello);
    window.send(JSON.stringify({ type: 'open', id: 1, method: 'bytes.echo', input: {} }));
    await settle();
    window.send(encodeData(1, new Uint8Array(channelWindowBytes)));
    await settle();
    expect(closed).toEqual([]);
    window.send(encodeData(1, new Uint8Array(1)));
    await settle();
    expect(closed).toEqual(['protocol violated: data beyond the credit of its channel']);
  });
});

async function subscribed(
  change: (counters: SmallCore['counters']) => void,
): Promise<{ core: SmallCore; window: QueueLink; heard: unknown[] }> {
  const core = createSmallCore();
  const { window, heard } = connectRaw(core);
  window.send(hello);
  window.send(JSON.stringify({ type: 'subscribe', id: 1, method: 'count.watch', input: {} }));
  await settle();
  change(core.counters);
  await settle();
  return { core, window, heard };
}
