import { add, price, type Quantity, quantity, quoteAmount, zero } from '@tradewind/core/money';
import { SeededRandom } from '@tradewind/utils';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VenueTrade } from '../model/account.ts';
import type { OrderFill, VenueOrder } from '../model/order.ts';
import {
  type Finding,
  findingOfOrder,
  findingOfPlacement,
  findingOfReport,
  findingOfTrade,
} from './finding.ts';
import { type OrderChange, OrderProjection } from './order-projection.ts';
import { eventOf, report } from './reports.test-support.ts';
import examples from './user-event-examples.json' with { type: 'json' };

const NEW = { x: 'NEW', X: 'NEW', I: 1 };
/** A trade of one unit at 10: the first, second, third of the order. */
const trade = (nth: number, ofQuantity = 3): Record<string, unknown> => ({
  x: 'TRADE',
  X: nth === ofQuantity ? 'FILLED' : 'PARTIALLY_FILLED',
  I: 1 + nth,
  t: 100 + nth,
  l: '1.00000000',
  L: '10.00000000',
  Y: '10.00000000',
  z: `${nth}.00000000`,
  Z: `${nth * 10}.00000000`,
  n: '0.00100000',
  N: 'BTC',
});
const canceled = (executed: number): Record<string, unknown> => ({
  x: 'CANCELED',
  X: 'CANCELED',
  I: 9,
  c: 'id-of-the-cancel',
  C: 'mine-1',
  z: `${executed}.00000000`,
  Z: `${executed * 10}.00000000`,
});

/** An order as an answer tells of it. */
const answer = (changes: Partial<VenueOrder>): VenueOrder => ({
  symbol: 'BTCUSDT',
  orderId: 7,
  orderListId: undefined,
  clientOrderId: 'mine-1',
  originalClientOrderId: undefined,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  status: 'NEW',
  price: price('10'),
  quantity: quantity('3'),
  quoteAmount: undefined,
  executedQuantity: zero(),
  executedQuoteAmount: zero(),
  stopPrice: undefined,
  icebergQuantity: undefined,
  trailingDeltaBps: undefined,
  trailingTimeMs: undefined,
  selfTradePrevention: 'NONE',
  preventedMatchId: undefined,
  preventedQuantity: undefined,
  tradeGroupId: undefined,
  strategyId: undefined,
  strategyType: undefined,
  peg: undefined,
  usedSor: undefined,
  workingFloor: undefined,
  expiryReason: undefined,
  isWorking: undefined,
  workingTimeMs: undefined,
  transactTimeMs: 1_499_405_658_657,
  createdTimeMs: undefined,
  updatedTimeMs: undefined,
  fills: undefined,
  preventedMatches: undefined,
  ...changes,
});

const fillOfAnswer = (tradeId: number): OrderFill => ({
  price: price('10'),
  quantity: quantity('1'),
  fee: { asset: 'BTC', amount: quantity('0.001') },
  tradeId,
  matchType: undefined,
  allocationId: undefined,
});

const tradeRow = (nth: number): VenueTrade => ({
  symbol: 'BTCUSDT',
  tradeId: 100 + nth,
  orderId: 7,
  orderListId: undefined,
  side: 'BUY',
  liquidity: 'MAKER',
  price: price('10'),
  quantity: quantity('1'),
  quoteAmount: quoteAmount('10'),
  fee: { asset: 'BTC', amount: quantity('0.001') },
  timeMs: 1_499_405_658_657,
});

function projection(options: { tracked?: boolean; finalsMax?: number; ordered?: Quantity } = {}) {
  const orders = new OrderProjection(options.finalsMax);
  const changes: OrderChange[] = [];
  if (options.tracked !== false) {
    orders.track({ symbol: 'BTCUSDT', clientOrderId: 'mine-1', quantity: options.ordered ?? quantity('3') });
    orders.note('BTCUSDT', 'mine-1', 'sent');
  }
  const take = (...findings: readonly Finding[]): void => {
    for (const finding of findings) orders.merge(finding, (change) => changes.push(change));
  };
  const events = (...raw: readonly Record<string, unknown>[]): void =>
    take(...raw.map((each) => findingOfReport(report(each))));
  const mine = () => orders.byClientOrderId('BTCUSDT', 'mine-1');
  const told = () => changes.flatMap(({ fills }) => fills.map(({ tradeId }) => tradeId));
  return { orders, changes, take, events, mine, told };
}

