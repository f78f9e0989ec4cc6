import { gzipSync } from 'node:zlib';

/** An answer before it is put on the wire. */
export interface HttpAnswer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
  readonly contentType?: string;
  /** More headers, in order. */
  readonly headers?: readonly (readonly [string, string])[];
}

/** What of the request shapes the wire form. */
export interface WireOptions {
  readonly keepsAlive: boolean;
  readonly acceptsGzip: boolean;
  /** Answers of calls that change something pass a second daemon and bring its `Connection: close` along. */
  readonly isForwarded: boolean;
  readonly nowMs: number;
}

/** Answers longer than this are compressed for a client that asks. */
const gzipFromBytes = 1024;

/** The bytes of an answer: headers in the order recorded on all three releases, duplicates included. */
export function encodeAnswer(answer: HttpAnswer, options: WireOptions): Buffer {
  const plain = Buffer.from(answer.body, 'utf8');
  const isCompressed = options.acceptsGzip && plain.length > gzipFromBytes;
  const body = isCompressed ? gzipSync(plain, { level: 1 }) : plain;
  const date = new Date(options.nowMs).toUTCString();
  const lines = [
    `HTTP/1.1 ${answer.status} ${answer.reason.split('\n')[0] ?? ''}`,
    'Cache-Control: max-age=0',
    ...connectionLines(options),
    `Date: ${date}`,
    'Pragma: no-cache',
    'Server: pve-api-daemon/3.0',
    ...(isCompressed ? ['Content-Encoding: gzip'] : []),
    ...(body.length > 0 ? [`Content-Length: ${body.length}`] : emptyBodyLines(options)),
    ...(answer.contentType === undefined ? [] : [`Content-Type: ${answer.contentType}`]),
    `Expires: ${date}`,
    ...(answer.headers ?? []).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8'), body]);
}

function connectionLines(options: WireOptions): string[] {
  if (!options.keepsAlive) return ['Connection: close'];
  return options.isForwarded ? ['Connection: close', 'Connection: Keep-Alive'] : ['Connection: Keep-Alive'];
}

/** An empty body ends with the connection; only a connection that stays open needs its length. */
function emptyBodyLines(options: WireOptions): string[] {
  return options.keepsAlive ? ['Content-Length: 0'] : [];
}
