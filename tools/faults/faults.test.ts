import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { faultsPage, readFaultsPage, rowsWithoutTests } from './page.ts';
import { numberedTests } from './read-report.ts';
import { FAULT_ROWS, GROUPS, ROWS_THAT_NEED_TESTS } from './rows.ts';
import { isWrittenAs, numbersOf, titlesIn } from './titles.ts';

interface Titled {
  readonly file: string;
  readonly title: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const sourceOf = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');
const OTHERS = ['**/node_modules/**', '.stryker-tmp/**', 'tools/faults/**'];
/** The titles with numbers of rows, as they are written in the files that match. */
const writtenIn = (pattern: string): readonly Titled[] =>
  globSync(pattern, { cwd: ROOT, exclude: OTHERS })
    .flatMap((file) => titlesIn(sourceOf(file)).map((title) => ({ file, title })))
    .filter(({ title }) => numbersOf(title).some((number) => FAULT_ROWS.some(({ id }) => id === number)));
const WRITTEN = writtenIn('**/*.test.ts');
/** Suites that the tests of several files run. */
const IN_SUITES = writtenIn('**/*conformance*.ts');
const LISTED = readFaultsPage(sourceOf('docs/faults.md'));

test('there are 108 rows, each once, in groups that have a name', () => {
  const ids = FAULT_ROWS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(108);
  expect(new Set(ids.map((id) => id.charAt(0)))).toEqual(new Set(Object.keys(GROUPS)));
});

test('every row but those of the dashboard has a test at its level that carries its number', () => {
  expect(rowsWithoutTests(ROWS_THAT_NEED_TESTS, [...LISTED.values()].flat())).toEqual([]);
});

test('docs/faults.md lists the rows and tests that exist; npm run faults writes it anew', () => {
  expect([...LISTED.keys()]).toEqual(FAULT_ROWS.map(({ id }) => id));
  const listed = [...LISTED.values()].flat();
  const isListed = ({ file, title }: Titled): boolean =>
    listed.some((each) => each.file === file && isWrittenAs(each.title, title));
  const isThere = ({ file, title }: Titled): boolean =>
    WRITTEN.some((each) => each.file === file && isWrittenAs(title, each.title)) ||
    IN_SUITES.some((each) => isWrittenAs(title, each.title));
  expect(
    WRITTEN.filter((each) => !isListed(each)),
    'not listed',
  ).toEqual([]);
  expect(
    listed.filter((each) => !isThere(each)),
    'gone',
  ).toEqual([]);
});

test.each([
  ['O1: accepted, answer lost', ['O1']],
  ['U1-U3, O1: a mix', ['U1', 'U2', 'U3', 'O1']],
  ['I1 I2 O12: a mix', ['I1', 'I2', 'O12']],
  ['a key G3: that may withdraw is refused', ['G3']],
  ['I7: M11: a price of nothing', ['I7', 'M11']],
  ['O1 without a colon', []],
])('a title carries its numbers before a colon, example %#', (title, numbers) => {
  expect(numbersOf(title)).toEqual(numbers);
});

test('the tests of a table and of a describe are listed as one, with the worst of their results', () => {
  const source = "describe('O12: a pair', …); test.each(ROWS)('M9: is $status', …)";
  const report = {
    testResults: [
      {
        name: '/here/a.test.ts',
        assertionResults: [
          { ancestorTitles: ['O12: a pair'], title: 'one', status: 'passed' },
          { ancestorTitles: ['O12: a pair'], title: 'two', status: 'failed' },
          { ancestorTitles: [], title: 'M9: is HALT', status: 'passed' },
          { ancestorTitles: [], title: 'M9: is BREAK', status: 'pending' },
          { ancestorTitles: [], title: 'has no number', status: 'pending' },
        ],
      },
    ],
  };
  const tests = numberedTests(
    report,
    (path) => path.slice('/here/'.length),
    () => source,
  );
  expect(tests).toEqual([
    { file: 'a.test.ts', title: 'O12: a pair', result: 'failed', more: 1 },
    { file: 'a.test.ts', title: 'M9: is HALT', result: 'passed', more: 1 },
  ]);
  const page = readFaultsPage(faultsPage(tests));
  expect(page.get('O12')).toEqual([{ file: 'a.test.ts', title: 'O12: a pair' }]);
  expect(page.get('O13')).toEqual([]);
});

test('a test that shows how a fault is made to happen shows nobody who survives it', () => {
  const tests = [{ file: 'services/exchange-simulator/a.test.ts', title: 'O1: an answer is lost' }];
  expect(rowsWithoutTests([FAULT_ROWS[0]!], tests)).toEqual(['O1 (service)']);
});