test('U6: a fill that comes before the answer to its placement belongs to the order that was named before it was sent', () => {
  const { take, events, mine, told, changes } = projection();
  events(trade(1));
  expect(mine()).toMatchObject({
    isTracked: true,
    unbooked: zero(),
    record: { state: 'working', venueOrderId: 7 },
  });
  take(
    findingOfPlacement({
      symbol: 'BTCUSDT',
      orderId: 7,
      orderListId: undefined,
      clientOrderId: 'mine-1',
      transactTimeMs: 1,
      order: undefined,
    }),
  );
  expect(changes).toHaveLength(1);
  expect(told()).toEqual([101]);
});

test('U7: the answer, the event and the trade list carry the same fill, and it is told once', () => {
  const { take, events, told, mine } = projection();
  take(
    findingOfOrder(
      answer({
        status: 'PARTIALLY_FILLED',
        executedQuantity: quantity('1'),
        executedQuoteAmount: quoteAmount('10'),
        fills: [fillOfAnswer(101), fillOfAnswer(101)],
      }),
      false,
    ),
  );
  events(trade(1), trade(1));
  take(findingOfTrade(tradeRow(1)));
  expect(told()).toEqual([101]);
  expect(mine()?.unbooked).toBe(zero());
});

test('I3: an account that trades with itself has two fills of one trade, and each is told once', () => {
  const { events, take, told, changes } = projection();
  const sold = { ...trade(1), i: 8, c: 'another', S: 'SELL' };
  events(trade(1), sold, trade(1), sold);
  take(findingOfTrade(tradeRow(1)), findingOfTrade({ ...tradeRow(1), orderId: 8, side: 'SELL' }));
  expect(told()).toEqual([101, 101]);
  expect(changes.flatMap(({ fills }) => fills.map(({ orderId }) => orderId))).toEqual([7, 8]);
});

test('U7: an answer that says executed but tells no fills leaves them unbooked until an event brings them', () => {
  const { take, events, mine, orders } = projection();
  take(
    findingOfOrder(
      answer({ status: 'CANCELED', executedQuantity: quantity('2'), executedQuoteAmount: quoteAmount('20') }),
      false,
    ),
  );
  expect(mine()?.unbooked).toBe(quantity('2'));
  expect(orders.unsettled()).toHaveLength(1);
  events(trade(1), trade(2));
  expect(mine()?.unbooked).toBe(zero());
  expect(orders.unsettled()).toEqual([]);
});

test('U5: the last trade may come after the cancel: it is told, and the order stays canceled', () => {
  const { events, mine, told } = projection();
  events(NEW, canceled(1), trade(1));
  expect(mine()?.record).toMatchObject({ state: 'canceled', executedQuantity: quantity('1') });
  expect(told()).toEqual([101]);
});

test('O11: a cancel report carries the id of the cancel: the order is found by the venue id, and by the original id before that is known', () => {
  const known = projection();
  known.events(NEW, canceled(0));
  expect(known.mine()?.record.state).toBe('canceled');
  const unknown = projection();
  unknown.events(canceled(0));
  expect(unknown.mine()?.record.state).toBe('canceled');
  expect(unknown.changes.map(({ order }) => order.isTracked)).toEqual([true]);
});

test('O13: an amendment under a new name stays with its order, and its quantity only falls', () => {
  const { events, mine } = projection();
  events(
    NEW,
    { x: 'REPLACED', X: 'NEW', I: 2, c: 'chosen-by-the-venue', q: '2.00000000' },
    trade(1, 2),
    trade(2, 2),
  );
  expect(mine()?.record).toMatchObject({
    state: 'filled',
    quantity: quantity('2'),
    executedQuantity: quantity('2'),
  });
});

test('O16: what self-trade prevention stops is no fill, and ends the order', () => {
  const { events, mine, told } = projection();
  const prevented = {
    A: '3.00000000',
    B: '3.00000000',
    u: 1,
    v: 5,
    U: 37,
    pl: '3.00000000',
    pL: '10.00000000',
    pY: '30.00000000',
  };
  events(
    NEW,
    { x: 'TRADE_PREVENTION', X: 'NEW', I: 2, t: -1, ...prevented },
    { x: 'EXPIRED', X: 'EXPIRED_IN_MATCH', I: 3, ...prevented },
  );
  expect(told()).toEqual([]);
  expect(mine()?.record).toMatchObject({
    state: 'expired_in_match',
    executedQuantity: zero(),
    preventedQuantity: quantity('3'),
  });
});

