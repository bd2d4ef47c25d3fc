import { interleave } from '../../harness/child.ts';
import { runVariant } from '../../harness/engine-runs.ts';
import { printGoals, printTable } from '../../harness/report.ts';
import { showSummary, summarize } from '../../harness/summary.ts';
import type { UpdatesLine } from '../../variants/trading/updates.ts';
import type { Section } from '../section.ts';
import { middle, shown } from './shares.ts';
import { sized } from './size.ts';

const UPDATES = { result: 20_000 * 30, look: 20_000 * 5 };

export const updates: Section = {
  title: () => 'trading: 20 000 market updates a second, with strategies, risk and ledger',

  async run(sizes) {
    const bars = sized(sizes, UPDATES);
    const { updates: run, counted } = await interleave(sizes.rounds, ['updates', 'counted'], (variant) =>
      runVariant<UpdatesLine>(`trading-${variant}`, { bars }),
    );
    const ages = run.map(({ age }) => age);
    const told = summarize(run.map(({ heard, sent }) => heard / sent));
    printTable(
      ['market updates', 'a second', 'heard, %', 'age p50 ms', 'age p99 ms', 'µs/update (cpu)', 'orders'],
      [
        [
          'eight strategies on four symbols, risk, ledger',
          String(run[0]!.perSecond),
          showSummary(
            { median: told.median * 100, minimum: told.minimum * 100, maximum: told.maximum * 100 },
            2,
          ),
          shown(ages, 'p50', 1),
          shown(ages, 'p99', 1),
          showSummary(summarize(run.map(({ cpuMicroseconds }) => cpuMicroseconds)), 1),
          summarize(run.map(({ orders: each }) => each)).median.toFixed(0),
        ],
        [
          'the same messages, counted (floor)',
          String(counted[0]!.perSecond),
          '',
          ...(['p50', 'p99'] as const).map((share) =>
            shown(
              counted.map(({ age }) => age),
              share,
              1,
            ),
          ),
          showSummary(summarize(counted.map(({ cpuMicroseconds }) => cpuMicroseconds)), 1),
          '',
        ],
      ],
    );
    console.log();
    const perSecond = run[0]!.perSecond * told.median;
    printGoals([
      { what: 'updates heard', bound: 'at least', goal: 19_990, measured: perSecond, unit: '/s', digits: 0 },
      {
        what: 'age of a price at the strategy, p99',
        bound: 'at most',
        goal: 10,
        measured: middle(ages, 'p99'),
        unit: 'ms',
      },
    ]);
  },
};
