import type { Level } from './rows.ts';

/** Numbers in a title, as a rule at its beginning: `O1: `, `U4, U7: `, `U1-U8, O1: `, `I1 I2 O1: `. */
const NUMBERS = '[A-Z]\\d+(?:[-, ]+[A-Z]\\d+)*';
const NUMBERED = new RegExp(`(?<=^| )(${NUMBERS}):(?= )`, 'g');
const LITERAL = new RegExp(`(['"\`])(${NUMBERS}): (?:(?!\\1)[^\\\\\\n]|\\\\.)*\\1`, 'g');

/** What of a vitest title selects those with numbers, as its option `-t` takes it. */
export const NUMBERED_ANYWHERE = `(^| )${NUMBERS}: `;

/** @returns the numbers that a title carries, ranges written out; none for other titles */
export function numbersOf(title: string): readonly string[] {
  const numbers = [...title.matchAll(NUMBERED)].map(([, each]) => each).join(' ');
  return [...numbers.matchAll(/([A-Z])(\d+)(?:-[A-Z](\d+))?/g)].flatMap(([, group, first, last]) => {
    const count = Number(last ?? first) - Number(first) + 1;
    return Array.from({ length: count }, (_, i) => `${group}${Number(first) + i}`);
  });
}

/** The titles with numbers that stand in the text of a test file, as they are written there. */
export const titlesIn = (source: string): readonly string[] =>
  [...source.matchAll(LITERAL)].map(([literal]) => literal.slice(1, -1).replace(/\\(.)/g, '$1'));

const PLACE = /%[sdifjoc#]|\$\{[^}]*\}|\$[A-Za-z_.]+/g;

/**
 * Whether a title that vitest tells stands so in a file. That of a table has places for values (`%s`, `$name`) or goes on behind what
 * the table says, and vitest shortens long values with an ellipsis.
 */
export function isWrittenAs(title: string, written: string): boolean {
  const pattern = written
    .split(PLACE)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  if (new RegExp(`(?:^| )${pattern}`, 's').test(title)) return true;
  const [beginning, rest] = title.split('…');
  return (
    rest !== undefined &&
    written.startsWith(beginning!.slice(Math.max(0, beginning!.search(NUMBERED))).trim())
  );
}

/** @returns of the titles that stand in a file the one that says most of what vitest tells */
export function writtenFor(title: string, all: readonly string[]): string | undefined {
  const lengthOf = (written: string): number => written.replace(PLACE, '').length;
  return all
    .filter((written) => isWrittenAs(title, written))
    .sort((one, other) => lengthOf(other) - lengthOf(one))[0];
}

const LEVELS: readonly (readonly [folder: string, level: Level | 'injection'])[] = [
  // Its tests show that a fault can be injected, and nothing of who survives it.
  ['services/exchange-simulator/', 'injection'],
  ['services/', 'service'],
  ['simulation/', 'simulation'],
  ['cli/trading/', 'processes'],
  ['adapters/postgres/', 'stores'],
  ['adapters/redis/', 'stores'],
];

/** At which level the tests of a file are, by where it stands. */
export const levelOf = (file: string): Level | 'injection' =>
  LEVELS.find(([folder]) => file.startsWith(folder))?.[1] ?? 'unit';
