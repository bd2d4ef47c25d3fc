import type { SeededRandom } from '@tradewind/utils';
import type { ExchangeFault } from '../world/exchange-faults.ts';
import { SYMBOLS } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { between, type HappeningKind, IN_FLIGHT_MS, oneOf } from './happening.ts';
import { type Faulty, withFaults } from './with-faults.ts';

/** Orders are taken, and for a long time there is no answer; or there is none, and questions are answered from the past. */
const unanswered = (random: SeededRandom): readonly ExchangeFault[] =>
  random.nextFraction() < 0.5
    ? [
        {
          fault: 'delay_answer',
          ms: [200, between(random, 1_000, 12_000)],
          where: { endpoint: 'POST *' },
          when: { rate: between(random, 50, 100) / 100 },
        },
      ]
    : [
        {
          fault: 'fail_request',
          error: oneOf(random, ['timeout', 'unknown', 'disconnected'] as const),
          executed: 1,
          where: { endpoint: 'POST *' },
          when: { rate: between(random, 50, 100) / 100 },
        },
        { fault: 'lag_queries', ms: [1_000, between(random, 3_000, 14_000)], when: { rate: 1 } },
      ];

/** Of what happens to an order some is never told, and most late: what is first heard of it is not how it began. */
const unseen = (random: SeededRandom): readonly ExchangeFault[] => [
  ...unanswered(random),
  { fault: 'drop_event', when: { rate: between(random, 30, 70) / 100 } },
  {
    fault: 'delay_event',
    ms: [20, between(random, 50, 5_000)],
    when: { rate: between(random, 30, 100) / 100 },
  },
];

/** A request that waits on its way, and is refused when it is read. */
const refusedLate = (random: SeededRandom): readonly ExchangeFault[] => [
  {
    fault: 'delay_request',
    ms: [50, between(random, 200, 3_000)],
    where: { endpoint: 'POST *' },
    when: { rate: between(random, 30, 90) / 100 },
  },
  {
    fault: 'fail_request',
    error: 'too_many_orders',
    where: { endpoint: 'POST *' },
    when: { rate: between(random, 10, 50) / 100 },
  },
];

/** Does something a few ms after each command that leaves, for as long as it lasts. */
function atEachCommand(world: World, random: SeededRandom, act: () => void): () => void {
  let isOver = false;
  const wait = (): void =>
    world.atNextCommand(() => {
      if (isOver) return;
      world.time.after(between(random, 0, IN_FLIGHT_MS), act);
      world.time.after(IN_FLIGHT_MS, wait);
    });
  wait();
  return () => {
    isOver = true;
  };
}

interface Unseen extends Omit<Faulty, 'faults' | 'begin'> {
  /** What is done a few ms after each command. */
  readonly does?: (world: World, random: SeededRandom) => void;
  readonly more?: Faulty['faults'];
}

const whileUnseen = ({ does, more, ...kind }: Unseen): HappeningKind =>
  withFaults({
    ...kind,
    faults: (random) => [...unseen(random), ...(more?.(random) ?? [])],
    begin: (world, random) =>
      does === undefined ? () => undefined : atEachCommand(world, random, () => does(world, random)),
  });

/** What makes the first news of an order the middle or the end of it, in whatever state it is by then. */
export const UNSEEN: readonly HappeningKind[] = [
  whileUnseen({
    name: 'beginnings_unseen',
    rows: ['O1', 'U1', 'U5'],
    lastsMs: [5_000, 40_000],
    text: 'orders begin unseen, and some of their states are of a kind that nobody knows',
    more: (random) => [
      {
        fault: 'edit_event',
        set: { X: 'SOMETHING_NEW' },
        where: { event: 'executionReport' },
        when: { rate: between(random, 10, 50) / 100 },
      },
    ],
  }),
  whileUnseen({
    name: 'killed_unseen',
    rows: ['X1', 'P2', 'O1'],
    lastsMs: [3_000, 20_000],
    text: 'it dies with each command',
    does: (world) => void world.supervisorOf('order-execution').kill(),
  }),
  whileUnseen({
    name: 'canceled_unseen',
    rows: ['O9', 'O10'],
    lastsMs: [5_000, 30_000],
    text: 'everything is canceled with each command, and some orders are refused late',
    does: ({ operator }, random) => void operator.cancelAll(oneOf(random, SYMBOLS)),
    more: refusedLate,
  }),
  whileUnseen({
    name: 'halted_unseen',
    rows: ['K7', 'O10'],
    lastsMs: [5_000, 20_000],
    text: 'a halt cancels with each command, and is taken off',
    does: ({ operator }) => {
      operator.halt({ scope: { kind: 'account' }, state: 'reducing', cancelsOrders: true });
      operator.resume();
    },
  }),
  whileUnseen({
    name: 'cut_unseen',
    rows: ['U2', 'O1'],
    lastsMs: [5_000, 20_000],
    text: 'all sockets are cut with each command',
    does: ({ processes }) => {
      for (const { network } of processes) network.cutSockets();
    },
  }),
];
