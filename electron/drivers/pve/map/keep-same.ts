import type { LoadRow } from '../../../contract/records/load.ts';

/**
 * Hands out the object of the last listing while its content is the same, so that those after us compare by identity.
 * For the few records that are built anew at every poll; guests know by themselves what changed.
 */
export class KeepSame<T extends { readonly id: string }> {
  readonly #known = new Map<string, { value: T; text: string; load: LoadRow | undefined; sweep: number }>();
  #sweep = 0;

  /** Begins a listing. */
  begin(): void {
    this.#sweep += 1;
  }

  keep(value: T): T {
    const text = JSON.stringify(value);
    const known = this.#known.get(value.id);
    if (known === undefined) {
      this.#known.set(value.id, { value, text, load: undefined, sweep: this.#sweep });
      return value;
    }
    known.sweep = this.#sweep;
    if (known.text === text) return known.value;
    known.value = value;
    known.text = text;
    return value;
  }

  /** The load of a record that was kept in this listing. */
  keepLoad(row: LoadRow): LoadRow {
    const known = this.#known.get(row[0]);
    if (known === undefined) return row;
    if (known.load !== undefined && isSameRow(known.load, row)) return known.load;
    known.load = row;
    return row;
  }

  /** Ends a listing: what was not kept in it is forgotten. */
  end(): void {
    for (const [id, known] of this.#known) if (known.sweep !== this.#sweep) this.#known.delete(id);
  }
}

function isSameRow(a: LoadRow, b: LoadRow): boolean {
  return a.every((figure, place) => figure === b[place]);
}
