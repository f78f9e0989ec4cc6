import { unintelligible } from '../../host/sections.ts';
import { attributeOf, findElement, parseXml, textAt } from './xml-tree.ts';

/** A libvirt network. */
export interface LibvirtNetwork {
  readonly uuid: string;
  readonly name: string;
  /** `''` for networks without one (macvtap, hostdev). */
  readonly bridge: string;
  /** `nat`, `route`, `bridge`, `open`...; `isolated` when nothing is forwarded. */
  readonly forward: string;
}

/** Reads `virsh net-dumpxml`. */
export function parseNetworkXml(text: string): LibvirtNetwork {
  const network = parseXml(text, 'virsh net-dumpxml');
  const name = textAt(network, 'name');
  if (network.name !== 'network' || name === '') throw unintelligible('virsh net-dumpxml', text);
  const forward = findElement(network, 'forward');
  return {
    uuid: textAt(network, 'uuid'),
    name,
    bridge: attributeOf(findElement(network, 'bridge'), 'name'),
    forward: forward === undefined ? 'isolated' : attributeOf(forward, 'mode') || 'nat',
  };
}
