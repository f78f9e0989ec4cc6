import { describe, expect, it } from 'vitest';
import type { EntityId } from '../../contract/ids.ts';
import { noLoad, toLoadRow } from '../../contract/records/index.ts';
import { HistoryRing } from './history-ring.ts';
import { parseHostDisks, parseHostNet } from './host/parse-host.ts';
import { powerOfState, powerOfWords } from './libvirt/map/power.ts';
import { readDomainStats, splitDomstats } from './libvirt/parse/domstats.ts';
import { hintFromEventLine, hintFromMonitorLine } from './libvirt/parse/event-line.ts';
import { maskXmlSecrets } from './libvirt/parse/domain-xml.ts';
import { parseContainerConfig, readContainerLimits } from './lxc/parse/container-config.ts';
import { parseContainerCounters } from './lxc/parse/container-counters.ts';
import { noRates, RateMeter, type Counters } from './rates.ts';

const id = 'lab/guest/qemu:x' as EntityId;

describe('rates', () => {
  const at = (atS: number, sum: number | null): Counters => ({
    atS,
    cpuTimeNs: sum === null ? null : sum * 1e9,
    netInBytes: sum,
    netOutBytes: sum,
    diskReadBytes: sum,
    diskWriteBytes: sum,
  });

  it('are the change per second, unknown at first and across a restart', () => {
    const meter = new RateMeter();
    expect(meter.measure('x', at(10, 5))).toEqual(noRates);
    expect(meter.measure('x', at(20, 25))).toEqual({ cpus: 2, netIn: 2, netOut: 2, diskRead: 2, diskWrite: 2 });
    expect(meter.measure('x', at(20.1, 99))).toMatchObject({ cpus: 2 });
    expect(meter.measure('x', at(30, 0))).toEqual(noRates);
    expect(meter.measure('x', at(40, null))).toEqual(noRates);
  });

  it('begin anew after the host was restarted, and are forgotten with the guest', () => {
    const meter = new RateMeter();
    meter.measure('x', at(1_000, 5));
    expect(meter.measure('x', at(3, 1))).toEqual(noRates);
    meter.keepOnly(new Set());
    expect(meter.measure('x', at(13, 11))).toEqual(noRates);
  });
});

describe('history', () => {
  it('keeps an hour in steps of ten seconds, with gaps as gaps', () => {
    const ring = new HistoryRing();
    const row = toLoadRow(id, { ...noLoad, cpuRatio: 0.5 });
    for (let second = 0; second <= 60; second += 1) ring.add(row, 1_000, second * 1_000);
    ring.add(row, 1_000, 300_000);
    const history = ring.read(id, 'hour', 360_000);
    expect(history.timesMs).toEqual([-3_240_000, 0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 299_999, 300_000]);
    expect(history.cpuRatio).toEqual([null, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, null, 0.5]);
    for (let minute = 10; minute < 200; minute += 1) ring.add(row, 1_000, minute * 60_000);
    expect(ring.read(id, 'day', 200 * 60_000).timesMs.length).toBeLessThan(70);
    ring.keepOnly(new Set());
    expect(ring.read(id, 'hour', 1).cpuRatio).toEqual([null]);
  });
});

describe('power states', () => {
  it('are those of virDomainState, with a managed save as hibernation', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 99].map((state) => powerOfState(state, false))).toEqual([
      'unknown',
      'running',
      'running',
      'paused',
      'running',
      'stopped',
      'paused',
      'paused',
      'unknown',
    ]);
    expect(powerOfState(5, true)).toBe('suspended');
    expect(powerOfState(1, true)).toBe('running');
    expect(powerOfWords('shut off (saved)\n', true)).toEqual({ power: 'suspended', words: 'shut off (saved)' });
    expect(powerOfWords('nonsense', false).power).toBe('unknown');
  });
});

describe('figures of a domain', () => {
  const read = (...lines: readonly string[]) => {
    const fields = splitDomstats(["Domain: 'it's a 'name''", ...lines.map((line) => `  ${line}`)].join('\n'));
    return readDomainStats(fields.get("it's a 'name'") ?? new Map());
  };

  it('are sums over its devices, null where none tells', () => {
    expect(
      read(
        'state.state=1',
        'net.count=2',
        'net.0.rx.bytes=1',
        'net.1.rx.bytes=2',
        'block.count=1',
        'block.0.capacity=9',
      ),
    ).toMatchObject({ netInBytes: 3, netOutBytes: null, diskBytes: 9, diskReadBytes: null, memoryUsedBytes: null });
  });

  it('come from the balloon driver where there is one, else from the emulator', () => {
    const balloon = ['state.state=1', 'balloon.maximum=1000', 'balloon.rss=5000'];
    expect(read(...balloon).memoryUsedBytes).toBe(1000 * 1024);
    expect(read(...balloon, 'balloon.available=900', 'balloon.unused=400').memoryUsedBytes).toBe(500 * 1024);
  });

  it('survive absurd numbers', () => {
    expect(read('state.state=1', 'net.count=99999999999', 'block.count=-4', 'vcpu.current=abc')).toMatchObject({
      netInBytes: null,
      vcpuCount: 0,
    });
  });
});

