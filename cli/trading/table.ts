import { styleText } from 'node:util';

/** Colours for terminals; nothing for pipes and files. */
export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;
export const paintFor = (isTerminal: boolean): Paint =>
  isTerminal ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** Rows under their titles, columns as wide as what stands in them, numbers to the right. */
export function tableOf(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) =>
        columns[i]?.isNumber === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [paint('dim', line(columns.map(({ title }) => title))), ...rows.map(line)];
}
