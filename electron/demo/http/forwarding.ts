/**
 * Readings that PVE leaves to its privileged daemon, as their recorded answers show: they bring that daemon's
 * `Connection: close` along.
 */
const privilegedReadings: readonly RegExp[] = [
  /^\/access\/(users|tfa\/[^/]+)$/,
  /^\/cluster\/status$/,
  /^\/nodes\/[^/]+\/(qemu|lxc)$/,
  /^\/nodes\/[^/]+\/(qemu|lxc)\/\d+\/(status\/current|rrddata|snapshot|interfaces|agent\/.+)$/,
  /^\/nodes\/[^/]+\/rrddata$/,
  /^\/nodes\/[^/]+\/storage(\/[^/]+\/(content|status|rrddata))?$/,
  /^\/nodes\/[^/]+\/tasks\/[^/]+\/(log|status)$/,
];

/** Whether an answer has passed a second daemon: of changes, of privileged readings, and of whatever another node answered. */
export function isForwarded(method: string, path: string, localNode: string): boolean {
  if (method !== 'GET') return true;
  const node = /^\/nodes\/([^/]+)\//.exec(path)?.[1];
  const isRemote = node !== undefined && node !== localNode && node !== 'localhost';
  return isRemote || privilegedReadings.some((pattern) => pattern.test(path));
}
