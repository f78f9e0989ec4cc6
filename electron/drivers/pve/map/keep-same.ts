/** Hands out the object of the last time while its content is the same, so that those after us compare by identity. */
export class KeepSame<T extends { readonly id: string }> {
  readonly #known = new Map<string, { readonly value: T; readonly text: string }>();

  keep(value: T): T {
    const text = JSON.stringify(value);
    const known = this.#known.get(value.id);
    if (known !== undefined && known.text === text) return known.value;
    this.#known.set(value.id, { value, text });
    return value;
  }

  /** Forgets everything that is not listed. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }
}
