import type { z } from 'zod';
import { AppError } from '../errors.ts';
import { clientFrameSchema, serverFrameSchema, type ClientFrame, type ServerFrame } from './frames.ts';

/** Bytes in front of the payload of a data frame: the channel's number, most significant byte first. */
const dataHeaderBytes = 4;

/** Text of a frame. Lone surrogates survive, because JSON.stringify escapes them. */
export function encodeFrame(frame: ClientFrame | ServerFrame): string {
  return JSON.stringify(frame);
}

const itemTexts = new WeakMap<object, string>();

/**
 * Text of a stream's item. The same object goes to every window that watches, so what it says is written out once for all of
 * them; it must not be changed after it was sent first.
 */
export function encodeItem(id: number, frame: unknown): string {
  if (typeof frame !== 'object' || frame === null) return encodeFrame({ type: 'item', id, frame });
  let text = itemTexts.get(frame);
  if (text === undefined) {
    text = JSON.stringify(frame);
    itemTexts.set(frame, text);
  }
  return `{"type":"item","id":${id},"frame":${text}}`;
}

/** Reads a window's text frame; throws `rpc.protocol-violated`, which never quotes the frame: it may hold a secret. */
export function decodeClientFrame(text: string): ClientFrame {
  return decode(text, clientFrameSchema);
}

/** Reads the core's text frame; throws `rpc.protocol-violated`. */
export function decodeServerFrame(text: string): ServerFrame {
  return decode(text, serverFrameSchema);
}

/**
 * The version that a first frame names, even when the rest of it is in a form that this version does not know,
 * so that a newer window is refused for its version and not for its form. Undefined when there is none.
 */
export function versionOfHello(text: string): number | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, version } = value as { readonly type?: unknown; readonly version?: unknown };
  return type === 'hello' && typeof version === 'number' ? version : undefined;
}

/** A data frame: the channel's number and the payload, copied. */
export function encodeData(id: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(dataHeaderBytes + payload.byteLength);
  new DataView(frame.buffer).setUint32(0, id);
  frame.set(payload, dataHeaderBytes);
  return frame;
}

/** Reads a data frame without copying its payload; throws `rpc.protocol-violated` when it holds no payload. */
export function decodeData(frame: Uint8Array): { readonly id: number; readonly payload: Uint8Array } {
  if (frame.byteLength <= dataHeaderBytes) throw violation(`data frame of ${frame.byteLength} bytes`);
  const id = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0);
  return { id, payload: frame.subarray(dataHeaderBytes) };
}

/** The error for anything that the protocol does not allow. `detail` must not quote what a frame carried. */
export function violation(detail: string): AppError<'rpc.protocol-violated'> {
  return new AppError('rpc.protocol-violated', `protocol violated: ${detail}`, { detail });
}

function decode<Frame>(text: string, schema: z.ZodType<Frame>): Frame {
  const value = parse(text);
  if (value === undefined) throw violation('text frame that is not JSON');
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const type = typeOf(value);
  throw violation(
    `${type} frame, at ${issue === undefined || issue.path.length === 0 ? 'its root' : issue.path.join('.')}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function typeOf(value: unknown): string {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return typeof type === 'string' && /^[a-z]{1,20}$/.test(type) ? type : 'unknown';
}
