import { expect, test } from 'vitest';
import { lots, order, ticks, Venue } from './matching.test-support.ts';

type Given = Parameters<typeof order>[0];

const takeProfitAt110 = { type: 'LIMIT_MAKER', side: 'SELL', price: 110 };
const stopAt90 = { type: 'STOP_LOSS', side: 'SELL', price: 0, stopPrice: 90 };

/** A venue where the last price is 100, and orders 3 and on form list 1. */
function withList(kind: 'OCO' | 'OTO' | 'OTOCO' | 'OPO' | 'OPOCO', legs: readonly Given[], options = {}) {
  const venue = new Venue(options);
  venue.tradeAt(100);
  const placed = venue.engine.placeList(
    kind,
    legs.map((leg) => order(leg)),
  );
  return { venue, placed, events: venue.recorder.take() };
}
const trade = (venue: Venue, price: number, quantity = 1): string[] =>
  venue.events(() => venue.engine.applyTrade(ticks(price), lots(quantity), 'BUY'));

test('an OCO begins with both legs, the stop not in the book', () => {
  const { venue, placed, events } = withList('OCO', [stopAt90, takeProfitAt110]);
  expect(placed).toEqual({ listId: 1 });
  expect(events).toEqual(['3 new', '4 new', 'list 1 EXECUTING']);
  expect(venue.engine.queue('SELL')).toEqual([4]);
});

test('an OCO whose stop fires expires the limit, and is done when the stop is', () => {
  const { venue } = withList('OCO', [stopAt90, takeProfitAt110]);
  venue.place({ account: 2, price: 88, quantity: 4 });
  expect(trade(venue, 90)).toEqual([
    '3 triggered',
    '4 expired OCO_TRIGGER',
    'trade 2: 3 SELL 4 @ 88 from 5',
    '3 expired INSUFFICIENT_LIQUIDITY',
    'list 1 ALL_DONE',
  ]);
});

test('an OCO whose limit is filled in part expires the stop, and is done when the limit is', () => {
  const { venue } = withList('OCO', [stopAt90, takeProfitAt110]);
  expect(venue.place({ account: 2, price: 110, quantity: 4 })).toEqual([
    '5 new',
    'trade 2: 5 BUY 4 @ 110 from 4',
    '3 expired OCO_TRIGGER',
  ]);
  expect(venue.place({ account: 2, price: 110, quantity: 6 })).toEqual([
    '6 new',
    'trade 3: 6 BUY 6 @ 110 from 4',
    'list 1 ALL_DONE',
  ]);
});

test('an OCO whose limit is filled at once is done', () => {
  const { venue } = withList('OCO', [stopAt90, takeProfitAt110]);
  expect(venue.place({ account: 2, price: 110 })).toEqual([
    '5 new',
    'trade 2: 5 BUY 10 @ 110 from 4',
    '3 expired OCO_TRIGGER',
    'list 1 ALL_DONE',
  ]);
});

test('two alternatives that are both stops: the one that fires takes the other away, resting or trailing', () => {
  const takeProfit = { type: 'TAKE_PROFIT', side: 'SELL', price: 0, stopPrice: 105, trailingDeltaBps: 100 };
  const { venue } = withList('OCO', [{ ...stopAt90, trailingDeltaBps: 100 }, takeProfit]);
  expect(trade(venue, 106)).toEqual(['4 trailing']);
  expect(trade(venue, 104)).toEqual([
    '4 triggered',
    '3 expired OCO_TRIGGER',
    '4 expired INSUFFICIENT_LIQUIDITY',
    'list 1 ALL_DONE',
  ]);
});

test('of two trailing alternatives that would fire at the same price, only the older one does', () => {
  const trailing = { side: 'SELL', price: 0, trailingDeltaBps: 100 };
  const { venue } = withList('OCO', [
    { ...trailing, type: 'STOP_LOSS' },
    { ...trailing, type: 'TAKE_PROFIT', stopPrice: 105 },
  ]);
  expect(trade(venue, 106)).toEqual(['3 trailing', '4 trailing']);
  expect(trade(venue, 104)).toEqual([
    '3 triggered',
    '4 expired OCO_TRIGGER',
    '3 expired INSUFFICIENT_LIQUIDITY',
    'list 1 ALL_DONE',
  ]);
});

test.each([3, 4])('canceling order %i cancels its OCO', (id) => {
  const { venue } = withList('OCO', [stopAt90, takeProfitAt110]);
  const other = id === 3 ? 4 : 3;
  expect(venue.events(() => venue.engine.cancel(id))).toEqual([
    `${id} canceled`,
    `${other} canceled`,
    'list 1 ALL_DONE',
  ]);
  expect(venue.engine.openOrderCount).toBe(0);
});

