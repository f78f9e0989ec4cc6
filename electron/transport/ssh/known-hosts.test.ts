import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whyNoSshKeygen } from '../../testing/loopback-sshd.ts';
import { describeHostKey, judgeHostKey, orderHostKeyAlgorithms, toPin } from './host-key.ts';
import { findKnownHosts } from './known-hosts.ts';

const ed25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIFKy2C2gWm0rjQ4g9nSlqvMrGZ0mAPm4dTn1x9aCU3ZZ';
const other = 'AAAAC3NzaC1lZDI1NTE5AAAAIBbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const line = (names: string, key = ed25519) => `${names} ssh-ed25519 ${key} a comment`;
const count = (text: string, host: string, port = 22) => findKnownHosts(text, host, port).length;
const folder = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-known-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('known_hosts', () => {
  it('finds names, ports, patterns and negations', () => {
    const text = [
      '# comment',
      '',
      line('alpha,10.0.0.1'),
      line('[alpha]:2222'),
      line('*.lan,!bad.lan'),
      line('db?'),
    ].join('\n');
    expect([count(text, 'alpha'), count(text, 'ALPHA'), count(text, '10.0.0.1'), count(text, 'alpha', 2222)]).toEqual([
      1, 1, 1, 1,
    ]);
    expect([count(text, 'x.lan'), count(text, 'bad.lan'), count(text, 'db1'), count(text, 'db12')]).toEqual([
      1, 0, 1, 0,
    ]);
    expect(count(text, 'alpha', 2223)).toBe(0);
  });

  it('finds hosts that ssh-keygen has hashed', (context) => {
    context.skip(whyNoSshKeygen() !== undefined, whyNoSshKeygen());
    const file = path.join(folder, 'known_hosts');
    writeFileSync(file, `${line('alpha')}\n${line('[beta]:2222')}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    const hashed = readFileSync(file, 'utf8');
    expect(hashed).not.toContain('alpha');
    expect([
      count(hashed, 'alpha'),
      count(hashed, 'beta', 2222),
      count(hashed, 'beta'),
      count(hashed, 'gamma'),
    ]).toEqual([1, 1, 0, 0]);
  });

  it('knows revoked keys and leaves certificate authorities out', () => {
    const text = [`@revoked ${line('*')}`, `@cert-authority ${line('*.lan', other)}`].join('\n');
    expect(findKnownHosts(text, 'x.lan', 22).map((entry) => entry.isRevoked)).toEqual([true]);
  });

  it('leaves broken lines out', () => {
    expect(count('alpha ssh-ed25519\nalpha ssh-rsa AAAA\nalpha\n|1|x ssh-ed25519 AAAA', 'alpha')).toBe(0);
  });
});

describe('judging a host key', () => {
  const presented = describeHostKey(Buffer.from(ed25519, 'base64'));
  const known = findKnownHosts(line('alpha'), 'alpha', 22);
  const foreign = findKnownHosts(line('alpha', other), 'alpha', 22);

  it('prints fingerprints as ssh-keygen does', (context) => {
    context.skip(whyNoSshKeygen() !== undefined, whyNoSshKeygen());
    const file = path.join(folder, 'key.pub');
    writeFileSync(file, `ssh-ed25519 ${ed25519} x\n`);
    expect(execFileSync('ssh-keygen', ['-lf', file]).toString().split(' ')[1]).toBe(presented.fingerprint);
  });

  it('trusts a pin, and known_hosts only where nothing is pinned', () => {
    expect(judgeHostKey(presented, [toPin(presented)], [])).toEqual({ verdict: 'trusted', because: 'pin' });
    expect(judgeHostKey(presented, [], known)).toEqual({ verdict: 'trusted', because: 'known-hosts' });
    expect(judgeHostKey(presented, [], [])).toEqual({ verdict: 'unknown' });
    expect(judgeHostKey(presented, ['ssh-ed25519 SHA256:old'], known)).toEqual({
      verdict: 'changed',
      expected: 'ssh-ed25519 SHA256:old',
    });
  });

  it('calls a key changed when another one is known, and a revoked one always', () => {
    expect(judgeHostKey(presented, [], foreign).verdict).toBe('changed');
    const revoked = findKnownHosts(`@revoked ${line('alpha')}`, 'alpha', 22);
    expect(judgeHostKey(presented, [toPin(presented)], revoked).verdict).toBe('changed');
  });

  it('asks for the known algorithm first', () => {
    expect(orderHostKeyAlgorithms(['ssh-rsa SHA256:x'], []).slice(0, 2)).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(orderHostKeyAlgorithms([], known)[0]).toBe('ssh-ed25519');
  });
});
