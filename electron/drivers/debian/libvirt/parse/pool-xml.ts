import { unintelligible } from '../../host/sections.ts';
import { attributeOf, parseXml, textAt } from './xml-tree.ts';

/** A libvirt storage pool. Sizes are 0 while it is not active. */
export interface LibvirtPool {
  readonly uuid: string;
  readonly name: string;
  readonly type: string;
  readonly capacityBytes: number;
  readonly allocationBytes: number;
  readonly targetPath: string;
}

/** Reads `virsh pool-dumpxml`; libvirt prints the sizes in bytes. */
export function parsePoolXml(text: string): LibvirtPool {
  const pool = parseXml(text, 'virsh pool-dumpxml');
  const name = textAt(pool, 'name');
  if (pool.name !== 'pool' || name === '') throw unintelligible('virsh pool-dumpxml', text);
  return {
    uuid: textAt(pool, 'uuid'),
    name,
    type: attributeOf(pool, 'type'),
    capacityBytes: Number(textAt(pool, 'capacity')) || 0,
    allocationBytes: Number(textAt(pool, 'allocation')) || 0,
    targetPath: textAt(pool, 'target', 'path'),
  };
}