test.each([
  ['NEW', 'prevented'],
  ['PARTIALLY_FILLED', 'prevented'],
  ['EXPIRED_IN_MATCH', 'expired_in_match'],
])('O16: a report of self-trade prevention with the status %s says %s', (X, kind) => {
  expect(findingOfReport(report({ x: 'TRADE_PREVENTION', X })).event.kind).toBe(kind);
});

test('O12: that the new half of a cancel-replace was refused ends its doubt, though the venue has no order of it and no id', () => {
  const { orders, events, mine, changes } = projection();
  orders.note('BTCUSDT', 'mine-1', 'timed_out');
  orders.track({ symbol: 'BTCUSDT', clientOrderId: 'mine-2', quantity: quantity('1') });
  const refused = { x: 'REJECTED', X: 'REJECTED', r: 'INSUFFICIENT_BALANCE', i: -1 };
  events({ ...refused, I: 2 }, { ...refused, c: 'mine-2', q: '1.00000000', I: 3 }, { ...refused, I: 2 });
  expect(mine()?.record).toMatchObject({ state: 'rejected', executedQuantity: zero() });
  expect(mine()?.record).not.toHaveProperty('venueOrderId');
  expect(orders.byClientOrderId('BTCUSDT', 'mine-2')?.record.state).toBe('rejected');
  expect(changes.map(({ order }) => order.record.clientOrderId)).toEqual(['mine-1', 'mine-2']);
  expect(changes.some(({ conflict }) => conflict !== undefined)).toBe(false);
});

test('O9: a cancel that was refused leaves the order in doubt until evidence comes, here the fill that beat it', () => {
  const { orders, events, mine } = projection();
  events(NEW);
  orders.note('BTCUSDT', 'mine-1', 'cancel_sent');
  orders.note('BTCUSDT', 'mine-1', 'cancel_refused');
  expect(mine()?.record.state).toBe('cancel_unknown');
  events(trade(1), trade(2), trade(3));
  expect(mine()?.record.state).toBe('filled');
});

test('O10: a cancel in doubt stays so when an old acceptance comes, and is settled by a query', () => {
  const { orders, events, take, mine } = projection();
  events(NEW);
  orders.note('BTCUSDT', 'mine-1', 'cancel_sent');
  orders.note('BTCUSDT', 'mine-1', 'timed_out');
  events(NEW);
  expect(mine()?.record.state).toBe('cancel_unknown');
  take(findingOfOrder(answer({ status: 'NEW' }), true));
  expect(mine()?.record.state).toBe('working');
});

test('O5: the first placement is in doubt and the second says duplicate: the order is tracked on until a query settles it', () => {
  const { orders, take, mine } = projection();
  orders.note('BTCUSDT', 'mine-1', 'timed_out');
  expect(orders.unsettled().map(({ record }) => record.state)).toEqual(['unknown']);
  take(findingOfOrder(answer({ status: 'NEW' }), true));
  expect(mine()?.record).toMatchObject({ state: 'working', venueOrderId: 7 });
});

test('O4: a second order of the venue under one of our ids is told as a conflict, and its money is told too', () => {
  const { events, changes, mine } = projection();
  events(NEW, { ...trade(1), i: 8 });
  expect(changes.at(-1)).toMatchObject({
    conflict: { reason: 'second_venue_order', known: 7, other: 8 },
    order: { isTracked: false, record: { venueOrderId: 8, executedQuantity: quantity('1') } },
    fills: [{ tradeId: 101, orderId: 8 }],
  });
  expect(mine()?.record).toMatchObject({ venueOrderId: 7, executedQuantity: zero() });
});

test('U10: an order that nobody here has sent is told as such, and becomes ours when it is named', () => {
  const { orders, events, changes } = projection({ tracked: false });
  events(NEW, trade(1));
  expect(changes.map(({ order }) => order.isTracked)).toEqual([false, false]);
  orders.track({ symbol: 'BTCUSDT', clientOrderId: 'mine-1', quantity: quantity('3') });
  events(trade(2));
  expect(changes.at(-1)).toMatchObject({
    order: { isTracked: true, record: { executedQuantity: quantity('2') } },
  });
});

