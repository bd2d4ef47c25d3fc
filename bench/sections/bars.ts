import { interleave } from '../harness/child.ts';
import {
  coldNanoseconds,
  RATE_HEADER,
  type Rounds,
  rateCells,
  runVariant,
  toRate,
  warmNanoseconds,
} from '../harness/engine-runs.ts';
import { compareOutcomes } from '../harness/outcome.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { Section } from './section.ts';

/** The public strategy API with everything that belongs to it, against the bare loop that does the same arithmetic. */
export const bars: Section = {
  title: ({ bars }) =>
    `bars: EMA cross 12/26 over ${bars} one-minute bars, exact money, next-bar fills, filters, fees`,

  async run({ bars, rounds }) {
    const lines = await interleave(rounds, ['floor', 'engine'], (variant) => runVariant(variant, { bars }));
    const floor: Rounds = lines.floor.map(({ measurements }) => measurements[0]!);
    const engine: Rounds = lines.engine.map(({ measurements }) => measurements[0]!);
    const coldRatio = ratios(coldNanoseconds(engine), coldNanoseconds(floor));
    const warmRatio = ratios(warmNanoseconds(engine), warmNanoseconds(floor));
    printTable(
      ['variant', ...RATE_HEADER, 'cold / floor', 'warm / floor'],
      [
        ['floor: bare loop', ...rateCells(floor), '1', '1'],
        ['engine', ...rateCells(engine), showSummary(coldRatio, 2), showSummary(warmRatio, 2)],
      ],
    );
    console.log(`\noutcomes: ${compareOutcomes([...floor, ...engine].map(({ outcome }) => outcome))}`);
    const rate = summarize(toRate(warmNanoseconds(engine))).median;
    printGoals([
      { what: 'engine, warm', bound: 'at least', goal: 10, measured: rate, unit: 'M bars/s' },
      { what: 'engine / floor, warm', bound: 'at most', goal: 6, measured: warmRatio.median, unit: 'times' },
    ]);
  },
};
