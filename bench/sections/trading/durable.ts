import { interleave } from '../../harness/child.ts';
import { runVariant } from '../../harness/engine-runs.ts';
import { printGoals, printTable } from '../../harness/report.ts';
import { summarize } from '../../harness/summary.ts';
import type { DurableLine } from '../../variants/trading/decide.ts';
import type { Section } from '../section.ts';
import { shown } from './shares.ts';
import { sized } from './size.ts';

const ORDERS = { result: 1_000, look: 300 };

export const durable: Section = {
  title: () => 'trading: tick to order sent, in one process, its intent on the disk first',

  async run(sizes) {
    const bars = sized(sizes, ORDERS);
    const { run } = await interleave(sizes.rounds, ['run'], () =>
      runVariant<DurableLine>('trading-decide-durable', { bars }),
    );
    const rows = [
      ['one row in the same PostgreSQL (floor)', run.map(({ row }) => row)],
      ['one event in the ledger', run.map(({ single }) => single)],
      ['tick to order sent, intent on disk', run.map(({ fromTick }) => fromTick)],
    ] as const;
    printTable(
      ['µs', 'p50', 'p99'],
      rows.map(([title, lines]) => [title, shown(lines, 'p50', 0), shown(lines, 'p99', 0)]),
    );
    console.log();
    // Of each round its own bound, because both were taken in the same minute.
    const share = summarize(run.map(({ row, fromTick }) => fromTick.p50 / (1.5 * row.p50 + 100)));
    printGoals([
      {
        what: 'tick to order sent, of 1.5 commits + 100 µs',
        bound: 'at most',
        goal: 1,
        measured: share.median,
        unit: '',
      },
    ]);
  },
};
