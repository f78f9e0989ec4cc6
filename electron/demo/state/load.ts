import { noise } from '../random.ts';
import type { LoadProfile, SimGuest } from './guest.ts';
import type { SimNode } from './node.ts';

const noiseStepMs = 10_000;

/** Figures of a running guest at one moment. Counters only grow while it runs. */
export interface GuestFigures {
  /** Share of its processors, 0 to 1. */
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly netIn: number;
  readonly netOut: number;
  readonly diskRead: number;
  readonly diskWrite: number;
  readonly uptimeSeconds: number;
}

const atRest: GuestFigures = {
  cpu: 0,
  memoryBytes: 0,
  netIn: 0,
  netOut: 0,
  diskRead: 0,
  diskWrite: 0,
  uptimeSeconds: 0,
};

/** What a guest that runs since `startedAtMs` shows at `atMs`; `startedAtMs` undefined: it is stopped. */
export function guestFigures(guest: SimGuest, atMs: number, startedAtMs: number | undefined): GuestFigures {
  if (startedAtMs === undefined || atMs < startedAtMs) return atRest;
  const profile = guest.load;
  const seconds = (atMs - startedAtMs) / 1000;
  const moved = seconds + profile.swing * (swingIntegral(profile, atMs) - swingIntegral(profile, startedAtMs));
  const total = (rate: number): number => Math.max(0, Math.floor(rate * moved));
  return {
    cpu: guest.paused ? 0 : cpuShare(profile, guest.vmid, atMs),
    memoryBytes: memoryBytes(guest, atMs, seconds),
    netIn: total(profile.netInBytesPerSecond),
    netOut: total(profile.netOutBytesPerSecond),
    diskRead: total(profile.diskReadBytesPerSecond),
    diskWrite: total(profile.diskWriteBytesPerSecond),
    uptimeSeconds: Math.floor(seconds),
  };
}

/** Share of the processors that a profile asks for at a moment. */
export function cpuShare(profile: LoadProfile, key: number, atMs: number): number {
  const wave = 1 + profile.swing * Math.sin((2 * Math.PI * atMs) / profile.periodMs + profile.phase);
  const jitter = 0.75 + 0.5 * noise(key, Math.floor(atMs / noiseStepMs));
  return Math.min(1, Math.max(0.0005, profile.cpuShare * wave * jitter));
}

function memoryBytes(guest: SimGuest, atMs: number, seconds: number): number {
  const warm = Math.min(1, 0.35 + seconds / 240);
  const drift = 1 + 0.03 * (noise(guest.vmid ^ 0x5a5a, Math.floor(atMs / 60_000)) - 0.5);
  return Math.floor(Math.min(0.98, guest.load.memoryShare * warm * drift) * guest.memoryBytes);
}

/** Integral of the swing over time in seconds: keeps counters growing at a rate that moves. */
function swingIntegral(profile: LoadProfile, atMs: number): number {
  const omega = (2 * Math.PI) / profile.periodMs;
  return -Math.cos(omega * atMs + profile.phase) / omega / 1000;
}

/** Figures of a host at one moment. */
export interface NodeFigures {
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly rootDiskUsedBytes: number;
  readonly loadAverage: number;
  readonly ioWait: number;
  readonly netIn: number;
  readonly netOut: number;
}

/** What a host shows, from the guests it runs: their mean load on its processors, their memory, and the system's own share. */
export function nodeFigures(node: SimNode, guests: readonly SimGuest[], atMs: number): NodeFigures {
  let processors = 0;
  let memory = node.memoryBytes * 0.06;
  let netIn = 0;
  let netOut = 0;
  for (const guest of guests) {
    if (!guest.published.running) continue;
    processors += guest.load.cpuShare * guest.cpus;
    memory += guest.load.memoryShare * guest.memoryBytes * 0.96;
    netIn += guest.load.netInBytesPerSecond;
    netOut += guest.load.netOutBytesPerSecond;
  }
  const sway =
    0.8 + 0.25 * Math.sin((2 * Math.PI * atMs) / 900_000 + node.nodeId) + 0.2 * noise(node.nodeId, atMs / noiseStepMs);
  const cpu = Math.min(0.99, 0.012 + (processors / node.cpus) * sway);
  return {
    cpu,
    memoryBytes: Math.floor(Math.min(node.memoryBytes * 0.97, memory)),
    rootDiskUsedBytes: node.rootDiskUsedBytes + Math.floor(noise(node.nodeId, atMs / 60_000) * 50_000_000),
    loadAverage: cpu * node.cpus * 1.1,
    ioWait: 0.002 + 0.006 * noise(node.nodeId ^ 77, atMs / noiseStepMs),
    netIn: netIn * sway,
    netOut: netOut * sway,
  };
}
