import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Disposable } from '../../electron/contract/disposable.ts';
import { defaultPreferences, type Preferences } from '../../electron/contract/preferences.ts';
import type { ContractClient } from '../../electron/contract/rpc/table.ts';

/** Dragging a pane changes its size many times a second; the profile is written this long after the last change. */
const saveDelayMs = 400;

type LayoutValue = Preferences['layout'][string];

export interface PreferenceState {
  readonly isLoaded: boolean;
  readonly preferences: Preferences;
}

/** What the window remembers. A change shows at once and is sent to the profile a moment later. */
export class PreferenceStore {
  readonly state: StoreApi<PreferenceState> = createStore<PreferenceState>(() => ({
    isLoaded: false,
    preferences: defaultPreferences,
  }));
  #unsaved: Partial<Preferences> = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: Pick<ContractClient, 'stream' | 'request'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): Disposable {
    const stream = this.client.stream('preference.watch', {}, (frame) => {
      this.state.setState({ isLoaded: true, preferences: { ...frame.preferences, ...this.#unsaved } });
    });
    return {
      dispose: () => {
        stream.dispose();
        this.flush();
      },
    };
  }

  get preferences(): Preferences {
    return this.state.getState().preferences;
  }

  set(change: Partial<Preferences>): void {
    this.state.setState((state) => ({ ...state, preferences: { ...state.preferences, ...change } }));
    this.#unsaved = { ...this.#unsaved, ...change };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), saveDelayMs);
  }

  /** One pane size or switch of the window; the key is the pane's own. */
  setLayout(key: string, value: LayoutValue): void {
    if (this.preferences.layout[key] === value) return;
    this.set({ layout: { ...this.preferences.layout, [key]: value } });
  }

  /** Sends what is not saved yet. */
  flush(): void {
    clearTimeout(this.#timer);
    const change = this.#unsaved;
    this.#unsaved = {};
    if (Object.keys(change).length === 0) return;
    this.client.request('preference.set', { change }).catch(this.onError);
  }
}
