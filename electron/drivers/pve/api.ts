import { AppError, isAnyAppError } from '../../contract/errors.ts';
import type { EntityId } from '../../contract/ids.ts';
import type { HttpResponse } from '../../core/ports/http-link.ts';
import { errorText, toApiError } from './api-error.ts';
import type { Authentication } from './auth/authentication.ts';
import { describe, toRequest, type PveCommand } from './commands/request.ts';
import type { Failover } from './endpoints/failover.ts';
import { parseEnvelope } from './parse/unintelligible.ts';

/** Signed calls to the cluster: whatever node answers, whatever ticket holds. */
export class PveApi {
  readonly #failover: Failover;
  readonly #authentication: Authentication;
  readonly #onRefused: (error: AppError) => void;

  /** `onRefused` is told when no sign-in is left that the server accepts. */
  constructor(failover: Failover, authentication: Authentication, onRefused: (error: AppError) => void) {
    this.#failover = failover;
    this.#authentication = authentication;
    this.#onRefused = onRefused;
  }

  /** The `data` of the answer. `about` makes "does not exist" and "is locked" errors of that entity. */
  async call(command: PveCommand, signal: AbortSignal, about?: EntityId): Promise<unknown> {
    return parseEnvelope(await this.callText(command, signal, about), describe(command));
  }

  /** The body as it came, for those who parse it themselves. */
  async callText(command: PveCommand, signal: AbortSignal, about?: EntityId): Promise<string> {
    try {
      await this.#authentication.keepFresh();
      const { generation } = this.#authentication;
      let response = await this.#send(command, signal);
      if (response.status === 401) {
        await this.#authentication.recover(generation, errorText(response));
        response = await this.#send(command, signal);
      }
      if (response.status === 401) {
        const text = errorText(response);
        throw new AppError('auth.rejected', `${describe(command)}: ${text}`, { method: 'ticket', text });
      }
      if (response.status !== 200) throw toApiError(command, response, about);
      return response.body;
    } catch (error) {
      if (isAnyAppError(error) && (error.code.startsWith('auth.') || error.code.startsWith('vault.'))) {
        this.#onRefused(error);
      }
      throw error;
    }
  }

  #send(command: PveCommand, signal: AbortSignal): Promise<HttpResponse> {
    return this.#failover.send(toRequest(command, this.#authentication.headers(command.method)), signal);
  }
}
