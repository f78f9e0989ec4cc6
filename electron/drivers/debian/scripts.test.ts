import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConnectionId, type EntityId } from '../../contract/ids.ts';
import type { DriverSession, InventoryHint } from '../../core/ports/driver.ts';
import { silentLog } from '../../core/ports/log.ts';
import { realClock } from '../../testing/real-clock.ts';
import { openLocalLink } from '../../transport/local/index.ts';
import { createDebianDriver } from './index.ts';

const never = new AbortController().signal;
/** How long the stand-in of `virsh event` waits: a figure that names its process among all others of the machine. */
const idleSeconds = `300.${process.pid}`;
const uuid = '95a4d217-8948-4ce7-b17a-74fe67afade5';

/** The scripts by the machine's own sh, with a search path that holds basic tools and what a test puts there. */
describe('the scripts in a real shell', () => {
  let folder = '';
  let sessions: DriverSession[] = [];
  const basics = 'sh env timeout id cat grep date uname hostname df printf sleep true kill'.split(' ');
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-tools-'));
    for (const name of basics) symlinkSync(execFileSync('which', [name]).toString().trim(), path.join(folder, name));
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close();
    sessions = [];
    rmSync(folder, { recursive: true, force: true });
  });
  const tool = (name: string, body: string) => {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(path.join(folder, name), 0o755);
  };
  const open = async () => {
    const link = openLocalLink({ clock: realClock, environment: { PATH: folder } });
    const context = { connectionId: parseConnectionId('here'), link, clock: realClock, log: silentLog };
    const session = await createDebianDriver({ privilege: 'none' }).open(context, never);
    sessions.push(session);
    return session;
  };
  /** Prints what a running virsh would: echoes marks, knows one domain. */
  const virsh = (name: string) => `
shift 3
case "$1" in
  uri) echo qemu:///system;;
  event) echo "2026-11-23 06:42:10.123+0000: event 'lifecycle' for domain 'x': Started Booted"; exec sleep ${idleSeconds};;
  pool-list|net-list) ;;
  *domstats*) printf '%s\\n' "$1" | grep -o '@@[0-9a-f]*: [a-z]*' | while read -r mark; do
      echo "$mark"
      case $mark in
        *list) printf '%s %s\\n' ${uuid} '${name}';;
        *stats) printf "Domain: '%s'\\n  state.state=1\\n  vcpu.current=2\\n" '${name}';;
      esac; done;;
  *version*) printf '%s\\n' "$1" | grep -o '@@[0-9a-f]*: [a-z]*';;
esac`;

  it('read a host without libvirt and LXC', async () => {
    const session = await open();
    const { records } = await session.listInventory('full', never);
    const node = records.find((record) => record.kind === 'node');
    expect(node).toMatchObject({ name: os.hostname(), availability: 'online' });
    expect(node?.kind === 'node' && node.notices.map((notice) => notice.code)).toEqual(
      expect.arrayContaining(['libvirt-missing', 'lxc-missing']),
    );
    expect(records.filter((record) => record.kind === 'guest')).toEqual([]);
    expect(session.facts.clockSkewMs).toBe(0);
  });

  it('hand on names with every special letter, and run nothing that they say', async () => {
    const proof = path.join(folder, 'proof');
    const name = `$(touch ${proof}) \`id\` "q" <b> %s 😀`;
    tool('virsh', virsh(name));
    const { records } = await (await open()).listInventory('full', never);
    expect(records.find((record) => record.kind === 'guest')).toMatchObject({ name, power: 'running', cpuCount: 2 });
    expect(() => rmSync(proof)).toThrow(/ENOENT/);
  });

  it('tell of events, and leave no process behind when nobody listens any more', async () => {
    tool('virsh', virsh('x'));
    const session = await open();
    const hints: InventoryHint[] = [];
    const watching = session.watchInventory((hint) => hints.push(hint));
    const running = () =>
      execFileSync('ps', ['-eo', 'args='])
        .toString()
        .split('\n')
        .filter((line) => line.includes(`${folder}/virsh`) || line === `sleep ${idleSeconds}`).length;
    await expect.poll(() => hints.length).toBeGreaterThan(0);
    expect(hints[0]).toEqual({ because: "libvirt lifecycle: 'x': Started Booted", pass: 'status' });
    watching.dispose();
    await session.close();
    await expect.poll(running).toBe(0);
  });

  it('say what virsh said when it cannot connect', async () => {
    tool('virsh', 'echo "error: failed to connect to the hypervisor" >&2; echo "error: no socket" >&2; exit 1');
    const { records } = await (await open()).listInventory('full', never);
    const node = records.find((record) => record.kind === 'node');
    expect(node?.kind === 'node' && node.notices.find((notice) => notice.code === 'guests-unreadable')?.detail).toBe(
      'failed to connect to the hypervisor\nno socket',
    );
  });

  it('refuse a guest id that is no UUID before anything is run', async () => {
    tool('virsh', virsh('x'));
    const session = await open();
    await expect(session.details.read(`here/guest/qemu:$(id)` as EntityId, never)).rejects.toMatchObject({
      code: 'entity.not-found',
    });
  });
});
