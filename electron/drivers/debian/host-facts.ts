import type { EntityDetails, EntityRecord } from '../../contract/records/index.ts';
import type { SeldomFacts } from './read-host.ts';

type Facts = EntityDetails['facts'];

/** One fact, none when the value is not known. */
export function fact(key: string, value: string, copyable = false): Facts {
  return value === '' ? [] : [{ key, value, copyable }];
}

/** The facts of the host itself. */
export function nodeFacts(seldom: SeldomFacts): Facts {
  const { host } = seldom;
  return [
    ...fact('system-version', host.system, true),
    ...fact('kernel', host.kernel, true),
    ...fact('cpu-model', host.cpuModel),
    ...fact('threads', String(host.cpuCount)),
    ...fact('architecture', host.machine),
    ...fact('libvirt-version', seldom.libvirtVersion),
    ...fact('qemu-version', seldom.qemuVersion),
    ...fact('lxc-version', seldom.lxcVersion),
    ...fact('machine-id', host.machineId, true),
  ];
}

/** The facts of a storage or network, from what the last full pass read. */
export function poolFacts(known: EntityRecord, seldom: SeldomFacts): Facts {
  if (known.kind === 'storage') {
    const pool = seldom.pools.find((candidate) => known.id.endsWith(`libvirt:${candidate.uuid}`));
    return [
      ...fact('storage-type', known.storageType),
      ...fact('path', pool?.targetPath ?? known.name, true),
      ...fact('uuid', pool?.uuid ?? '', true),
    ];
  }
  const network = seldom.networks.find((candidate) => known.id.endsWith(`libvirt:${candidate.uuid}`));
  if (network === undefined) return [];
  return [
    ...fact('bridge', network.bridge, true),
    ...fact('forward-mode', network.forward),
    ...fact('uuid', network.uuid, true),
  ];
}
