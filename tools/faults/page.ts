import { FAULT_ROWS, type FaultRow, GROUPS } from './rows.ts';
import { levelOf, numbersOf } from './titles.ts';

export type TestResult = 'passed' | 'failed' | 'skipped';

/** A test whose title begins with numbers of rows, or all tests of a table or a `describe` that does. */
export interface NumberedTest {
  readonly file: string;
  readonly title: string;
  readonly result: TestResult;
  /** How many tests of the same table or `describe` are not listed by themselves. */
  readonly more: number;
}

const INTRODUCTION = `# Faults, and the tests that show them survived

What has happened to real trading systems, and which tests show what becomes of it here. Written by \`npm run faults\` from
the tests that carry the number of a row in their title; \`tools/faults/rows.ts\` has the rows. Behind each row stands the level at
which it is shown: a part by itself (unit), a real store (stores), a service with the whole exchange in virtual time (service), the
whole system (simulation), or processes of their own (processes). Tests of \`services/exchange-simulator\` show that a fault can be
made to happen, and count for nothing else. *Skipped* needs something that the machine of the last run did not have.
`;

/** The page of all rows, each with its tests and their last results. */
export function faultsPage(tests: readonly NumberedTest[]): string {
  const byRow = new Map<string, NumberedTest[]>(FAULT_ROWS.map(({ id }) => [id, []]));
  for (const test of tests) for (const id of numbersOf(test.title)) byRow.get(id)?.push(test);
  const groups = Object.entries(GROUPS).map(([letter, name]) => {
    const rows = FAULT_ROWS.filter(({ id }) => id.startsWith(letter));
    return `## ${name}\n\n${rows.map((row) => section(row, byRow.get(row.id) ?? [])).join('\n')}`;
  });
  return [INTRODUCTION, ...groups].join('\n');
}

function section({ id, fault, level }: FaultRow, tests: readonly NumberedTest[]): string {
  const lines = tests.map(line).sort();
  const isOpen = lines.length === 0;
  return `### ${id}\n\n${fault} *(${level})*\n\n${isOpen ? '- no test yet' : lines.join('\n')}\n`;
}

const line = ({ file, title, result, more }: NumberedTest): string =>
  `- ${result}: \`${file}\` ${more === 0 ? '' : `(${more + 1} tests) `}${title}`;

/** @returns the tests that a page lists, by row */
export function readFaultsPage(
  text: string,
): ReadonlyMap<string, readonly { file: string; title: string }[]> {
  const rows = text.split(/^### /m).slice(1);
  return new Map(
    rows.map((row) => [
      row.slice(0, row.indexOf('\n')),
      [...row.matchAll(/^- \w+: `([^`]+)` (?:\(\d+ tests\) )?(.*)$/gm)].map(([, file, title]) => ({
        file: file!,
        title: title!,
      })),
    ]),
  );
}

/** @returns the rows that no test shows at their level */
export const rowsWithoutTests = (
  rows: readonly FaultRow[],
  tests: readonly Pick<NumberedTest, 'file' | 'title'>[],
): readonly string[] =>
  rows
    .filter(
      ({ id, level }) =>
        !tests.some(({ file, title }) => levelOf(file) === level && numbersOf(title).includes(id)),
    )
    .map(({ id, level }) => `${id} (${level})`);
