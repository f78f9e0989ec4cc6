import { createHmac, timingSafeEqual } from 'node:crypto';
import { nowSeconds, type ClusterState } from '../state/cluster-state.ts';

/** Life of a ticket. */
export const ticketLifeSeconds = 7200;

/** A ticket for calls: `PVE:user:TIME::SIGNATURE`. */
export function issueTicket(state: ClusterState, user: string): string {
  return sign(state, `PVE:${user}:${hexTime(nowSeconds(state))}`);
}

/** A ticket for the second step of a sign-in: `PVE:!tfa!{json}:TIME::SIGNATURE`, colons of the challenge percent-encoded. */
export function issueChallenge(state: ClusterState, user: string, challenge: string): string {
  const payload = challenge.replaceAll('%', '%25').replaceAll(':', '%3A');
  return sign(state, `PVE:!tfa!${payload}:${hexTime(nowSeconds(state))}`, user);
}

/** The account a ticket belongs to, or nothing when it is damaged, expired, or only half of a sign-in. */
export function userOfTicket(state: ClusterState, ticket: string): string | undefined {
  const plain = verified(state, ticket, '');
  const match = plain === undefined ? undefined : /^PVE:([^!][^:]*):([0-9A-F]{8})$/.exec(plain);
  if (!match || !isFresh(state, match[2] ?? '')) return undefined;
  return match[1];
}

/** Whether a challenge was issued to this account and is still good (recorded: it can be answered more than once). */
export function isChallengeOf(state: ClusterState, ticket: string, user: string): boolean {
  const plain = verified(state, ticket, user);
  const match = plain === undefined ? undefined : /^PVE:!tfa!.*:([0-9A-F]{8})$/.exec(plain);
  return Boolean(match) && isFresh(state, match?.[1] ?? '');
}

/** The token that every changing call must bring in a header: `TIME:SIGNATURE`. */
export function issueCsrfToken(state: ClusterState, user: string): string {
  const time = hexTime(nowSeconds(state));
  return `${time}:${csrfSignature(state, user, time)}`;
}

/** Whether a CSRF token fits the account and is not older than a ticket may be. */
export function isCsrfToken(state: ClusterState, user: string, token: string): boolean {
  const [time = '', signature = ''] = token.split(':');
  return isFresh(state, time) && same(signature, csrfSignature(state, user, time));
}

function hexTime(seconds: number): string {
  return seconds.toString(16).toUpperCase().padStart(8, '0');
}

function isFresh(state: ClusterState, time: string): boolean {
  const issued = Number.parseInt(time, 16);
  const age = nowSeconds(state) - issued;
  return age > -300 && age < ticketLifeSeconds && issued >= state.ticketsValidFrom;
}

function csrfSignature(state: ClusterState, user: string, time: string): string {
  return createHmac('sha256', state.ticketKey).update(`${time}:${user}`).digest('base64').replace('=', '');
}

/** As long as the RSA signature of a real node, so that headers have their real size. */
function signature(state: ClusterState, plain: string, secret: string): string {
  const parts = [0, 1, 2, 3].map((part) =>
    createHmac('sha512', state.ticketKey).update(`${part}\n${plain}\n${secret}`).digest(),
  );
  return Buffer.concat(parts).toString('base64');
}

function sign(state: ClusterState, plain: string, secret = ''): string {
  return `${plain}::${signature(state, plain, secret)}`;
}

function verified(state: ClusterState, ticket: string, secret: string): string | undefined {
  const cut = ticket.lastIndexOf('::');
  if (cut < 0) return undefined;
  const plain = ticket.slice(0, cut);
  return same(ticket.slice(cut + 2), signature(state, plain, secret)) ? plain : undefined;
}

function same(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
