import { hasRedisServer } from '../../../tools/own-redis.ts';
import { runVariant } from '../../harness/engine-runs.ts';
import { printGoals, printTable } from '../../harness/report.ts';
import type { ApartLines } from '../../variants/trading/apart.ts';
import type { Percentiles } from '../../variants/trading/percentiles.ts';
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
    const { seldom, often } = await runVariant<ApartLines>('trading-apart', { bars });
    printTable(
      ['services apart, ms', 'p50', 'p99', 'most', '', '5 x as often: p50', 'p99', 'most'],
      (
        [
          ['trade at the exchange to the answer to its order', 'toAnswer'],
          ['of it: until the order leaves', 'toSend'],
          ['of it: the exchange and both ways (floor)', 'atExchange'],
        ] as const
      ).map(([title, part]) => [title, ...shown(seldom[part]), '', ...shown(often[part])]),
    );
    console.log(
      `${seldom.ticks} ticks, ${seldom.answered} answers, and ${often.answered} where they come five times as often\n`,
    );
    printGoals([
      {
        what: 'tick to acknowledgement apart, p50',
        bound: 'at most',
        goal: 5,
        measured: seldom.toAnswer.p50,
        unit: 'ms',
      },
      { what: 'the same, p99', bound: 'at most', goal: 25, measured: seldom.toAnswer.p99, unit: 'ms' },
    ]);
  },
};

const shown = ({ p50, p99, most }: Percentiles): string[] => [p50, p99, most].map((ms) => ms.toFixed(1));
