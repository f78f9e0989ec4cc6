import ssh2, { type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { toAppError, type AppError } from '../../contract/errors.ts';
import type { KeyFile } from './key-file.ts';

const { BaseAgent, createAgent } = ssh2;

/**
 * All keys that may open one host, presented to the SSH library as an agent: keys of the running agent and key files.
 * The server is asked for each public key first; only for one that it would accept is a passphrase needed.
 */
export class KeyRing extends BaseAgent<ParsedKey> {
  readonly #files: readonly KeyFile[];
  readonly #agentPath: string | undefined;
  readonly #unlock: (file: KeyFile) => Promise<ParsedKey>;
  readonly #agentKeys = new Map<string, ParsedKey>();
  #agent: InstanceType<typeof BaseAgent<ParsedKey>> | undefined;
  /** Why the agent gave no keys; undefined when it did. */
  agentProblem: string | undefined;
  /** Why a key that the server wanted could not be used. */
  failure: AppError | undefined;

  constructor(files: readonly KeyFile[], agentPath: string | undefined, unlock: (file: KeyFile) => Promise<ParsedKey>) {
    super();
    this.#files = files;
    this.#agentPath = agentPath;
    this.#unlock = unlock;
  }

  /** Never fails: the library would end the whole connection attempt. */
  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    this.#readAgent((agentKeys) => {
      for (const key of agentKeys) this.#agentKeys.set(blobOf(key), key);
      // Keys that are named by file come first, whoever holds them: sshd counts refused keys (MaxAuthTries is 6).
      const named = this.#files.filter((file) => this.#canSignSilently(file));
      const asking = this.#files.filter((file) => !this.#canSignSilently(file));
      const inOrder = [...named.map((file) => file.publicKey), ...agentKeys, ...asking.map((file) => file.publicKey)];
      callback(undefined, [...new Map(inOrder.map((key) => [blobOf(key), key])).values()]);
    });
  }

  override sign(
    publicKey: ParsedKey,
    data: Buffer,
    optionsOrCallback: SigningRequestOptions | SignCallback,
    maybeCallback?: SignCallback,
  ): void {
    const callback = typeof optionsOrCallback === 'function' ? optionsOrCallback : maybeCallback;
    const options = typeof optionsOrCallback === 'function' ? {} : optionsOrCallback;
    if (callback === undefined) return;
    const blob = blobOf(publicKey);
    if (this.#agent !== undefined && this.#agentKeys.has(blob)) {
      this.#agent.sign(publicKey, data, options, callback);
      return;
    }
    const file = this.#files.find((candidate) => blobOf(candidate.publicKey) === blob);
    if (file === undefined) {
      callback(new Error('the key is gone'));
      return;
    }
    void this.#signWithFile(file, data, options, callback);
  }

  async #signWithFile(
    file: KeyFile,
    data: Buffer,
    options: SigningRequestOptions,
    callback: SignCallback,
  ): Promise<void> {
    try {
      const key = await this.#unlock(file);
      const signature = key.sign(data, options.hash);
      if (signature instanceof Error) throw signature;
      callback(undefined, signature);
    } catch (error) {
      this.failure = toAppError(error, 'key-ring');
      callback(this.failure);
    }
  }

  #canSignSilently(file: KeyFile): boolean {
    return !file.isEncrypted || this.#agentKeys.has(blobOf(file.publicKey));
  }

  #readAgent(done: (keys: readonly ParsedKey[]) => void): void {
    if (this.#agentPath === undefined || this.#agentPath === '') {
      this.agentProblem = 'no agent is running (SSH_AUTH_SOCK is not set)';
      done([]);
      return;
    }
    this.#agent = createAgent(this.#agentPath) as InstanceType<typeof BaseAgent<ParsedKey>>;
    this.#agent.getIdentities((error, keys) => {
      if (error) this.agentProblem = `the agent does not answer: ${error.message}`;
      else if (keys === undefined || keys.length === 0) this.agentProblem = 'the agent holds no keys';
      done(error ? [] : (keys ?? []).filter(isParsedKey));
    });
  }
}

function blobOf(key: ParsedKey): string {
  return key.getPublicSSH().toString('base64');
}

/** The library's types allow entries of another form, which its own agents never give. */
function isParsedKey(key: object): key is ParsedKey {
  return 'getPublicSSH' in key;
}
