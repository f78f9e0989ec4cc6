import type { CredentialRef, PveEndpoint, PveSettings } from '../contract/connection-settings.ts';
import { AppError } from '../contract/errors.ts';
import { parseConnectionId } from '../contract/ids.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DriverContext } from '../core/ports/driver.ts';
import { silentLog } from '../core/ports/log.ts';
import type { Prompter, PromptReply } from '../core/ports/prompter.ts';
import type { PveLink } from '../drivers/pve/index.ts';
import { HttpsLink } from '../transport/https/index.ts';
import { FakeClock } from './fake-clock.ts';

/** A user at the window: answers questions from a list, in order, and remembers what was asked. */
export class ScriptedPrompter implements Prompter {
  readonly asked: Parameters<Prompter['ask']>[0][] = [];
  readonly #replies: PromptReply[];

  constructor(replies: readonly PromptReply[] = []) {
    this.#replies = [...replies];
  }

  ask(question: Parameters<Prompter['ask']>[0]): Promise<PromptReply> {
    this.asked.push(question);
    const reply = this.#replies.shift();
    return reply === undefined ? Promise.reject(unanswered(question.type)) : Promise.resolve(reply);
  }
}

const unanswered = (kind: string): AppError =>
  new AppError('auth.challenge-unanswered', 'nobody answers', { kinds: [kind] });

/** The typed answer to a question for a secret. */
export const typed = (secret: string, tfaKind?: 'totp' | 'recovery' | 'yubico'): PromptReply => ({
  type: 'secrets',
  secrets: [secret],
  remember: false,
  ...(tfaKind !== undefined && { tfaKind }),
});

export const passwordRef = 'cred_passwordpassword' as CredentialRef;

export interface PveRig {
  readonly context: DriverContext<PveLink>;
  readonly learned: (readonly PveEndpoint[])[];
  readonly prompter: ScriptedPrompter;
}

export interface PveRigOptions {
  readonly endpoints: readonly PveEndpoint[];
  readonly auth?: PveSettings['auth'];
  readonly secrets?: Readonly<Record<string, string>>;
  readonly replies?: readonly PromptReply[];
  readonly clock?: Clock;
}

/** A driver context over real HTTPS, for tests of the PVE driver. */
export function pveRig(options: PveRigOptions): PveRig {
  const learned: (readonly PveEndpoint[])[] = [];
  const prompter = new ScriptedPrompter(options.replies);
  const settings: PveSettings = {
    kind: 'pve',
    endpoints: [...options.endpoints],
    auth: options.auth ?? { method: 'password', user: 'root', realm: 'pam', password: passwordRef },
  };
  const secrets = options.secrets ?? { [passwordRef]: 'secret' };
  const link: PveLink = {
    settings,
    prompter,
    openHttp: (checkCertificate) => new HttpsLink({ checkCertificate, connectTimeoutMs: 5_000 }),
    resolveSecret: (ref) => Promise.resolve(secrets[ref]),
    onEndpointsLearned: (endpoints) => void learned.push(endpoints),
  };
  const clock = options.clock ?? new FakeClock();
  return {
    context: { connectionId: parseConnectionId('lab'), link, clock, log: silentLog },
    learned,
    prompter,
  };
}
