import type { EntityId } from '../../../../contract/ids.ts';
import type { AddressesNote, EntityDetails, GuestAddress } from '../../../../contract/records/index.ts';
import { fact } from '../../host-facts.ts';
import type { Section } from '../../host/sections.ts';
import { powerOfWords } from './power.ts';
import { parseDomainAddresses } from '../parse/addresses.ts';
import { maskXmlSecrets, parseDomainXml } from '../parse/domain-xml.ts';

interface DomainReading {
  readonly id: EntityId;
  readonly readAtMs: number;
  /** `live`, `inactive`, `state`, `lease`, `info`. */
  readonly parts: ReadonlyMap<string, string>;
  readonly agent: Section | undefined;
}

/** The details page of a domain. Hardware is that of the running guest, the configuration text what the next start takes. */
export function toDomainDetails({ id, readAtMs, parts, agent }: DomainReading): EntityDetails {
  const part = (name: string) => parts.get(name)?.trim() ?? '';
  const live = parseDomainXml(part('live'));
  const inactive = part('inactive') === '' ? part('live') : part('inactive');
  const info = infoOf(part('info'));
  const byAgent = agent?.code === 0 ? parseDomainAddresses(agent.stdout, 'agent') : [];
  const byLease = parseDomainAddresses(part('lease'), 'lease');
  const addresses = mergeAddresses(byAgent, byLease);
  return {
    id,
    readAtMs,
    facts: [
      ...fact('state', part('state')),
      ...fact('uuid', info.get('UUID') ?? '', true),
      ...fact('machine-type', live.machine),
      ...fact('os-type', info.get('OS Type') ?? ''),
      ...fact('autostart', info.get('Autostart') ?? ''),
      ...fact('persistent', info.get('Persistent') ?? ''),
      ...fact('title', live.title),
    ],
    hardware: live.hardware,
    addresses,
    ...(addresses.length > 0 ? {} : { addressesNote: noteOf(part('state'), live.hasAgentChannel, agent) }),
    configuration: [],
    configurationText: maskXmlSecrets(inactive),
    description: live.description,
  };
}

/** The agent knows best; a lease may be of an earlier life. An address that both tell is the agent's. */
function mergeAddresses(byAgent: readonly GuestAddress[], byLease: readonly GuestAddress[]): readonly GuestAddress[] {
  const told = new Set(byAgent.map((address) => address.address));
  return [...byAgent, ...byLease.filter((address) => !told.has(address.address))];
}

function noteOf(state: string, hasAgentChannel: boolean, agent: Section | undefined): AddressesNote {
  if (powerOfWords(state, false).power === 'stopped') return { code: 'not-running', detail: '' };
  if (!hasAgentChannel) return { code: 'agent-not-configured', detail: '' };
  if (agent?.code === 0) return { code: 'no-address', detail: '' };
  const words = agent?.stderr.trim().replace(/^error: /gm, '') ?? '';
  return { code: 'agent-failed', detail: words.slice(0, 200) };
}

/** `virsh dominfo`: `Key:   value` lines. */
function infoOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line): readonly [string, string][] => {
      const match = /^([^:]+):\s+(.*?)\s*$/.exec(line);
      return match?.[1] === undefined ? [] : [[match[1], match[2] ?? '']];
    }),
  );
}
