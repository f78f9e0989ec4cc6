import { z } from 'zod';
import { flag } from './scalars.ts';
import { parseWith, unintelligible } from './unintelligible.ts';

/** A full ticket: 2 hours, good on every node of the cluster. */
export interface PveTicket {
  readonly ticket: string;
  readonly csrfToken: string;
  readonly account: string;
  /** Absent on a single node. */
  readonly clusterName?: string;
}

/** The second factors that a challenge names. */
export interface TfaChallenge {
  /** Half a ticket, to be sent back. */
  readonly challenge: string;
  readonly kinds: readonly ('totp' | 'recovery' | 'yubico')[];
  readonly recoveryKeysLeft: readonly number[];
  /** Kinds that need a browser at the node's own address. */
  readonly unsupported: readonly ('webauthn' | 'u2f')[];
}

const answer = z.object({
  ticket: z.string().min(1),
  username: z.string(),
  CSRFPreventionToken: z.string().optional(),
  clustername: z.string().optional(),
  NeedTFA: flag.optional(),
});

/** The answer of `POST /access/ticket`: done, or a challenge. The error never holds the answer: it may be a ticket. */
export function parseTicketAnswer(data: unknown, command: string): PveTicket | TfaChallenge {
  const parsed = answer.safeParse(data);
  if (!parsed.success) {
    const seen = typeof data === 'object' && data !== null ? Object.keys(data).join(', ') : typeof data;
    throw unintelligible(command, `fields: ${seen}`, 'no ticket');
  }
  const { ticket, username, CSRFPreventionToken = '', clustername, NeedTFA } = parsed.data;
  if (NeedTFA === true || ticket.startsWith('PVE:!tfa!')) return parseChallenge(ticket, command);
  return {
    ticket,
    csrfToken: CSRFPreventionToken,
    account: username,
    ...(clustername !== undefined && { clusterName: clustername }),
  };
}

const payload = z.object({
  totp: z.unknown().optional(),
  recovery: z.unknown().optional(),
  yubico: z.unknown().optional(),
  webauthn: z.unknown().optional(),
  u2f: z.unknown().optional(),
});

/** `PVE:!tfa!{"totp"%3Atrue,"recovery"%3A[0,1]}:TIME::SIGNATURE`: JSON in which colons (and on some versions commas) are encoded. */
function parseChallenge(ticket: string, command: string): TfaChallenge {
  const encoded = /^PVE:!tfa!(?<json>[^:]*):/.exec(ticket)?.groups?.['json'] ?? '';
  let json: unknown;
  try {
    json = JSON.parse(decodeURIComponent(encoded));
  } catch {
    throw unintelligible(command, encoded.slice(0, 80), 'the second factor is not understood');
  }
  const factors = parseWith(payload, json, command);
  const left = Array.isArray(factors.recovery)
    ? factors.recovery.filter((key): key is number => typeof key === 'number')
    : [];
  const has = (value: unknown): boolean => value !== undefined && value !== null && value !== false;
  const kinds: TfaChallenge['kinds'][number][] = [];
  if (has(factors.totp)) kinds.push('totp');
  if (left.length > 0) kinds.push('recovery');
  if (has(factors.yubico)) kinds.push('yubico');
  const unsupported = (['webauthn', 'u2f'] as const).filter((kind) => has(factors[kind]));
  return { challenge: ticket, kinds, recoveryKeysLeft: left, unsupported };
}

const domains = z.array(z.object({ realm: z.string(), type: z.string() }));

/** `GET /access/domains`: realm to type. */
export function parseDomains(data: unknown, command: string): ReadonlyMap<string, string> {
  return new Map(parseWith(domains, data, command).map((domain) => [domain.realm, domain.type]));
}
