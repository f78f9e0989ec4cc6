import type { Disposable } from '../../contract/disposable.ts';

/** Whether anybody looks: a window that watches the inventory is visible until it says otherwise. */
export class Visibility {
  readonly #watching = new Map<string, number>();
  readonly #hidden = new Set<string>();
  readonly #listeners = new Set<() => void>();

  get isVisible(): boolean {
    for (const rendererId of this.#watching.keys()) if (!this.#hidden.has(rendererId)) return true;
    return false;
  }

  /** A window watches; the same window may do so more than once, e.g. while it reconnects. */
  enter(rendererId: string): Disposable {
    this.#change(() => this.#watching.set(rendererId, (this.#watching.get(rendererId) ?? 0) + 1));
    let isDisposed = false;
    return {
      dispose: () => {
        if (isDisposed) return;
        isDisposed = true;
        this.#change(() => this.#leave(rendererId));
      },
    };
  }

  setVisible(rendererId: string, isVisible: boolean): void {
    this.#change(() => (isVisible ? this.#hidden.delete(rendererId) : this.#hidden.add(rendererId)));
  }

  onDidChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  #leave(rendererId: string): void {
    const left = (this.#watching.get(rendererId) ?? 1) - 1;
    if (left > 0) {
      this.#watching.set(rendererId, left);
      return;
    }
    this.#watching.delete(rendererId);
    this.#hidden.delete(rendererId);
  }

  #change(apply: () => void): void {
    const before = this.isVisible;
    apply();
    if (this.isVisible !== before) for (const listener of this.#listeners) listener();
  }
}