describe('events', () => {
  // Lines as virsh of libvirt 9.0 and 11.3 printed them.
  it('become hints, except for those that change nothing', () => {
    const line = (event: string) => `2026-11-23 06:42:10.123+0000: event ${event}`;
    expect(hintFromEventLine(line("'lifecycle' for domain 'vm-n1-off': Started Booted"))).toEqual({
      because: "libvirt lifecycle: 'vm-n1-off': Started Booted",
      pass: 'status',
    });
    expect(hintFromEventLine(line("'lifecycle' for domain 'x': Undefined Removed"))?.pass).toBe('full');
    expect(hintFromEventLine(line("'balloon-change' for domain 'x': 98304KiB"))).toBeUndefined();
    expect(hintFromEventLine('events received: 3')).toBeUndefined();
    expect(hintFromMonitorLine("'it's' changed state to [STOPPED]")).toEqual({
      because: "lxc: it's STOPPED",
      pass: 'status',
    });
    expect(hintFromMonitorLine('noise')).toBeUndefined();
  });
});

describe('configuration', () => {
  it('gives limits in both cgroup versions', () => {
    const limits = (text: string) => readContainerLimits(parseContainerConfig(text));
    expect(limits('lxc.cgroup2.memory.max = 1G\nlxc.cgroup2.cpuset.cpus = 0-3,8')).toEqual({
      memoryBytes: 1024 ** 3,
      cpuCount: 5,
    });
    expect(limits('lxc.cgroup.memory.limit_in_bytes = 512M\nlxc.cgroup2.cpu.max = 150000 100000')).toEqual({
      memoryBytes: 512 * 1024 ** 2,
      cpuCount: 1.5,
    });
    expect(limits('lxc.cgroup2.memory.max = max\n# lxc.cgroup2.memory.max = 1G')).toEqual({
      memoryBytes: 0,
      cpuCount: 0,
    });
  });

  it('never shows a password of a display or a command line', () => {
    const masked = maskXmlSecrets(
      `<graphics type='vnc' passwd='abc"1' port='5900'/><qemu:arg value='secret,id=s,data=x,password=abc2'/>`,
    );
    expect(masked).not.toMatch(/abc/);
    expect(masked).toContain("port='5900'");
  });
});

describe('counters of the host and its containers', () => {
  it('count physical interfaces and whole disks once', () => {
    const net = (name: string) => ` ${name}: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0`;
    expect(parseHostNet(['lo', 'eth0', 'virbr0', 'vnet1'].map(net).join('\n'))).toEqual({ inBytes: 10, outBytes: 20 });
    expect(parseHostNet(['bond0', 'enp1s0', 'enp2s0'].map(net).join('\n'))).toEqual({ inBytes: 10, outBytes: 20 });
    const disk = (name: string) => ` 8 0 ${name} 1 0 4 0 1 0 6 0 0 0 0`;
    expect(parseHostDisks(['sda', 'sda1', 'nvme0n1', 'nvme0n1p1', 'dm-0'].map(disk).join('\n'))).toEqual({
      readBytes: 2 * 4 * 512,
      writeBytes: 2 * 6 * 512,
    });
  });

  it('are null for cgroups without the controller', () => {
    const file = (name: string, line: string) => `/sys/fs/cgroup/lxc.payload.a b/${name}:${line}`;
    expect(parseContainerCounters(file('cpu.stat', 'usage_usec 5')).get('a b')).toEqual({
      cpuTimeNs: 5_000,
      memoryUsedBytes: null,
      diskReadBytes: null,
      diskWriteBytes: null,
    });
    const io = [file('io.stat', '253:0 rbytes=5 wbytes=7'), file('io.stat', '8:0 rbytes=6 wbytes=7')].join('\n');
    expect(parseContainerCounters(io).get('a b')).toMatchObject({ diskReadBytes: 6, diskWriteBytes: 7 });
  });
});
