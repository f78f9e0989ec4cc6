import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster } from '../simulated-cluster.ts';
import type { Endpoint } from '../cluster-network.ts';
import { askNode, signInAs } from '../testing/ask.ts';
import { sendPlain, sendRaw } from '../testing/raw.ts';

let cluster: SimulatedCluster;
let node: Endpoint;
let session: Record<string, string>;
beforeAll(async () => {
  cluster = await startSimulatedCluster({ guests: 40, speed: 100 });
  [node] = cluster.nodes as [Endpoint];
  session = await signInAs(node, 'root@pam', 'demonstration');
});
afterAll(() => cluster.close());

/** A request head with the session. */
function head(first: string, ...lines: string[]): string {
  const own = Object.entries(session).map(([name, value]) => `${name}: ${value}`);
  return `${[first, 'Host: node', ...own, ...lines].join('\r\n')}\r\n\r\n`;
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1] === name);
}

describe('the wire form of a simulated node', () => {
  it('answers a GET with the recorded headers in the recorded order', async () => {
    const answer = await askNode(node, 'GET', '/version', { headers: session });
    const names = answer.rawHeaders.filter((_, index) => index % 2 === 0);
    expect(names).toEqual([
      'Cache-Control',
      'Connection',
      'Date',
      'Pragma',
      'Server',
      'Content-Length',
      'Content-Type',
      'Expires',
    ]);
    expect(answer.data).toMatchObject({ version: '9.2.3', release: '9.2' });
  });

  it('puts two Connection headers into the answer of a POST and keeps the connection open', async () => {
    const login = 'username=root%40pam&password=demonstration';
    const post = `POST /api2/json/access/ticket HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${login.length}\r\n\r\n${login}`;
    const get = 'GET /api2/json/access/domains HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const received = await sendRaw(node, post + get);
    const [first = '', second = ''] = received.split(/(?<=\})(?=HTTP\/1\.1)/);
    expect(first).toContain('\r\nConnection: close\r\nConnection: Keep-Alive\r\n');
    expect(second).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('does the same for readings that a second daemon or another node answers', async () => {
    const connections = async (path: string): Promise<string[]> =>
      valuesOf((await askOpen(path)).rawHeaders, 'Connection');
    const askOpen = (path: string): ReturnType<typeof askNode> =>
      askNode(node, 'GET', path, { headers: { ...session, Connection: 'keep-alive' } });
    expect(await connections('/nodes/node-01/storage')).toEqual(['close', 'Keep-Alive']);
    expect(await connections('/nodes/node-02/version')).toEqual(['close', 'Keep-Alive']);
    expect(await connections('/nodes/node-01/version')).toEqual(['Keep-Alive']);
    expect(await connections('/cluster/resources')).toEqual(['Keep-Alive']);
  });

  it('gives the keys of an answer in another order now and then', async () => {
    const orders = new Set<string>();
    for (let count = 0; count < 12; count += 1) {
      const answer = await askNode(node, 'GET', '/nodes/node-01/status', { headers: session });
      orders.add(Object.keys(answer.data as object).join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it.each([
    ['an unknown path', 'GET', '/nosuch', 501, "Method 'GET /nosuch' not implemented"],
    ['a method that a path lacks', 'POST', '/version', 501, "Method 'POST /version' not implemented"],
    ['an unknown storage', 'GET', '/nodes/node-01/storage/nosuch/content', 500, "storage 'nosuch' does not exist"],
    ['an unknown pool', 'GET', '/pools/nosuch', 500, "pool 'nosuch' does not exist"],
  ])('refuses %s as recorded', async (_, method, path, status, reason) => {
    const answer = await askNode(node, method, path, { headers: session });
    expect(answer).toMatchObject({ status, reason });
    expect(String(answer.body['message']).trimEnd()).toBe(reason);
  });

  it('names every faulty parameter in one 400', async () => {
    const answer = await askNode(node, 'GET', '/nodes/node-01/qemu/abc/config?current=maybe&nosuch=1', {
      headers: session,
    });
    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toEqual({
      vmid: "type check ('integer') failed - got 'abc'",
      current: "type check ('boolean') failed - got 'maybe'",
      nosuch: 'property is not defined in schema and the schema does not allow additional properties',
    });
  });

  it('sends error texts beyond ASCII as UTF-8 in the status line', async () => {
    const answer = await askNode(node, 'GET', `/pools/${encodeURIComponent('grüß☃')}`, { headers: session });
    expect(answer.reason).toBe("pool 'grüß☃' does not exist");
  });

  it('refuses HEAD, chunked bodies, bodies on DELETE, too much data and strange content types', async () => {
    const config = '/api2/json/access/ticket';
    await expect(sendRaw(node, head('HEAD /api2/json/version HTTP/1.1'))).resolves.toMatch(
      /^HTTP\/1\.1 501 method 'HEAD' not available\r\n/,
    );
    await expect(sendRaw(node, head(`POST ${config} HTTP/1.1`, 'Transfer-Encoding: chunked'))).resolves.toMatch(
      /^HTTP\/1\.1 501 chunked transfer encoding not supported\r\n/,
    );
    await expect(sendRaw(node, `${head('DELETE /api2/json/x HTTP/1.1', 'Content-Length: 3')}x=1`)).resolves.toMatch(
      /^HTTP\/1\.1 501 Unexpected content for method 'DELETE'\r\n/,
    );
    await expect(sendRaw(node, head(`POST ${config} HTTP/1.1`, 'Content-Length: 614412'))).resolves.toMatch(
      /^HTTP\/1\.1 501 for data too large\r\n/,
    );
    await expect(
      sendRaw(node, `${head(`POST ${config} HTTP/1.1`, 'Content-Type: text/plain', 'Content-Length: 3')}x=1`),
    ).resolves.toMatch(/^HTTP\/1\.1 506 upload 'Content-Type 'text\/plain' not implemented\r\n/);
  });

  it('answers plain HTTP with a redirect', async () => {
    const received = await sendPlain(node, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(received).toMatch(/^HTTP\/1\.1 301 Moved Permanently\r\n/);
    expect(received).toMatch(/\r\nLocation: https:\/\//);
  });

  it('compresses larger answers for those who ask, and only then', async () => {
    const asked = await askNode(node, 'GET', '/cluster/resources', {
      headers: { ...session, 'Accept-Encoding': 'gzip' },
    });
    const unasked = await askNode(node, 'GET', '/cluster/resources', { headers: session });
    const small = await askNode(node, 'GET', '/version', { headers: { ...session, 'Accept-Encoding': 'gzip' } });
    expect(valuesOf(asked.rawHeaders, 'Content-Encoding')).toEqual(['gzip']);
    expect(valuesOf(unasked.rawHeaders, 'Content-Encoding')).toEqual([]);
    expect(valuesOf(small.rawHeaders, 'Content-Encoding')).toEqual([]);
  });

  it('presents the certificate whose fingerprint /nodes gives, another one per node, all on one port', async () => {
    const answer = await askNode(node, 'GET', '/nodes', { headers: session });
    const rows = answer.data as { node: string; ssl_fingerprint: string }[];
    for (const endpoint of cluster.nodes) {
      expect(rows.find((row) => row.node === endpoint.name)?.ssl_fingerprint).toBe(endpoint.fingerprint);
      expect(await presentedFingerprint(endpoint)).toBe(endpoint.fingerprint);
    }
    expect(new Set(cluster.nodes.map((endpoint) => endpoint.port)).size).toBe(1);
    expect(new Set(cluster.nodes.map((endpoint) => endpoint.fingerprint)).size).toBe(3);
  });
});

async function presentedFingerprint(endpoint: Endpoint): Promise<string> {
  const { connect } = await import('node:tls');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: endpoint.host, port: endpoint.port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
