import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isAnyAppError } from '../../contract/errors.ts';
import { startRelay } from '../../testing/loopback-relay.ts';
import { startSshd, whyNoSshd, type LoopbackSshd } from '../../testing/loopback-sshd.ts';
import { failureOf, limits, never, SshClientHarness } from '../../testing/ssh-client-harness.ts';

const why = whyNoSshd();
if (why !== undefined) process.stderr.write(`skipped, SSH against a real sshd: ${why}\n`);

describe.skipIf(why !== undefined)('programs over one SSH connection', () => {
  let sshd: LoopbackSshd;
  const ssh = new SshClientHarness(() => sshd);
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  afterEach(() => ssh.reset());

  it('runs programs with their arguments, input, output and exit code', async () => {
    const { link, endpoint, serverVersion, pin } = await ssh.open(ssh.settings());
    const argv = [
      'sh',
      '-c',
      'cat; printf "%s|" "$@"; echo oops >&2; exit 7',
      'sh',
      "it's",
      '',
      'a b',
      '😀 $(id)',
    ] as const;
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
    const { link } = await ssh.open(ssh.settings());
    expect(await link.run(['no-such-program'], limits, never)).toMatchObject({ code: 127, stdout: '' });
    expect((await link.run(['sh', '-c', 'echo $LC_ALL'], limits, never)).stdout).toBe('C.UTF-8\n');
  });

  it('tells the exit code of the shortest programs', async () => {
    const { link } = await ssh.open(ssh.settings());
    const codes: (number | null)[] = [];
    for (let round = 0; round < 8; round += 1) {
      const results = await Promise.all([1, 2, 3, 4, 5].map((n) => link.run(['sh', '-c', `exit ${n}`], limits, never)));
      codes.push(...results.map((result) => result.code));
    }
    expect(codes).toEqual(Array.from({ length: 8 }, () => [1, 2, 3, 4, 5]).flat());
  });

  it('runs thirty programs at once over ten channels', async () => {
    const { link } = await ssh.open(ssh.settings());
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        link.run(['sh', '-c', 'sleep 0.05; echo $1', 'sh', String(index)], limits, never),
      ),
    );
    expect(results.map((result) => Number(result.stdout))).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it('ends a program and its children on a time-out, an abort and too much output', async () => {
    const { link } = await ssh.open(ssh.settings());
    const token = `wh${process.pid}x${Date.now()}`;
    const script = `sh -c 'sleep 300; : ${token}' & sleep 300; : ${token}`;
    const controller = new AbortController();
    const cut = await Promise.all([
      link.run(['sh', '-c', script], { ...limits, timeoutMs: 600 }, never).catch((error: unknown) => error),
      link
        .run(['sh', '-c', `echo go; yes ${token}`], { ...limits, maxBytes: 5_000 }, never)
        .catch((error: unknown) => error),
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
    await expect.poll(() => runningWith(token)).toEqual([]);
    expect((await link.run(['echo', 'alive'], limits, never)).stdout).toBe('alive\n');
  });

  it('streams lines both ways and ends the process when told', async () => {
    const { link } = await ssh.open(ssh.settings());
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
    const { link } = await ssh.open(ssh.settings({ port: relay.port }));
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
    expect(await new Promise((resolve) => link.onLost(resolve))).toMatchObject({ code: 'connection.lost' });
    await relay.stop();
  });

  it('notices in bounded time that nothing comes through any more', async () => {
    const relay = await startRelay(sshd.port);
    const { link } = await ssh.open(ssh.settings({ port: relay.port }));
    const lost = new Promise<Error>((resolve) => link.onLost(resolve));
    relay.stall();
    const running = failureOf(link.run(['true'], { ...limits, timeoutMs: 60_000 }, never));
    expect(await lost).toMatchObject({ code: 'connection.lost' });
    expect(await running).toMatchObject({ code: 'connection.lost' });
    await relay.stop();
  }, 60_000);

  it('is not told lost when it was closed on purpose', async () => {
    const { link } = await ssh.open(ssh.settings());
    const lost: Error[] = [];
    link.onLost((error) => lost.push(error));
    link.close();
    link.close();
    await expect(link.run(['true'], limits, never)).rejects.toMatchObject({ code: 'connection.lost' });
    expect(lost).toEqual([]);
  });

  it('works with a server that allows two channels, or one', async () => {
    for (const sessions of [2, 1]) {
      const narrow = await startSshd([`MaxSessions ${sessions}`]);
      try {
        const target = {
          port: narrow.port,
          hostKeys: [narrow.pin],
          auth: { method: 'key' as const, path: narrow.keyPath },
        };
        const { link } = await ssh.open(ssh.settings(target));
        const stream = await link.start(['cat'], never);
        // Ends with its input, as every stream should: with one channel no second one can end it.
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
      const { link } = await ssh.open(ssh.settings(at(noisy)));
      expect(await link.run(['sh', '-c', 'echo out; echo err >&2'], limits, never)).toMatchObject({
        stdout: 'out\n',
        stderr: 'err\n',
      });
      const stream = await link.start(['echo', 'line'], never);
      const lines: string[] = [];
      stream.onLine((line) => lines.push(line));
      await new Promise((resolve) => stream.onExit(resolve));
      expect(lines).toEqual(['line']);
      const closed = await ssh.open(ssh.settings(at(fixed)));
      await expect(closed.link.run(['true'], limits, never)).rejects.toMatchObject({
        code: 'remote.unintelligible',
        data: { excerpt: 'This account is closed' },
      });
    } finally {
      await Promise.all([noisy.stop(), fixed.stop()]);
    }
  });
});

function runningWith(token: string): readonly string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,args='], { maxBuffer: 10_000_000 }).toString().split('\n');
  return all.filter((line) => line.includes(token) && !line.includes('vitest'));
}
