import { describe, expect, test } from 'vitest';
import { price, quantity } from '../../money/index.ts';
import {
  BarVenue,
  limit,
  maker,
  market,
  stop,
  stopLimit,
  trades,
  trailing,
} from './bar-venue.test-support.ts';

const SELLER = { cash: '0', coins: '10' };

describe('one cancels the other', () => {
  const target = maker('1', '110');
  const exit = stop('STOP_LOSS', '1', '90');

  test.each([
    {
      when: 'both inside: the worse',
      bar: '100 115 85 100',
      events: ['above OCO_TRIGGER', 'below SELL 1 @ 90 TAKER'],
    },
    {
      when: 'only the target',
      bar: '100 115 91 100',
      events: ['above SELL 1 @ 110 MAKER', 'below OCO_TRIGGER'],
    },
    {
      when: 'opened beyond the target',
      bar: '111 115 85 100',
      events: ['above SELL 1 @ 110 MAKER', 'below OCO_TRIGGER'],
    },
    {
      when: 'opened beyond the stop',
      bar: '85 115 84 100',
      events: ['above OCO_TRIGGER', 'below SELL 1 @ 85 TAKER'],
    },
    { when: 'neither', bar: '100 109 91 100', events: [] },
  ])('$when', ({ bar, events }) => {
    const venue = new BarVenue(SELLER).oco('SELL', target, exit);
    expect(venue.balances).toBe('0+0 9+1');
    expect(trades(venue.bar(bar))).toEqual(events);
    expect(venue.market.hasOrders).toBe(events.length === 0);
  });

  test('a BUY pair has its stop above, and locks the larger need once', () => {
    const venue = new BarVenue().oco('BUY', stop('STOP_LOSS', '1', '110'), maker('1', '90'));
    expect(venue.balances).toBe('890+110 0+0');
    expect(trades(venue.bar('100 115 85 100'))).toEqual(['below OCO_TRIGGER', 'above BUY 1 @ 110 TAKER']);
    const other = new BarVenue().oco('BUY', stop('STOP_LOSS', '1', '110'), maker('1', '90'));
    expect(trades(other.bar('100 101 85 100'))).toEqual(['below BUY 1 @ 90 MAKER', 'above OCO_TRIGGER']);
    expect(other.balances).toBe('910+0 0.9995+0');
  });

  test('is taken as a whole or not at all', () => {
    const venue = new BarVenue({ cash: '109.99' }).oco(
      'BUY',
      stop('STOP_LOSS', '1', '110'),
      maker('1', '90'),
    );
    expect(venue.told()).toEqual(['refused list']);
    expect([venue.balances, venue.market.hasOrders]).toEqual(['109.99+0 0+0', false]);
  });

  test('a triggered stop-limit that rests has ended its target and keeps the lock', () => {
    const venue = new BarVenue(SELLER).oco('SELL', target, stopLimit('STOP_LOSS', '1', '90', '92'));
    expect(venue.bar('100 115 85 86')).toEqual(['above OCO_TRIGGER']);
    expect(venue.balances).toBe('0+0 9+1');
    expect(trades(venue.bar('86 115 86 112'))).toEqual(['below SELL 1 @ 92 MAKER']);
    expect(venue.balances).toBe('91.954+0 9+0');
  });

  test('a triggered stop that cannot be paid ends both and gives everything back', () => {
    const venue = new BarVenue({ cash: '110', slippageBps: 10 }).oco(
      'BUY',
      stop('STOP_LOSS', '1', '110'),
      maker('1', '90'),
    );
    expect(venue.bar('100 115 99 100')).toEqual(['below OCO_TRIGGER', 'above INSUFFICIENT_BALANCE']);
    expect(venue.balances).toBe('110+0 0+0');
  });

  test.each(['above', 'below', 'list'])('is canceled as a whole by the name %s', (name) => {
    const venue = new BarVenue(SELLER).oco('SELL', target, exit);
    expect(venue.market.cancel(name)).toBe(true);
    expect(venue.told().sort()).toEqual(['above canceled', 'below canceled']);
    expect(venue.balances).toBe('0+0 10+0');
    expect(venue.market.cancel('list')).toBe(false);
  });
});

