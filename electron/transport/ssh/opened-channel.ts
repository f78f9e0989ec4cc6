import type { ClientChannel } from 'ssh2';

/** How the far side says that a program ended. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * A channel whose exit status is kept from its first moment on. The library tells the status once, possibly in the same
 * turn in which the channel opens, when nobody who awaits the opening can listen yet. Must be made in the callback of
 * the opening itself.
 */
export class OpenedChannel {
  readonly channel: ClientChannel;
  #status: ExitStatus | undefined;

  constructor(channel: ClientChannel) {
    this.channel = channel;
    channel.on('exit', (code: number | null, signalName?: string) => {
      this.#status = { code, signal: signalName ?? null };
    });
  }

  /** Undefined while the program runs, and when the connection ended before it did. */
  get status(): ExitStatus | undefined {
    return this.#status;
  }
}
