import { interleave } from '../../harness/child.ts';
import { runVariant } from '../../harness/engine-runs.ts';
import { printGoals, printTable } from '../../harness/report.ts';
import type { DecideLines } from '../../variants/trading/decide.ts';
import type { Section } from '../section.ts';
import { middle, shown } from './shares.ts';
import { sized } from './size.ts';

const ORDERS = { result: 10_000, look: 2_000 };

const COLUMNS = [
  ['from the tick', 'fromTick'],
  ['from its due time', 'fromDue'],
] as const;

export const decisions: Section = {
  title: () => 'trading: tick to signed order, in one process, without the durable write',

  async run(sizes) {
    const bars = sized(sizes, ORDERS);
    const lines = await interleave(sizes.rounds, ['signature', 'memory'], (run) =>
      runVariant<DecideLines>(`trading-decide-${run}`, { bars }),
    );
    const rowsOf = (title: string, load: keyof DecideLines): string[][] =>
      COLUMNS.map(([column, key]) => [
        `${title}, ${column}`,
        ...(['p50', 'p99'] as const).flatMap((share) =>
          (['signature', 'memory'] as const).map((run) =>
            shown(
              lines[run].map((each) => each[load][key]),
              share,
              0,
            ),
          ),
        ),
      ]);
    printTable(
      ['tick to signed order, µs', 'floor p50', 'p50', 'floor p99', 'p99'],
      [
        ...rowsOf('5000 ticks/s, 250 orders/s', 'openLoop'),
        ...rowsOf('20 000 ticks/s, 1000 orders/s', 'busy'),
        ...rowsOf('one order after the other', 'oneByOne'),
      ],
    );
    console.log('\nThe floor signs a text and hands it over, at the same moments.\n');
    const ticks = lines.memory.map(({ openLoop }) => openLoop.fromTick);
    const goal = { bound: 'at most', unit: 'µs', digits: 0 } as const;
    printGoals([
      { ...goal, what: 'tick to signed order, p50', goal: 50, measured: middle(ticks, 'p50') },
      { ...goal, what: 'the same, p99', goal: 250, measured: middle(ticks, 'p99') },
    ]);
  },
};