describe('one triggers the other', () => {
  test('the pending order waits, locks nothing, and is placed by the fill', () => {
    const venue = new BarVenue({ coins: '1' }).oto(limit('1', '95'), maker('1', '110'));
    expect(venue.balances).toBe('905+95 1+0');
    expect(venue.bar('100 120 96 100')).toEqual([]);
    expect(trades(venue.bar('100 101 94 100'))).toEqual(['working BUY 1 @ 95 MAKER']);
    // 1 + 1 - 0.0005, of which 1 is locked
    expect(venue.balances).toBe('905+0 0.9995+1');
    expect(trades(venue.bar('100 111 100 100'))).toEqual(['pending SELL 1 @ 110 MAKER']);
  });

  test('what an entry at the open triggers lives in the whole bar', () => {
    const venue = new BarVenue({ coins: '1' }).oto(limit('1', '95'), maker('1', '98'));
    expect(trades(venue.bar('94 99 90 97'))).toEqual([
      'working BUY 1 @ 94 TAKER',
      'pending SELL 1 @ 98 MAKER',
    ]);
  });

  test('what an entry inside the bar triggers sees its far end only: the stop, not the target', () => {
    const venue = new BarVenue({ coins: '1' }).oto(limit('1', '95'), maker('1', '98'));
    expect(trades(venue.bar('100 101 90 97'))).toEqual(['working BUY 1 @ 95 MAKER']);
    expect(trades(venue.bar('97 98.01 97 98'))).toEqual(['pending SELL 1 @ 98 MAKER']);
    const stopped = new BarVenue({ coins: '1' }).oto(limit('1', '95'), stop('STOP_LOSS', '1', '92'));
    expect(trades(stopped.bar('100 101 90 97'))).toEqual([
      'working BUY 1 @ 95 MAKER',
      'pending SELL 1 @ 92 TAKER',
    ]);
  });

  test('a trailing stop follows from the price of the entry', () => {
    const venue = new BarVenue({ coins: '1' }).oto(limit('1', '95'), trailing('STOP_LOSS', '1', 200));
    // 2 % below 95
    expect(trades(venue.bar('100 101 90 97'))).toEqual([
      'working BUY 1 @ 95 MAKER',
      'pending SELL 1 @ 93.1 TAKER',
    ]);
  });

  test.each([
    { when: 'a stop that the entry has reached', pending: stop('STOP_LOSS', '1', '96') },
    { when: 'a post-only order that would take at the price of the entry', pending: maker('1', '94.5') },
    { when: 'a quantity that the entry has not brought', pending: maker('1', '110') },
    { when: 'a quantity that cannot be counted in lots', pending: maker('0.0001', '110') },
  ])('the exchange rejects $when', ({ pending }) => {
    // The fee of the entry leaves 0.9995.
    const venue = new BarVenue().oto(limit('1', '95'), pending);
    expect(trades(venue.bar('100 101 90 97'))).toEqual(['working BUY 1 @ 95 MAKER', 'pending REJECTED']);
    expect([venue.balances, venue.market.hasOrders]).toEqual(['905+0 0.9995+0', false]);
  });

  test('a pending market order trades at the next open', () => {
    const venue = new BarVenue({ coins: '1' }).oto(limit('1', '95'), market('1'));
    expect(trades(venue.bar('100 101 94 96'))).toEqual(['working BUY 1 @ 95 MAKER']);
    expect(trades(venue.bar('97 98 96 97'))).toEqual(['pending SELL 1 @ 97 TAKER']);
  });

  test('when the working order ends unfilled, the pending one ends with it', () => {
    const venue = new BarVenue().oto(limit('1', '95', 'IOC'), maker('1', '110'));
    expect(venue.bar('100 101 94 100')).toEqual([
      'working UNFILLED_IOC_QUANTITY_EXPIRED',
      'pending OTO_PHASE_ONE_EXPIRED',
    ]);
    expect(venue.balances).toBe('1000+0 0+0');
  });

  test.each(['working', 'pending', 'list'])('is canceled as a whole by the name %s', (name) => {
    const venue = new BarVenue().oto(limit('1', '95'), maker('1', '110'));
    expect(venue.market.cancel(name)).toBe(true);
    expect(venue.told().sort()).toEqual(['pending canceled', 'working canceled']);
    expect([venue.balances, venue.market.hasOrders]).toEqual(['1000+0 0+0', false]);
  });

  test('the pending order can be canceled by the name of the list after the entry', () => {
    const venue = new BarVenue({ coins: '1' }).oto(limit('1', '95'), maker('1', '110'));
    venue.bar('100 101 94 100');
    expect(venue.market.cancel('list')).toBe(true);
    expect(venue.told()).toEqual(['pending canceled']);
  });
});

