import { credentialRefSchema, type CredentialRef } from '../../contract/connection-settings.ts';
import type { Log } from '../ports/log.ts';
import { randomText, type RandomSource } from '../ports/random.ts';
import type { SecretSource } from '../ports/session-opener.ts';
import { noCredential } from './access-changes.ts';
import type { VaultGate } from './vault-gate.ts';

/** The regular expression of a reference allows 16 to 40; 24 letters are 120 bits. */
const REF_LENGTH = 24;

/**
 * Secrets by reference. `once` lives in this object's memory until the sign-in that needed it is over; `keep` lives in the
 * vault until the last connection that names it is gone.
 */
export class Credentials implements SecretSource {
  readonly #once = new Map<CredentialRef, string>();
  /** The app's own, e.g. the demonstration's: never written, never asked for, there until they are forgotten. */
  readonly #lent = new Map<CredentialRef, string>();
  /** Kept, and not named by any saved connection yet: an abandoned wizard leaves nothing behind. */
  readonly #unclaimed = new Set<CredentialRef>();

  constructor(
    private readonly vault: VaultGate,
    private readonly random: RandomSource,
    private readonly log: Log,
  ) {}

  async store(secret: string, keep: 'once' | 'keep'): Promise<CredentialRef> {
    const ref = this.#newRef();
    if (keep === 'once') {
      this.#once.set(ref, secret);
      return ref;
    }
    await this.vault.put(ref, secret);
    this.#unclaimed.add(ref);
    return ref;
  }

  /** Names a secret of the app itself. */
  lend(secret: string): CredentialRef {
    const ref = this.#newRef();
    this.#lent.set(ref, secret);
    return ref;
  }

  async get(ref: CredentialRef): Promise<string | undefined> {
    if (ref === noCredential) return undefined;
    return this.#lent.get(ref) ?? this.#once.get(ref) ?? (await this.vault.get(ref));
  }

  /** The sign-in that these were for is over. Kept ones stay. */
  forgetOnce(refs: Iterable<CredentialRef>): void {
    for (const ref of refs) this.#once.delete(ref);
  }

  /** Moves a secret that was given for once into the vault. */
  async keep(ref: CredentialRef): Promise<void> {
    const secret = this.#once.get(ref);
    if (secret === undefined) return;
    await this.vault.put(ref, secret);
    this.#once.delete(ref);
    this.#unclaimed.add(ref);
  }

  /** A saved connection names these now. */
  claim(refs: Iterable<CredentialRef>): void {
    for (const ref of refs) this.#unclaimed.delete(ref);
  }

  /** The same secret under a second name, for a connection of its own; undefined when there is none to copy. */
  async copy(ref: CredentialRef): Promise<CredentialRef | undefined> {
    const once = this.#lent.get(ref) ?? this.#once.get(ref);
    const secret = once ?? (await this.vault.get(ref));
    return secret === undefined ? undefined : this.store(secret, once === undefined ? 'keep' : 'once');
  }

  /** Nothing names these any more. A vault that cannot be written keeps what it has. */
  async forget(refs: Iterable<CredentialRef>): Promise<void> {
    for (const ref of refs) {
      this.#unclaimed.delete(ref);
      if (this.#lent.delete(ref) || this.#once.delete(ref)) continue;
      try {
        await this.vault.remove(ref);
      } catch (error) {
        this.log('warning', 'secret-left-behind', { cause: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  /** The end of the app: what nobody claimed goes. */
  async close(): Promise<void> {
    this.#once.clear();
    await this.forget([...this.#unclaimed]);
  }

  #newRef(): CredentialRef {
    return credentialRefSchema.parse(`cred_${randomText(this.random, REF_LENGTH)}`);
  }
}
