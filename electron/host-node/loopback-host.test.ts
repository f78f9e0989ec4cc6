import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createRpcConnection, type RpcConnection } from '../../renderer/rpc/client.ts';
import { openWebSocketLink } from '../../renderer/rpc/web-socket-link.ts';
import { createSmallCore, type SmallCore } from '../testing/small-core.ts';
import { smallTable, type SmallTable } from '../testing/small-contract.ts';
import { startLoopbackHost, type LoopbackHost, type LoopbackHostOptions } from './loopback-host.ts';
import { readPageFiles } from './page-files.ts';
import { createStartToken, isSameToken } from './start-token.ts';

const token = createStartToken();
let folder: string;
let host: LoopbackHost;
let core: SmallCore;
let links = 0;
const clients: { dispose(): void }[] = [];
const events: string[] = [];

async function startHost(options: Partial<LoopbackHostOptions> = {}): Promise<LoopbackHost> {
  return startLoopbackHost({
    port: 0,
    token,
    files: await readPageFiles(folder),
    log: (_level, event) => events.push(event),
    onLink: (link) => {
      links++;
      core.server.accept(link);
    },
    ...options,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelhouse-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(folder, 'assets', 'main-abc.js'), 'export {};');
  await writeFile(join(folder, 'notes.txt'), 'not part of the page');
  await symlink('/etc/hostname', join(folder, 'assets', 'link.js'));
  core = createSmallCore();
  links = 0;
  events.length = 0;
  host = await startHost();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.dispose();
  await host.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Speaks raw bytes and resolves to everything that came back, once the host has closed the connection. */
function speak(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(host.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (text += part));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

/** Opens a WebSocket, sends the frames, and resolves to what came back until it was closed. */
function visit(
  frames: readonly (string | Uint8Array)[],
  headers: Record<string, string> = { origin: `http://127.0.0.1:${host.port}` },
  path = '/link',
): Promise<{ heard: unknown[]; code: number | string }> {
  return new Promise((resolve) => {
    const heard: unknown[] = [];
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers });
    socket.on('open', () => {
      for (const frame of frames) socket.send(frame);
    });
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8'))));
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate();
      resolve({ heard, code: `HTTP ${response.statusCode}` });
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => resolve({ heard, code }));
  });
}

function connectWindow(given = token): RpcConnection<SmallTable> {
  const client = createRpcConnection({
    table: smallTable,
    version: 1,
    rendererId: 'window-one',
    validateFrames: true,
    openLink: () => openWebSocketLink(`ws://127.0.0.1:${host.port}/link`, given),
  });
  clients.push(client);
  return client;
}

/** Sends the Origin that a browser would; Node has no WebSocket of its own in every version that we support. */
class BrowserSocket extends WebSocket {
  constructor(url: string) {
    super(url, { origin: `http://${new URL(url).host}` });
  }
}
beforeAll(() => void vi.stubGlobal('WebSocket', BrowserSocket));
afterAll(() => void vi.unstubAllGlobals());