describe('an entry with stop and target', () => {
  const bracket = (coins = '1') =>
    new BarVenue({ coins }).otoco(limit('1', '95'), maker('1', '105'), stop('STOP_LOSS', '1', '92'));

  test('lives through entry, and one of both exits', () => {
    const venue = bracket();
    expect(trades(venue.bar('100 110 94.5 96'))).toEqual(['working BUY 1 @ 95 MAKER']);
    expect(venue.balances).toBe('905+0 0.9995+1');
    expect(trades(venue.bar('96 106 93 100'))).toEqual(['above SELL 1 @ 105 MAKER', 'below OCO_TRIGGER']);
    expect(venue.balances).toBe('1009.9475+0 0.9995+0');
  });

  test('is stopped in the bar of its entry when that falls far enough', () => {
    expect(trades(bracket().bar('100 110 91 108'))).toEqual([
      'working BUY 1 @ 95 MAKER',
      'above OCO_TRIGGER',
      'below SELL 1 @ 92 TAKER',
    ]);
  });

  test('entered at the open meets its stop before its target', () => {
    expect(trades(bracket().bar('94 110 91 108'))).toEqual([
      'working BUY 1 @ 94 TAKER',
      'above OCO_TRIGGER',
      'below SELL 1 @ 92 TAKER',
    ]);
    expect(trades(bracket().bar('94 110 93 108'))).toEqual([
      'working BUY 1 @ 94 TAKER',
      'above SELL 1 @ 105 MAKER',
      'below OCO_TRIGGER',
    ]);
  });

  test('opened below its stop is rejected both exits, as the exchange does', () => {
    expect(trades(bracket().bar('91 110 90 108'))).toEqual([
      'working BUY 1 @ 91 TAKER',
      'above REJECTED',
      'below REJECTED',
    ]);
  });

  test('loses both exits when the entry has not brought their quantity', () => {
    const venue = bracket('0');
    expect(trades(venue.bar('100 110 94.5 96'))).toEqual([
      'working BUY 1 @ 95 MAKER',
      'above REJECTED',
      'below REJECTED',
    ]);
  });

  test('that waits when the data ends expires as a whole', () => {
    const venue = bracket();
    venue.market.expireAll('END_OF_DATA');
    expect(venue.told()).toEqual([
      'working END_OF_DATA',
      'above OTO_PHASE_ONE_EXPIRED',
      'below OTO_PHASE_ONE_EXPIRED',
    ]);
    expect(venue.balances).toBe('1000+0 1+0');
  });
});

describe('what an entry inside the bar brings into the market', () => {
  test('has the next open as its first: IOC is decided there, and a limit that it opens beyond takes', () => {
    const ioc = new BarVenue().oto(limit('1', '95'), limit('0.9', '120', 'IOC'));
    expect(trades(ioc.bar('100 100 90 95'))).toEqual(['working BUY 1 @ 95 MAKER']);
    expect(ioc.bar('95 125 95 95')).toEqual(['pending UNFILLED_IOC_QUANTITY_EXPIRED']);
    const taker = new BarVenue().oto(limit('1', '95'), limit('0.9', '90'));
    taker.bar('100 100 90 95');
    expect(trades(taker.bar('95 96 94 95'))).toEqual(['pending SELL 0.9 @ 95 TAKER']);
  });
});

test('a limit on the way to the better end comes before what trails on from that end', () => {
  const venue = new BarVenue().oco('BUY', trailing('STOP_LOSS', '1', 100), maker('1', '95'));
  expect(venue.bar('100 100.5 90 95')).toEqual(expect.arrayContaining(['above OCO_TRIGGER']));
  expect(venue.balances).toBe('905+0 0.9995+0');
});

test('a stop-limit that trailed once and rests now comes before what still trails, too', () => {
  const venue = new BarVenue(SELLER).sell('trails', trailing('STOP_LOSS', '1', 1000)).sell('rests', {
    type: 'STOP_LOSS_LIMIT',
    quantity: quantity('1'),
    price: price('105'),
    timeInForce: 'GTC',
    trigger: { trailingDeltaBps: 100 },
  });
  // Fires at 99, where its limit does not allow a sale.
  expect(venue.bar('100 100 98 99')).toEqual([]);
  // 95, then over 105 to 110, then down to 97; 10 % below 110 is 99.
  expect(trades(venue.bar('99 110 95 97'))).toEqual(['rests SELL 1 @ 105 MAKER', 'trails SELL 1 @ 99 TAKER']);
});
