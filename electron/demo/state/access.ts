/** A second factor of an account. */
export type SimFactor =
  | { readonly type: 'totp'; readonly id: string; readonly description: string; readonly secret: string }
  | { readonly type: 'recovery'; readonly id: 'recovery'; readonly description: string; keys: (string | null)[] }
  | { readonly type: 'yubico'; readonly id: string; readonly description: string; readonly publicId: string }
  | { readonly type: 'webauthn'; readonly id: string; readonly description: string };

/** An API token. */
export interface SimToken {
  readonly id: string;
  readonly secret: string;
  /** Whether it has rights of its own instead of its user's. */
  privilegeSeparation: boolean;
  /** Epoch seconds, 0 for never. */
  expire: number;
  comment?: string;
}

/** An account. */
export interface SimUser {
  readonly id: string;
  password: string;
  enabled: boolean;
  /** Epoch seconds, 0 for never. */
  expire: number;
  comment?: string;
  readonly groups: string[];
  readonly factors: SimFactor[];
  readonly tokens: Map<string, SimToken>;
  /** Wrong one-time codes in a row. */
  wrongCodes: number;
}

/** One line of the access control list. */
export interface SimGrant {
  readonly path: string;
  readonly kind: 'user' | 'group' | 'token';
  readonly subject: string;
  readonly role: string;
  readonly propagate: boolean;
}

/** A way to sign in. */
export interface SimRealm {
  readonly realm: string;
  readonly type: 'pam' | 'pve' | 'openid' | 'ldap' | 'ad';
  readonly comment: string;
  readonly isDefault?: boolean;
}
