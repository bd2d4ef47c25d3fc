import { interleave } from '../harness/child.ts';
import {
  RATE_HEADER,
  type Rounds,
  rateCells,
  runVariant,
  toRate,
  warmNanoseconds,
} from '../harness/engine-runs.ts';
import { compareOutcomes } from '../harness/outcome.ts';
import { type Goal, printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { Section } from './section.ts';

const HEAVY = 'five-indicators';
const SHARING = ['ema-cross', 'rsi-mean-reversion', 'donchian-breakout'] as const;
const VARIANTS = [HEAVY, ...SHARING, 'together'] as const;

/** A strategy of ordinary weight, and whether strategies slow each other down when one process runs several. */
export const strategies: Section = {
  title: ({ bars }) => `strategies: five indicators, and three strategies in one process, ${bars} bars`,

  async run({ bars, rounds }) {
    const lines = await interleave(rounds, VARIANTS, (variant) =>
      runVariant('engine', { bars, strategies: variant === 'together' ? SHARING : [variant] }),
    );
    const solo = (name: (typeof VARIANTS)[number]): Rounds =>
      lines[name].map(({ measurements }) => measurements[0]!);
    const together = (place: number): Rounds =>
      lines.together.map(({ measurements }) => measurements[place]!);

    const rows = [[`${HEAVY}, alone`, ...rateCells(solo(HEAVY)), '']];
    const goals: Goal[] = [
      {
        what: `${HEAVY}, warm`,
        bound: 'at least',
        goal: 2,
        measured: summarize(toRate(warmNanoseconds(solo(HEAVY)))).median,
        unit: 'M bars/s',
      },
    ];
    const comparisons: string[] = [];
    SHARING.forEach((name, place) => {
      const [alone, shared] = [solo(name), together(place)];
      const ratio = ratios(warmNanoseconds(shared), warmNanoseconds(alone));
      rows.push([`${name}, alone`, ...rateCells(alone), '1']);
      rows.push([`${name}, with the others`, ...rateCells(shared), showSummary(ratio, 2)]);
      goals.push({
        what: `${name}, with the others / alone`,
        bound: 'at most',
        goal: 1.5,
        measured: ratio.median,
        unit: 'times',
      });
      comparisons.push(`${name}: ${compareOutcomes([...alone, ...shared].map(({ outcome }) => outcome))}`);
    });
    printTable(['variant', ...RATE_HEADER, 'warm / alone'], rows);
    console.log(`\n${comparisons.join('\n')}`);
    printGoals(goals);
  },
};
