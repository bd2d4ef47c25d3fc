import { expect, test } from 'vitest';
import { lots, ticks, Venue } from './matching.test-support.ts';

/** Asks of strangers: 5 at 101, 5 at 102, then 5 more at 101; orders 1 to 3. */
function withAsks(): Venue {
  const venue = new Venue();
  venue.place({ account: 2, side: 'SELL', price: 101, quantity: 5 });
  venue.place({ account: 3, side: 'SELL', price: 102, quantity: 5 });
  venue.place({ account: 4, side: 'SELL', price: 101, quantity: 5 });
  return venue;
}

test.each([
  {
    when: 'a limit order below the asks rests',
    placed: { price: 100 },
    events: ['4 new'],
    bids: [{ price: 100, quantity: 10 }],
  },
  {
    when: 'a limit order takes the best price first, at one price the oldest, at the price of the maker, and rests with the rest',
    placed: { price: 102, quantity: 18 },
    events: [
      '4 new',
      'trade 1: 4 BUY 5 @ 101 from 1',
      'trade 2: 4 BUY 5 @ 101 from 3',
      'trade 3: 4 BUY 5 @ 102 from 2',
    ],
    bids: [{ price: 102, quantity: 3 }],
  },
  {
    when: 'IOC takes what it can and expires with the rest',
    placed: { price: 101, quantity: 12, timeInForce: 'IOC' },
    events: [
      '4 new',
      'trade 1: 4 BUY 5 @ 101 from 1',
      'trade 2: 4 BUY 5 @ 101 from 3',
      '4 expired UNFILLED_IOC_QUANTITY_EXPIRED',
    ],
    bids: [],
  },
  {
    when: 'FOK that cannot be filled at once expires untouched',
    placed: { price: 101, quantity: 11, timeInForce: 'FOK' },
    events: ['4 new', '4 expired UNFILLED_FOK_ORDER_EXPIRED'],
    bids: [],
  },
  {
    when: 'FOK that can be filled is filled',
    placed: { price: 102, quantity: 11, timeInForce: 'FOK' },
    events: [
      '4 new',
      'trade 1: 4 BUY 5 @ 101 from 1',
      'trade 2: 4 BUY 5 @ 101 from 3',
      'trade 3: 4 BUY 1 @ 102 from 2',
    ],
    bids: [],
  },
  {
    when: 'a post-only order that would take is refused',
    placed: { type: 'LIMIT_MAKER', price: 101 },
    events: ['refused would_match_immediately'],
    bids: [],
  },
  {
    when: 'a post-only order that would not take rests',
    placed: { type: 'LIMIT_MAKER', price: 100 },
    events: ['4 new'],
    bids: [{ price: 100, quantity: 10 }],
  },
  {
    when: 'a market order that finds too little expires with the rest',
    placed: { type: 'MARKET', price: 0, quantity: 16 },
    events: [
      '4 new',
      'trade 1: 4 BUY 5 @ 101 from 1',
      'trade 2: 4 BUY 5 @ 101 from 3',
      'trade 3: 4 BUY 5 @ 102 from 2',
      '4 expired INSUFFICIENT_LIQUIDITY',
    ],
    bids: [],
  },
  {
    when: 'a market order by quote amount buys the most that the amount pays for: 10 x 101 + 2 x 102 = 1214',
    placed: { type: 'MARKET', price: 0, quantity: 0, quoteAmount: 1214 + 101 },
    events: [
      '4 new',
      '4 sized 12',
      'trade 1: 4 BUY 5 @ 101 from 1',
      'trade 2: 4 BUY 5 @ 101 from 3',
      'trade 3: 4 BUY 2 @ 102 from 2',
    ],
    bids: [],
  },
  {
    when: 'a market order by quote amount for more than there is takes all, then expires',
    placed: { type: 'MARKET', price: 0, quantity: 0, quoteAmount: 1520 + 102 },
    events: [
      '4 new',
      '4 sized 15',
      'trade 1: 4 BUY 5 @ 101 from 1',
      'trade 2: 4 BUY 5 @ 101 from 3',
      'trade 3: 4 BUY 5 @ 102 from 2',
      '4 expired INSUFFICIENT_LIQUIDITY',
    ],
    bids: [],
  },
  {
    when: 'a market order by quote amount too small for one lot is refused',
    placed: { type: 'MARKET', price: 0, quantity: 0, quoteAmount: 100 },
    events: ['refused liquidity_below_minimum_quantity'],
    bids: [],
  },
  {
    when: 'a primary peg without bids is refused',
    placed: { price: 0, pegPriceType: 'PRIMARY_PEG' },
    events: ['refused liquidity_too_low_for_peg'],
    bids: [],
  },
  {
    when: 'a market peg one level deeper takes up to there',
    placed: { price: 0, quantity: 12, pegPriceType: 'MARKET_PEG', pegOffsetLevels: 1, timeInForce: 'IOC' },
    events: [
      '4 new',
      '4 pegged at 102',
      'trade 1: 4 BUY 5 @ 101 from 1',
      'trade 2: 4 BUY 5 @ 101 from 3',
      'trade 3: 4 BUY 2 @ 102 from 2',
    ],
    bids: [],
  },
  {
    when: 'a peg goes no further than the price given with it',
    placed: { price: 101, quantity: 11, pegPriceType: 'MARKET_PEG', pegOffsetLevels: 1 },
    events: ['4 new', '4 pegged at 101', 'trade 1: 4 BUY 5 @ 101 from 1', 'trade 2: 4 BUY 5 @ 101 from 3'],
    bids: [{ price: 101, quantity: 1 }],
  },
  {
    when: 'a peg deeper than the book is refused',
    placed: { price: 0, pegPriceType: 'MARKET_PEG', pegOffsetLevels: 2 },
    events: ['refused liquidity_too_low_for_peg'],
    bids: [],
  },
])('$when', ({ placed, events, bids }) => {
  const venue = withAsks();
  expect(venue.place(placed)).toEqual(events);
  expect(venue.engine.levels('BUY')).toEqual(bids);
});