test('a list is canceled by its id', () => {
  const { venue } = withList('OCO', [stopAt90, takeProfitAt110]);
  expect(venue.events(() => venue.engine.cancelList(1))).toEqual([
    '3 canceled',
    '4 canceled',
    'list 1 ALL_DONE',
  ]);
  expect(venue.engine.cancelList(1)).toBe('unknown_order');
});

test('amending one alternative amends both', () => {
  const { venue } = withList('OCO', [stopAt90, takeProfitAt110]);
  expect(venue.events(() => venue.engine.amend(4, lots(6)))).toEqual(['4 replaced 6', '3 replaced 6']);
});

test('alternatives are not amended to less than prevention has taken off one of them', () => {
  const { venue } = withList('OCO', [stopAt90, takeProfitAt110]);
  venue.place({ price: 110, quantity: 3, selfTradePrevention: 'DECREMENT' });
  expect(venue.engine.quantitiesOf(4)).toEqual({ original: 10, executed: 0, prevented: 3, open: 7 });
  expect(venue.engine.amend(3, lots(3))).toBe('nothing_would_remain');
  expect(venue.engine.amend(3, lots(4))).toBeUndefined();
  expect(venue.engine.quantitiesOf(4)).toEqual({ original: 4, executed: 0, prevented: 3, open: 1 });
});

test.each([
  { what: 'a stop above the last price', stop: { ...stopAt90, stopPrice: 101 }, limit: takeProfitAt110 },
  { what: 'a limit below the last price', stop: stopAt90, limit: { ...takeProfitAt110, price: 99 } },
  {
    what: 'a limit to buy above its stop',
    stop: { type: 'STOP_LOSS', price: 0, stopPrice: 105 },
    limit: { type: 'LIMIT_MAKER', price: 106 },
  },
])('an OCO with $what is refused and nothing is placed', ({ stop, limit }) => {
  const { venue, placed, events } = withList('OCO', [stop, limit]);
  expect(placed).toBe('oco_bad_prices');
  expect(events).toEqual([]);
  expect(venue.engine.openOrderCount).toBe(0);
});

const workingBuy = { price: 99 };

test('the pending order of an OTO goes live when the working order is filled completely, and not before', () => {
  const { venue, events } = withList('OTO', [workingBuy, takeProfitAt110]);
  expect(events).toEqual(['3 new', '4 pending', 'list 1 EXECUTING']);
  expect(venue.place({ account: 2, side: 'SELL', price: 99, quantity: 4 })).toEqual([
    '5 new',
    'trade 2: 5 SELL 4 @ 99 from 3',
  ]);
  expect(venue.place({ account: 2, side: 'SELL', price: 99, quantity: 6 })).toEqual([
    '6 new',
    'trade 3: 6 SELL 6 @ 99 from 3',
    '4 activated',
  ]);
  expect(venue.engine.queue('SELL')).toEqual([4]);
  expect(venue.place({ account: 2, price: 110 })).toEqual([
    '7 new',
    'trade 4: 7 BUY 10 @ 110 from 4',
    'list 1 ALL_DONE',
  ]);
});

test('a working order that is filled at once activates its pending market order in the same command', () => {
  const venue = new Venue();
  venue.place({ account: 2, side: 'SELL', price: 99 });
  venue.place({ account: 2, price: 95 });
  const legs = [order(workingBuy), order({ type: 'MARKET', side: 'SELL', price: 0 })];
  expect(venue.events(() => venue.engine.placeList('OTO', legs))).toEqual([
    '3 new',
    '4 pending',
    'list 1 EXECUTING',
    'trade 1: 3 BUY 10 @ 99 from 1',
    '4 activated',
    'trade 2: 4 SELL 10 @ 95 from 2',
    'list 1 ALL_DONE',
  ]);
});

test.each([3, 4])('canceling order %i of an OTO cancels both', (id) => {
  const { venue } = withList('OTO', [workingBuy, takeProfitAt110]);
  const events = venue.events(() => venue.engine.cancel(id));
  expect(events).toEqual([`${id} canceled`, `${id === 3 ? 4 : 3} canceled`, 'list 1 ALL_DONE']);
});

test('a working order that expires takes its pending orders with it', () => {
  const { venue, events } = withList('OTOCO', [
    { ...workingBuy, timeInForce: 'IOC' },
    stopAt90,
    takeProfitAt110,
  ]);
  expect(events.slice(4)).toEqual([
    '3 expired UNFILLED_IOC_QUANTITY_EXPIRED',
    '4 expired OTO_PHASE_ONE_EXPIRED',
    '5 expired OTO_PHASE_ONE_EXPIRED',
    'list 1 ALL_DONE',
  ]);
  expect(venue.engine.openOrderCount).toBe(0);
});

