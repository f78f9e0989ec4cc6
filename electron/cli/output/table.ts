import { cutToWidth, displayText, displayWidth } from './display-text.ts';

/** One column: its heading and where its texts stand. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Longer texts are cut on a terminal, never in a pipe. */
  readonly maxWidth?: number;
}

/** Lines of an aligned table. Every cell is made harmless for a terminal; `paint` may colour it afterwards. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: {
    readonly cuts: boolean;
    readonly paint?: (text: string, row: number, column: number) => string;
  },
): readonly string[] {
  const cells = rows.map((row) =>
    columns.map(({ maxWidth }, index) => {
      const text = displayText(row[index] ?? '');
      return options.cuts && maxWidth !== undefined ? cutToWidth(text, maxWidth) : text;
    }),
  );
  const widths = columns.map(({ title }, index) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), displayWidth(title)),
  );
  const lineOf = (row: readonly string[], paint: (text: string, column: number) => string): string =>
    row
      .map((text, index) => {
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - displayWidth(text)));
        const painted = paint(text, index);
        return columns[index]?.align === 'right' ? padding + painted : painted + padding;
      })
      .join('  ')
      .trimEnd();
  const paint = options.paint ?? ((text: string): string => text);
  return [
    lineOf(
      columns.map(({ title }) => title),
      (text) => text,
    ),
    ...cells.map((row, at) => lineOf(row, (text, column) => paint(text, at, column))),
  ];
}
