import { expect, test } from 'vitest';
import { lots, Venue } from './matching.test-support.ts';

// The exchange's scenarios for self-trade prevention (binance-vectors.json), quantities in tenths, prices in tenths.
const threeBids = [
  { quantity: 12, price: 12 },
  { quantity: 13, price: 11 },
  { quantity: 81, price: 10 },
];
test.each([
  {
    id: 'A: NONE trades',
    makers: [{ quantity: 10, price: 10 }],
    taker: { quantity: 10, price: 10, selfTradePrevention: 'NONE' },
    events: ['2 new', 'trade 1: 2 SELL 10 @ 10 from 1'],
    open: [],
  },
  {
    id: 'B: EXPIRE_MAKER expires every maker and rests',
    makers: threeBids,
    taker: { quantity: 30, price: 10, selfTradePrevention: 'EXPIRE_MAKER' },
    events: [
      '4 new',
      'prevented 1: 4-0 1-12 @ 12 EXPIRE_MAKER',
      '1 expired in match',
      'prevented 2: 4-0 2-13 @ 11 EXPIRE_MAKER',
      '2 expired in match',
      'prevented 3: 4-0 3-81 @ 10 EXPIRE_MAKER',
      '3 expired in match',
    ],
    open: [4],
  },
  {
    id: 'C: EXPIRE_TAKER leaves the makers',
    makers: threeBids,
    taker: { quantity: 30, price: 10, selfTradePrevention: 'EXPIRE_TAKER' },
    events: ['4 new', 'prevented 1: 4-30 1-0 @ 12 EXPIRE_TAKER', '4 expired in match'],
    open: [1, 2, 3],
  },
  {
    id: 'D: EXPIRE_BOTH expires both',
    makers: [{ quantity: 10, price: 10 }],
    taker: { quantity: 30, price: 10, selfTradePrevention: 'EXPIRE_BOTH' },
    events: ['2 new', 'prevented 1: 2-30 1-10 @ 10 EXPIRE_BOTH', '1 expired in match', '2 expired in match'],
    open: [],
  },
  {
    id: 'E: the mode of the taker decides',
    makers: [{ quantity: 10, price: 10, selfTradePrevention: 'EXPIRE_MAKER' }],
    taker: { quantity: 10, price: 10, selfTradePrevention: 'EXPIRE_TAKER' },
    events: ['2 new', 'prevented 1: 2-10 1-0 @ 10 EXPIRE_TAKER', '2 expired in match'],
    open: [1],
  },
  {
    id: 'F: a market order whose makers expired ends for lack of liquidity',
    makers: [{ quantity: 10, price: 10 }],
    taker: { type: 'MARKET', quantity: 10, price: 0, selfTradePrevention: 'EXPIRE_MAKER' },
    events: [
      '2 new',
      'prevented 1: 2-0 1-10 @ 10 EXPIRE_MAKER',
      '1 expired in match',
      '2 expired INSUFFICIENT_LIQUIDITY',
    ],
    open: [],
  },
  {
    id: 'G: DECREMENT takes the match off both',
    makers: [{ quantity: 60, price: 20 }],
    taker: { quantity: 20, price: 20, selfTradePrevention: 'DECREMENT' },
    events: ['2 new', 'prevented 1: 2-20 1-20 @ 20 DECREMENT', '2 expired in match'],
    open: [1],
  },
  {
    id: 'H: TRANSFER between two accounts of a trade group',
    makers: [{ account: 2, tradeGroup: 7, quantity: 6, price: 2, selfTradePrevention: 'TRANSFER' }],
    taker: { tradeGroup: 7, quantity: 2, price: 2, selfTradePrevention: 'TRANSFER' },
    events: ['2 new', 'prevented 1: 2-2 1-2 @ 2 TRANSFER', '2 expired in match'],
    open: [1],
  },
  {
    id: 'TRANSFER within one account decrements',
    makers: [{ quantity: 6, price: 2, selfTradePrevention: 'TRANSFER' }],
    taker: { quantity: 2, price: 2, selfTradePrevention: 'TRANSFER' },
    events: ['2 new', 'prevented 1: 2-2 1-2 @ 2 DECREMENT', '2 expired in match'],
    open: [1],
  },
  {
    id: 'TRANSFER that the maker did not ask for decrements',
    makers: [{ account: 2, tradeGroup: 7, quantity: 2, price: 2, selfTradePrevention: 'NONE' }],
    taker: { tradeGroup: 7, quantity: 6, price: 2, selfTradePrevention: 'TRANSFER' },
    events: ['2 new', 'prevented 1: 2-2 1-2 @ 2 DECREMENT', '1 expired in match'],
    open: [2],
  },
  {
    id: 'two accounts without a trade group trade',
    makers: [{ account: 2, quantity: 6, price: 2 }],
    taker: { quantity: 6, price: 2, selfTradePrevention: 'EXPIRE_BOTH' },
    events: ['2 new', 'trade 1: 2 SELL 6 @ 2 from 1'],
    open: [],
  },
])('$id', ({ makers, taker, events, open }) => {
  const venue = new Venue();
  for (const maker of makers) venue.place(maker);
  expect(venue.place({ side: 'SELL', ...taker })).toEqual(events);
  expect([1, 2, 3, 4].filter((id) => venue.engine.isOpen(id))).toEqual(open);
});

test('prevented quantity counts: original = executed + prevented + open', () => {
  const venue = new Venue();
  venue.place({ quantity: 10 });
  venue.place({ account: 2, side: 'SELL', quantity: 3 });
  venue.place({ side: 'SELL', quantity: 4, selfTradePrevention: 'DECREMENT' });
  expect(venue.engine.quantitiesOf(1)).toEqual({ original: 10, executed: 3, prevented: 4, open: 3 });
  expect(venue.engine.amend(1, lots(7))).toBe('nothing_would_remain');
  expect(venue.engine.amend(1, lots(8))).toBeUndefined();
  expect(venue.engine.quantitiesOf(1)).toEqual({ original: 8, executed: 3, prevented: 4, open: 1 });
});

test('fill or kill does not count what prevention would keep from trading', () => {
  const venue = new Venue();
  venue.place({ quantity: 10, price: 101 });
  venue.place({ account: 2, quantity: 10 });
  const killed = (id: number) => [`${id} new`, `${id} expired UNFILLED_FOK_ORDER_EXPIRED`];
  const placed = { side: 'SELL', timeInForce: 'FOK' };
  expect(venue.place({ ...placed, quantity: 11, selfTradePrevention: 'EXPIRE_MAKER' })).toEqual(killed(3));
  expect(venue.place({ ...placed, quantity: 5, selfTradePrevention: 'EXPIRE_TAKER' })).toEqual(killed(4));
  expect(venue.place({ ...placed, quantity: 10, selfTradePrevention: 'EXPIRE_MAKER' })).toEqual([
    '5 new',
    'prevented 1: 5-0 1-10 @ 101 EXPIRE_MAKER',
    '1 expired in match',
    'trade 1: 5 SELL 10 @ 100 from 2',
  ]);
});
