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

/** What `styleText` puts around a text. */
const STYLE = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`);

/** A line, cut to a width; what colours it is left whole and takes no room. */
export function fitted(line: string, width: number): string {
  let room = width;
  return line
    .split(STYLE)
    .map((part) => {
      if (STYLE.test(part)) return part;
      const kept = part.slice(0, Math.max(0, room));
      room -= kept.length;
      return kept;
    })
    .join('');
}

/** A text in lines of a width, broken between words. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
