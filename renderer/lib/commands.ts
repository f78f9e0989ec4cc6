import type { Shortcut } from './shortcut.ts';

export const commandGroups = ['go', 'view', 'guest', 'connection'] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** Something the user can do. It has a name in the palette, and where it has a shortcut, that is shown beside it. */
export interface Command {
  /** Stable, `<area>.<what>`. */
  readonly id: string;
  readonly group: CommandGroup;
  readonly title: string;
  /** Other words by which it may be looked for. */
  readonly keywords?: string;
  readonly shortcut?: Shortcut;
  /** What tells it from others of the same title, e.g. where its guest is. */
  readonly note?: string;
  /** Why it cannot be done now; absent when it can. */
  readonly disabledReason?: string | undefined;
  run(): void;
}

/**
 * All commands that are offered at present. Screens add theirs while they are shown; the latest one of an id wins, so a
 * dialog can take a shortcut over for as long as it is open.
 */
export class CommandRegistry {
  readonly #layers: (readonly Command[])[] = [];
  readonly #listeners = new Set<() => void>();
  #snapshot: readonly Command[] = [];

  /** Adds commands; the returned function takes them away again. */
  add(commands: readonly Command[]): () => void {
    this.#layers.push(commands);
    this.#changed();
    return () => {
      const index = this.#layers.lastIndexOf(commands);
      if (index >= 0) this.#layers.splice(index, 1);
      this.#changed();
    };
  }

  /** The commands now; the same array until something changes. */
  readonly list = (): readonly Command[] => this.#snapshot;

  find(id: string): Command | undefined {
    return this.#snapshot.find((command) => command.id === id);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #changed(): void {
    const byId = new Map<string, Command>();
    for (const layer of this.#layers) for (const command of layer) byId.set(command.id, command);
    this.#snapshot = [...byId.values()];
    for (const listener of this.#listeners) listener();
  }
}
