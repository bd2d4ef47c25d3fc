import { price, priceToNumber, quantity } from '@tradewind/core/money';
import type { SeededRandom } from '@tradewind/utils';
import type { ExchangeFault } from '../world/exchange-faults.ts';
import { SYMBOLS } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { between, type HappeningKind, IN_FLIGHT_MS, oneOf } from './happening.ts';
import { atEachNew, befall, expireInMatch, isInBook } from './meeting.ts';
import { type Faulty, withFaults } from './with-faults.ts';

/** That an order rests now is never told, but by who asks. */
const BEGINNINGS_DROPPED: ExchangeFault = {
  fault: 'drop_event',
  where: { event: 'executionReport', fields: { x: 'NEW' } },
};

/** How placements are answered: as always; late; or with an error though they were taken, and what is asked for is of the past. */
const answers = (random: SeededRandom): readonly ExchangeFault[] =>
  oneOf<readonly ExchangeFault[]>(random, [
    [],
    [{ fault: 'delay_answer', ms: [100, between(random, 500, 8_000)], where: { endpoint: 'POST *' } }],
    [
      {
        fault: 'fail_request',
        error: oneOf(random, ['timeout', 'unknown', 'disconnected'] as const),
        executed: 1,
        where: { endpoint: 'POST *' },
      },
      { fault: 'lag_queries', ms: [1_000, between(random, 3_000, 12_000)] },
    ],
  ]);

const eventsLate = (random: SeededRandom): ExchangeFault => ({
  fault: 'delay_event',
  ms: [0, between(random, 20, 1_000)],
  when: { rate: between(random, 0, 100) / 100 },
});

const firstNews = (kind: Omit<Faulty, 'lastsMs'>): HappeningKind =>
  withFaults({ ...kind, lastsMs: [15_000, 60_000] });

/** Something is done again and again, at the latest after so many ms. */
function again(world: World, random: SeededRandom, everyMs: number, act: () => void): () => void {
  let isOver = false;
  const next = (): void => {
    if (isOver) return;
    act();
    world.time.after(between(random, everyMs / 4, everyMs), next);
  };
  next();
  return () => {
    isOver = true;
  };
}

const HAND_SIZES = { BTCUSDT: '0.004', ETHUSDT: '0.08' } as const;
/** So far from the best price an order rests for long. */
const FAR = 0.02;
const FAR_NAME = 'far-';

/** An order of our account that the system has not sent: at the best price of a side, or one far away with another that waits for it. */
function placeByHand({ account, simulator: { exchange } }: World, random: SeededRandom): void {
  const symbol = oneOf(random, SYMBOLS);
  const { bids, asks } = exchange.depth(symbol, 1);
  const side = oneOf(random, ['BUY', 'SELL'] as const);
  const level = oneOf(random, [bids, asks])[0];
  if (level === undefined) return;
  const size = quantity(HAND_SIZES[symbol]);
  const limit = { type: 'LIMIT', timeInForce: 'GTC', quantity: size } as const;
  if (random.nextFraction() < 0.3) {
    const away = (factor: number) => price((priceToNumber(level.price) * factor).toFixed(2));
    exchange.placeList(account, {
      kind: 'OTO',
      symbol,
      working: {
        ...limit,
        side: 'BUY',
        price: away(1 - FAR),
        clientOrderId: `${FAR_NAME}${random.nextUint32()}`,
      },
      pending: { ...limit, side: 'SELL', price: away(1 + FAR) },
    });
    return;
  }
  exchange.placeByHand(account, symbol, {
    ...limit,
    side,
    price: level.price,
    selfTradePrevention: oneOf(random, ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'DECREMENT'] as const),
  });
}

