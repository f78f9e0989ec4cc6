import { AppError } from '../../../contract/errors.ts';
import type { Authentication } from './authentication.ts';

/** An API token: no sign-in, no CSRF token, nothing to renew. */
export class TokenAuthentication implements Authentication {
  readonly generation = 0;
  readonly #secret: string;

  /** `account` is `user@realm!name`. */
  constructor(
    readonly account: string,
    secret: string,
  ) {
    this.#secret = secret;
  }

  headers(): Readonly<Record<string, string>> {
    return { authorization: `PVEAPIToken=${this.account}=${this.#secret}` };
  }

  keepFresh(): Promise<void> {
    return Promise.resolve();
  }

  recover(_generation: number, text: string): Promise<void> {
    return Promise.reject(
      new AppError('auth.rejected', `token ${this.account}: ${text}`, { method: 'token', text: text || '401' }),
    );
  }
}
