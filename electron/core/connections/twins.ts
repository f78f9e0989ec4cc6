import type { ConnectionSettings, ProbeResult } from '../../contract/connection-settings.ts';
import type { ConnectionId } from '../../contract/ids.ts';

type Access = ConnectionSettings['access'];

/** What tells one host or cluster from another, whatever address leads to it. */
export interface KnownPlace {
  readonly id: ConnectionId;
  readonly access: Access;
  /** The native ids of its nodes; of a Debian host it is /etc/machine-id. */
  readonly nodeIds: readonly string[];
}

/** As systemd writes it (machine-id(5)); a host without one is listed under its name, which tells nothing. */
const machineId = /^[0-9a-f]{32}$/;

/**
 * Connections that lead to the same place, each with the others. A PVE cluster is known by the certificates of its nodes: every
 * connection to it learns those of all; its name is not enough, many are called `pve`. A host is known by its machine id,
 * which clones of one image may share, so this is a reason to ask the user, never one to merge anything.
 */
export function findTwins(places: readonly KnownPlace[]): ReadonlyMap<ConnectionId, readonly ConnectionId[]> {
  const byMark = new Map<string, Set<ConnectionId>>();
  for (const place of places)
    for (const mark of marksOf(place)) byMark.set(mark, (byMark.get(mark) ?? new Set()).add(place.id));
  const twins = new Map<ConnectionId, readonly ConnectionId[]>();
  for (const place of places) {
    const same = new Set(marksOf(place).flatMap((mark) => [...(byMark.get(mark) ?? [])]));
    same.delete(place.id);
    if (same.size > 0) twins.set(place.id, [...same].toSorted());
  }
  return twins;
}

function marksOf({ access, nodeIds }: KnownPlace): readonly string[] {
  if (access.kind === 'pve')
    return access.endpoints.flatMap(({ fingerprint }) =>
      fingerprint === undefined ? [] : [`certificate ${fingerprint.toUpperCase()}`],
    );
  return nodeIds.filter((id) => machineId.test(id)).map((id) => `machine ${id}`);
}

/** What a probe found, with the connections that trust the same certificate or host key already. */
export function recognised(result: ProbeResult, places: readonly KnownPlace[]): ProbeResult {
  const { pve, ssh } = result;
  const trusting = (isMeant: (access: Access) => boolean): ConnectionId[] =>
    places.filter(({ access }) => isMeant(access)).map(({ id }) => id);
  return {
    ...result,
    pve: pve.found
      ? { ...pve, knownAs: trusting((access) => trustsCertificate(access, pve.certificate.fingerprint)) }
      : pve,
    ssh: ssh.found
      ? {
          ...ssh,
          knownAs: trusting((access) => trustsHostKey(access, `${ssh.hostKey.algorithm} ${ssh.hostKey.fingerprint}`)),
        }
      : ssh,
  };
}

function trustsCertificate(access: Access, presented: string): boolean {
  return (
    access.kind === 'pve' &&
    access.endpoints.some(({ fingerprint }) => fingerprint?.toUpperCase() === presented.toUpperCase())
  );
}

function trustsHostKey(access: Access, presented: string): boolean {
  return access.kind === 'debian' && access.target.hostKeys.includes(presented);
}