describe('O11: an order of ours that is first heard of under the name of its cancel', () => {
  // A query answers with the name of the cancel alone (binance-spot.md section 5.4).
  const renamed = {
    status: 'CANCELED',
    clientOrderId: 'id-of-the-cancel',
    executedQuantity: quantity('1'),
    executedQuoteAmount: quoteAmount('10'),
  } as const;

  function heardUnderItsCancel(ours: 'timed_out' | 'sent' | 'absence_proven' = 'timed_out') {
    const made = projection();
    made.orders.note('BTCUSDT', 'mine-1', 'timed_out');
    made.orders.note('BTCUSDT', 'mine-1', ours);
    made.take(findingOfOrder(answer(renamed), true), findingOfTrade(tradeRow(1)));
    expect(made.changes.map(({ order }) => order.isTracked)).toEqual([false, false]);
    return made;
  }

  test('becomes ours with all that is known of it when its own name is told', () => {
    const { take, mine, orders, changes, told } = heardUnderItsCancel();
    take(findingOfOrder(answer({ ...renamed, originalClientOrderId: 'mine-1' }), true));
    expect(mine()).toMatchObject({
      isTracked: true,
      unbooked: zero(),
      record: { state: 'canceled', venueOrderId: 7, executedQuantity: quantity('1') },
    });
    expect(orders.byOrderId('BTCUSDT', 7)).toEqual(mine());
    expect(orders.byClientOrderId('BTCUSDT', 'id-of-the-cancel')).toBeUndefined();
    expect(orders.unsettled()).toEqual([]);
    expect(changes.at(-1)?.order).toEqual(mine());
    expect(told()).toEqual([101]);
  });

  test('becomes ours by a late event too, and what follows is its own', () => {
    const { events, mine, told, changes } = heardUnderItsCancel();
    events(NEW, trade(1), canceled(1), canceled(1));
    expect(mine()?.record).toMatchObject({ state: 'canceled', venueOrderId: 7 });
    expect(changes).toHaveLength(3);
    expect(told()).toEqual([101]);
  });

  test('is a conflict when its absence was taken for proven', () => {
    const { events, changes, mine } = heardUnderItsCancel('absence_proven');
    events(NEW);
    expect(changes.at(-1)).toMatchObject({ conflict: { from: 'absent' }, order: { isTracked: true } });
    expect(mine()?.record).toMatchObject({ state: 'absent', executedQuantity: quantity('1') });
  });

  test('does not take the name of an order of ours that the venue has already', () => {
    const { events, changes, mine } = projection();
    events(NEW, { ...NEW, i: 8, c: 'another' }, { ...NEW, i: 8, c: 'mine-1' });
    expect(changes.map(({ order }) => order.isTracked)).toEqual([true, false]);
    expect(mine()?.record.venueOrderId).toBe(7);
  });
});

test.each([
  { title: 'before the venue tells of it', isHeardFirst: false },
  { title: 'after the venue has told of it', isHeardFirst: true },
])(
  'X1: an order that is named again after a restart, $title, lacks only what the ledger lacks',
  ({ isHeardFirst }) => {
    const { orders, take, mine } = projection({ tracked: false });
    // One of the three that have traded was booked before the restart, up to and including trade 101.
    orders.forgetFillsThrough('BTCUSDT', 101);
    const name = (): void =>
      orders.track({
        symbol: 'BTCUSDT',
        clientOrderId: 'mine-1',
        quantity: quantity('3'),
        booked: quantity('1'),
      });
    const heard = findingOfOrder(answer({ status: 'FILLED', executedQuantity: quantity('3') }), true);
    if (isHeardFirst) take(heard);
    name();
    if (!isHeardFirst) take(heard);
    expect(mine()?.unbooked).toBe(quantity('2'));
    take(...[1, 2, 3].map((nth) => findingOfTrade(tradeRow(nth))));
    expect(mine()?.unbooked).toBe(zero());
    expect(orders.unsettled()).toEqual([]);
  },
);

test('M10: a status that is in no document moves nothing but the figures beside it, and is a doubt', () => {
  const finding = findingOfReport(report({ x: 'TRADE', X: 'HALF_FILLED', z: '1.00000000' }));
  expect(finding.doubt).toEqual({ reason: 'unknown_status', status: 'HALF_FILLED' });
  const { take, events, mine } = projection();
  events(NEW);
  take(finding);
  expect(mine()?.record).toMatchObject({ state: 'working', executedQuantity: quantity('1') });
});

