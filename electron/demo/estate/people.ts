import type { SimUser } from '../state/access.ts';
import type { ClusterState } from '../state/cluster-state.ts';

/** Base32 secret of the account with one-time codes. */
export const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
/** Recovery keys of the same account. */
export const recoveryKeys: readonly string[] = ['928e-25bd-06d6-fd10', 'f5de-00e7-3576-8b65', 'bfc6-14fc-7bd0-f55f'];
/** What a Yubico one-time password of the account begins with. */
export const yubicoPublicId = 'cccccchidden';

/** An account that somebody can try, with what it is for. */
export interface DemonstrationUser {
  readonly userId: string;
  readonly password: string;
  readonly purpose: string;
  readonly totpSecret?: string;
  readonly recoveryKeys?: readonly string[];
  readonly yubicoPublicId?: string;
}

/** An API token that somebody can try. */
export interface DemonstrationToken {
  /** `user@realm!name`. */
  readonly tokenId: string;
  readonly secret: string;
  readonly purpose: string;
}

/** Accounts of every simulated cluster. */
export const demonstrationUsers: readonly DemonstrationUser[] = [
  { userId: 'root@pam', password: 'demonstration', purpose: 'everything' },
  { userId: 'operator@pve', password: 'operator', purpose: 'sees everything, manages guests' },
  { userId: 'auditor@pve', password: 'auditor', purpose: 'sees everything, changes nothing' },
  { userId: 'web@pve', password: 'web-team', purpose: 'uses the guests of the pool production/web alone' },
  { userId: 'carol@pve', password: 'carol', purpose: 'one-time codes and recovery keys', totpSecret, recoveryKeys },
  { userId: 'yubi@pve', password: 'yubi', purpose: 'a Yubico key', yubicoPublicId },
  { userId: 'key@pve', password: 'key', purpose: 'a security key alone (WebAuthn), which only a browser can use' },
  { userId: 'nobody@pve', password: 'nobody', purpose: 'no rights at all' },
  { userId: 'former@pve', password: 'former', purpose: 'disabled' },
];

/** Tokens of every simulated cluster. */
export const demonstrationTokens: readonly DemonstrationToken[] = [
  { tokenId: 'root@pam!wheelhouse', secret: '6d4e1c2a-0b57-4f6e-9a3c-5e8d7b1f2a90', purpose: 'everything' },
  {
    tokenId: 'auditor@pve!readonly',
    secret: '1f0a9c3e-7d25-4b8e-8f61-c2d3e4f5a6b7',
    purpose: 'rights of its own: sees everything',
  },
  { tokenId: 'nobody@pve!empty', secret: 'a8b7c6d5-e4f3-4021-9182-736455463728', purpose: 'no rights: empty lists' },
];

/** Puts accounts, tokens, groups and their rights into a cluster. */
export function addPeople(state: ClusterState): void {
  state.realms.push(
    { realm: 'pam', type: 'pam', comment: 'Linux PAM standard authentication', isDefault: true },
    { realm: 'pve', type: 'pve', comment: 'Proxmox VE authentication server' },
  );
  state.groups.set('operators', { comment: 'People on call' });
  for (const { userId, password, purpose } of demonstrationUsers) {
    state.users.set(userId, account(userId, password, purpose));
  }
  addFactors(state);
  addTokens(state);
  grant(state, '/', 'group', 'operators', 'PVEAuditor');
  grant(state, '/vms', 'group', 'operators', 'PVEVMAdmin');
  grant(state, '/', 'user', 'auditor@pve', 'PVEAuditor');
  grant(state, '/', 'token', 'auditor@pve!readonly', 'PVEAuditor');
  grant(state, '/', 'user', 'carol@pve', 'PVEAdmin');
  grant(state, '/', 'user', 'yubi@pve', 'PVEAuditor');
  grant(state, '/', 'user', 'key@pve', 'PVEAuditor');
  grant(state, '/pool/production/web', 'user', 'web@pve', 'PVEVMUser');
}

function account(id: string, password: string, comment: string): SimUser {
  return {
    id,
    password,
    comment,
    enabled: id !== 'former@pve',
    expire: 0,
    groups: id === 'operator@pve' ? ['operators'] : [],
    factors: [],
    tokens: new Map(),
    wrongCodes: 0,
  };
}

function addFactors(state: ClusterState): void {
  state.users
    .get('carol@pve')
    ?.factors.push(
      { type: 'totp', id: 'b369d8d2-2f94-4dc1-baeb-cd24bf67fa99', description: 'phone', secret: totpSecret },
      { type: 'recovery', id: 'recovery', description: '', keys: [...recoveryKeys] },
    );
  state.users.get('yubi@pve')?.factors.push({
    type: 'yubico',
    id: '0c1f6a52-8d3b-4e79-b0a4-2f5c6d7e8f90',
    description: 'key ring',
    publicId: yubicoPublicId,
  });
  state.users.get('key@pve')?.factors.push({
    type: 'webauthn',
    id: '77f2b3c4-d5e6-4f70-8192-a3b4c5d6e7f8',
    description: 'security key',
  });
}

function addTokens(state: ClusterState): void {
  for (const { tokenId, secret, purpose } of demonstrationTokens) {
    const [user = '', id = ''] = tokenId.split('!');
    const privilegeSeparation = user !== 'root@pam';
    state.users.get(user)?.tokens.set(id, { id, secret, privilegeSeparation, expire: 0, comment: purpose });
  }
}

function grant(
  state: ClusterState,
  path: string,
  kind: 'user' | 'group' | 'token',
  subject: string,
  role: string,
): void {
  state.grants.push({ path, kind, subject, role, propagate: true });
}
