import { runVariant } from '../harness/engine-runs.ts';
import type { Duration } from '../harness/measure.ts';
import { compareOutcomes } from '../harness/outcome.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { showSpread, spreadOf } from '../harness/summary.ts';
import { type Quad, takeTurns } from '../harness/turns.ts';
import type { Section } from './section.ts';

/** As many turns as make the bars of one run of the other sections: short enough that a machine seldom changes within four of them. */
const WARM_UPS = 25;
/** Many couples with few quads each: what V8 has compiled makes more of a difference than the minute. */
const COUPLES_PER_ROUND = 4;
const QUADS = 8;

const WATCHES = [
  { name: 'thread', of: 'threadNanoseconds' },
  { name: 'process', of: 'cpuNanoseconds' },
  { name: 'wall', of: 'wallNanoseconds' },
] as const satisfies readonly { name: string; of: keyof Duration }[];

/** What exactness costs: the same engine sources, once with core/money and once with plain doubles in its place. */
export const exact: Section = {
  title: ({ bars, rounds }) =>
    `exact: exact money against the same engine on doubles, ${rounds * COUPLES_PER_ROUND * QUADS} times A B B A in ${rounds * COUPLES_PER_ROUND} couples in turns of ${bars / WARM_UPS} bars`,

  async run({ bars, rounds }) {
    const turnBars = bars / WARM_UPS;
    const options = { bars: turnBars, strategies: ['ema-cross'], listFills: false };
    const count = { couples: rounds * COUPLES_PER_ROUND, quads: QUADS, warmUps: WARM_UPS };
    const quads = await takeTurns('doubles', 'engine', options, count);
    printTable(
      ['median (middle half)', 'doubles ns/bar', 'exact ns/bar', 'exact / doubles'],
      WATCHES.map(({ name, of }) => {
        const doubles = quads.map(({ first }) => sum(first, of) / 2 / turnBars);
        const exactly = quads.map(({ second }) => sum(second, of) / 2 / turnBars);
        return [
          name,
          showSpread(spreadOf(doubles), 1),
          showSpread(spreadOf(exactly), 1),
          showSpread(spreadOf(ratiosOf(quads, of)), 3),
        ];
      }),
    );
    console.log(
      `\nexact outcomes: ${compareOutcomes(quads.flatMap(({ second }) => second.map(({ outcome }) => outcome)))}`,
    );
    await printDifferences(bars);
    const measured = (spreadOf(ratiosOf(quads, 'threadNanoseconds')).median - 1) * 100;
    printGoals([
      { what: 'more time for exactness', bound: 'at most', goal: 10, measured, unit: '%', digits: 1 },
    ]);
  },
};

const ratiosOf = (quads: readonly Quad[], watch: keyof Duration): number[] =>
  quads.map(({ first, second }) => sum(second, watch) / sum(first, watch));

const sum = (turns: Quad['first'], watch: keyof Duration): number =>
  turns[0].duration[watch] + turns[1].duration[watch];

/** Why one pays for it: how much of the run comes out otherwise on doubles. */
async function printDifferences(bars: number): Promise<void> {
  const onDoubles = await runVariant('doubles', { bars, listFills: true });
  const exactly = await runVariant('engine', { bars, listFills: true });
  const count = exactly.fills.length;
  const different = exactly.fills.filter((fill, i) => fill !== onDoubles.fills[i]).length;
  const wrong = onDoubles.measurements[0]!.outcome;
  const right = exactly.measurements[0]!.outcome;
  console.log(`on doubles ${different} of ${count} fills differ in quantity, price or fee at 8 decimals;`);
  console.log(
    `the final balance is ${wrong.quote} USDT instead of ${right.quote}, ${wrong.base} BTC instead of ${right.base}`,
  );
}