test('a match of smart order routing has no trade id: it is a doubt, not a fill', () => {
  const finding = findingOfReport(report({ ...trade(1), t: -1, b: 'ONE_PARTY_TRADE_REPORT', a: 1234 }));
  expect(finding.fills).toEqual([]);
  expect(finding.doubt).toEqual({ reason: 'fill_without_trade_id' });
});

test('U11: what its handler did not take is new again, with its fills', () => {
  const { orders, told, take } = projection();
  const finding = findingOfReport(report(trade(1)));
  expect(() =>
    orders.merge(finding, () => {
      throw new Error('the books are closed');
    }),
  ).toThrow('the books are closed');
  expect(orders.isBooked({ symbol: 'BTCUSDT', tradeId: 101, orderId: 7 })).toBe(false);
  take(finding);
  expect(told()).toEqual([101]);
});

test('the sequence of the documents for a market order in a thin book ends EXPIRED with what it executed', () => {
  const { orders, changes } = projection({ tracked: false });
  for (const raw of examples.marketOrderSequence) {
    const event = eventOf(raw);
    if (event.kind === 'execution_report')
      orders.merge(findingOfReport(event), (change) => changes.push(change));
  }
  expect(orders.byOrderId('LTCBNB', 32)?.record).toMatchObject({
    state: 'expired',
    executedQuantity: quantity('4'),
    executedQuoteAmount: quoteAmount('4'),
  });
  expect(changes.flatMap(({ fills }) => fills)).toMatchObject([
    {
      tradeId: 7,
      price: price('1'),
      quantity: quantity('2'),
      fee: { asset: 'BNB', amount: quantity('0.001') },
    },
    { tradeId: 8, price: price('1'), quantity: quantity('2') },
  ]);
});

test('final orders are let go when there are too many, the oldest first; open ones never are', () => {
  const { orders, events } = projection({ finalsMax: 2 });
  orders.track({ symbol: 'BTCUSDT', clientOrderId: 'open', quantity: quantity('3') });
  events({ ...NEW, i: 1, c: 'open' });
  for (const i of [2, 3, 4]) events({ ...canceled(0), i, C: `other-${i}` });
  expect([1, 2, 3, 4].map((orderId) => orders.byOrderId('BTCUSDT', orderId)?.record.state)).toEqual([
    'working',
    undefined,
    'canceled',
    'canceled',
  ]);
});

