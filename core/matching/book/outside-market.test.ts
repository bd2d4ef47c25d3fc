import { expect, test } from 'vitest';
import { lots, ticks, Venue } from './matching.test-support.ts';

const quote = (venue: Venue, bid: readonly [number, number], ask: readonly [number, number]): string[] =>
  venue.events(() => venue.engine.applyQuote(ticks(bid[0]), lots(bid[1]), ticks(ask[0]), lots(ask[1])));
const depth = (venue: Venue, bids: readonly number[], asks: readonly number[]): string[] =>
  venue.events(() => venue.engine.applyDepth(bids, asks));
const trade = (venue: Venue, price: number, quantity: number, side: 'BUY' | 'SELL'): string[] =>
  venue.events(() => venue.engine.applyTrade(ticks(price), lots(quantity), side));

test('an order that takes uses up what is shown until the next update', () => {
  const venue = new Venue();
  quote(venue, [99, 5], [101, 5]);
  expect(venue.place({ price: 101, quantity: 3, timeInForce: 'IOC' })).toEqual([
    '1 new',
    'trade 1: 1 BUY 3 @ 101 from 0',
  ]);
  expect(venue.place({ type: 'MARKET', quantity: 3, price: 0 })).toEqual([
    '2 new',
    'trade 2: 2 BUY 2 @ 101 from 0',
    '2 expired INSUFFICIENT_LIQUIDITY',
  ]);
  quote(venue, [99, 5], [101, 5]);
  expect(venue.place({ type: 'MARKET', quantity: 3, price: 0 })).toEqual([
    '3 new',
    'trade 3: 3 BUY 3 @ 101 from 0',
  ]);
});

test('an order walks the shown depth, and at one price trades with it before our own resting orders', () => {
  const venue = new Venue();
  depth(venue, [], [101, 2, 103, 4]);
  venue.place({ account: 2, side: 'SELL', price: 101, quantity: 1 });
  venue.place({ account: 2, side: 'SELL', price: 102, quantity: 1 });
  expect(venue.place({ price: 103, quantity: 6, timeInForce: 'FOK' })).toEqual([
    '3 new',
    'trade 1: 3 BUY 2 @ 101 from 0',
    'trade 2: 3 BUY 1 @ 101 from 1',
    'trade 3: 3 BUY 1 @ 102 from 2',
    'trade 4: 3 BUY 2 @ 103 from 0',
  ]);
  expect(venue.place({ price: 103, quantity: 3, timeInForce: 'FOK' })).toEqual([
    '4 new',
    '4 expired UNFILLED_FOK_ORDER_EXPIRED',
  ]);
});

test('a market order by quote amount and pegs see the shown levels', () => {
  const venue = new Venue();
  depth(venue, [99, 1, 98, 1], [101, 2, 103, 4]);
  expect(venue.place({ type: 'MARKET', price: 0, quantity: 0, quoteAmount: 2 * 101 + 2 * 103 })).toEqual([
    '1 new',
    '1 sized 4',
    'trade 1: 1 BUY 2 @ 101 from 0',
    'trade 2: 1 BUY 2 @ 103 from 0',
  ]);
  expect(venue.place({ price: 0, pegPriceType: 'PRIMARY_PEG', pegOffsetLevels: 1 })).toEqual([
    '2 new',
    '2 pegged at 98',
  ]);
});

test('a post-only order that meets a shown price is refused', () => {
  const venue = new Venue();
  quote(venue, [99, 5], [101, 5]);
  expect(venue.place({ type: 'LIMIT_MAKER', price: 101 })).toEqual(['refused would_match_immediately']);
  expect(venue.place({ type: 'LIMIT_MAKER', side: 'SELL', price: 99 })).toEqual([
    'refused would_match_immediately',
  ]);
});

test('a trade beyond our price fills us at our price, best price first, for no more than it traded', () => {
  const venue = new Venue();
  quote(venue, [101, 50], [102, 50]);
  venue.place({ price: 100, quantity: 4 });
  venue.place({ price: 99, quantity: 4 });
  expect(trade(venue, 98, 6, 'SELL')).toEqual([
    'trade 1: 0 SELL 4 @ 100 from 1',
    'trade 2: 0 SELL 2 @ 99 from 2',
  ]);
  expect(venue.engine.lastPrice).toBe(98);
});

test('a trade of the other side does not fill us', () => {
  const venue = new Venue();
  venue.place({ price: 100 });
  expect(trade(venue, 98, 6, 'BUY')).toEqual([]);
});

test('a trade at our price fills us only after what stood before us', () => {
  const venue = new Venue();
  quote(venue, [100, 8], [101, 5]);
  venue.place({ price: 100, quantity: 4 });
  expect(trade(venue, 100, 5, 'SELL')).toEqual([]);
  expect(trade(venue, 100, 5, 'SELL')).toEqual(['trade 1: 0 SELL 2 @ 100 from 1']);
  expect(trade(venue, 100, 5, 'SELL')).toEqual(['trade 2: 0 SELL 2 @ 100 from 1']);
});

test('what stands before a later order of ours includes what stands before the earlier one', () => {
  const venue = new Venue();
  quote(venue, [100, 5], [101, 5]);
  venue.place({ price: 100, quantity: 2 });
  quote(venue, [100, 9], [101, 5]);
  venue.place({ price: 100, quantity: 2 });
  // 5 before the first; 4 more between the two.
  expect(trade(venue, 100, 8, 'SELL')).toEqual(['trade 1: 0 SELL 2 @ 100 from 1']);
  expect(trade(venue, 100, 4, 'SELL')).toEqual(['trade 2: 0 SELL 1 @ 100 from 2']);
});

