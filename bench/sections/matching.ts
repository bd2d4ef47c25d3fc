import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { MatchingLine } from '../variants/matching.ts';
import type { Section } from './section.ts';

const VARIANTS = ['book', 'engine', 'map-fifo'] as const;

/** The order book engine against the bare book below it, and against a book as one would write it in an hour. */
export const matching: Section = {
  title: () => 'matching: 58 % passive orders, 30 % cancels, 12 % marketable orders',

  async run({ rounds }) {
    const lines = await interleave(rounds, VARIANTS, (variant) =>
      runVariant<MatchingLine>(`matching-${variant}`, {}),
    );
    const nanoseconds = (variant: (typeof VARIANTS)[number]): number[] =>
      lines[variant].map(({ nanosecondsPerOperation }) => nanosecondsPerOperation);
    const rate = (variant: (typeof VARIANTS)[number]) =>
      summarize(nanoseconds(variant).map((value) => 1000 / value));
    printTable(
      ['variant', 'M operations/s', 'ns/operation (cpu)', 'time / bare book'],
      VARIANTS.map((variant) => [
        variant,
        showSummary(rate(variant), 1),
        showSummary(summarize(nanoseconds(variant)), 0),
        showSummary(ratios(nanoseconds(variant), nanoseconds('book')), 2),
      ]),
    );
    console.log(`\noutcomes: ${compare(Object.values(lines).flat())}`);
    const measured = rate('engine').median;
    printGoals([{ what: 'engine', bound: 'at least', goal: 3, measured, unit: 'M operations/s' }]);
  },
};

function compare(lines: readonly MatchingLine[]): string {
  const words = new Set(
    lines.map(
      ({ operations, trades, volume, cancels }) =>
        `${operations} operations, ${trades} trades, volume ${volume}, ${cancels} cancels`,
    ),
  );
  return `${words.size === 1 ? 'equal in all runs' : 'DIFFERENT'}: ${[...words].join(' and ')}`;
}