/** What is first heard of an order is that something has befallen it, in whatever state it is taken to be by then. */
export const FIRST_NEWS: readonly HappeningKind[] = [
  firstNews({
    name: 'befallen_unseen',
    rows: ['O1', 'O16', 'U1'],
    text: 'orders meet others of our account or are filled in part as they begin, and that they began is not told',
    faults: (random) => [BEGINNINGS_DROPPED, eventsLate(random), ...answers(random)],
    begin: (world, random) => atEachNew(world, random, (order) => befall(world, random, order)),
  }),
  firstNews({
    name: 'met_while_canceled',
    rows: ['O9', 'O16'],
    text: 'each order that is being canceled meets another of our account',
    faults: (random) => [eventsLate(random)],
    begin: (world, random) => {
      let isOver = false;
      const wait = (): void =>
        world.atNextCommand(() => {
          if (isOver) return;
          const { account, simulator } = world;
          const open = simulator.exchange.openOrders(account);
          if (open.ok) for (const order of open.value.filter(isInBook)) expireInMatch(world, order);
          world.time.after(IN_FLIGHT_MS, wait);
        });
      const endCancels = again(world, random, 4_000, () => world.operator.changeOrder('cancel'));
      wait();
      return () => {
        isOver = true;
        endCancels();
      };
    },
  }),
  firstNews({
    name: 'hand_orders_unseen',
    rows: ['U10', 'O16', 'U1'],
    text: 'orders by hand that meet ours, that they began is not told, and some of their states are of a kind that nobody knows',
    faults: (random) => [
      BEGINNINGS_DROPPED,
      {
        fault: 'edit_event',
        set: { X: 'SOMETHING_NEW' },
        where: { event: 'executionReport' },
        when: { rate: between(random, 0, 30) / 100 },
      },
      eventsLate(random),
    ],
    begin: (world, random) => {
      const endMeeting = atEachNew(world, random, (order) => {
        if (!order.clientOrderId.startsWith(FAR_NAME)) befall(world, random, order);
      });
      const endOrders = again(world, random, 6_000, () => placeByHand(world, random));
      return () => {
        endMeeting();
        endOrders();
      };
    },
  }),
  firstNews({
    name: 'replaced_in_vain',
    rows: ['O12', 'O6'],
    text: 'orders are replaced by hand by such as the exchange refuses once the first is canceled, and that is told late',
    faults: (random) => [
      {
        fault: 'fail_request',
        error: oneOf(random, ['timeout', 'unknown', 'disconnected'] as const),
        executed: 1,
        where: { endpoint: '*cancelReplace' },
      },
      { fault: 'delay_event', ms: [20, between(random, 100, 3_000)] },
    ],
    begin: (world, random) =>
      again(world, random, 8_000, () => world.operator.changeOrder('replace_in_vain')),
  }),
];

/** What is heard of an order while its placement is not answered. */
export const IN_FLIGHT_NEWS: readonly HappeningKind[] = [
  firstNews({
    name: 'refused_while_canceled',
    rows: ['O9', 'O10', 'R4'],
    text: 'orders are refused after seconds, and everything is canceled meanwhile, which is answered even later',
    faults: (random) => [
      { fault: 'delay_answer', ms: [500, between(random, 1_000, 4_000)], where: { endpoint: 'POST *' } },
      { fault: 'delay_answer', ms: [2_000, between(random, 3_000, 8_000)], where: { endpoint: 'DELETE *' } },
      {
        fault: 'fail_request',
        error: 'too_many_orders',
        where: { endpoint: 'POST *' },
        when: { rate: between(random, 30, 70) / 100 },
      },
    ],
    begin: (world, random) =>
      again(world, random, 1_000, () => world.operator.cancelAll(oneOf(random, SYMBOLS))),
  }),
  firstNews({
    name: 'lists_unanswered',
    rows: ['O1', 'O15', 'U6'],
    text: 'lists are taken and answered with an error, and what is told of orders is told late',
    faults: (random) => [
      {
        fault: 'fail_request',
        error: oneOf(random, ['timeout', 'unknown', 'disconnected'] as const),
        executed: 1,
        where: { endpoint: 'POST *orderList*' },
      },
      { fault: 'delay_event', ms: [20, between(random, 50, 400)] },
    ],
  }),
  firstNews({
    name: 'lists_seen_in_flight',
    rows: ['O1', 'O15', 'U2'],
    text: 'lists are answered late, and all sockets are cut meanwhile',
    faults: (random) => [
      BEGINNINGS_DROPPED,
      {
        fault: 'delay_answer',
        ms: [3_000, between(random, 4_000, 9_000)],
        where: { endpoint: 'POST *orderList*' },
      },
    ],
    begin: ({ processes, time, simulator, account }, random) =>
      simulator.exchange.listen({
        listStatus: ({ list }) => {
          if (list.account !== account) return;
          time.after(between(random, 10, 1_000), () => {
            for (const { network } of processes) network.cutSockets();
          });
        },
      }),
  }),
];