test('a market order by quote amount buys whole steps only', () => {
  const venue = new Venue({ stepLots: 5 });
  venue.place({ account: 2, side: 'SELL', price: 101, quantity: 20 });
  expect(venue.place({ type: 'MARKET', price: 0, quantity: 0, quoteAmount: 1313 })).toEqual([
    '2 new',
    '2 sized 10',
    'trade 1: 2 BUY 10 @ 101 from 1',
  ]);
});

test('a primary peg joins the best price of its own side, which then stays', () => {
  const venue = new Venue();
  venue.place({ price: 100 });
  expect(venue.place({ price: 0, pegPriceType: 'PRIMARY_PEG' })).toEqual(['2 new', '2 pegged at 100']);
  venue.place({ price: 103 });
  expect(venue.engine.levels('BUY', 2)).toEqual([
    { price: 103, quantity: 10 },
    { price: 100, quantity: 20 },
  ]);
});

test('an iceberg shows one slice at a time, and each new slice goes to the back of the queue', () => {
  const venue = new Venue();
  venue.place({ account: 2, quantity: 10, icebergQuantity: 4 });
  venue.place({ account: 3, quantity: 3 });
  expect(venue.engine.levels('BUY')).toEqual([{ price: 100, quantity: 7 }]);
  expect(venue.place({ side: 'SELL', quantity: 9 })).toEqual([
    '3 new',
    'trade 1: 3 SELL 4 @ 100 from 1',
    'trade 2: 3 SELL 3 @ 100 from 2',
    'trade 3: 3 SELL 2 @ 100 from 1',
  ]);
  expect(venue.engine.quantitiesOf(1)).toEqual({ original: 10, executed: 6, prevented: 0, open: 4 });
  expect(venue.engine.levels('BUY')).toEqual([{ price: 100, quantity: 2 }]);
  // What is hidden counts for fill or kill.
  expect(venue.place({ side: 'SELL', quantity: 4, timeInForce: 'FOK' })).toEqual([
    '4 new',
    'trade 4: 4 SELL 2 @ 100 from 1',
    'trade 5: 4 SELL 2 @ 100 from 1',
  ]);
});

test('stops on the wrong side of the last price are refused, and before any trade there is no wrong side', () => {
  const venue = new Venue();
  expect(venue.place({ type: 'STOP_LOSS', price: 0, stopPrice: 90 })).toEqual(['1 new']);
  venue.engine.cancel(1);
  venue.tradeAt(100);
  const refused = ['refused would_trigger_immediately'];
  expect(venue.place({ type: 'STOP_LOSS', price: 0, stopPrice: 100 })).toEqual(refused);
  expect(venue.place({ type: 'STOP_LOSS_LIMIT', side: 'SELL', stopPrice: 100 })).toEqual(refused);
  expect(venue.place({ type: 'TAKE_PROFIT', side: 'SELL', price: 0, stopPrice: 99 })).toEqual(refused);
  expect(venue.place({ type: 'TAKE_PROFIT_LIMIT', stopPrice: 101, trailingDeltaBps: 10 })).toEqual(refused);
  expect(venue.place({ type: 'STOP_LOSS', price: 0, stopPrice: 101 })).toEqual(['4 new']);
});

