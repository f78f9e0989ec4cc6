import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { channelWindowBytes, createChannelPair, CreditChannel, joinChannels } from './credit-channel.ts';
import type { ByteChannel } from './ports.ts';

/** Lets every microtask that is under way, and those they begin, finish. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function readAll(channel: ByteChannel): { readonly bytes: number[]; readonly consumed: (() => void)[] } {
  const bytes: number[] = [];
  const consumed: (() => void)[] = [];
  channel.onChunk((chunk, done) => {
    bytes.push(...chunk);
    consumed.push(done);
  });
  return { bytes, consumed };
}

describe('a byte channel', () => {
  it('carries any sequence of chunks unchanged, both ways', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 30 }), async (chunks) => {
        const [left, right] = createChannelPair();
        const there: number[] = [];
        const back: number[] = [];
        right.onChunk((chunk, consumed) => {
          there.push(...chunk);
          void right.write(chunk).then(consumed);
        });
        left.onChunk((chunk, consumed) => {
          back.push(...chunk);
          consumed();
        });
        for (const chunk of chunks) await left.write(chunk);
        await settle();
        const all = chunks.flatMap((chunk) => [...chunk]);
        expect({ there, back }).toEqual({ there: all, back: all });
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('stops the writer when the reader stalls, and goes on when it consumes', async () => {
    const [left, right] = createChannelPair();
    const { bytes, consumed } = readAll(right);
    let accepted = 0;
    const writing = Array.from({ length: 10 }, () =>
      left.write(new Uint8Array(channelWindowBytes / 4)).then(() => accepted++),
    );
    await settle();
    expect({ accepted, arrived: bytes.length }).toEqual({ accepted: 4, arrived: channelWindowBytes });
    for (let done = consumed.shift(); done !== undefined; done = consumed.shift()) {
      done();
      await settle();
    }
    await Promise.all(writing);
    expect(bytes.length).toBe(channelWindowBytes * 2.5);
  });

  it('accepts one chunk larger than the window in parts', async () => {
    const [left, right] = createChannelPair();
    const chunk = Uint8Array.from({ length: channelWindowBytes * 3 + 1 }, (_, index) => index % 251);
    let sum = 0;
    right.onChunk((piece, consumed) => {
      sum += piece.byteLength;
      consumed();
      consumed();
    });
    await left.write(chunk);
    await settle();
    expect(sum).toBe(chunk.byteLength);
  });

  it('keeps what arrives before there is a reader, within the window', async () => {
    const [left, right] = createChannelPair();
    await left.write(Uint8Array.of(1, 2));
    left.close();
    await settle();
    const heard: unknown[] = [];
    right.onClosed(() => heard.push('closed'));
    right.onChunk((chunk) => heard.push([...chunk]));
    expect(heard).toEqual([[1, 2], 'closed']);
  });

  it('rejects writes after and during the end, and tells the end once, with its error', async () => {
    const [left, right] = createChannelPair();
    const ends: unknown[] = [];
    right.onClosed((error) => ends.push(error));
    const stuck = left.write(new Uint8Array(channelWindowBytes + 1));
    const failure = new AppError('entity.not-found', 'gone', { entityId: 'x' });
    (left as CreditChannel).fail(failure);
    left.close();
    await expect(stuck).rejects.toMatchObject({ code: 'rpc.disconnected' });
    await expect(left.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'rpc.disconnected' });
    right.onChunk((_chunk, consumed) => consumed());
    await settle();
    expect(ends).toEqual([failure]);
    const late = new Promise((resolve) => right.onClosed(resolve));
    await expect(late).resolves.toBe(failure);
  });

  it('refuses bytes beyond its credit and credit beyond its window', () => {
    const silent = { data: () => undefined, credit: () => undefined, close: () => undefined };
    const channel = new CreditChannel(silent);
    channel.acceptData(new Uint8Array(channelWindowBytes));
    expect(() => channel.acceptData(new Uint8Array(1))).toThrowError(/beyond the credit/);
    expect(() => new CreditChannel(silent).acceptCredit(1)).toThrowError(/beyond the window/);
  });

  it('joins two channels so that credit passes through them', async () => {
    const [outer, middleA] = createChannelPair();
    const [middleB, inner] = createChannelPair();
    joinChannels(middleA, middleB);
    let accepted = 0;
    for (let count = 0; count < 16; count++) {
      void outer.write(new Uint8Array(channelWindowBytes / 4)).then(
        () => accepted++,
        () => undefined,
      );
    }
    await settle();
    // Nobody reads `inner`: two windows are full, the rest waits at the writer.
    expect(accepted).toBe(8);
    const ended = new Promise<void>((resolve) => outer.onClosed(() => resolve()));
    outer.onChunk(() => undefined);
    inner.close();
    await ended;
  });
});
