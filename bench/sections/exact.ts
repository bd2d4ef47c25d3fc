import { interleave } from '../harness/child.ts';
import { RATE_HEADER, type Rounds, rateCells, runVariant, warmNanoseconds } from '../harness/engine-runs.ts';
import { compareOutcomes } from '../harness/outcome.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary } from '../harness/summary.ts';
import type { Section } from './section.ts';

/** What exactness costs: the same engine sources, once with core/money and once with plain doubles in its place. */
export const exact: Section = {
  title: ({ bars }) => `exact: exact money against the same engine on doubles, ${bars} bars`,

  async run({ bars, rounds }) {
    const lines = await interleave(rounds, ['doubles', 'engine'], (variant) => runVariant(variant, { bars }));
    const doubles: Rounds = lines.doubles.map(({ measurements }) => measurements[0]!);
    const engine: Rounds = lines.engine.map(({ measurements }) => measurements[0]!);
    const ratio = ratios(warmNanoseconds(engine), warmNanoseconds(doubles));
    printTable(
      ['variant', ...RATE_HEADER, 'warm / doubles'],
      [
        ['doubles', ...rateCells(doubles), '1'],
        ['exact', ...rateCells(engine), showSummary(ratio, 2)],
      ],
    );
    console.log(`\nexact outcomes: ${compareOutcomes(engine.map(({ outcome }) => outcome))}`);
    await printDifferences(bars);
    const percent = (ratio.median - 1) * 100;
    printGoals([
      {
        what: 'more time for exactness',
        bound: 'at most',
        goal: 10,
        measured: percent,
        unit: '%',
        digits: 1,
      },
    ]);
  },
};

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
