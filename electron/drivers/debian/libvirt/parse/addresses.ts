import type { GuestAddress } from '../../../../contract/records/index.ts';

const row = /^\s*(\S+)\s+([0-9a-f]{2}(?::[0-9a-f]{2}){5}|-|N\/A)\s+(ipv4|ipv6|N\/A)\s+(\S+)\s*$/i;

/**
 * Reads `virsh domifaddr --full`: interface, MAC, protocol, address/prefix. Rows of other forms (headings, rules, blank
 * lines, interfaces without an address) are left out. `--source arp` is never asked: it fails on libvirt 9 and 11
 * ("wrong nlmsg len").
 */
export function parseDomainAddresses(text: string, source: 'lease' | 'agent'): readonly GuestAddress[] {
  return text.split('\n').flatMap((line) => {
    const [, interfaceName, mac, protocol, address] = row.exec(line) ?? [];
    if (interfaceName === undefined || address === undefined || !/^ipv[46]$/i.test(protocol ?? '')) return [];
    const plain = address.replace(/\/\d+$/, '');
    if (interfaceName === 'lo' || plain.startsWith('fe80:')) return [];
    return [{ interfaceName, mac: mac === '-' || mac === 'N/A' ? '' : (mac ?? ''), address: plain, source }];
  });
}
