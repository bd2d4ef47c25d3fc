import { interleave } from '../../harness/child.ts';
import { runVariant } from '../../harness/engine-runs.ts';
import { printGoals, printTable } from '../../harness/report.ts';
import type { DecideLine } from '../../variants/trading/decide.ts';
import type { Section } from '../section.ts';
import { middle, shown } from './shares.ts';
import { sized } from './size.ts';

const ORDERS = { result: 2_000, look: 500 };

export const decisions: Section = {
  title: () => 'trading: tick to signed order, in one process, nothing on a disk',

  async run(sizes) {
    const bars = sized(sizes, ORDERS);
    const lines = await interleave(sizes.rounds, ['signature', 'memory'], (run) =>
      runVariant<readonly DecideLine[]>(`trading-decide-${run}`, { bars }),
    );
    const rates = lines.memory[0]!.map(({ ordersPerSecond }) => ordersPerSecond);
    const at = (run: 'signature' | 'memory', place: number): readonly DecideLine[] =>
      lines[run].map((round) => round[place]!);
    printTable(
      ['tick to signed order, µs', 'floor p50', 'p50', 'floor p99', 'p99', 'from its due time: p50', 'p99'],
      rates.map((rate, place) => {
        const [floor, all] = [at('signature', place), at('memory', place)];
        return [
          rate === 0 ? 'one after the other' : `${rate} orders/s`,
          shown(
            floor.map(({ fromTick }) => fromTick),
            'p50',
            0,
          ),
          ...(['p50', 'p99'] as const).flatMap((share, column) => [
            ...(column === 0
              ? []
              : [
                  shown(
                    floor.map(({ fromTick }) => fromTick),
                    share,
                    0,
                  ),
                ]),
            shown(
              all.map(({ fromTick }) => fromTick),
              share,
              0,
            ),
          ]),
          shown(
            all.map(({ fromDue }) => fromDue),
            'p50',
            0,
          ),
          shown(
            all.map(({ fromDue }) => fromDue),
            'p99',
            0,
          ),
        ];
      }),
    );
    console.log('\nThe floor signs a text and hands it over, at the same moments.\n');
    const first = at('memory', 0).map(({ fromTick }) => fromTick);
    printGoals([
      {
        what: 'tick to signed order, p50',
        bound: 'at most',
        goal: 50,
        measured: middle(first, 'p50'),
        unit: 'µs',
        digits: 0,
      },
      {
        what: 'the same, p99',
        bound: 'at most',
        goal: 250,
        measured: middle(first, 'p99'),
        unit: 'µs',
        digits: 0,
      },
    ]);
  },
};