describe('the page', () => {
  it('is served without the token, with every header that locks it down', async () => {
    const page = await ask('/');
    expect({ status: page.status, body: page.body }).toEqual({
      status: 200,
      body: '<!doctype html><title>page</title>',
    });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(page.headers['content-security-policy']);
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ])
      expect(policy).toContain(rule);
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${host.port}`);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  it('comes with its scripts, which may be kept because their names change with them', async () => {
    expect(await ask('/assets/main-abc.js')).toMatchObject({
      status: 200,
      body: 'export {};',
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'private, max-age=31536000, immutable',
      },
    });
    expect(await ask('/?from=anywhere')).toMatchObject({ status: 200 });
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    '/notes.txt',
    '/assets/link.js',
    '/assets/',
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/assets/%2e%2e%2findex.html',
    '//etc/hostname',
    '/assets\\main-abc.js',
    '/index.html/',
    '/link',
    '/__proto__',
    'http://127.0.0.1/etc/hostname',
  ])('is all there is: %s is not there', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, body: 'not here' });
  });

  it.each(['evil.example', '127.0.0.1', 'localhost', '127.0.0.1:1', '[::1]', 'localhost.evil.example', '0.0.0.0', ''])(
    'is not served to the host name %j',
    async (name) => {
      const answer = await ask('/', {
        host: name.includes(':') || name === '127.0.0.1' || name === 'localhost' ? name : `${name}:${host.port}`,
      });
      expect(answer).toMatchObject({ status: 403, body: 'wrong host' });
      expect(answer.body).not.toContain('evil');
    },
  );

  it('is served under localhost too', async () => {
    const answer = await ask('/', { host: `localhost:${host.port}`, origin: `http://localhost:${host.port}` });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-security-policy']).toContain(`ws://localhost:${host.port}`);
  });

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost'])(
    'is not served to the origin %s',
    async (origin) => {
      expect(await ask('/', { origin })).toMatchObject({ status: 403, body: 'wrong origin' });
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('refuses the method %s', async (method) => {
    expect(await ask('/', {}, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('refuses a request body without reading it', async () => {
    expect(await ask('/', { 'content-length': '1000000000' }, 'GET')).toMatchObject({ status: 400 });
  });

  it.each([
    ['no host at all', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', /^HTTP\/1\.1 (400|403) /],
    ['HTTP/1.0 without a host', 'GET / HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 403 /],
    ['headers of 100 KB', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431 |^$/],
    ['something else than HTTP', '\u0016\u0003\u0001\u0000\u0000', /^HTTP\/1\.1 400 /],
  ])('survives %s', async (_name, bytes, answer) => {
    expect(await speak(bytes)).toMatch(answer);
    expect(await ask('/')).toMatchObject({ status: 200 });
  });

  it('closes the connection of a client that never finishes its request', async () => {
    await host.close();
    host = await startHost({ patienceMs: 50 });
    expect(await speak('GET / HTTP/1.1\r\nHost: ')).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  it('listens on 127.0.0.1 and nowhere else', async () => {
    const refused = await new Promise((resolve) => {
      const socket = connect(host.port, '127.0.0.2');
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('connect', () => resolve('connected'));
    });
    expect(refused).toBe('ECONNREFUSED');
  });

  it('says when its port is taken', async () => {
    await expect(startHost({ port: host.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('the link', () => {
  const authorise = JSON.stringify({ type: 'authorise', token });
  const hello = JSON.stringify({ type: 'hello', version: 1, rendererId: 'window-one' });

  it('carries requests, streams and bytes of a window that shows the token', async () => {
    const client = connectWindow();
    await expect(client.request('text.upper', { text: 'ä\ud800' })).resolves.toBe('Ä\ud800');
    const frame = await new Promise((resolve) => clients.push(client.stream('count.watch', {}, resolve)));
    expect(frame).toEqual({ from: 0, to: 0, put: {} });
    const channel = await client.channel('bytes.echo', {});
    const sent = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7) % 256);
    const back: Uint8Array[] = [];
    const complete = new Promise<void>((resolve) => {
      let length = 0;
      channel.onChunk((chunk, consumed) => {
        back.push(chunk);
        length += chunk.byteLength;
        consumed();
        if (length === sent.byteLength) resolve();
      });
    });
    await channel.write(sent);
    await complete;
    expect(Buffer.concat(back).equals(sent)).toBe(true);
  });

  it('comes back after the host was away', async () => {
    const client = connectWindow();
    await client.request('text.upper', { text: 'x' });
    const { port } = host;
    await host.close();
    const open = new Promise<void>((resolve) => {
      client.onStateChange((state) => {
        if (state.phase === 'open') resolve();
      });
    });
    host = await startHost({ port });
    client.reconnectNow();
    await open;
    await expect(client.request('text.upper', { text: 'again' })).resolves.toBe('AGAIN');
  });

  it('tells a window with the token of another start what to do, and leaves it at that', async () => {
    const client = connectWindow(createStartToken());
    await expect(client.request('text.upper', { text: 'x' })).rejects.toMatchObject({
      code: 'rpc.token-refused',
      message: expect.stringContaining('open the address') as string,
    });
    expect(client.state).toMatchObject({ phase: 'refused' });
    expect(links).toBe(0);
  });

  it.each([
    ['a wrong token', [JSON.stringify({ type: 'authorise', token: 'x' }), hello]],
    ['a token of the right length', [JSON.stringify({ type: 'authorise', token: 'A'.repeat(43) }), hello]],
    ['no token', [hello]],
    ['text that is not JSON', ['{']],
    ['a token that is no text', ['{"type":"authorise","token":{"length":43}}']],
    ['bytes', [new Uint8Array(40)]],
    ['a very long token', [JSON.stringify({ type: 'authorise', token: 'x'.repeat(5_000) })]],
  ])('refuses %s', async (_name, frames) => {
    const { heard, code } = await visit(frames);
    expect(heard).toMatchObject([{ type: 'refused', error: { code: 'rpc.token-refused' } }]);
    expect({ code, links }).toEqual({ code: 4401, links: 0 });
    expect(events).toContain('loopback-link-refused');
  });

  it('does not wait for a token for ever', async () => {
    await host.close();
    host = await startHost({ patienceMs: 50 });
    expect(await visit([])).toMatchObject({ code: 4401 });
  });

  it('refuses another contract version in words', async () => {
    const { heard } = await visit([authorise, JSON.stringify({ type: 'hello', version: 99 })]);
    expect(heard).toMatchObject([
      { type: 'refused', error: { code: 'rpc.version-mismatch', data: { ours: 1, theirs: 99 } } },
    ]);
  });

  it.each([
    ['no origin', {}, '/link', 'HTTP 403'],
    ['another origin', { origin: 'http://evil.example' }, '/link', 'HTTP 403'],
    ['the origin of a file', { origin: 'null' }, '/link', 'HTTP 403'],
    ['another path', undefined, '/other', 'HTTP 404'],
    ['a token in the address', undefined, `/link?token=${token}`, 'HTTP 404'],
  ] as const)('refuses %s', async (_name, headers, path, code) => {
    expect(await visit([authorise], headers, path)).toMatchObject({ heard: [], code });
    expect(links).toBe(0);
  });

  it('refuses a name that somebody pointed at 127.0.0.1', async () => {
    const rebound = `evil.example:${host.port}`;
    const answer = await visit([authorise], { host: rebound, origin: `http://${rebound}` });
    expect(answer).toMatchObject({ heard: [], code: 'HTTP 403' });
  });

  it('ends a link that sends a message beyond the limit, and goes on', async () => {
    const { code } = await visit([authorise, hello, new Uint8Array(17 * 1024 * 1024)]);
    expect(code).toBe(1009);
    await expect(connectWindow().request('text.upper', { text: 'x' })).resolves.toBe('X');
  });

  it('ends with the host, which waits for nobody', async () => {
    const client = connectWindow();
    await client.request('text.upper', { text: 'x' });
    const idle = connect(host.port, '127.0.0.1');
    const idleClosed = new Promise<void>((resolve) => idle.on('close', () => resolve()));
    idle.on('error', () => undefined);
    await new Promise<void>((resolve) => idle.on('connect', () => resolve()));
    await host.close();
    await idleClosed;
    await expect(client.request('text.upper', { text: 'x' })).rejects.toMatchObject({ code: 'rpc.disconnected' });
    host = await startHost();
  });
});

describe('the token', () => {
  it('has 256 bits, differs each time and is compared whole', () => {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(createStartToken()).not.toBe(token);
    expect(isSameToken(token, token)).toBe(true);
    for (const other of ['', token.slice(1), `${token}x`, token.toLowerCase()])
      expect(isSameToken(token, other)).toBe(false);
  });
});
