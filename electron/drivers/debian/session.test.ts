import { describe, expect, it } from 'vitest';
import { parseConnectionId, type EntityId } from '../../contract/ids.ts';
import { entityRecordSchema, type EntityRecord } from '../../contract/records/index.ts';
import type { DriverSession } from '../../core/ports/driver.ts';
import type { RunResult } from '../../core/ports/host-link.ts';
import { silentLog } from '../../core/ports/log.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { batchOutput, hostRecording, ReplayedHost, type SeenCommand } from '../../testing/replayed-host.ts';
import { accessScript, containerScript, domainScript, fullScript, statusScript } from './host/batch-script.ts';
import { createDebianDriver, type DebianDriverOptions } from './index.ts';

const never = new AbortController().signal;
const rootAccess = batchOutput({ uid: '0\n', user: 'root\n', virsh: 'qemu:///system\n', lxc: '' });

/** A host of one Debian version that answers as recorded, with single answers replaced. */
function recordedHost(
  version: 12 | 13,
  replace: (command: SeenCommand) => string | RunResult | undefined = () => undefined,
): ReplayedHost {
  const recordings = new Map([
    [accessScript, rootAccess],
    [fullScript, hostRecording(`debian-${version}-full`)],
    [statusScript, hostRecording(`debian-${version}-status`)],
  ]);
  return new ReplayedHost((command) => {
    const replaced = replace(command);
    if (replaced !== undefined) return replaced;
    const recorded = recordings.get(command.script ?? '');
    if (recorded === undefined) throw new Error(`not recorded: ${command.words.join(' ')}`);
    return recorded;
  });
}

async function openOn(host: ReplayedHost, options: Partial<DebianDriverOptions> = {}): Promise<DriverSession> {
  const context = { connectionId: parseConnectionId('lab'), link: host, clock: new FakeClock(), log: silentLog };
  return createDebianDriver({ endpoint: 'n1:22', ...options }).open(context, never);
}

const summary = (record: EntityRecord) => {
  switch (record.kind) {
    case 'node':
      return [record.name, record.systemVersion, record.cpuCount, record.memoryBytes, record.notices];
    case 'guest':
      return [record.name, record.virtualization, record.power, record.cpuCount, record.memoryBytes, record.diskBytes];
    case 'storage':
      return [record.name, record.storageType, record.availability, record.totalBytes];
    case 'network':
      return [record.name, record.networkType, record.isActive];
    case 'cluster':
    case 'connection':
    case 'pool':
      return [record.kind];
  }
};

