import { describe, expect, it } from 'vitest';
import { describeLab } from './describe-lab.ts';
import { answersAsSsh, labCommand, runOnNode, type LabNode } from './lab-nodes.ts';

type Named<K extends 'guests' | 'containers'> = LabNode & { readonly [key in K]: NonNullable<LabNode[K]> };

/** Asks until the answer is the wished one or the time is over; returns the last answer. */
async function eventually<T>(ask: () => Promise<T>, wished: (answer: T) => boolean, withinMs: number): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (wished(answer) || Date.now() > end) return answer;
  }
}

async function output(node: LabNode, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await runOnNode(node, argv);
  if (code !== 0) throw new Error(`${argv.join(' ')} on ${node.name} ended with ${code}: ${stderr}`);
  return stdout.trim();
}

/** What is running on a node, as soon as something is. */
function namesOnceThere(node: LabNode, ...argv: string[]): Promise<string> {
  return eventually(
    () => output(node, ...argv),
    (names) => names !== '',
    60_000,
  );
}

const runningGuests = ['virsh', 'list', '--name', '--state-running'];
const runningContainers = ['lxc-ls', '-1', '--running'];

await describeLab('the lab', (lab) => {
  const withGuests = lab.nodes.filter((node): node is Named<'guests'> => node.guests !== null);
  const withContainers = lab.nodes.filter((node): node is Named<'containers'> => node.containers !== null);
  const last = lab.nodes.at(-1)!;

  it.each(lab.nodes)('$name is the Debian it is said to be, with nothing failed', async (node) => {
    expect(await output(node, 'cat', '/etc/debian_version')).toMatch(new RegExp(`^${node.debian}\\.`));
    expect(await output(node, 'hostname')).toBe(node.name);
    expect(await output(node, 'systemctl', 'is-system-running', '--wait')).toBe('running');
  });

  it.each(lab.nodes)('$name has the tools of its variant and no others', async (node) => {
    const { stdout } = await runOnNode(node, ['bash', '-c', 'type -P virsh qemu-system-x86_64 lxc-start']);
    const libvirt = node.guests === null ? [] : ['/usr/bin/virsh', '/usr/bin/qemu-system-x86_64'];
    const lxc = node.containers === null ? [] : ['/usr/bin/lxc-start'];
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([...libvirt, ...lxc]);
  });

  describe.each(withGuests)('QEMU on $name', (node) => {
    it('has one guest that runs and one that is shut off', async () => {
      expect(await output(node, ...runningGuests)).toBe(node.guests.running);
      expect(await output(node, 'virsh', 'list', '--name', '--state-shutoff')).toBe(node.guests.stopped);
    });

    it('has a guest with a VNC display, a heartbeat, a lease and disk writes', async () => {
      const guest = node.guests.running;
      expect(await output(node, 'virsh', 'domdisplay', guest)).toMatch(/^vnc:\/\/127\.0\.0\.1:\d+$/);
      const alive = await eventually(
        async () => ({
          heartbeat: await output(node, 'tail', '-n', '1', `/var/log/libvirt/qemu/${guest}-heartbeat.log`),
          addresses: await output(node, 'virsh', 'domifaddr', guest),
          writes: /wr_req (\d+)/.exec(await output(node, 'virsh', 'domblkstat', guest, 'vda'))?.[1],
        }),
        ({ heartbeat, addresses, writes }) =>
          heartbeat !== '' && addresses.includes('192.168.122.') && Number(writes) > 0,
        60_000,
      );
      expect(alive.heartbeat).toMatch(new RegExp(`^HB ${guest} n=\\d+ up=`));
      expect(alive.addresses).toContain('192.168.122.');
      expect(Number(alive.writes)).toBeGreaterThan(0);
    });
  });

  describe.each(withContainers)('LXC on $name', (node) => {
    it('has one container that runs, with an address, and one that is stopped', async () => {
      expect(await output(node, ...runningContainers)).toBe(node.containers.running);
      expect(await output(node, 'lxc-ls', '-1', '--stopped')).toBe(node.containers.stopped);
      const info = await eventually(
        () => output(node, 'lxc-info', '-n', node.containers.running, '-i'),
        (text) => text.includes('10.0.3.'),
        30_000,
      );
      expect(info).toContain('10.0.3.');
    });
  });

  it('leads from one node to another, for jump hosts', async () => {
    const banner = `exec 3<>/dev/tcp/${last.address}/22 && head -c 4 <&3`;
    expect(await output(lab.nodes[0]!, 'timeout', '5', 'bash', '-c', banner)).toBe('SSH-');
  });

  it('cuts a node off and joins it again', async () => {
    await labCommand('partition', last.name);
    const cut = await answersAsSsh(last.host, last.port, 1_000);
    await labCommand('heal', last.name);
    const healed = await eventually(
      () => answersAsSsh(last.host, last.port, 1_000),
      (answer) => answer,
      20_000,
    );
    expect({ cut, healed }).toEqual({ cut: false, healed: true });
  });

  it('has an sshd that accepts and never answers while it is paused', async () => {
    await labCommand('pause-sshd', last.name);
    const paused = await answersAsSsh(last.host, last.port, 1_000);
    await labCommand('resume-sshd', last.name);
    const resumed = await answersAsSsh(last.host, last.port, 20_000);
    expect({ paused, resumed }).toEqual({ paused: false, resumed: true });
  });

  it('gives a node new host keys', async () => {
    const before = await output(last, 'cat', '/etc/ssh/ssh_host_ed25519_key.pub');
    await labCommand('rekey', last.name);
    expect(await output(last, 'cat', '/etc/ssh/ssh_host_ed25519_key.pub')).not.toBe(before);
  });

  it('reboots a node, whose guests come back by themselves', async () => {
    const node = withGuests.find((candidate) => candidate.containers !== null)!;
    const booted = await output(node, 'stat', '-c', '%Y', '/run/systemd/system');
    await labCommand('reboot', node.name);
    expect(await output(node, 'stat', '-c', '%Y', '/run/systemd/system')).not.toBe(booted);
    expect(await namesOnceThere(node, ...runningGuests)).toBe(node.guests.running);
    expect(await namesOnceThere(node, ...runningContainers)).toBe(node.containers?.running);
  });

  it('finds everything up when it is told to come up again', async () => {
    const options = lab.nodes.flatMap(({ name, variant, debian }) =>
      `--variant ${name}=${variant} --debian ${name}=${debian}`.split(' '),
    );
    const said = await labCommand('up', String(lab.nodes.length), ...options);
    expect(said.match(/n\d is up already/g)).toEqual(lab.nodes.map((node) => `${node.name} is up already`));
  });
});
