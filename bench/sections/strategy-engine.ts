import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { StrategyEngineLine } from '../variants/strategy-engine.ts';
import type { Section } from './section.ts';

const VARIANTS = ['evaluate-floor', 'evaluate', 'signal-floor', 'signal'] as const;
type Variant = (typeof VARIANTS)[number];

/** Market updates through the strategy engine, beside the bare host of the same strategy. */
export const strategyEngine: Section = {
  title: () => 'strategy engine: tick in, evaluation and signal out',

  async run({ rounds }) {
    const lines = await interleave(rounds, VARIANTS, (variant) =>
      runVariant<StrategyEngineLine>(`strategy-engine-${variant}`, {}),
    );
    const nanoseconds = (variant: Variant): number[] =>
      lines[variant].map(({ nanosecondsPerUpdate }) => nanosecondsPerUpdate);
    const rate = (variant: Variant) => summarize(nanoseconds(variant).map((value) => 1e6 / value));
    const rows: readonly (readonly [string, Variant, Variant])[] = [
      ['ema-cross, a bar each: bare host (floor)', 'evaluate-floor', 'evaluate-floor'],
      ['ema-cross, a bar each: engine, recorded', 'evaluate', 'evaluate-floor'],
      ['an order at every trade: bare host (floor)', 'signal-floor', 'signal-floor'],
      ['an order at every trade: engine, answered', 'signal', 'signal-floor'],
    ];
    printTable(
      ['way', 'thousand updates/s', 'ns/update (cpu)', 'time / floor', 'signals'],
      rows.map(([title, variant, floor]) => [
        title,
        showSummary(rate(variant), 0),
        showSummary(summarize(nanoseconds(variant)), 0),
        showSummary(ratios(nanoseconds(variant), nanoseconds(floor)), 1),
        [...new Set(lines[variant].map(({ signals }) => signals))].join(' and '),
      ]),
    );
    printGoals(
      (['evaluate', 'signal'] as const).map((variant) => ({
        what: variant === 'signal' ? 'evaluations, tick in, signal out' : 'evaluations, recorded',
        bound: 'at least',
        goal: 100_000,
        measured: rate(variant).median * 1000,
        unit: 'a second',
        digits: 0,
      })),
    );
  },
};
