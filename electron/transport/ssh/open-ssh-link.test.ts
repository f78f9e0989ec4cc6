import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Prompter } from '../../core/ports/prompter.ts';
import { freePort, makeKey, pinOf, startSshd, whyNoSshd, type LoopbackSshd } from '../../testing/loopback-sshd.ts';
import { hurriedClock, realClock } from '../../testing/real-clock.ts';
import { limits, never, SshClientHarness } from '../../testing/ssh-client-harness.ts';
import { openSshLink } from './open-ssh-link.ts';
import { probeSsh } from './probe-ssh.ts';

const why = whyNoSshd();
if (why !== undefined) process.stderr.write(`skipped, SSH against a real sshd: ${why}\n`);

describe.skipIf(why !== undefined)('opening an SSH connection to a real sshd', () => {
  let sshd: LoopbackSshd;
  const ssh = new SshClientHarness(() => sshd);
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  afterEach(() => ssh.reset());

  it('blocks an unknown and a changed host key before anything secret is said', async () => {
    const unknown = await ssh.failure(ssh.settings({ hostKeys: [] }));
    expect(unknown).toMatchObject({ code: 'connection.identity-unknown', data: { presented: sshd.pin } });
    const changed = await ssh.failure(ssh.settings({ hostKeys: ['ssh-ed25519 SHA256:other'] }));
    expect(changed).toMatchObject({
      code: 'connection.identity-changed',
      data: { endpoint: `127.0.0.1:${sshd.port}`, expected: 'ssh-ed25519 SHA256:other', presented: sshd.pin },
    });
  });

  it('takes the word of known_hosts and hands the key on to be pinned', async () => {
    const publicKey = readFileSync(path.join(sshd.folder, 'host_ed25519.pub'), 'utf8');
    const file = path.join(sshd.home, '.ssh', 'known_hosts');
    writeFileSync(file, `[127.0.0.1]:${sshd.port} ${publicKey}`);
    try {
      await ssh.open(ssh.settings({ hostKeys: [] }));
    } finally {
      writeFileSync(file, '');
    }
    expect(ssh.accepted).toEqual([{ hop: 'target', endpoint: `127.0.0.1:${sshd.port}`, pin: sshd.pin }]);
  });

  it.each([
    ['ed25519', ['-t', 'ed25519']],
    ['ecdsa', ['-t', 'ecdsa', '-b', '384']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['rsa-pem', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ])('signs in with an encrypted %s key, asking again after a wrong passphrase', async (name, args) => {
    const file = makeKey(path.join(sshd.folder, `locked-${name}`), ...args, '-N', 'right');
    sshd.authorize(`${file}.pub`);
    const asked: boolean[] = [];
    const prompter: Prompter = {
      ask: async (question) => {
        if (question.type !== 'key-passphrase') throw new Error(`unexpected question ${question.type}`);
        asked.push(question.again);
        return { type: 'secrets', secrets: [asked.length === 1 ? 'wrong' : 'right'], remember: true };
      },
    };
    await ssh.open(ssh.settings({ auth: { method: 'key', path: file } }), { prompter });
    expect(asked).toEqual([false, true]);
    expect(ssh.remembered).toEqual([{ hop: 'target', what: 'passphrase', secret: 'right' }]);
  });

  it('says what is wrong with a key that cannot be read', async () => {
    const locked = makeKey(path.join(sshd.folder, 'locked'), '-t', 'ed25519', '-N', 'secret-phrase');
    sshd.authorize(`${locked}.pub`);
    const auth = { method: 'key' as const, path: locked, passphrase: 'cred_0123456789abcdef' as never };
    const wrong = await ssh.failure(ssh.settings({ auth }), { secrets: { get: async () => 'stale-phrase' } });
    expect(wrong).toMatchObject({
      code: 'auth.key-unreadable',
      data: { path: locked, cause: 'the passphrase is wrong' },
    });
    const chacha = makeKey(
      path.join(sshd.folder, 'chacha'),
      '-t',
      'ed25519',
      '-Z',
      'chacha20-poly1305@openssh.com',
      '-N',
      'x1234',
    );
    const unreadable = await ssh.failure(ssh.settings({ auth: { method: 'key', path: chacha } }));
    expect(unreadable.code).toBe('auth.key-unreadable');
    expect(unreadable.message).toContain('ssh-keygen -p -Z aes256-ctr');
    const absent = await ssh.failure(ssh.settings({ auth: { method: 'key', path: '/nowhere/key' } }));
    expect(absent).toMatchObject({ code: 'auth.key-unreadable', data: { cause: 'ENOENT' } });
    expect(JSON.stringify([wrong, unreadable, absent].map((error) => error.toShape()))).not.toMatch(
      /secret-phrase|stale-phrase|x1234/,
    );
  });

  it('is refused with a key that the account does not know', async () => {
    const stranger = makeKey(path.join(sshd.folder, 'stranger'), '-t', 'ed25519');
    expect(await ssh.failure(ssh.settings({ auth: { method: 'key', path: stranger } }))).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'key' },
    });
  });

  it('signs in with the agent, and says when there is none', async () => {
    const agent = await startAgent(sshd);
    try {
      execFileSync('ssh-add', ['-q', sshd.keyPath], {
        env: { ...process.env, SSH_AUTH_SOCK: agent.socket },
        stdio: 'ignore',
      });
      const { link } = await ssh.open(ssh.settings({ auth: { method: 'agent' } }), { agentPath: agent.socket });
      expect((await link.run(['echo', 'in'], limits, never)).stdout).toBe('in\n');
    } finally {
      agent.process.kill();
    }
    expect(await ssh.failure(ssh.settings({ auth: { method: 'agent' } }))).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'agent', text: expect.stringContaining('no agent is running') as string },
    });
  });

  it('finds its way by ~/.ssh/config, over two jump hosts', async () => {
    const home = path.join(sshd.folder, 'home2');
    mkdirSync(path.join(home, '.ssh'), { recursive: true });
    const publicKey = readFileSync(path.join(sshd.folder, 'host_ed25519.pub'), 'utf8');
    writeFileSync(path.join(home, '.ssh', 'known_hosts'), `[127.0.0.1]:${sshd.port} ${publicKey}`);
    writeFileSync(
      path.join(home, '.ssh', 'config'),
      [
        'Host far',
        '  ProxyJump gate1,gate2',
        'Host far gate1 gate2',
        '  HostName 127.0.0.1',
        `  Port ${sshd.port}`,
        `  IdentityFile ${sshd.keyPath}`,
      ].join('\n'),
    );
    const target = { host: 'far', port: 22, auth: { method: 'automatic' as const }, hostKeys: [] };
    const { link, endpoint } = await ssh.open(ssh.settings(target), { homeDirectory: home });
    expect((await link.run(['echo', 'far away'], limits, never)).stdout).toBe('far away\n');
    expect([endpoint, ssh.accepted.map((key) => key.hop)]).toEqual([`127.0.0.1:${sshd.port}`, [0, 1, 'target']]);
  });

  it('hands out the jumps of ~/.ssh/config when the key of one is not known, so that it can be trusted', async () => {
    const home = path.join(sshd.folder, 'home3');
    mkdirSync(path.join(home, '.ssh'), { recursive: true });
    writeFileSync(
      path.join(home, '.ssh', 'config'),
      [
        'Host far',
        '  ProxyJump gate',
        'Host far gate',
        '  HostName 127.0.0.1',
        `  Port ${sshd.port}`,
        '  User me',
      ].join('\n'),
    );
    const target = { host: 'far', port: 22, auth: { method: 'automatic' as const }, hostKeys: [] };
    const told: unknown[] = [];
    const opening = ssh.open(ssh.settings(target), {
      homeDirectory: home,
      onJumpsFromConfig: (jumps) => told.push(...jumps),
    });
    await expect(opening).rejects.toMatchObject({ code: 'connection.identity-unknown', data: { hop: 0 } });
    expect(told).toEqual([{ host: 'gate', port: 22, user: 'me', auth: { method: 'automatic' }, hostKeys: [] }]);
  });

  it('checks every hop, and names the one that failed', async () => {
    const { link } = await ssh.open(ssh.settings({}, [{}, {}]));
    expect((await link.run(['echo', 'three hops'], limits, never)).stdout).toBe('three hops\n');
    expect(await ssh.failure(ssh.settings({}, [{}, { hostKeys: ['ssh-ed25519 SHA256:old'] }]))).toMatchObject({
      code: 'connection.identity-changed',
      data: { hop: 1 },
    });
    const closed = await freePort();
    expect(await ssh.failure(ssh.settings({ port: closed }, [{}]))).toMatchObject({
      code: 'connection.unreachable',
      data: { endpoint: `127.0.0.1:${closed}`, cause: expect.stringMatching(/refused/i) as string },
    });
  });

  it('tells a closed port, another protocol, a silent server and one that hangs up apart', async () => {
    const closed = await freePort();
    expect(await ssh.failure(ssh.settings({ port: closed }))).toMatchObject({
      code: 'connection.unreachable',
      data: { cause: 'ECONNREFUSED' },
    });
    const answers: [(socket: net.Socket) => void, string][] = [
      [
        (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>'),
        'connection.wrong-protocol',
      ],
      [(socket) => void socket.write('220 mail.example.org ESMTP\r\n'), 'connection.wrong-protocol'],
      [() => undefined, 'connection.silent'],
      [(socket) => socket.destroy(), 'connection.lost'],
      [(socket) => void socket.write('SSH-2.0-tarpit\r\n'), 'connection.silent'],
    ];
    for (const [answer, code] of answers) {
      const server = net.createServer((socket) => {
        socket.on('error', () => undefined);
        answer(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as net.AddressInfo;
      expect([code, (await ssh.failure(ssh.settings({ port }), { clock: hurriedClock(20) })).code]).toEqual([
        code,
        code,
      ]);
      server.close();
    }
  });

  it('leaves nothing open when it is called off', async () => {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      socket.resume().once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const controller = new AbortController();
    const opening = openSshLink(
      ssh.settings({ port: (server.address() as net.AddressInfo).port }),
      ssh.options(),
      controller.signal,
    ).catch((error: unknown) => error);
    await expect.poll(() => sockets.size).toBe(1);
    controller.abort();
    expect(await opening).toMatchObject({ code: 'operation.cancelled' });
    await expect.poll(() => sockets.size).toBe(0);
    server.close();
  });

  it('probes without a secret: key, version and methods', async () => {
    const probe = await probeSsh('127.0.0.1', sshd.port, { clock: realClock, homeDirectory: sshd.home }, never);
    expect(probe).toEqual({
      found: true,
      port: sshd.port,
      hostKey: { algorithm: 'ssh-ed25519', fingerprint: sshd.pin.split(' ')[1], known: 'unknown' },
      serverVersion: expect.stringMatching(/^SSH-2\.0-OpenSSH/) as string,
      authMethods: ['publickey'],
    });
  });

  it('sees a changed key after the server was set up anew, also of another algorithm', async () => {
    const rsa = makeKey(path.join(sshd.folder, 'host_rsa'), '-t', 'rsa', '-b', '2048');
    const renewed = await startSshd([`HostKey ${rsa}`]);
    try {
      const target = {
        port: renewed.port,
        hostKeys: [sshd.pin],
        auth: { method: 'key' as const, path: renewed.keyPath },
      };
      expect(await ssh.failure(ssh.settings(target))).toMatchObject({
        code: 'connection.identity-changed',
        data: { expected: sshd.pin, presented: pinOf(`${rsa}.pub`) },
      });
    } finally {
      await renewed.stop();
    }
  });
});

async function startAgent(sshd: LoopbackSshd): Promise<{ socket: string; process: ChildProcess }> {
  const socket = path.join(sshd.folder, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  await expect.poll(() => existsSync(socket)).toBe(true);
  return { socket, process: agent };
}
