import { afterEach, describe, expect, test } from 'vitest';
import { isAppError } from '../../contract/errors.ts';
import { startHttps, type LoopbackServer } from '../../testing/loopback-https.ts';
import { firstIdentity } from '../../testing/tls-identities.ts';
import { probePve, probeTls } from './probe.ts';

const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const serve = async (status: number, body: string): Promise<LoopbackServer> => {
  const server = await startHttps((_request, response) => response.writeHead(status).end(body));
  servers.push(server);
  return server;
};
const never = new AbortController().signal;

describe('probing an address', () => {
  test('shows the certificate without sending a request', async () => {
    const server = await serve(200, '');
    const identity = await probeTls('127.0.0.1', server.port, never);
    expect(identity).toMatchObject({
      fingerprint: firstIdentity.fingerprint,
      subject: 'CN=loopback-one, O=Wheelhouse tests',
      isSelfSigned: true,
    });
    expect(identity.validToMs).toBeGreaterThan(identity.validFromMs);
    expect(server.requests).toEqual([]);
  });

  test('finds Proxmox VE and its realms, without a secret', async () => {
    const body = {
      data: [
        { realm: 'pam', type: 'pam', default: 1 },
        { realm: 'ad', type: 'ad', comment: 'Büro', tfa: 'yubico' },
      ],
    };
    const server = await serve(200, JSON.stringify(body));
    const found = await probePve('127.0.0.1', server.port, never);
    expect(found.certificate.fingerprint).toBe(firstIdentity.fingerprint);
    expect(found.realms).toEqual([
      { realm: 'pam', type: 'pam', comment: '', isDefault: true },
      { realm: 'ad', type: 'ad', comment: 'Büro', isDefault: false, tfa: 'yubico' },
    ]);
    expect(server.requests).toEqual(['GET /api2/json/access/domains']);
  });

  test.each([
    [404, '<html>nothing here</html>'],
    [200, '{"data":[{"odd":1}]}'],
  ])('does not take another web server for one (%s %s)', async (status, body) => {
    const server = await serve(status, body);
    const error: unknown = await probePve('127.0.0.1', server.port, never).catch((thrown: unknown) => thrown);
    expect(isAppError(error, 'connection.wrong-protocol')).toBe(true);
  });
});
