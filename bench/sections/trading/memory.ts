import { runVariant } from '../../harness/engine-runs.ts';
import { printTable } from '../../harness/report.ts';
import type { MemoryLine } from '../../variants/trading/updates.ts';
import type { Section } from '../section.ts';
import { sized } from './size.ts';

const UPDATES = { result: 5_000 * 60 * 30, look: 5_000 * 60 };

export const memory: Section = {
  title: () => 'trading: 30 minutes at 5000 updates a second',

  async run(sizes) {
    const bars = sized(sizes, UPDATES);
    const line = await runVariant<MemoryLine>('trading-memory', { bars }, ['--expose-gc']);
    const megabytes = ([from, to]: readonly [number, number]): string =>
      `${from.toFixed(1)} to ${to.toFixed(1)}`;
    printTable(
      ['memory, second half', 'minutes in all', 'MB', 'MB an hour'],
      [
        [
          'heap after collection',
          line.minutes.toFixed(0),
          megabytes(line.heapMb),
          line.heapMbPerHour.toFixed(1),
        ],
        ['resident', line.minutes.toFixed(0), megabytes(line.rssMb), line.rssMbPerHour.toFixed(1)],
      ],
    );
    console.log('\nby minute, heap/resident in MB:');
    console.log(
      line.byMinute
        .map(({ minute, heapMb, rssMb }) => `${minute}: ${heapMb.toFixed(1)}/${rssMb.toFixed(1)}`)
        .join('  '),
    );
    console.log(`${line.heard} of ${line.sent} updates heard, ${line.orders} orders\n`);
  },
};
