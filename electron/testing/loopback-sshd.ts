import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const sshdPath = '/usr/sbin/sshd';

/** Why tests that ask OpenSSH for a second opinion cannot run here; undefined when they can. */
export function whyNoSshKeygen(): string | undefined {
  return existsSync('/usr/bin/ssh-keygen')
    ? undefined
    : 'no ssh-keygen on this machine (Debian package openssh-client)';
}

/** Why tests against a real sshd cannot run here; undefined when they can. */
export function whyNoSshd(): string | undefined {
  if (!existsSync(sshdPath)) return 'no /usr/sbin/sshd on this machine (Debian package openssh-server)';
  return whyNoSshKeygen();
}

export interface LoopbackSshd {
  readonly port: number;
  readonly user: string;
  /** Temporary; holds `host_ed25519`, `home/.ssh` and what tests add. Removed by `stop`. */
  readonly folder: string;
  /** `<algorithm> SHA256:...` of the host key. */
  readonly pin: string;
  /** A key that may sign in, without passphrase. */
  readonly keyPath: string;
  /** A home folder for the client with an empty `.ssh`. */
  readonly home: string;
  authorize(publicKeyPath: string): void;
  stop(): Promise<void>;
}

/** Makes a key pair with ssh-keygen. */
export function makeKey(file: string, ...args: readonly string[]): string {
  execFileSync('ssh-keygen', ['-q', '-f', file, ...(args.includes('-N') ? [] : ['-N', '']), ...args]);
  return file;
}

/** `<algorithm> SHA256:...` of a public key file, by ssh-keygen: a second opinion on our own computation. */
export function pinOf(publicKeyPath: string): string {
  const algorithm = readFileSync(publicKeyPath, 'utf8').split(' ')[0] ?? '';
  const printed = execFileSync('ssh-keygen', ['-lf', publicKeyPath]).toString();
  return `${algorithm} ${printed.split(' ')[1] ?? ''}`;
}

/** Starts a real sshd as the current user on a loopback port, with keys of its own. `lines` are added to its configuration. */
export async function startSshd(lines: readonly string[] = []): Promise<LoopbackSshd> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-sshd-'));
  const home = path.join(folder, 'home');
  mkdirSync(path.join(home, '.ssh'), { recursive: true, mode: 0o700 });
  const keyPath = makeKey(path.join(folder, 'user_ed25519'), '-t', 'ed25519');
  makeKey(path.join(folder, 'host_ed25519'), '-t', 'ed25519');
  const authorized = path.join(folder, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${keyPath}.pub`), { mode: 0o600 });
  const port = await freePort();
  const config = path.join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      ...lines,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...(lines.some((line) => line.startsWith('HostKey ')) ? [] : [`HostKey ${folder}/host_ed25519`]),
      `AuthorizedKeysFile ${authorized}`,
      `PidFile ${folder}/sshd.pid`,
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
    ].join('\n'),
  );
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(sshdPath, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  await waitUntilListening(child);
  return {
    port,
    user: os.userInfo().username,
    folder,
    pin: pinOf(path.join(folder, 'host_ed25519.pub')),
    keyPath,
    home,
    authorize: (publicKeyPath) =>
      writeFileSync(authorized, `${readFileSync(authorized, 'utf8')}${readFileSync(publicKeyPath, 'utf8')}`),
    stop: async () => {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** sshd says so on its error stream. */
function waitUntilListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
    child.once('error', reject);
  });
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
