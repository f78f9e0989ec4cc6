import { describe, expect, it } from 'vitest';
import { pveSettingsSchema } from '../../../contract/connection-settings.ts';
import { FakeClock } from '../../../testing/fake-clock.ts';
import { EndpointPool } from './endpoint-pool.ts';

const first = { host: 'pve1.example', port: 8006, fingerprint: 'AA:01' };

describe('nodes that a trusted one names', () => {
  it('are taken with their pins, a known one once under whatever name', () => {
    const pool = new EndpointPool([first], new FakeClock());
    const named = [
      { address: '10.0.0.1', fingerprint: 'AA:01' },
      { address: '10.0.0.2', fingerprint: 'AA:02' },
      { address: 'fd00::3', fingerprint: 'AA:03' },
      { address: '10.0.0.4', fingerprint: undefined },
    ];
    expect(pool.learn(named)).toBe(true);
    expect(pool.endpoints.map(({ host }) => host)).toEqual(['pve1.example', '10.0.0.2', 'fd00::3']);
    expect(pool.learn(named)).toBe(false);
  });

  it('cannot fill the profile, nor bring an address into it that could not be saved', () => {
    const pool = new EndpointPool([first], new FakeClock());
    const absurd = ['a b', 'x/../y', "';$(reboot)", 'x'.repeat(300), '\u0000\n'].map((address) => ({
      address,
      fingerprint: address,
    }));
    expect(pool.learn(absurd)).toBe(false);
    pool.learn(
      Array.from({ length: 5_000 }, (_, at) => ({ address: `10.1.${at >> 8}.${at & 255}`, fingerprint: `BB:${at}` })),
    );
    expect(pool.endpoints.length).toBeLessThanOrEqual(256);
    const auth = { method: 'password', user: 'root', realm: 'pam' };
    expect(pveSettingsSchema.safeParse({ kind: 'pve', endpoints: pool.endpoints, auth }).success).toBe(true);
  });
});
