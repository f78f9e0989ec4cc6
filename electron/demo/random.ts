/** A repeatable source of numbers: the same seed gives the same estate. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** Upper-case hexadecimal digits. */
  hex(digits: number): string;
}

/** Mulberry32: small, fast, good enough for names and sizes; nothing secret is made from it. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += between(0, 15).toString(16).toUpperCase();
      return text;
    },
  };
}

/** A number in [0, 1) that depends on its two arguments alone: noise that needs no memory. */
export function noise(key: number, moment: number): number {
  let mixed = Math.imul(key ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(moment | 0, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
}
