import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../errors.ts';
import { decodeClientFrame, decodeData, decodeServerFrame, encodeData, encodeFrame, versionOfHello } from './codec.ts';
import type { ClientFrame } from './frames.ts';

const seed = 20261123;
const id = fc.integer({ min: 1, max: 0xffff_ffff });
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
const frames: fc.Arbitrary<ClientFrame> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), version: fc.integer(), rendererId: fc.uuid() }),
  fc.record({ type: fc.constant('call' as const), id, method: text, input: fc.jsonValue() }),
  fc.record({ type: fc.constant('cancel' as const), id }),
  fc.record({ type: fc.constant('credit' as const), id, bytes: fc.integer({ min: 1, max: 2 ** 31 }) }),
);

describe('the frame codec', () => {
  it('gives back every frame it was given', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        // JSON has no minus zero, so the comparison goes by what JSON can say.
        expect(decodeClientFrame(encodeFrame(frame))).toEqual(JSON.parse(JSON.stringify(frame)));
      }),
      { seed, numRuns: 500 },
    );
  });

  it('keeps lone surrogates and every other odd character', () => {
    const input = { name: 'a\ud800b\udc00c \u2028 \u0000 "<script>" 🖥' };
    const sent = encodeFrame({ type: 'call', id: 1, method: 'x.y', input });
    const wire = new TextDecoder().decode(new TextEncoder().encode(sent));
    expect(decodeClientFrame(wire)).toEqual({ type: 'call', id: 1, method: 'x.y', input });
  });

  it.each([
    ['nothing', ''],
    ['half a frame', '{"type":"cancel","id":1'],
    ['a list', '[]'],
    ['null', 'null'],
    ['an unknown type', '{"type":"explode","id":1}'],
    ['no number', '{"type":"cancel"}'],
    ['the number 0', '{"type":"cancel","id":0}'],
    ['a negative number', '{"type":"cancel","id":-1}'],
    ['a fraction', '{"type":"cancel","id":1.5}'],
    ['a number of 33 bits', '{"type":"cancel","id":4294967296}'],
    ['an odd number of 64 bits', '{"type":"cancel","id":9007199254740993}'],
    ['a number as text', '{"type":"cancel","id":"1"}'],
    ['credit below one', '{"type":"credit","id":1,"bytes":0}'],
    ['a frame of the core', '{"type":"welcome","version":1,"isResumed":false}'],
  ])('refuses %s from a window', (_name, wire) => {
    expect(() => decodeClientFrame(wire)).toThrowError(/protocol violated/);
  });

  it('never crashes on any text and never quotes it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (wire) => {
        for (const decode of [decodeClientFrame, decodeServerFrame]) {
          expect(
            isAppError(
              errorOf(() => decode(wire)),
              'rpc.protocol-violated',
            ),
          ).toBe(true);
        }
      }),
      { seed, numRuns: 500 },
    );
    const secret = '{"type":"call","id":0,"method":"credentials.store","input":{"secret":"hunter2"}}';
    expect(() => decodeClientFrame(secret)).toThrowError(/^protocol violated: call frame, at id$/);
  });

  it('finds the version of a hello in a form that it does not know', () => {
    expect(versionOfHello('{"type":"hello","version":7,"window":{"id":1}}')).toBe(7);
    expect(versionOfHello('{"type":"call","version":7}')).toBeUndefined();
    expect(versionOfHello('hello')).toBeUndefined();
  });

  it('carries bytes with the highest channel number, also out of a larger buffer', () => {
    fc.assert(
      fc.property(id, fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(9), (number, payload, offset) => {
        const frame = encodeData(number, payload);
        const larger = new Uint8Array(frame.byteLength + offset + 3);
        larger.set(frame, offset);
        const read = decodeData(larger.subarray(offset, offset + frame.byteLength));
        expect({ id: read.id, payload: [...read.payload] }).toEqual({ id: number, payload: [...payload] });
      }),
      { seed },
    );
    expect(() => decodeData(new Uint8Array(4))).toThrowError(/data frame of 4 bytes/);
    expect(() => decodeData(new Uint8Array(0))).toThrowError(/data frame of 0 bytes/);
  });
});

function errorOf(step: () => unknown): unknown {
  try {
    step();
    return undefined;
  } catch (error) {
    return error;
  }
}
