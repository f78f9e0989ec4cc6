import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSshConfigEntry } from './ssh-config-file.ts';

let home = '';
const write = (name: string, text: string) => {
  const file = path.join(home, '.ssh', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-config-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('~/.ssh/config', () => {
  it('gives address, account, keys and jumps of a host', async () => {
    write(
      'config',
      [
        'Host web*',
        '  HostName %h.example.org',
        '  User admin',
        '  Port 2222',
        '  IdentityFile ~/.ssh/web',
        '  ProxyJump ops@gate:2200,inner',
        'Host *',
        '  IdentityFile %d/keys/%r',
      ].join('\n'),
    );
    expect(await findSshConfigEntry(home, 'web1')).toEqual({
      alias: 'web1',
      hostName: 'web1.example.org',
      port: 2222,
      user: 'admin',
      identityFiles: [path.join(home, '.ssh/web'), path.join(home, 'keys/admin')],
      proxyJump: ['ops@gate:2200', 'inner'],
      hasProxyCommand: false,
    });
  });

  it('has nothing to say about a host that is not in it', async () => {
    expect(await findSshConfigEntry(home, 'web1')).toBeUndefined();
    write('config', 'Host other\n  User x\n');
    expect(await findSshConfigEntry(home, 'web1')).toBeUndefined();
  });

  it('follows Include, and closes the included blocks behind it', async () => {
    write('config', 'Include config.d/*\nUser everybody\n');
    write('config.d/one', 'Host one\n  Port 2001\n');
    write('config.d/two', 'Host two\n  Port 2002\n');
    expect(await findSshConfigEntry(home, 'one')).toMatchObject({ port: 2001, user: 'everybody' });
    expect(await findSshConfigEntry(home, 'two')).toMatchObject({ port: 2002, user: 'everybody' });
    expect(await findSshConfigEntry(home, 'three')).toMatchObject({ port: 22, user: 'everybody' });
  });

  it('ends a circle of includes', async () => {
    write('config', 'Include config\nHost one\n  Port 2001\n');
    expect(await findSshConfigEntry(home, 'one')).toMatchObject({ port: 2001 });
  });

  it('runs no command that the file names', async () => {
    const proof = path.join(home, 'proof');
    write('config', `Match exec "touch ${proof}"\n  User evil\nHost one\n  Port 2001\n`);
    const entry = await findSshConfigEntry(home, 'one');
    expect(entry?.user).toBeUndefined();
    expect(await findSshConfigEntry(home, 'proof')).toBeUndefined();
    expect(() => rmSync(proof)).toThrow(/ENOENT/);
  });
});
