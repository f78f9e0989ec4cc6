import type { GuestPower } from '../../../../contract/records/index.ts';
import { unintelligible } from '../../host/sections.ts';

/** A container as `lxc-ls -f -F STATE,PID,UNPRIVILEGED,NAME` tells it. */
export interface ListedContainer {
  readonly name: string;
  readonly state: string;
  /** Of its first process, as the host sees it. */
  readonly pid: number | undefined;
  readonly isUnprivileged: boolean;
}

const row = /^([A-Z]+)\s+(\d+|-)\s+(true|false)\s+(.*?)\s*$/;

/** The name comes last, because it is the only column that can hold blanks. No containers: no output at all. */
export function parseContainerList(text: string): readonly ListedContainer[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return [];
  if (!/^STATE\s+PID\s+UNPRIVILEGED\s+NAME\s*$/.test(lines[0] ?? '')) throw unintelligible('lxc-ls', text);
  return lines.slice(1).map((line) => {
    const [, state, pid, isUnprivileged, name] = row.exec(line) ?? [];
    if (state === undefined || name === undefined || name === '') throw unintelligible('lxc-ls', line);
    return { name, state, pid: pid === '-' ? undefined : Number(pid), isUnprivileged: isUnprivileged === 'true' };
  });
}

const powers: Readonly<Record<string, GuestPower>> = {
  STOPPED: 'stopped',
  STARTING: 'running',
  RUNNING: 'running',
  STOPPING: 'running',
  ABORTING: 'unknown',
  FREEZING: 'paused',
  FROZEN: 'paused',
  THAWED: 'running',
};

/** The states of lxc(7). */
export function powerOfContainer(state: string): GuestPower {
  return powers[state.trim()] ?? 'unknown';
}
