import { createServer as createHttp } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import type { HttpRequest } from '../../core/ports/http-link.ts';
import { bodyOf, listen, startHttps, type LoopbackServer } from '../../testing/loopback-https.ts';
import { firstIdentity, secondIdentity } from '../../testing/tls-identities.ts';
import { HttpsLink } from './https-link.ts';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const never = new AbortController().signal;
const keep = <T extends LoopbackServer>(server: T): T => {
  cleanups.push(() => server.close());
  return server;
};
const link = (pin = firstIdentity.fingerprint): HttpsLink => {
  const made = new HttpsLink({ checkCertificate: (_endpoint, presented) => presented.fingerprint === pin });
  cleanups.push(() => made.close());
  return made;
};
const get = (port: number, change: Partial<HttpRequest> = {}): HttpRequest => ({
  endpoint: { host: '127.0.0.1', port },
  method: 'GET',
  path: '/api2/json/version',
  headers: {},
  timeoutMs: 5_000,
  maxBytes: 1_000_000,
  ...change,
});
const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AppError);
  return outcome as AppError;
};

describe('an HTTPS link', () => {
  test('brings status, reason, headers and body', async () => {
    const server = keep(
      await startHttps((_request, response) => {
        response
          .writeHead(403, 'Permission check failed (/vms/100, VM.Audit)', { 'X-One': 'two' })
          .end('{"data":null}');
      }),
    );
    const answer = await link().request(get(server.port), never);
    expect(answer).toMatchObject({
      status: 403,
      reason: 'Permission check failed (/vms/100, VM.Audit)',
      body: '{"data":null}',
    });
    expect(answer.headers['x-one']).toBe('two');
  });

  test('sends bodies with a length and never chunked', async () => {
    const seen: unknown[] = [];
    const server = keep(
      await startHttps((request, response) => {
        void bodyOf(request).then((body) => {
          seen.push(request.headers['content-length'], request.headers['transfer-encoding'], body);
          response.end();
        });
      }),
    );
    await link().request(get(server.port, { method: 'POST', body: 'password=ü%26' }), never);
    expect(seen).toEqual(['14', undefined, 'password=ü%26']);
  });

  test('sends nothing at all to a server whose certificate is refused', async () => {
    const server = keep(await startHttps((_request, response) => response.end('secret?'), secondIdentity));
    const error = await failure(link().request(get(server.port, { method: 'POST', body: 'password=x' }), never));
    expect(error.toShape()).toMatchObject({
      code: 'connection.identity-unknown',
      data: { endpoint: `127.0.0.1:${server.port}`, presented: secondIdentity.fingerprint },
    });
    expect(server.requests).toEqual([]);
  });

  test('passes on what the certificate check throws', async () => {
    const server = keep(await startHttps((_request, response) => response.end()));
    const strict = new HttpsLink({
      checkCertificate: (_endpoint, presented) => {
        throw new AppError('connection.identity-changed', 'changed', {
          endpoint: 'here',
          expected: 'AA',
          presented: presented.fingerprint,
        });
      },
    });
    cleanups.push(() => strict.close());
    const error = await failure(strict.request(get(server.port), never));
    expect(error.data).toEqual({ endpoint: 'here', expected: 'AA', presented: firstIdentity.fingerprint });
  });

  test('keeps its connection alive between requests', async () => {
    const server = keep(await startHttps((_request, response) => response.end('x')));
    const one = link();
    for (let round = 0; round < 5; round += 1) await one.request(get(server.port), never);
    // The second may start before the first connection is put back; from then on they are used again.
    expect(server.connectionCount()).toBeLessThanOrEqual(2);
  });

  test('reads again once when the server closed the kept-alive connection', async () => {
    let drop = false;
    const server = keep(
      await startHttps((request, response) => {
        if (drop) {
          drop = false;
          request.socket.destroy();
        } else response.end('fine');
      }),
    );
    const one = link();
    await one.request(get(server.port), never);
    drop = true;
    expect((await one.request(get(server.port), never)).body).toBe('fine');
    expect(server.requests).toHaveLength(3);
  });

  test('never sends a POST twice', async () => {
    const server = keep(await startHttps((request) => request.socket.destroy()));
    const error = await failure(link().request(get(server.port, { method: 'POST', body: 'a=b' }), never));
    expect(error.code).toBe('connection.lost');
    expect(server.requests).toHaveLength(1);
  });

  test('calls an answer that breaks off lost', async () => {
    const server = keep(
      await startHttps((_request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.destroy());
      }),
    );
    expect((await failure(link().request(get(server.port), never))).code).toBe('connection.lost');
  });

  test('unpacks gzip, and stops at the limit packed and unpacked', async () => {
    const text = JSON.stringify({ data: 'x'.repeat(100_000) });
    const server = keep(
      await startHttps((request, response) => {
        const zipped = request.url === '/zip';
        response.writeHead(200, zipped ? { 'content-encoding': 'gzip' } : {});
        response.end(zipped ? gzipSync(text) : text);
      }),
    );
    const one = link();
    expect((await one.request(get(server.port, { path: '/zip' }), never)).body).toBe(text);
    for (const path of ['/zip', '/plain']) {
      const error = await failure(one.request(get(server.port, { path, maxBytes: 5_000 }), never));
      expect(error.toShape()).toMatchObject({
        code: 'remote.too-much',
        data: { command: `GET ${path}`, limitBytes: 5_000 },
      });
    }
  });

  test('calls broken gzip unintelligible', async () => {
    const server = keep(
      await startHttps((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no')),
    );
    expect((await failure(link().request(get(server.port), never))).code).toBe('remote.unintelligible');
  });

  test('says silent when the host accepts and never answers', async () => {
    const server = keep(await startHttps(() => undefined));
    const error = await failure(link().request(get(server.port, { timeoutMs: 60 }), never));
    expect(error.toShape()).toMatchObject({ code: 'connection.silent', data: { afterMs: 60 } });
  });

  test('says silent when the host does not even answer the handshake', async () => {
    const server = keep(await listen(createTcp(() => undefined)));
    const impatient = new HttpsLink({ checkCertificate: () => true, connectTimeoutMs: 60 });
    cleanups.push(() => impatient.close());
    expect((await failure(impatient.request(get(server.port), never))).code).toBe('connection.silent');
  });

  test('says unreachable with the code of the system', async () => {
    const server = await listen(createTcp());
    await server.close();
    const refused = await failure(link().request(get(server.port), never));
    expect(refused.toShape()).toMatchObject({ code: 'connection.unreachable', data: { cause: 'ECONNREFUSED' } });
    const unknown = await failure(
      link().request(get(1, { endpoint: { host: 'no-such-host.invalid', port: 8006 } }), never),
    );
    expect(unknown.code).toBe('connection.unreachable');
    expect(unknown.data).toMatchObject({ cause: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string });
  });

  test.each([
    ['SSH', () => createTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\r\n')), 'SSH-2.0-OpenSSH_9.2p1'],
    ['plain HTTP', () => createHttp((_request, response) => response.writeHead(301).end()), 'HTTP/1.1 301'],
  ])('recognises %s on the port', async (_name, start, excerpt) => {
    const server = keep(await listen(start()));
    const error = await failure(link().request(get(server.port), never));
    expect(error.code).toBe('connection.wrong-protocol');
    expect((error.data as { excerpt: string }).excerpt).toContain(excerpt);
  });

  test('recognises another protocol inside TLS', async () => {
    const server = keep(
      await listen(
        createTls({ ...firstIdentity }, (socket) => socket.once('data', () => socket.end('220 mail ready\r\n'))),
      ),
    );
    const error = await failure(link().request(get(server.port), never));
    expect(error.toShape()).toMatchObject({ code: 'connection.wrong-protocol', data: { excerpt: '220 mail ready' } });
  });

  test('refuses TLS older than 1.2', async () => {
    const old = createTls({ ...firstIdentity, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' });
    const server = keep(await listen(old));
    const error = await failure(link().request(get(server.port), never));
    expect(error.code).toBe('connection.lost');
  });

  test('ends a request by its signal, and all of them by close', async () => {
    const server = keep(await startHttps(() => undefined));
    const one = link();
    const caller = new AbortController();
    const called = failure(one.request(get(server.port), caller.signal));
    caller.abort();
    expect((await called).code).toBe('operation.cancelled');
    const closed = failure(one.request(get(server.port), never));
    one.close();
    one.close();
    expect((await closed).code).toBe('operation.cancelled');
    expect((await failure(one.request(get(server.port), never))).code).toBe('operation.cancelled');
  });

  test('decodes reason phrases that were encoded twice', async () => {
    const twice = Buffer.from(Buffer.from('no “ü.iso”', 'utf8').toString('latin1'), 'utf8');
    const server = keep(
      await listen(
        createTls({ ...firstIdentity }, (socket) => {
          socket.once('data', () => {
            socket.end(
              Buffer.concat([Buffer.from('HTTP/1.1 500 '), twice, Buffer.from('\r\ncontent-length: 0\r\n\r\n')]),
            );
          });
        }),
      ),
    );
    expect((await link().request(get(server.port), never)).reason).toBe('no “ü.iso”');
  });
});
