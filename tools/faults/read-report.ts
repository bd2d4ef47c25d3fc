import type { NumberedTest, TestResult } from './page.ts';
import { numbersOf, titlesIn, writtenFor } from './titles.ts';

/** What is read of the report that vitest writes as JSON. */
export interface VitestReport {
  readonly testResults: readonly {
    /** The path of the file. */
    readonly name: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/**
 * The numbered tests of a report, those of one table or `describe` as one.
 * @param fileOf  the file of a path, as it is listed
 * @param sourceOf  the text of such a file
 */
export function numberedTests(
  { testResults }: VitestReport,
  fileOf: (path: string) => string,
  sourceOf: (file: string) => string,
): readonly NumberedTest[] {
  const found = new Map<string, NumberedTest>();
  for (const { name, assertionResults } of testResults) {
    const file = fileOf(name);
    const written = titlesIn(sourceOf(file));
    for (const { ancestorTitles, title, status } of assertionResults) {
      for (const part of [...ancestorTitles, title]) {
        if (numbersOf(part).length === 0) continue;
        const key = `${file} ${writtenFor(part, written) ?? part}`;
        const known = found.get(key);
        const result = resultOf(status);
        found.set(
          key,
          known === undefined
            ? { file, title: part, result, more: 0 }
            : { ...known, result: worse(known.result, result), more: known.more + 1 },
        );
      }
    }
  }
  return [...found.values()];
}

function resultOf(status: string): TestResult {
  if (status === 'passed') return 'passed';
  return status === 'failed' ? 'failed' : 'skipped';
}

/** A failure of one is one of all; tests that were skipped take nothing from others that passed. */
function worse(one: TestResult, other: TestResult): TestResult {
  if (one === 'failed' || other === 'failed') return 'failed';
  return one === 'passed' || other === 'passed' ? 'passed' : 'skipped';
}
