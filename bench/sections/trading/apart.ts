import { hasRedisServer } from '../../../tools/own-redis.ts';
import { runVariant } from '../../harness/engine-runs.ts';
import { printGoals, printTable } from '../../harness/report.ts';
import type { ApartLine } from '../../variants/trading/apart.ts';
import type { Section } from '../section.ts';
import { sized } from './size.ts';

const TICKS = { result: 1_000, look: 300 };

export const apart: Section = {
  title: () => 'trading: tick to answer over five processes, Redis, PostgreSQL and the exchange',

  async run(sizes) {
    const bars = sized(sizes, TICKS);
    if (!hasRedisServer) {
      console.log('apart: skipped, no Redis server here; tools/scripts/install-servers.sh installs one\n');
      return;
    }
    const line = await runVariant<ApartLine>('trading-apart', { bars });
    printTable(
      ['services apart, ms', 'p50', 'p99', 'most'],
      (
        [
          ['trade at the exchange to the answer to its order', line.toAnswer],
          ['of it: until the order leaves', line.toSend],
          ['of it: the exchange and both ways (floor)', line.atExchange],
        ] as const
      ).map(([title, { p50, p99, most }]) => [title, p50.toFixed(1), p99.toFixed(1), most.toFixed(1)]),
    );
    console.log(`${line.ticks} ticks, ${line.answered} answers\n`);
    printGoals([
      {
        what: 'tick to acknowledgement apart, p50',
        bound: 'at most',
        goal: 5,
        measured: line.toAnswer.p50,
        unit: 'ms',
      },
      { what: 'the same, p99', bound: 'at most', goal: 25, measured: line.toAnswer.p99, unit: 'ms' },
    ]);
  },
};