test('an OTOCO becomes an OCO when its working order is filled', () => {
  const { venue } = withList('OTOCO', [workingBuy, stopAt90, takeProfitAt110]);
  expect(venue.place({ account: 2, side: 'SELL', price: 99 })).toEqual([
    '6 new',
    'trade 2: 6 SELL 10 @ 99 from 3',
    '4 activated',
    '5 activated',
  ]);
  expect(venue.place({ account: 2, price: 110, quantity: 1 })).toEqual([
    '7 new',
    'trade 3: 7 BUY 1 @ 110 from 5',
    '4 expired OCO_TRIGGER',
  ]);
});

test('a pending order that can no longer be placed expires as rejected, and its alternative with it', () => {
  const { venue } = withList('OTOCO', [workingBuy, { ...stopAt90, stopPrice: 99 }, takeProfitAt110]);
  expect(venue.place({ account: 2, side: 'SELL', price: 99 })).toEqual([
    '6 new',
    'trade 2: 6 SELL 10 @ 99 from 3',
    '4 expired REJECTED',
    '5 expired OCO_TRIGGER',
    'list 1 ALL_DONE',
  ]);
});

test('an alternative that takes a part on its arrival expires the other', () => {
  const { venue } = withList('OTOCO', [workingBuy, stopAt90, { side: 'SELL', price: 98 }]);
  venue.place({ account: 2, price: 98, quantity: 4 });
  expect(venue.place({ account: 2, side: 'SELL', price: 99 })).toEqual([
    '7 new',
    'trade 2: 7 SELL 10 @ 99 from 3',
    '4 activated',
    '5 activated',
    'trade 3: 5 SELL 4 @ 98 from 6',
    '4 expired OCO_TRIGGER',
  ]);
});

test('a pending post-only order that would take when its turn comes expires as rejected', () => {
  const { venue } = withList('OTO', [workingBuy, { type: 'LIMIT_MAKER', price: 106 }]);
  venue.place({ account: 2, side: 'SELL', price: 105 });
  expect(venue.place({ account: 2, side: 'SELL', price: 99 })).toEqual([
    '6 new',
    'trade 2: 6 SELL 10 @ 99 from 3',
    '4 activated',
    '4 expired REJECTED',
    'list 1 ALL_DONE',
  ]);
});

test('a pending order that cannot be paid for expires as rejected', () => {
  const funds = { lockPending: () => false, proceedsOf: (_id: number, executed: number) => lots(executed) };
  const { venue } = withList('OTO', [workingBuy, takeProfitAt110], { funds });
  expect(venue.place({ account: 2, side: 'SELL', price: 99 }).slice(2)).toEqual([
    '4 expired REJECTED',
    'list 1 ALL_DONE',
  ]);
});

test('an OPO sells what its working order brought, as whoever keeps the balances says', () => {
  const asked: number[] = [];
  const funds = {
    lockPending: () => true,
    proceedsOf: (workingOrderId: number, executed: number) => {
      asked.push(workingOrderId, executed);
      return lots(executed - 1);
    },
  };
  const pair = [stopAt90, takeProfitAt110].map((leg) => ({ ...leg, quantity: 0 }));
  const { venue } = withList('OPOCO', [workingBuy, ...pair], { funds });
  expect(venue.engine.amend(5, lots(1))).toBe('pending_opo');
  venue.place({ account: 2, side: 'SELL', price: 99, quantity: 4 });
  expect(venue.place({ account: 2, side: 'SELL', price: 99, quantity: 6 }).slice(2)).toEqual([
    '4 sized 9',
    '4 activated',
    '5 sized 9',
    '5 activated',
  ]);
  expect(asked).toEqual([3, 10, 3, 10]);
});

test('an OPO whose working order brought less than a step is rejected', () => {
  const funds = { lockPending: () => true, proceedsOf: () => lots(0) };
  const { venue } = withList('OPO', [workingBuy, { ...takeProfitAt110, quantity: 0 }], { funds });
  expect(venue.place({ account: 2, side: 'SELL', price: 99 }).slice(2)).toEqual([
    '4 expired REJECTED',
    'list 1 ALL_DONE',
  ]);
});

test('a list whose working order is refused is not placed', () => {
  const venue = new Venue();
  venue.place({ account: 2, side: 'SELL', price: 99 });
  const legs = [order({ type: 'LIMIT_MAKER', price: 99 }), order(takeProfitAt110)];
  expect(venue.engine.placeList('OTO', legs)).toBe('would_match_immediately');
  expect(venue.engine.openOrderCount).toBe(1);
});

test('self-trade prevention that ends one alternative ends the other', () => {
  const { venue } = withList('OCO', [stopAt90, takeProfitAt110]);
  expect(venue.place({ price: 110, quantity: 5, selfTradePrevention: 'EXPIRE_MAKER' })).toEqual([
    '5 new',
    'prevented 1: 5-0 4-10 @ 110 EXPIRE_MAKER',
    '4 expired in match',
    '3 expired OCO_TRIGGER',
    'list 1 ALL_DONE',
  ]);
});
