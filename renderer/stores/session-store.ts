import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Disposable } from '../../electron/contract/disposable.ts';
import { toAppError, type ErrorShape } from '../../electron/contract/errors.ts';
import type { AppFacts, ContractClient } from '../../electron/contract/rpc/table.ts';

/** The link between window and core. */
export type LinkState = 'connecting' | 'open' | 'closed';

/** Something that went wrong and that no place on the screen shows otherwise. */
export interface Notice {
  readonly id: number;
  readonly error: ErrorShape;
}

export interface SessionState {
  readonly link: LinkState;
  readonly facts: AppFacts | undefined;
  readonly notices: readonly Notice[];
}

/** The window itself: its link, what the host told about itself, and notices that wait for the user. */
export class SessionStore {
  readonly state: StoreApi<SessionState> = createStore<SessionState>(() => ({
    link: 'connecting',
    facts: undefined,
    notices: [],
  }));
  readonly #shown = new Set<string>();
  #nextNoticeId = 1;

  constructor(private readonly client: Pick<ContractClient, 'request' | 'stream'>) {}

  setLink(link: LinkState): void {
    this.state.setState({ link });
  }

  /** Shows what the host has to tell, each thing once, also after the link was gone for a while. */
  start(): Disposable {
    return this.client.stream('app.watchNotices', {}, ({ notices }) => {
      for (const notice of notices) {
        const key = JSON.stringify(notice);
        if (this.#shown.has(key)) continue;
        this.#shown.add(key);
        this.#add(notice.error);
      }
    });
  }

  /** Asks the host about itself. */
  async loadFacts(): Promise<void> {
    try {
      const facts = await this.client.request('app.facts', {});
      this.state.setState({ facts });
    } catch (error) {
      this.report(error, 'app.facts');
    }
  }

  /** Shows an error that nobody waits for; cancelling is none. */
  readonly report = (error: unknown, where: string): void => {
    const appError = toAppError(error, where);
    if (appError.code !== 'operation.cancelled') this.#add(appError.toShape());
  };

  dismiss(id: number): void {
    this.state.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
  }

  #add(error: ErrorShape): void {
    const notice = { id: this.#nextNoticeId++, error };
    this.state.setState((state) => ({ notices: [...state.notices.slice(-4), notice] }));
  }
}
