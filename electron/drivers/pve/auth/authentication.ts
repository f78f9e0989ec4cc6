/** How requests are signed, and what to do when the server does not accept it. */
export interface Authentication {
  /** `user@realm` or `user@realm!token`. */
  readonly account: string;
  /** What the sign-in said; absent for tokens and single nodes. */
  readonly clusterName?: string;
  /** Grows with every new ticket: tells whether somebody else has renewed it meanwhile. */
  readonly generation: number;
  headers(method: string): Readonly<Record<string, string>>;
  /** Renews what is about to run out. Resolves also when that failed and the old one still holds. */
  keepFresh(): Promise<void>;
  /** After a 401 to a request that was signed in `generation`. Rejects with `auth.*` when there is no way back in. */
  recover(generation: number, text: string): Promise<void>;
}