test('a triggered stop becomes a market order, a triggered stop-limit a limit order', () => {
  const venue = new Venue();
  venue.tradeAt(100);
  venue.place({ account: 5, side: 'SELL', price: 103, quantity: 4 });
  venue.place({ type: 'STOP_LOSS', price: 0, stopPrice: 102, quantity: 6 });
  venue.place({ type: 'STOP_LOSS_LIMIT', price: 104, stopPrice: 102, quantity: 6 });
  expect(venue.events(() => venue.engine.applyTrade(ticks(101), lots(1), 'BUY'))).toEqual([]);
  expect(venue.events(() => venue.engine.applyTrade(ticks(102), lots(1), 'BUY'))).toEqual([
    '4 triggered',
    '5 triggered',
    'trade 2: 4 BUY 4 @ 103 from 3',
    '4 expired INSUFFICIENT_LIQUIDITY',
  ]);
  expect(venue.engine.levels('BUY')).toEqual([{ price: 104, quantity: 6 }]);
});

test('stops fire the nearest first, then the oldest, each as its own command, and one may set off the next', () => {
  const venue = new Venue();
  venue.tradeAt(100);
  for (const price of [97, 96, 95, 94]) venue.place({ account: 5, price, quantity: 1 });
  venue.place({ type: 'STOP_LOSS', side: 'SELL', price: 0, quantity: 1, stopPrice: 97 });
  venue.place({ type: 'STOP_LOSS', side: 'SELL', price: 0, quantity: 1, stopPrice: 98 });
  venue.place({ type: 'STOP_LOSS', side: 'SELL', price: 0, quantity: 1, stopPrice: 97 });
  venue.place({ type: 'STOP_LOSS', side: 'SELL', price: 0, quantity: 1, stopPrice: 95 });
  expect(venue.events(() => venue.engine.applyTrade(ticks(97), lots(1), 'BUY'))).toEqual([
    '8 triggered',
    '7 triggered',
    '9 triggered',
    'trade 2: 8 SELL 1 @ 97 from 3',
    'trade 3: 7 SELL 1 @ 96 from 4',
    'trade 4: 9 SELL 1 @ 95 from 5',
    '10 triggered',
    'trade 5: 10 SELL 1 @ 94 from 6',
  ]);
});

test('a trailing stop follows trades and fires when the price turns', () => {
  // Scenario B of the exchange's page on trailing stops: stop 39000, delta 10 %.
  const venue = new Venue();
  venue.tradeAt(40_000);
  venue.place({
    type: 'STOP_LOSS_LIMIT',
    side: 'SELL',
    price: 38_000,
    stopPrice: 39_000,
    trailingDeltaBps: 1000,
  });
  const events = [41_500, 39_000, 37_000, 41_000, 36_900].map((price) =>
    venue.events(() => venue.engine.applyTrade(ticks(price), lots(1), 'BUY')),
  );
  expect(events).toEqual([[], ['3 trailing'], [], [], ['3 triggered']]);
  expect(venue.engine.levels('SELL')).toEqual([{ price: 38_000, quantity: 10 }]);
});

test('a pegged stop-limit takes its price from the book when it fires, and is expired when there is none', () => {
  const venue = new Venue();
  venue.tradeAt(100);
  venue.place({ type: 'STOP_LOSS_LIMIT', price: 0, stopPrice: 105, pegPriceType: 'PRIMARY_PEG' });
  venue.place({ type: 'STOP_LOSS_LIMIT', price: 0, stopPrice: 106, pegPriceType: 'MARKET_PEG' });
  venue.place({ price: 99 });
  expect(venue.events(() => venue.engine.applyTrade(ticks(106), lots(1), 'BUY'))).toEqual([
    '3 triggered',
    '4 triggered',
    '3 pegged at 99',
    '4 expired REJECTED',
  ]);
});