test('one large trade passes what stands between two orders of ours and fills both', () => {
  const venue = new Venue();
  quote(venue, [100, 5], [101, 5]);
  venue.place({ price: 100, quantity: 2 });
  quote(venue, [100, 9], [101, 5]);
  venue.place({ price: 100, quantity: 2 });
  expect(trade(venue, 100, 5 + 2 + 4 + 1, 'SELL')).toEqual([
    'trade 1: 0 SELL 2 @ 100 from 1',
    'trade 2: 0 SELL 1 @ 100 from 2',
  ]);
});

test('the queue before us shrinks with the quantity shown, and does not grow with it', () => {
  const venue = new Venue();
  quote(venue, [100, 8], [101, 5]);
  venue.place({ price: 100, quantity: 4 });
  quote(venue, [100, 3], [101, 5]);
  quote(venue, [100, 9], [101, 5]);
  expect(trade(venue, 100, 5, 'SELL')).toEqual(['trade 1: 0 SELL 2 @ 100 from 1']);
});

test('deeper than what is shown the queue is unknown: only a trade beyond our price fills us, until the price is shown', () => {
  const venue = new Venue();
  quote(venue, [100, 8], [101, 5]);
  venue.place({ price: 98, quantity: 4 });
  expect(trade(venue, 98, 1000, 'SELL')).toEqual([]);
  quote(venue, [98, 3], [101, 5]);
  expect(trade(venue, 98, 5, 'SELL')).toEqual(['trade 1: 0 SELL 2 @ 98 from 1']);
});

test('a better price than what is shown has nobody before it', () => {
  const venue = new Venue();
  quote(venue, [98, 8], [101, 5]);
  venue.place({ price: 99, quantity: 4 });
  expect(trade(venue, 99, 1, 'SELL')).toEqual(['trade 1: 0 SELL 1 @ 99 from 1']);
});

test('quantity that newly appears at our price or beyond it has met us, what was there before has not', () => {
  const venue = new Venue();
  quote(venue, [98, 8], [101, 5]);
  expect(venue.place({ price: 101, quantity: 9 })).toEqual(['1 new', 'trade 1: 1 BUY 5 @ 101 from 0']);
  expect(quote(venue, [98, 8], [101, 5])).toEqual([]);
  expect(quote(venue, [98, 8], [101, 6])).toEqual(['trade 2: 0 SELL 1 @ 101 from 1']);
  expect(quote(venue, [98, 8], [100, 2])).toEqual(['trade 3: 0 SELL 2 @ 101 from 1']);
});

test('at our own price new quantity meets us only once nothing stands before us', () => {
  const venue = new Venue();
  depth(venue, [100, 5], [101, 5]);
  venue.place({ price: 100, quantity: 4 });
  expect(depth(venue, [], [100, 3])).toEqual([]);
  expect(depth(venue, [100, 0, 99, 1], [100, 5])).toEqual(['trade 1: 0 SELL 2 @ 100 from 1']);
});

test('a snapshot forgets what it does not name', () => {
  const venue = new Venue();
  depth(venue, [99, 1], [101, 5, 102, 5]);
  venue.engine.replaceDepth([99, 1], [102, 5]);
  expect(venue.place({ type: 'MARKET', price: 0, quantity: 6 })).toEqual([
    '1 new',
    'trade 1: 1 BUY 5 @ 102 from 0',
    '1 expired INSUFFICIENT_LIQUIDITY',
  ]);
});

test('an outside trade wears down what is shown at its price', () => {
  const venue = new Venue();
  quote(venue, [99, 5], [101, 5]);
  trade(venue, 101, 4, 'BUY');
  expect(venue.place({ price: 101, quantity: 3, timeInForce: 'IOC' })).toEqual([
    '1 new',
    'trade 1: 1 BUY 1 @ 101 from 0',
    '1 expired UNFILLED_IOC_QUANTITY_EXPIRED',
  ]);
});

test('the next slice of an iceberg stands behind what is shown', () => {
  const venue = new Venue();
  quote(venue, [100, 3], [101, 5]);
  venue.place({ price: 100, quantity: 4, icebergQuantity: 2 });
  quote(venue, [100, 7], [101, 5]);
  expect(trade(venue, 100, 5, 'SELL')).toEqual(['trade 1: 0 SELL 2 @ 100 from 1']);
  // Of the 7 shown then, 3 were traded: 4 still stand before the second slice.
  expect(trade(venue, 100, 4, 'SELL')).toEqual([]);
  expect(trade(venue, 100, 1, 'SELL')).toEqual(['trade 2: 0 SELL 1 @ 100 from 1']);
});

test('our own fill is a last price that can fire our stops', () => {
  const venue = new Venue();
  quote(venue, [99, 5], [101, 5]);
  trade(venue, 100, 1, 'BUY');
  venue.place({ account: 2, type: 'STOP_LOSS', side: 'SELL', price: 0, stopPrice: 99, quantity: 1 });
  expect(venue.place({ type: 'MARKET', side: 'SELL', price: 0, quantity: 1 })).toEqual([
    '2 new',
    'trade 1: 2 SELL 1 @ 99 from 0',
    '1 triggered',
    'trade 2: 1 SELL 1 @ 99 from 0',
  ]);
});
