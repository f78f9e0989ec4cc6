const byteUnits = ['B', 'K', 'M', 'G', 'T', 'P'] as const;

/** `4G`, `1.5T`: binary units as the filter reads them; `-` for unknown. */
export function bytesText(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return '-';
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const rounded = value < 10 && unit > 0 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${rounded}${byteUnits[unit] ?? ''}`;
}

/** `37%`; `-` for unknown. */
export function percentText(ratio: number | null | undefined): string {
  return ratio === null || ratio === undefined ? '-' : `${Math.round(ratio * 100)}%`;
}

/** The two largest units: `3d 4h`, `12m 5s`, `0s`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = (
    [
      [Math.floor(seconds / 86_400), 'd'],
      [Math.floor(seconds / 3600) % 24, 'h'],
      [Math.floor(seconds / 60) % 60, 'm'],
      [seconds % 60, 's'],
    ] as const
  ).map(([count, unit]) => ({ count, text: `${count}${unit}` }));
  const first = parts.findIndex(({ count }) => count > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(' ');
}

/** `2026-11-23 06:05:47` in the machine's own time zone. */
export function timeText(ms: number): string {
  const at = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 19).replace('T', ' ');
}
