import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { debianSettingsSchema, type DebianSettings, type SshAuth } from '../../contract/connection-settings.ts';
import { silentLog } from '../../core/ports/log.ts';
import type { Prompter, PromptReply } from '../../core/ports/prompter.ts';
import { startRelay } from '../../testing/loopback-relay.ts';
import { realClock } from '../../testing/real-clock.ts';
import { failureOf, limits, never, nobody } from '../../testing/ssh-client-harness.ts';
import { describeLab } from '../../../test/lab/describe-lab.ts';
import { labCommand, runOnNode } from '../../../test/lab/lab-nodes.ts';
import { openSshLink, probeSsh, type OpenedSshLink } from './index.ts';

/** Answers every question with the same secret. */
const answering = (secret: string): Prompter => ({
  ask: async (question): Promise<PromptReply> => {
    const count = question.type === 'keyboard-interactive' ? question.fields.length : 1;
    return { type: 'secrets', secrets: Array.from({ length: count }, () => secret), remember: false };
  },
});

await describeLab('SSH to real nodes', (lab) => {
  const [first, second] = lab.nodes;
  if (first === undefined || second === undefined) throw new Error('two nodes are needed');
  const pins = new Map<string, string>();
  const opened: OpenedSshLink[] = [];
  const pinOf = async (port: number) => {
    const found = await probeSsh('127.0.0.1', port, { clock: realClock, homeDirectory: '/nonexistent' }, never);
    return `${found.hostKey.algorithm} ${found.hostKey.fingerprint}`;
  };
  beforeAll(async () => {
    for (const node of lab.nodes) pins.set(node.name, await pinOf(node.port));
  });
  afterEach(() => {
    for (const { link } of opened.splice(0)) link.close();
  });

  const hop = (node: typeof first, user: string, auth: SshAuth) => ({
    host: node.host,
    port: node.port,
    user,
    auth,
    hostKeys: [pins.get(node.name) ?? ''],
  });
  const open = async (
    target: object,
    prompter: Prompter = nobody,
    jumps: readonly object[] = [],
    agentPath = '',
  ): Promise<OpenedSshLink> => {
    const settings: DebianSettings = debianSettingsSchema.parse({ kind: 'debian', target, jumps });
    const link = await openSshLink(
      settings,
      {
        secrets: { get: async () => undefined },
        prompter,
        clock: realClock,
        log: silentLog,
        homeDirectory: '/nonexistent',
        agentPath,
      },
      never,
    );
    opened.push(link);
    return link;
  };
  const whoami = async ({ link }: OpenedSshLink) => (await link.run(['id', '-un'], limits, never)).stdout.trim();
  const key = (file: string): SshAuth => ({ method: 'key', path: file });
  const passwordOf = (name: string) => lab.accounts.find((account) => account.name === name)?.password ?? '';

  for (const node of [first, second]) {
    it(`signs in to ${node.name} in every way that its accounts allow`, async () => {
      expect(await whoami(await open(hop(node, 'root', key(lab.keys.plain))))).toBe('root');
      expect(await whoami(await open(hop(node, 'root', key(lab.keys.rsa))))).toBe('root');
      const unlocking = answering(lab.keys.passphrase);
      expect(await whoami(await open(hop(node, 'admin', key(lab.keys.encrypted)), unlocking))).toBe('admin');
      for (const user of ['operator', 'admin', 'guest0', 'kbd']) {
        const typed = answering(passwordOf(user));
        expect(await whoami(await open(hop(node, user, { method: 'password' }), typed))).toBe(user);
      }
      const automatic = await open(hop(node, 'kbd', { method: 'automatic' }), answering(passwordOf('kbd')));
      expect(await whoami(automatic)).toBe('kbd');
    });
  }

  it('is refused with a wrong password, passphrase and key', async () => {
    expect(await failureOf(open(hop(first, 'operator', { method: 'password' }), answering('wrong')))).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'password' },
    });
    expect(await failureOf(open(hop(first, 'kbd', { method: 'password' }), answering('wrong')))).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'keyboard-interactive' },
    });
    const locked = hop(first, 'admin', key(lab.keys.encrypted));
    expect(await failureOf(open(locked, answering('wrong')))).toMatchObject({ code: 'auth.key-unreadable' });
    expect(await failureOf(open(hop(first, 'guest0', key(lab.keys.plain))))).toMatchObject({ code: 'auth.rejected' });
  });

  it('goes through a jump host, and through two', async () => {
    const root = key(lab.keys.plain);
    const far = { ...hop(second, 'root', root), host: second.address, port: 22 };
    const link = await open(far, nobody, [hop(first, 'root', root)]);
    expect((await link.link.run(['hostname'], limits, never)).stdout.trim()).toBe(second.name);
    const back = { ...hop(first, 'root', root), host: first.address, port: 22 };
    const twice = await open(back, nobody, [hop(first, 'root', root), far]);
    expect((await twice.link.run(['hostname'], limits, never)).stdout.trim()).toBe(first.name);
    const mixed = await open(far, answering(passwordOf('operator')), [hop(first, 'operator', { method: 'password' })]);
    expect(await whoami(mixed)).toBe('root');
    const dead = { ...far, host: '10.255.255.1' };
    expect(await failureOf(open(dead, nobody, [hop(first, 'root', root)]))).toMatchObject({
      code: 'connection.unreachable',
      data: { endpoint: '10.255.255.1:22' },
    });
  });

  it('refuses a node whose host key differs from the pinned one', async () => {
    const pinned = { ...hop(first, 'root', key(lab.keys.plain)), hostKeys: [pins.get(second.name) ?? ''] };
    expect(await failureOf(open(pinned))).toMatchObject({
      code: 'connection.identity-changed',
      data: { expected: pins.get(second.name), presented: pins.get(first.name) },
    });
  });

  it('notices in bounded time that the way to the node is dead', async () => {
    const relay = await startRelay(second.port, second.host);
    const { link } = await open({ ...hop(second, 'root', key(lab.keys.plain)), host: '127.0.0.1', port: relay.port });
    const lost = new Promise<Error>((resolve) => link.onLost(resolve));
    const running = failureOf(link.run(['sleep', '300'], { ...limits, timeoutMs: 300_000 }, never));
    relay.stall();
    expect(await lost).toMatchObject({ code: 'connection.lost' });
    expect(await running).toMatchObject({ code: 'connection.lost' });
    await relay.stop();
  });

  it('says that a stopped sshd is silent', async () => {
    await labCommand('pause-sshd', second.name);
    try {
      expect(await failureOf(open(hop(second, 'root', key(lab.keys.plain))))).toMatchObject({
        code: 'connection.silent',
      });
    } finally {
      await labCommand('resume-sshd', second.name);
    }
  });

  it('leaves no process behind on the node after a time-out, an abort and a stream', async () => {
    const token = `wh-lab-${process.pid}-${Date.now()}`;
    const { link } = await open(hop(first, 'root', key(lab.keys.plain)));
    const script = `sh -c 'sleep 300; : ${token}' & sleep 300; : ${token}`;
    const calling = new AbortController();
    const aborted = failureOf(link.run(['sh', '-c', script], limits, calling.signal));
    const stream = await link.start(['sh', '-c', `echo up; ${script}`], never);
    await new Promise<void>((resolve) => stream.onLine(() => resolve()));
    expect(await failureOf(link.run(['sh', '-c', script], { ...limits, timeoutMs: 1_000 }, never))).toMatchObject({
      code: 'operation.timed-out',
    });
    calling.abort();
    expect(await aborted).toMatchObject({ code: 'operation.cancelled' });
    stream.kill();
    const left = async () => (await runOnNode(first, ['pgrep', '-fc', `[:] ${token}`])).stdout.trim();
    await expect.poll(left).toBe('0');
  });

  it('carries sixty commands at once over one connection', async () => {
    const { link } = await open(hop(second, 'operator', { method: 'password' }), answering(passwordOf('operator')));
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        link.run(['echo', String(index)], { ...limits, timeoutMs: 60_000 }, never),
      ),
    );
    expect(results.map((result) => Number(result.stdout))).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });

  let agent: ChildProcess | undefined;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-agent-'));
  afterAll(() => {
    agent?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  it('signs in with an RSA key of the agent', async () => {
    const socket = path.join(folder, 'agent.sock');
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    await expect.poll(() => existsSync(socket)).toBe(true);
    const adding = spawn('ssh-add', ['-q', lab.keys.rsa], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'ignore',
    });
    await new Promise((resolve) => adding.once('exit', resolve));
    expect(await whoami(await open(hop(first, 'root', { method: 'agent' }), nobody, [], socket))).toBe('root');
  });
});