describe.each([
  [12, 'n1', '12.15'],
  [13, 'n2', '13.7'],
] as const)('a Debian %i host as recorded', (version, name, full) => {
  it('is listed whole in one round trip', async () => {
    const host = recordedHost(version);
    const session = await openOn(host);
    const before = host.seen.length;
    const { records } = await session.listInventory('full', never);
    expect(host.seen.length - before).toBe(1);
    for (const record of records) entityRecordSchema.parse(record);
    const vm = 96 * 1024 * 1024;
    expect(records.map(summary)).toEqual([
      [name, `Debian ${full}`, 2, 25_276_510_208, []],
      [`vm-${name}`, 'vm', 'running', 1, vm, 268_435_456],
      [`it's <b> "q" ü😀 x`, 'vm', 'stopped', 1, vm, 67_108_864],
      [`vm-${name}-off`, 'vm', 'stopped', 1, vm, 268_435_456],
      [`a b'<i>ü`, 'container', 'stopped', 2, 268_435_456, 0],
      [`ct-${name}`, 'container', 'running', 0, 0, 0],
      [`ct-${name}-off`, 'container', 'stopped', 0, 0, 0],
      ['default', 'dir', 'available', 270_553_174_016],
      ['spare', 'dir', 'unavailable', 0],
      ['/var/lib/lxc', 'ext4', 'available', 270_553_174_016],
      ['default', 'libvirt-network', true],
      ['lan', 'libvirt-network', true],
      ['lxcbr0', 'bridge', true],
    ]);
    expect(session.facts).toMatchObject({ systemVersion: `Debian ${full}`, account: 'root', endpoint: 'n1:22' });
  });

  it('tells rates from the second reading on, and starts that do not move', async () => {
    const session = await openOn(recordedHost(version));
    const first = await session.listInventory('full', never);
    const second = await session.listInventory('status', never);
    const running = first.records.find((record) => record.name === `vm-${name}`);
    const row = (listing: typeof first) => listing.loads.find((load) => load[0] === running?.id);
    expect(row(first)?.[1]).toBeNull();
    const [, cpuRatio, memoryUsedBytes] = row(second) ?? [];
    expect(cpuRatio).toBeGreaterThan(0);
    expect(cpuRatio).toBeLessThanOrEqual(1);
    expect(memoryUsedBytes).toBeGreaterThan(10_000_000);
    expect(second.records).toEqual(first.records);
    const history = await session.details.history(running?.id ?? ('' as EntityId), 'hour', never);
    expect(history.memoryUsedBytes[0]).toBeNull();
    expect(history.memoryTotalBytes.at(-1)).toBe(96 * 1024 * 1024);
  });

  it('shows a domain with hardware, lease and definition', async () => {
    const host = recordedHost(version, ({ script }) =>
      script === domainScript ? hostRecording(`debian-${version}-domain`) : undefined,
    );
    const session = await openOn(host);
    const { records } = await session.listInventory('status', never);
    const id = records.find((record) => record.name === `vm-${name}`)?.id ?? ('' as EntityId);
    const details = await session.details.read(id, never);
    expect(details.addresses).toEqual([
      {
        interfaceName: 'vnet3',
        mac: expect.any(String) as string,
        address: expect.stringMatching(/^192\.168\.122\.\d+$/) as string,
        source: 'lease',
      },
    ]);
    expect(details.facts).toContainEqual({ key: 'state', value: 'running (booted)', copyable: false });
    expect(details.hardware.map((item) => item.hardwareType)).toEqual(
      expect.arrayContaining(['cpu', 'memory', 'machine', 'firmware', 'disk', 'nic', 'serial', 'display']),
    );
    expect(details.configurationText).toMatch(/^<domain type='qemu'>/);
  });

  it('shows a domain and a container with odd names, and masks secrets', async () => {
    const host = recordedHost(version, ({ script }) => {
      if (script === domainScript) return hostRecording(`debian-${version}-odd-domain`);
      return script === containerScript ? hostRecording(`debian-${version}-odd-container`) : undefined;
    });
    const session = await openOn(host);
    const { records } = await session.listInventory('status', never);
    const idOf = (wanted: string) => records.find((record) => record.name === wanted)?.id ?? ('' as EntityId);
    const domain = await session.details.read(idOf(`it's <b> "q" ü😀 x`), never);
    expect(domain).toMatchObject({
      description: 'two<br> lines',
      addresses: [],
      addressesNote: { code: 'not-running', detail: '' },
    });
    expect(domain.facts).toContainEqual({ key: 'title', value: 'T & t', copyable: false });
    const container = await session.details.read(idOf(`a b'<i>ü`), never);
    expect(host.seen.at(-1)?.words).toEqual([`a b'<i>ü`]);
    expect(container.configuration).toContainEqual({ key: 'lxc.environment', value: 'DB_PASSWORD=***' });
    expect(JSON.stringify(container)).not.toContain('hunter2');
    expect(container.hardware).toContainEqual({ slot: 'memory', hardwareType: 'memory', summary: '256M' });
  });
});

