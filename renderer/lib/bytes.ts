const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A number of bytes as a figure and an IEC unit, e.g. 1610612736 is 1.5 GiB. */
export interface ScaledBytes {
  readonly value: number;
  readonly unit: (typeof units)[number];
}

/** Picks the unit that leaves at most four digits before the point. */
export function scaleBytes(bytes: number): ScaledBytes {
  let value = Math.abs(bytes);
  let step = 0;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step += 1;
  }
  return { value: bytes < 0 ? -value : value, unit: units[step] ?? 'B' };
}

/** How many digits after the point a figure deserves: 1.5, 15, 150. */
export function fractionDigitsFor(value: number): number {
  const size = Math.abs(value);
  return size >= 10 || Number.isInteger(value) ? 0 : 1;
}
