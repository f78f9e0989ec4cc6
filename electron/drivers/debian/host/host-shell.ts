import { AppError } from '../../../contract/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { ArgumentVector, HostLink, RunningProcess, RunResult } from '../../../core/ports/host-link.ts';
import { splitSections, type Sections } from './sections.ts';

/** A thousand domains with twenty devices each stay far below. */
const maxBytes = 64 * 1024 * 1024;

/** Runs scripts and commands on one host, as the account itself or as root by `sudo -n`. */
export class HostShell {
  readonly #link: HostLink;
  readonly #clock: Clock;
  readonly isPrivileged: boolean;

  constructor(link: HostLink, clock: Clock, isPrivileged: boolean) {
    this.#link = link;
    this.#clock = clock;
    this.isPrivileged = isPrivileged;
  }

  /** The same host with other rights. */
  withPrivilege(isPrivileged: boolean): HostShell {
    return new HostShell(this.#link, this.#clock, isPrivileged);
  }

  /** Runs one of the constant scripts. `name` is for errors. Rejects with the link's errors and `remote.unintelligible`. */
  async batch(
    script: { readonly name: string; readonly text: string },
    parameters: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly sections: Sections; readonly mark: string }> {
    const mark = this.#newMark();
    const argv = ['sh', '-c', script.text, 'wheelhouse', mark, ...parameters] as const;
    const result = await this.run([...argv] as unknown as ArgumentVector, timeoutMs, signal);
    if (result.code !== 0 && !result.stdout.includes(`${mark} begin end`)) throw this.#explain(script.name, result);
    return { sections: splitSections(result.stdout, mark, script.name), mark };
  }

  /** Runs one command. Any exit code is an answer. */
  run(argv: ArgumentVector, timeoutMs: number, signal: AbortSignal): Promise<RunResult> {
    return this.#link.run(this.#elevate(argv, timeoutMs), { timeoutMs, maxBytes }, signal);
  }

  /** Starts a script that goes on. */
  start(text: string, signal: AbortSignal): Promise<RunningProcess> {
    return this.#link.start(this.#elevate(['sh', '-c', text, 'wheelhouse', '-'], undefined), signal);
  }

  /** A process of root cannot be ended by the account, so under sudo the time limit is set on the inner side as well. */
  #elevate(argv: ArgumentVector, timeoutMs: number | undefined): ArgumentVector {
    if (!this.isPrivileged) return argv;
    const limit = timeoutMs === undefined ? [] : ['timeout', '-k', '2', String(Math.ceil(timeoutMs / 1000))];
    return ['sudo', '-n', '--', 'env', 'LC_ALL=C.UTF-8', ...limit, ...argv];
  }

  #newMark(): string {
    const part = () =>
      Math.floor(this.#clock.random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0');
    return `@@${part()}${part()}`;
  }

  #explain(name: string, result: RunResult): AppError {
    const text = `${result.stderr}\n${result.stdout}`.trim().slice(0, 400);
    const status = result.code ?? result.signal ?? 'unknown';
    if (this.isPrivileged && /^sudo:/m.test(result.stderr)) {
      return new AppError('access.denied', `sudo refused: ${text}`, { privilege: 'sudo', path: '', text });
    }
    return new AppError('remote.refused', `${name} failed: ${text}`, { command: name, status, text });
  }
}
