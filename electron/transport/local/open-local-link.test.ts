import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostLink } from '../../core/ports/host-link.ts';
import { realClock } from '../../testing/real-clock.ts';
import { failureOf, limits, never } from '../../testing/ssh-client-harness.ts';
import { findLocalMachine } from './find-local-machine.ts';
import { openLocalLink } from './open-local-link.ts';

describe('programs on this machine', () => {
  let link: HostLink;
  beforeEach(() => {
    link = openLocalLink({ clock: realClock });
  });
  afterEach(() => link.close());

  it('hands arguments and input over untouched and tells how it ended', async () => {
    const argv = ['sh', '-c', 'cat; printf "%s|" "$@"; echo oops >&2; exit 7', 'sh', "it's", '', '😀 $(id)'] as const;
    expect(await link.run([...argv], { ...limits, stdin: 'in:' }, never)).toEqual({
      code: 7,
      signal: null,
      stdout: "in:it's||😀 $(id)|",
      stderr: 'oops\n',
    });
    expect(await link.run(['no-such-program'], limits, never)).toMatchObject({ code: 127 });
  });

  it('ends a program and its children when time, room or patience run out', async () => {
    const script = 'sleep 300 & echo $$; wait';
    const controller = new AbortController();
    const aborted = failureOf(link.run(['sh', '-c', script], limits, controller.signal));
    controller.abort();
    expect(await aborted).toMatchObject({ code: 'operation.cancelled' });
    expect(await failureOf(link.run(['sh', '-c', script], { ...limits, timeoutMs: 100 }, never))).toMatchObject({
      code: 'operation.timed-out',
    });
    expect(await failureOf(link.run(['yes'], { ...limits, maxBytes: 1_000 }, never))).toMatchObject({
      code: 'remote.too-much',
    });
  });

  it('streams lines both ways', async () => {
    const stream = await link.start(['sh', '-c', 'read -r line; echo "got $line"; printf end'], never);
    const lines: string[] = [];
    stream.write('one\n');
    const result = await new Promise((resolve) => stream.onExit(resolve));
    stream.onLine((line) => lines.push(line));
    expect([lines, result]).toEqual([['got one', 'end'], { code: 0, signal: null }]);
  });

  it('ends its streams when it is closed', async () => {
    const stream = await link.start(['sleep', '300'], never);
    const exited = new Promise((resolve) => stream.onExit(resolve));
    link.close();
    expect(await exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await failureOf(link.run(['true'], limits, never))).toMatchObject({ code: 'connection.lost' });
  });
});

describe('finding what this machine offers', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-tools-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('looks for the tools in the search path', async () => {
    expect(await findLocalMachine(folder)).toEqual({ hasLibvirt: false, hasLxc: false, name: os.hostname() });
    writeFileSync(path.join(folder, 'virsh'), '#!/bin/sh\n');
    expect((await findLocalMachine(folder)).hasLibvirt).toBe(false);
    chmodSync(path.join(folder, 'virsh'), 0o755);
    expect(await findLocalMachine(`/nowhere:${folder}`)).toMatchObject({ hasLibvirt: true, hasLxc: false });
  });
});