describe('any order of the same news ends in the same state', () => {
  /** What happened to one order, told by every source that there is, and what is true after it: worked out while it is made up. */
  interface Story {
    readonly findings: readonly Finding[];
    readonly state: string;
    readonly executed: Quantity;
    readonly tradeIds: readonly number[];
    readonly ordered: Quantity;
    readonly quantity: Quantity;
  }

  const story: fc.Arbitrary<Story> = fc
    .record({
      ordered: fc.integer({ min: 1, max: 6 }),
      trades: fc.integer({ min: 0, max: 6 }),
      end: fc.constantFrom('open', 'CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH'),
      amended: fc.boolean(),
      prevented: fc.boolean(),
      onArrival: fc.nat(6),
      queries: fc.array(fc.nat(8), { maxLength: 3 }),
      rows: fc.array(fc.nat(5), { maxLength: 3 }),
    })
    .map((plan) => {
      const trades = Math.min(plan.trades, plan.ordered);
      const isFilled = trades === plan.ordered;
      const amendedTo =
        plan.amended && !isFilled && trades > 0 ? Math.max(trades, plan.ordered - 1) : plan.ordered;
      const fillsNow = trades === amendedTo;
      const raw: Record<string, unknown>[] = [{ ...NEW, q: `${plan.ordered}` }];
      for (let nth = 1; nth <= trades; nth += 1) {
        const X = nth === plan.ordered ? 'FILLED' : 'PARTIALLY_FILLED';
        raw.push({ ...trade(nth), X, q: `${plan.ordered}` });
      }
      const z = { z: `${trades}`, Z: `${trades * 10}` };
      const open = trades === 0 ? 'NEW' : 'PARTIALLY_FILLED';
      if (plan.prevented && !isFilled)
        raw.push({ x: 'TRADE_PREVENTION', X: open, I: 20, ...z, A: '0.5', B: '0.5', q: `${plan.ordered}` });
      if (amendedTo !== plan.ordered && !fillsNow)
        raw.push({ x: 'REPLACED', X: open, I: 21, c: 'another', ...z, q: `${amendedTo}` });
      const ends = !isFilled && plan.end !== 'open';
      if (ends && plan.end === 'CANCELED')
        raw.push({ ...canceled(trades), q: `${amendedTo === trades ? plan.ordered : amendedTo}` });
      else if (ends)
        raw.push({
          x: 'EXPIRED',
          X: plan.end,
          I: 30,
          ...z,
          q: `${amendedTo === trades ? plan.ordered : amendedTo}`,
        });
      const reports = raw.map((each) => report(each));
      const asAnswer = (upTo: number): VenueOrder => {
        const {
          status,
          quantity: ordered,
          executedQuantity,
          executedQuoteAmount,
        } = reports[upTo] ?? reports[0]!;
        return answer({ status, quantity: ordered, executedQuantity, executedQuoteAmount });
      };
      const arrived = Math.min(plan.onArrival, trades);
      const findings = [
        ...reports.map(findingOfReport),
        findingOfOrder(
          { ...asAnswer(arrived), fills: Array.from({ length: arrived }, (_, i) => fillOfAnswer(101 + i)) },
          false,
        ),
        ...plan.queries.map((upTo) => findingOfOrder(asAnswer(Math.min(upTo, reports.length - 1)), true)),
        ...plan.rows.filter((nth) => nth < trades).map((nth) => findingOfTrade(tradeRow(nth + 1))),
      ];
      const states: Record<string, string> = {
        CANCELED: 'canceled',
        EXPIRED: 'expired',
        EXPIRED_IN_MATCH: 'expired_in_match',
        open: 'working',
      };
      const isAmended = raw.some(({ x }) => x === 'REPLACED');
      return {
        findings,
        state: isFilled ? 'filled' : (states[plan.end] as string),
        executed: quantity(`${trades}`),
        tradeIds: Array.from({ length: trades }, (_, i) => 101 + i),
        ordered: quantity(`${plan.ordered}`),
        quantity: quantity(`${isAmended ? amendedTo : plan.ordered}`),
      };
    });

  const shuffled = (findings: readonly Finding[], seed: number): Finding[] => {
    const random = new SeededRandom(seed);
    const all = findings.flatMap((finding) => (random.nextFraction() < 0.3 ? [finding, finding] : [finding]));
    for (let i = all.length - 1; i > 0; i -= 1) {
      const j = random.nextUint32() % (i + 1);
      [all[i], all[j]] = [all[j] as Finding, all[i] as Finding];
    }
    return all;
  };

  test.each([{ tracked: true }, { tracked: false }])(
    'U4, U5, U7: events, answers, queries and trade rows, repeated and in any order (named before: $tracked)',
    ({ tracked }) => {
      fc.assert(
        fc.property(story, fc.integer(), (told, seed) => {
          const { orders, take, changes } = projection({ tracked, ordered: told.ordered });
          take(...shuffled(told.findings, seed));
          const view = orders.byOrderId('BTCUSDT', 7);
          expect(view?.record).toMatchObject({
            clientOrderId: 'mine-1',
            state: told.state,
            quantity: told.quantity,
            executedQuantity: told.executed,
          });
          expect(view?.unbooked).toBe(zero());
          const fills = changes.flatMap((change) => change.fills);
          expect(fills.map(({ tradeId }) => tradeId).sort()).toEqual(told.tradeIds);
          expect(fills.reduce((sum, fill) => add(sum, fill.quantity), zero<Quantity>())).toBe(told.executed);
          expect(changes.filter(({ conflict }) => conflict !== undefined)).toEqual([]);
        }),
        { numRuns: Number(process.env.FUZZ_RUNS ?? 400) },
      );
    },
  );

  test('I10: on the way no final state is left, and no figure falls', () => {
    fc.assert(
      fc.property(story, fc.integer(), (told, seed) => {
        const { take, mine } = projection();
        let before = mine()!.record;
        for (const finding of shuffled(told.findings, seed)) {
          take(finding);
          const after = mine()!.record;
          expect(after.executedQuantity >= before.executedQuantity).toBe(true);
          if (['filled', 'canceled', 'expired', 'expired_in_match'].includes(before.state))
            expect(after.state).toBe(before.state);
          before = after;
        }
      }),
      { numRuns: 200 },
    );
  });
});