describe('what a host lacks', () => {
  const withoutSections = (text: string, ...names: readonly string[]) =>
    names.reduce((rest, name) => rest.replace(new RegExp(`@@MARK begin ${name}\\n[^]*?@@MARK done\\n`), ''), text);
  const noticesOf = async (text: string, options: Partial<DebianDriverOptions> = {}, access = rootAccess) => {
    const host = recordedHost(12, ({ script }) => {
      if (script === accessScript) return access;
      return script === fullScript || script === statusScript ? text : undefined;
    });
    const { records } = await (await openOn(host, options)).listInventory('full', never);
    return records.flatMap((record) => (record.kind === 'node' ? record.notices : []));
  };
  const recording = hostRecording('debian-12-full');

  it('is told with the command that installs it', async () => {
    const lxcSections = ['lxc', 'containers', 'cgroups', 'lxcversion', 'lxcpath', 'lxcdisk', 'lxcconfigs'];
    const libvirtSections = ['domains', 'pidfiles', 'lists', 'pools', 'networks'];
    expect(await noticesOf(withoutSections(recording, ...lxcSections))).toEqual([
      { code: 'lxc-missing', detail: 'apt install lxc' },
    ]);
    expect(await noticesOf(withoutSections(recording, ...libvirtSections, ...lxcSections))).toEqual([
      { code: 'libvirt-missing', detail: 'apt install libvirt-daemon-system libvirt-clients qemu-system-x86' },
      { code: 'lxc-missing', detail: 'apt install lxc' },
    ]);
  });

  it('is told with the remedy when the account may not', async () => {
    const denied =
      'error: failed to connect to the hypervisor\nerror: authentication unavailable: no polkit agent available to authenticate action';
    const text = withoutSections(
      recording,
      'containers',
      'cgroups',
      'lxcpath',
      'lxcdisk',
      'lxcconfigs',
      'lists',
      'pools',
      'networks',
    ).replace(
      /@@MARK begin domains\n[^]*?@@MARK done\n/,
      `@@MARK begin domains\n\n@@MARK end 1\n${denied}\n@@MARK done\n`,
    );
    const access = batchOutput({
      uid: '1000\n',
      user: 'guest0\n',
      virsh: { code: 1, stderr: denied },
      lxc: '',
      sudo: { code: 1, stderr: 'sudo: a password is required' },
    });
    expect(await noticesOf(text, {}, access)).toEqual([
      { code: 'libvirt-not-permitted', detail: 'usermod -aG libvirt guest0' },
      {
        code: 'lxc-not-permitted',
        detail: 'sudo: a password is required',
      },
    ]);
    await expect(noticesOf(text, { privilege: 'sudo' }, access)).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('says so when the system is not one that it was made for', async () => {
    expect(await noticesOf(recording.replace('ID=debian', 'ID=ubuntu'))).toEqual([
      { code: 'version-unsupported', detail: 'Debian GNU/Linux 12 (bookworm)' },
    ]);
  });
});

describe('rights', () => {
  const plain = batchOutput({ uid: '1000\n', user: 'admin\n', virsh: 'qemu:///system\n', lxc: '', sudo: '' });
  const isElevated = ({ words }: SeenCommand) => words.includes('sudo');

  it('are gained by sudo -n where that opens more, and only then', async () => {
    const argvs: (readonly string[])[] = [];
    class Watching extends ReplayedHost {
      override run(argv: readonly string[], options: unknown, signal: AbortSignal): Promise<RunResult> {
        argvs.push(argv);
        return super.run(argv, options, signal);
      }
    }
    const answer = (access: string) => (command: SeenCommand) => {
      if (command.script !== accessScript) return hostRecording('debian-12-full');
      return isElevated(command) || argvs.at(-1)?.[0] === 'sudo' ? rootAccess : access;
    };
    const session = await openOn(new Watching(answer(plain)));
    expect(session.facts.account).toBe('admin (sudo)');
    expect(argvs.at(-1)?.slice(0, 8)).toEqual(['sudo', '-n', '--', 'env', 'LC_ALL=C.UTF-8', 'timeout', '-k', '2']);
    argvs.length = 0;
    const libvirtOnly = batchOutput({ uid: '1000\n', user: 'admin\n', virsh: 'qemu:///system\n', sudo: '' });
    expect((await openOn(new Watching(answer(libvirtOnly)))).facts.account).toBe('admin');
    expect(argvs.every(([program]) => program !== 'sudo')).toBe(true);
    const unprivileged = await openOn(new Watching(answer(plain)), { privilege: 'none' });
    expect(unprivileged.facts).toMatchObject({ account: 'admin', missingRights: ['lxc: root, or sudo -n'] });
  });
});

describe('a host in trouble', () => {
  it('keeps its guests in the inventory while libvirtd does not answer', async () => {
    let isDown = false;
    const broken = hostRecording('debian-12-status').replace(
      /@@MARK begin domains\n[^]*?@@MARK done\n/,
      '@@MARK begin domains\n\n@@MARK end 1\nerror: failed to connect to the hypervisor\n@@MARK done\n',
    );
    const session = await openOn(
      recordedHost(12, ({ script }) => (isDown && script === statusScript ? broken : undefined)),
    );
    isDown = true;
    await expect(session.listInventory('status', never)).rejects.toMatchObject({
      code: 'remote.refused',
      data: { text: 'failed to connect to the hypervisor' },
    });
    isDown = false;
    expect((await session.listInventory('status', never)).records.length).toBeGreaterThan(5);
  });

  it('is unusable once it is closed', async () => {
    const session = await openOn(recordedHost(12));
    await session.close();
    await session.close();
    await expect(session.listInventory('status', never)).rejects.toMatchObject({ code: 'operation.cancelled' });
  });
});

describe('start times', () => {
  it('do not move with the host clock by a second, and move when the guest is started again', async () => {
    let text = hostRecording('debian-12-status');
    const host = recordedHost(12, ({ script }) => (script === statusScript ? text : undefined));
    const session = await openOn(host);
    const startOf = async () => {
      const { records } = await session.listInventory('status', never);
      return records.flatMap((record) =>
        record.name === 'vm-n1' && record.kind === 'guest' ? [record.startedAtMs] : [],
      );
    };
    const first = await startOf();
    text = text.replace(/btime (\d+)/, (_whole, seconds: string) => `btime ${Number(seconds) + 1}`);
    expect(await startOf()).toEqual(first);
    text = text.replace(
      /(\(qemu-system-x86\) (?:\S+ ){19})(\d+)/,
      (_whole, head: string, ticks: string) => `${head}${Number(ticks) + 60_000}`,
    );
    expect(await startOf()).toEqual([(first[0] ?? 0) + 601_000]);
  });
});
