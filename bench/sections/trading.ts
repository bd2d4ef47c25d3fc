import { hasRedisServer } from '../../tools/own-redis.ts';
import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { type Goal, printGoals, printTable } from '../harness/report.ts';
import { showSummary, summarize } from '../harness/summary.ts';
import type { ApartLine } from '../variants/trading/apart.ts';
import type { DecideLine, DurableLine } from '../variants/trading/decide.ts';
import type { OrdersLine } from '../variants/trading/orders.ts';
import type { Percentiles } from '../variants/trading/percentiles.ts';
import type { RestartLine } from '../variants/trading/restart.ts';
import type { MemoryLine, UpdatesLine } from '../variants/trading/updates.ts';
import type { Section, Sizes } from './section.ts';

/** How large the parts are; of a look, so that it ends within a few minutes. */
const FULL = {
  decisions: 2_000,
  durable: 1_000,
  apart: 1_000,
  updates: 20_000 * 30,
  orders: 500 * 120,
  memory: 5_000 * 60 * 30,
};
const QUICK: typeof FULL = {
  decisions: 500,
  durable: 300,
  apart: 300,
  updates: 20_000 * 5,
  orders: 500 * 10,
  memory: 5_000 * 60,
};
/** Above it a run is a result and not a look. */
const FULL_ROUNDS = 5;

type Shares = keyof Percentiles;
const shown = (lines: readonly Percentiles[], share: Shares, digits: number): string =>
  showSummary(summarize(lines.map((line) => line[share])), digits);
const middle = (lines: readonly Percentiles[], share: Shares): number =>
  summarize(lines.map((line) => line[share])).median;

/** The whole system: services, ledger and exchange together, by the clock, under a load that waits for nobody. */
export const trading: Section = {
  title: () => 'trading: the whole system, each part beside its floor of the same run',

  async run(sizes) {
    const size = sizes.rounds < FULL_ROUNDS ? QUICK : FULL;
    const goals = [
      ...(await decisions(sizes, size)),
      ...(await durable(sizes, size)),
      ...(await apart(size)),
      ...(await updates(sizes, size)),
      ...(await orders(size)),
      ...(await restarts(sizes)),
      ...(await memory(size)),
    ];
    printGoals(goals);
  },
};

async function decisions({ rounds }: Sizes, { decisions: bars }: typeof FULL): Promise<Goal[]> {
  const lines = await interleave(rounds, ['signature', 'memory'], (run) =>
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
  return [
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
  ];
}

async function durable({ rounds }: Sizes, { durable: bars }: typeof FULL): Promise<Goal[]> {
  const { run } = await interleave(rounds, ['run'], () =>
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
  return [
    {
      what: 'tick to order sent, of 1.5 commits + 100 µs',
      bound: 'at most',
      goal: 1,
      measured: share.median,
      unit: '',
    },
  ];
}

async function apart({ apart: bars }: typeof FULL): Promise<Goal[]> {
  if (!hasRedisServer) {
    console.log('apart: skipped, no Redis server here; tools/scripts/install-servers.sh installs one\n');
    return [];
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
  return [
    {
      what: 'tick to acknowledgement apart, p50',
      bound: 'at most',
      goal: 5,
      measured: line.toAnswer.p50,
      unit: 'ms',
    },
    { what: 'the same, p99', bound: 'at most', goal: 25, measured: line.toAnswer.p99, unit: 'ms' },
  ];
}

async function updates({ rounds }: Sizes, { updates: bars }: typeof FULL): Promise<Goal[]> {
  const { run } = await interleave(rounds, ['run'], () =>
    runVariant<UpdatesLine>('trading-updates', { bars }),
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
    ],
  );
  console.log();
  const perSecond = run[0]!.perSecond * told.median;
  return [
    { what: 'updates heard', bound: 'at least', goal: 19_990, measured: perSecond, unit: '/s', digits: 0 },
    {
      what: 'age of a price at the strategy, p99',
      bound: 'at most',
      goal: 10,
      measured: middle(ages, 'p99'),
      unit: 'ms',
    },
  ];
}

async function orders({ orders: bars }: typeof FULL): Promise<Goal[]> {
  const line = await runVariant<OrdersLine>('trading-orders', { bars });
  printTable(
    ['orders', 'ticks', 'intents', 'taken', 'ended', 'too late', 'lost', 'double', 'unknown', 'fills alike'],
    [
      [
        `${line.perSecond}/s for ${line.seconds.toFixed(0)} s`,
        ...[line.ticks, line.intents, line.taken, line.ended, line.tooLate, line.lost].map(String),
        String(line.taken - line.takenOnce),
        String(line.unknown),
        line.isBookedAlike ? 'yes' : 'NO',
      ],
    ],
  );
  console.log(
    `${line.cpuMicroseconds.toFixed(0)} µs of processor time an order; answered after ${line.toAnswer.p50.toFixed(0)} ms (p50), ${line.toAnswer.p99.toFixed(0)} ms (p99)\n`,
  );
  return [
    {
      what: 'orders a second, all in the ledger',
      bound: 'at least',
      goal: 495,
      measured: line.ended / line.seconds,
      unit: '/s',
      digits: 0,
    },
    {
      what: 'lost, double, unknown',
      bound: 'at most',
      goal: 0,
      measured: line.lost + line.taken - line.takenOnce + line.unknown,
      unit: 'orders',
      digits: 0,
    },
  ];
}

async function restarts({ rounds }: Sizes): Promise<Goal[]> {
  const { run } = await interleave(rounds, ['run'], () => runVariant<RestartLine>('trading-restart', {}));
  const seconds = summarize(run.map(({ secondsToReady }) => secondsToReady));
  printTable(
    ['kill -9 and start', 'ready after s', 'first start s (floor)', 'open orders', 'breaks', 'in doubt'],
    [
      [
        'four strategies, a ledger, a market',
        showSummary(seconds, 1),
        showSummary(summarize(run.map(({ secondsOfFirstStart }) => secondsOfFirstStart)), 1),
        run.map(({ openAtKill, openWhenReady }) => `${openAtKill}/${openWhenReady}`).join(' '),
        String(run.reduce((sum, { breaks }) => sum + breaks, 0)),
        String(run.reduce((sum, { inDoubt }) => sum + inDoubt, 0)),
      ],
    ],
  );
  console.log();
  return [{ what: 'ready after kill -9', bound: 'at most', goal: 5, measured: seconds.median, unit: 's' }];
}

async function memory({ memory: bars }: typeof FULL): Promise<Goal[]> {
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
  console.log(`${line.heard} of ${line.sent} updates heard, ${line.orders} orders\n`);
  return [];
}
