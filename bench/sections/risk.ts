import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { RiskLine } from '../variants/risk.ts';
import type { Section } from './section.ts';

const VARIANTS = ['desk', 'numbers', 'service'] as const;
const NAMES = {
  desk: 'floor: desk of the core',
  numbers: 'the same, with the numbers of each check',
  service: 'service: price, books, guards, numbers as text',
} as const;

/** One order at a time against every limit there is, and let go again. */
export const risk: Section = {
  title: () => 'risk: from an order to its verdict, every limit stated, none reached',

  async run({ rounds }) {
    const lines = await interleave(rounds, VARIANTS, (variant) =>
      runVariant<RiskLine>(`risk-${variant}`, {}),
    );
    const of = (variant: (typeof VARIANTS)[number], field: keyof RiskLine, per: number): number[] =>
      lines[variant].map((line) => line[field] / per);
    printTable(
      ['variant', 'p50 µs', 'p99 µs', 'orders/s', 'p50 / floor'],
      VARIANTS.map((variant) => [
        NAMES[variant],
        showSummary(summarize(of(variant, 'p50', 1000)), 2),
        showSummary(summarize(of(variant, 'p99', 1000)), 2),
        showSummary(summarize(of(variant, 'ordersPerSecond', 1)), 0),
        showSummary(ratios(of(variant, 'p50', 1), of('desk', 'p50', 1)), 2),
      ]),
    );
    const approved = new Set(Object.values(lines).flatMap((each) => each.map((line) => line.approved)));
    console.log(`\napproved: ${[...approved].join(', ')} of 20000`);
    const p50 = summarize(of('service', 'p50', 1000)).median;
    const p99 = summarize(of('service', 'p99', 1000)).median;
    // A part of the goal from tick to signed order: 50 µs and 250 µs.
    printGoals([
      { what: 'verdict, p50', bound: 'at most', goal: 25, measured: p50, unit: 'µs' },
      { what: 'verdict, p99', bound: 'at most', goal: 125, measured: p99, unit: 'µs' },
    ]);
  },
};
