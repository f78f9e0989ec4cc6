import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createRpcConnection, type RpcConnection } from '../../../renderer/rpc/client.ts';
import { RpcServer } from '../../core/api/rpc-server.ts';
import { silentLog } from '../../core/ports/log.ts';
import { arbitraryOf } from '../../testing/arbitrary-of.ts';
import { createQueueLinks } from '../../testing/queue-link.ts';
import { createChannelPair } from './credit-channel.ts';
import type { ByteChannel } from './ports.ts';
import { contract, contractVersion, type Contract, type ContractHandlers } from './table.ts';

type Name = keyof Contract;
const names = Object.keys(contract) as Name[];
const of = (shape: string): Name[] => names.filter((name) => contract[name].shape === shape);
const options = { seed: 99, numRuns: 25 };

/** What the core was given last, and what it answers next. */
const seen: { input?: unknown; answer?: unknown } = {};

const clients: { dispose(): void }[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

/** A client and a core with one handler for each entry of the real table, over a pair of queues. */
function connect(): RpcConnection<Contract> {
  const handlerOf: Record<string, (name: Name) => unknown> = {
    request: () => (input: unknown) => {
      seen.input = input;
      return Promise.resolve(seen.answer);
    },
    stream: () => (input: unknown, send: (frame: unknown) => void) => {
      seen.input = input;
      send(seen.answer);
      return { dispose: () => undefined };
    },
    channel: () => (): Promise<ByteChannel> => {
      const [outer, inner] = createChannelPair();
      inner.onChunk((chunk, consumed) => void inner.write(chunk).then(consumed, () => undefined));
      return Promise.resolve(outer);
    },
  };
  const handlers = Object.fromEntries(names.map((name) => [name, handlerOf[contract[name].shape]?.(name)]));
  const server = new RpcServer({
    table: contract,
    version: contractVersion,
    handlers: handlers as unknown as ContractHandlers,
    log: silentLog,
  });
  const client = createRpcConnection({
    table: contract,
    version: contractVersion,
    rendererId: 'window-one',
    validateFrames: true,
    openLink: () => {
      const { window, core } = createQueueLinks();
      server.accept(core);
      return Promise.resolve(window);
    },
  });
  clients.push(client);
  return client;
}

describe('the contract', () => {
  it('names every method noun.verb', () => {
    expect(names.filter((name) => !/^[a-z]+\.[a-z][A-Za-z]*$/.test(name))).toEqual([]);
  });

  it.each(of('request'))('carries any input and any output of %s', async (name) => {
    const entry = contract[name];
    if (entry.shape !== 'request') throw new TypeError(name);
    const client = connect();
    const request = client.request.bind(client) as unknown as (method: string, input: unknown) => Promise<unknown>;
    await fc.assert(
      fc.asyncProperty(arbitraryOf(entry.input), arbitraryOf(entry.output), async (input, output) => {
        seen.answer = output;
        expect(await request(name, input)).toEqual(output);
        expect(seen.input).toEqual(entry.input.parse(input));
      }),
      options,
    );
  });

  it.each(of('stream'))('carries any input and any frame of %s', async (name) => {
    const entry = contract[name];
    if (entry.shape !== 'stream') throw new TypeError(name);
    const client = connect();
    const stream = client.stream.bind(client) as unknown as (
      method: string,
      input: unknown,
      onFrame: (frame: unknown) => void,
      onError: (error: Error) => void,
    ) => { dispose(): void };
    await fc.assert(
      fc.asyncProperty(arbitraryOf(entry.input), arbitraryOf(entry.frame), async (input, frame) => {
        seen.answer = frame;
        const subscriptions: { dispose(): void }[] = [];
        const first = await new Promise((resolve, reject) => {
          subscriptions.push(stream(name, input, resolve, reject));
        });
        for (const subscription of subscriptions) subscription.dispose();
        expect(first).toEqual(frame);
        expect(seen.input).toEqual(entry.input.parse(input));
      }),
      options,
    );
  });

  it.each(of('channel'))('carries bytes through %s', async (name) => {
    const client = connect();
    const open = client.channel.bind(client) as unknown as (method: string, input: unknown) => Promise<ByteChannel>;
    const channel = await open(name, {});
    const back = new Promise<number[]>((resolve) => channel.onChunk((chunk) => resolve([...chunk])));
    await channel.write(Uint8Array.of(0, 255, 128));
    expect(await back).toEqual([0, 255, 128]);
  });
});