test.each([
  { restriction: 'NONE', executed: 0, refusal: undefined },
  { restriction: 'ONLY_NEW', executed: 0, refusal: undefined },
  { restriction: 'ONLY_NEW', executed: 4, refusal: 'cancel_restricted' },
  { restriction: 'ONLY_PARTIALLY_FILLED', executed: 0, refusal: 'cancel_restricted' },
  { restriction: 'ONLY_PARTIALLY_FILLED', executed: 4, refusal: undefined },
] as const)(
  'cancel with $restriction of an order with $executed executed: $refusal',
  ({ restriction, executed, refusal }) => {
    const venue = new Venue();
    venue.place({});
    if (executed > 0) venue.place({ account: 2, side: 'SELL', quantity: executed });
    expect(venue.engine.cancel(1, restriction)).toBe(refusal);
    expect(venue.engine.isOpen(1)).toBe(refusal !== undefined);
  },
);

test('an order that has ended, or never was, cannot be canceled, amended or expired', () => {
  const venue = new Venue();
  venue.place({});
  expect(venue.engine.cancel(1)).toBeUndefined();
  expect(venue.engine.cancel(1)).toBe('unknown_order');
  expect(venue.engine.cancel(2)).toBe('unknown_order');
  expect(venue.engine.amend(1, lots(5))).toBe('unknown_order');
  expect(venue.engine.expire(1)).toBe('unknown_order');
  expect(venue.engine.cancelList(1)).toBe('unknown_order');
  expect(venue.engine.quantitiesOf(1)).toBeUndefined();
});

test('the venue can end an order itself', () => {
  const venue = new Venue();
  venue.place({});
  expect(venue.events(() => venue.engine.expire(1))).toEqual(['1 expired EXCHANGE_CANCELED']);
  expect(venue.engine.openOrderCount).toBe(0);
});

test('an amended order keeps its place in the queue', () => {
  const venue = new Venue();
  venue.place({ account: 2 });
  venue.place({ account: 3 });
  venue.place({ account: 4, side: 'SELL', quantity: 2 });
  expect(venue.events(() => venue.engine.amend(1, lots(5)))).toEqual(['1 replaced 5']);
  expect(venue.engine.quantitiesOf(1)).toEqual({ original: 5, executed: 2, prevented: 0, open: 3 });
  expect(venue.engine.queue('BUY')).toEqual([1, 2]);
  expect(venue.engine.levels('BUY')).toEqual([{ price: 100, quantity: 13 }]);
});

test.each([
  { quantity: 11, refusal: 'quantity_increase' },
  { quantity: 10, refusal: 'no_change' },
  { quantity: 4, refusal: 'nothing_would_remain' },
])('amending an order of 10 with 4 executed to $quantity: $refusal', ({ quantity, refusal }) => {
  const venue = new Venue();
  venue.place({});
  venue.place({ account: 2, side: 'SELL', quantity: 4 });
  expect(venue.engine.amend(1, lots(quantity))).toBe(refusal);
  expect(venue.engine.quantitiesOf(1)).toEqual({ original: 10, executed: 4, prevented: 0, open: 6 });
});

test('amending an iceberg takes from what is hidden first, and its slice shrinks only below that', () => {
  const venue = new Venue();
  venue.place({ icebergQuantity: 4 });
  venue.engine.amend(1, lots(5));
  expect(venue.engine.levels('BUY')).toEqual([{ price: 100, quantity: 4 }]);
  venue.engine.amend(1, lots(3));
  expect(venue.engine.levels('BUY')).toEqual([{ price: 100, quantity: 3 }]);
});

test('a taker that would trade outside the price range expires, having traded inside it', () => {
  const venue = withAsks();
  venue.engine.setPriceRange({ buyLowest: 0, buyHighest: 101, sellLowest: 0, sellHighest: 1000 });
  expect(venue.place({ type: 'MARKET', price: 0, quantity: 12 })).toEqual([
    '4 new',
    'trade 1: 4 BUY 5 @ 101 from 1',
    'trade 2: 4 BUY 5 @ 101 from 3',
    '4 expired EXECUTION_RULE_PRICE_RANGE_EXCEEDED',
  ]);
  expect(venue.place({ price: 101, quantity: 2 })).toEqual(['5 new']);
});

test('a listener that gives a command is a mistake of ours', () => {
  const venue = new Venue();
  venue.recorder.accepted = () => venue.engine.cancel(1);
  expect(() => venue.place({})).toThrow('a listener gives no commands');
});
