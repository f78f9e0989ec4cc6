import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { debianSettingsSchema, type DebianSettings } from '../../contract/connection-settings.ts';
import { AppError, isAnyAppError } from '../../contract/errors.ts';
import type { Prompter } from '../../core/ports/prompter.ts';
import { silentLog } from '../../core/ports/log.ts';
import { freePort, makeKey, pinOf, startSshd, whyNoSshd, type LoopbackSshd } from '../../testing/loopback-sshd.ts';
import { hurriedClock, realClock } from '../../testing/real-clock.ts';
import { openSshLink, type OpenedSshLink } from './open-ssh-link.ts';
import { probeSsh } from './probe-ssh.ts';
import type { AcceptedHostKey, RememberedSecret, SshOpenOptions } from './sign-in-help.ts';

const why = whyNoSshd();
if (why !== undefined) process.stderr.write(`skipped, SSH against a real sshd: ${why}\n`);

const never = new AbortController().signal;
const limits = { timeoutMs: 10_000, maxBytes: 1_000_000 };
const nobody: Prompter = {
  ask: async (question) => {
    throw new AppError('auth.challenge-unanswered', 'nobody is there', { kinds: [question.type] });
  },
};

describe.skipIf(why !== undefined)('an SSH link to a real sshd', () => {
  let sshd: LoopbackSshd;
  const opened: OpenedSshLink[] = [];
  const accepted: AcceptedHostKey[] = [];
  const remembered: RememberedSecret[] = [];

  const options = (change: Partial<SshOpenOptions> = {}): SshOpenOptions => ({
    secrets: { get: async () => undefined },
    prompter: nobody,
    clock: realClock,
    log: silentLog,
    homeDirectory: sshd.home,
    agentPath: '',
    onHostKeyAccepted: (key) => accepted.push(key),
    onSecretToRemember: (secret) => remembered.push(secret),
    ...change,
  });
  type Hop = Partial<DebianSettings['target']>;
  const settings = (target: Hop = {}, jumps: readonly Hop[] = []): DebianSettings => {
    const hop = (change: Hop) => ({
      host: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      auth: { method: 'key', path: sshd.keyPath },
      hostKeys: [sshd.pin],
      ...change,
    });
    return debianSettingsSchema.parse({ kind: 'debian', target: hop(target), jumps: jumps.map(hop) });
  };
  const open = async (from: DebianSettings, change: Partial<SshOpenOptions> = {}) => {
    const link = await openSshLink(from, options(change), never);
    opened.push(link);
    return link;
  };
  const failure = async (from: DebianSettings, change: Partial<SshOpenOptions> = {}) => {
    const error: unknown = await open(from, change).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!isAnyAppError(error)) throw new Error(`expected an AppError, got ${String(error)}`);
    return error;
  };

  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  afterEach(() => {
    for (const link of opened.splice(0)) link.link.close();
    accepted.length = 0;
    remembered.length = 0;
  });

  it('runs programs with their arguments, input, output and exit code', async () => {
    const { link, endpoint, serverVersion, pin } = await open(settings());
    const argv = ['sh', '-c', 'cat; printf "%s|" "$@"; echo oops >&2; exit 7', 'sh', "it's", '', 'a b', '😀 $(id)'] as const;
    expect(await link.run([...argv], { ...limits, stdin: 'in:' }, never)).toEqual({
      code: 7,
      signal: null,
      stdout: "in:it's||a b|😀 $(id)|",
      stderr: 'oops\n',
    });
    expect([endpoint, pin]).toEqual([`127.0.0.1:${sshd.port}`, sshd.pin]);
    expect(serverVersion).toMatch(/^SSH-2\.0-OpenSSH/);
  });

  it('tells code 127 for a program that does not exist, and speaks English', async () => {
    const { link } = await open(settings());
    expect(await link.run(['no-such-program'], limits, never)).toMatchObject({ code: 127, stdout: '' });
    expect((await link.run(['sh', '-c', 'echo $LC_ALL'], limits, never)).stdout).toBe('C.UTF-8\n');
  });

  it('runs thirty programs at once over ten channels', async () => {
    const { link } = await open(settings());
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => link.run(['sh', '-c', 'sleep 0.05; echo $1', 'sh', String(index)], limits, never)),
    );
    expect(results.map((result) => Number(result.stdout))).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it('ends a program and its children on a time-out, an abort and too much output', async () => {
    const { link } = await open(settings());
    const token = `wh${process.pid}x${Date.now()}`;
    const script = `sh -c 'sleep 300; : ${token}' & sleep 300; : ${token}`;
    const controller = new AbortController();
    const cut = await Promise.all([
      link.run(['sh', '-c', script], { ...limits, timeoutMs: 600 }, never).catch((error: unknown) => error),
      link.run(['sh', '-c', `echo go; yes ${token}`], { ...limits, maxBytes: 5_000 }, never).catch((error: unknown) => error),
      (async () => {
        const running = link.run(['sh', '-c', script], limits, controller.signal);
        setTimeout(() => controller.abort(), 400);
        return running.catch((error: unknown) => error);
      })(),
    ]);
    expect(cut.map((error) => isAnyAppError(error) && error.code)).toEqual([
      'operation.timed-out',
      'remote.too-much',
      'operation.cancelled',
    ]);
    await expect.poll(() => runningWith(token), { timeout: 8_000 }).toEqual([]);
    expect((await link.run(['echo', 'alive'], limits, never)).stdout).toBe('alive\n');
  });

  it('streams lines both ways and ends the process when told', async () => {
    const { link } = await open(settings());
    const stream = await link.start(['sh', '-c', 'echo ready; while read -r line; do echo "got $line"; done'], never);
    const lines: string[] = [];
    const exited = new Promise((resolve) => stream.onExit(resolve));
    stream.onLine((line) => lines.push(line));
    await expect.poll(() => lines).toEqual(['ready']);
    stream.write('one\n');
    await expect.poll(() => lines).toEqual(['ready', 'got one']);
    stream.kill();
    stream.kill();
    await exited;
  });

  it('tells of a lost connection once, and fails what was under way', async () => {
    const relay = await startRelay(sshd.port);
    const { link } = await open(settings({ port: relay.port }));
    const lost: Error[] = [];
    link.onLost((error) => lost.push(error));
    const stream = await link.start(['sleep', '300'], never);
    const exited = new Promise((resolve) => stream.onExit(resolve));
    const running = Array.from({ length: 9 }, () => failureOf(link.run(['sleep', '300'], limits, never)));
    relay.cut();
    expect((await Promise.all(running)).map((error) => isAnyAppError(error) && error.code)).toEqual(
      Array.from({ length: 9 }, () => 'connection.lost'),
    );
    await exited;
    expect(lost.map((error) => isAnyAppError(error) && error.code)).toEqual(['connection.lost']);
    expect(await failureOf(link.run(['true'], limits, never))).toMatchObject({ code: 'connection.lost' });
    await relay.stop();
  });

  it('notices in bounded time that nothing comes through any more', async () => {
    const relay = await startRelay(sshd.port);
    const { link } = await open(settings({ port: relay.port }));
    const lost = new Promise<Error>((resolve) => link.onLost(resolve));
    relay.stall();
    const begun = Date.now();
    const running = failureOf(link.run(['true'], { ...limits, timeoutMs: 60_000 }, never));
    expect(await lost).toMatchObject({ code: 'connection.lost' });
    expect(Date.now() - begun).toBeLessThan(40_000);
    expect(await running).toMatchObject({ code: 'connection.lost' });
    await relay.stop();
  }, 60_000);

  it('is not told lost when it was closed on purpose', async () => {
    const { link } = await open(settings());
    const lost: Error[] = [];
    link.onLost((error) => lost.push(error));
    link.close();
    link.close();
    await expect(link.run(['true'], limits, never)).rejects.toMatchObject({ code: 'connection.lost' });
    expect(lost).toEqual([]);
  });

  it('blocks an unknown and a changed host key before anything secret is said', async () => {
    const unknown = await failure(settings({ hostKeys: [] }));
    expect(unknown).toMatchObject({ code: 'connection.identity-unknown', data: { presented: sshd.pin } });
    const changed = await failure(settings({ hostKeys: ['ssh-ed25519 SHA256:other'] }));
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
      await open(settings({ hostKeys: [] }));
    } finally {
      writeFileSync(file, '');
    }
    expect(accepted).toEqual([{ hop: 'target', endpoint: `127.0.0.1:${sshd.port}`, pin: sshd.pin }]);
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
    await open(settings({ auth: { method: 'key', path: file } }), { prompter });
    expect(asked).toEqual([false, true]);
    expect(remembered).toEqual([{ hop: 'target', what: 'passphrase', secret: 'right' }]);
  });

  it('says what is wrong with a key that cannot be read', async () => {
    const locked = makeKey(path.join(sshd.folder, 'locked'), '-t', 'ed25519', '-N', 'secret-phrase');
    sshd.authorize(`${locked}.pub`);
    const auth = { method: 'key' as const, path: locked, passphrase: 'cred_0123456789abcdef' as never };
    const wrong = await failure(settings({ auth }), { secrets: { get: async () => 'stale-phrase' } });
    expect(wrong).toMatchObject({ code: 'auth.key-unreadable', data: { path: locked, cause: 'the passphrase is wrong' } });
    const chacha = makeKey(path.join(sshd.folder, 'chacha'), '-t', 'ed25519', '-Z', 'chacha20-poly1305@openssh.com', '-N', 'x1234');
    const unreadable = await failure(settings({ auth: { method: 'key', path: chacha } }));
    expect(unreadable.code).toBe('auth.key-unreadable');
    expect(unreadable.message).toContain('ssh-keygen -p -Z aes256-ctr');
    const absent = await failure(settings({ auth: { method: 'key', path: '/nowhere/key' } }));
    expect(absent).toMatchObject({ code: 'auth.key-unreadable', data: { cause: 'ENOENT' } });
    expect(JSON.stringify([wrong, unreadable, absent].map((error) => error.toShape()))).not.toMatch(/secret-phrase|stale-phrase|x1234/);
  });

  it('is refused with a key that the account does not know', async () => {
    const stranger = makeKey(path.join(sshd.folder, 'stranger'), '-t', 'ed25519');
    expect(await failure(settings({ auth: { method: 'key', path: stranger } }))).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'key' },
    });
  });

  it('signs in with the agent, and says when there is none', async () => {
    const agent = await startAgent(sshd);
    try {
      execFileSync('ssh-add', ['-q', sshd.keyPath], { env: { ...process.env, SSH_AUTH_SOCK: agent.socket }, stdio: 'ignore' });
      const { link } = await open(settings({ auth: { method: 'agent' } }), { agentPath: agent.socket });
      expect((await link.run(['echo', 'in'], limits, never)).stdout).toBe('in\n');
    } finally {
      agent.process.kill();
    }
    expect(await failure(settings({ auth: { method: 'agent' } }))).toMatchObject({
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
    const { link, endpoint } = await open(settings(target), { homeDirectory: home });
    expect((await link.run(['echo', 'far away'], limits, never)).stdout).toBe('far away\n');
    expect([endpoint, accepted.map((key) => key.hop)]).toEqual([`127.0.0.1:${sshd.port}`, [0, 1, 'target']]);
  });

  it('checks every hop, and names the one that failed', async () => {
    const { link } = await open(settings({}, [{}, {}]));
    expect((await link.run(['echo', 'three hops'], limits, never)).stdout).toBe('three hops\n');
    expect(await failure(settings({}, [{}, { hostKeys: ['ssh-ed25519 SHA256:old'] }]))).toMatchObject({
      code: 'connection.identity-changed',
    });
    const closed = await freePort();
    expect(await failure(settings({ port: closed }, [{}]))).toMatchObject({
      code: 'connection.unreachable',
      data: { endpoint: `127.0.0.1:${closed}`, cause: expect.stringMatching(/refused/i) as string },
    });
  });

  it('tells a closed port, another protocol, a silent server and one that hangs up apart', async () => {
    const closed = await freePort();
    expect(await failure(settings({ port: closed }))).toMatchObject({
      code: 'connection.unreachable',
      data: { cause: 'ECONNREFUSED' },
    });
    const answers: [(socket: net.Socket) => void, string][] = [
      [(socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>'), 'connection.wrong-protocol'],
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
      expect([code, (await failure(settings({ port }), { clock: hurriedClock(20) })).code]).toEqual([code, code]);
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
      settings({ port: (server.address() as net.AddressInfo).port }),
      options(),
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

  it('works with a server that allows two channels, or one', async () => {
    for (const sessions of [2, 1]) {
      const narrow = await startSshd([`MaxSessions ${sessions}`]);
      try {
        const target = { port: narrow.port, hostKeys: [narrow.pin], auth: { method: 'key' as const, path: narrow.keyPath } };
        const { link } = await open(settings(target));
        const stream = await link.start(['sleep', '300'], never);
        let hasEnded = false;
        stream.onExit(() => (hasEnded = true));
        const results = await Promise.all([1, 2, 3, 4].map((n) => link.run(['echo', String(n)], limits, never)));
        expect(results.map((result) => result.stdout.trim())).toEqual(['1', '2', '3', '4']);
        expect(hasEnded).toBe(sessions === 1);
        link.close();
      } finally {
        await narrow.stop();
      }
    }
  });

  it('is not confused by a login shell that talks, and says so when the account runs nothing', async () => {
    const noisy = await startSshd([`ForceCommand echo welcome; echo warning >&2; eval "$SSH_ORIGINAL_COMMAND"`]);
    const fixed = await startSshd(['ForceCommand echo This account is closed']);
    try {
      const at = (server: LoopbackSshd) => ({
        port: server.port,
        hostKeys: [server.pin],
        auth: { method: 'key' as const, path: server.keyPath },
      });
      const { link } = await open(settings(at(noisy)));
      expect(await link.run(['sh', '-c', 'echo out; echo err >&2'], limits, never)).toMatchObject({
        stdout: 'out\n',
        stderr: 'err\n',
      });
      const stream = await link.start(['echo', 'line'], never);
      const lines: string[] = [];
      stream.onLine((line) => lines.push(line));
      await new Promise((resolve) => stream.onExit(resolve));
      expect(lines).toEqual(['line']);
      const closed = await open(settings(at(fixed)));
      await expect(closed.link.run(['true'], limits, never)).rejects.toMatchObject({
        code: 'remote.unintelligible',
        data: { excerpt: 'This account is closed' },
      });
    } finally {
      await Promise.all([noisy.stop(), fixed.stop()]);
    }
  });

  it('sees a changed key after the server was set up anew, also of another algorithm', async () => {
    const rsa = makeKey(path.join(sshd.folder, 'host_rsa'), '-t', 'rsa', '-b', '2048');
    const renewed = await startSshd([`HostKey ${rsa}`]);
    try {
      const target = { port: renewed.port, hostKeys: [sshd.pin], auth: { method: 'key' as const, path: renewed.keyPath } };
      expect(await failure(settings(target))).toMatchObject({
        code: 'connection.identity-changed',
        data: { expected: sshd.pin, presented: pinOf(`${rsa}.pub`) },
      });
    } finally {
      await renewed.stop();
    }
  });
});

function runningWith(token: string): readonly string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,args='], { maxBuffer: 10_000_000 }).toString().split('\n');
  return all.filter((line) => line.includes(token) && !line.includes('vitest'));
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A wire that can be cut (both ends see it) or stalled (nobody is told, like a partition). */
async function startRelay(to: number): Promise<{ port: number; cut(): void; stall(): void; stop(): Promise<void> }> {
  const pairs: [net.Socket, net.Socket][] = [];
  const server = net.createServer((near) => {
    const far = net.connect(to, '127.0.0.1');
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
    pairs.push([near, far]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => pairs.flat().forEach((socket) => socket.destroy());
  return {
    port: (server.address() as net.AddressInfo).port,
    cut,
    stall: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
        far.resume();
      }
    },
    stop: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function startAgent(sshd: LoopbackSshd): Promise<{ socket: string; process: ChildProcess }> {
  const socket = path.join(sshd.folder, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  await expect.poll(() => existsSync(socket)).toBe(true);
  return { socket, process: agent };
}
