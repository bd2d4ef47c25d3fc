import { describe, expect, test } from 'vitest';
import type { OrderTerms } from '../../orders/index.ts';
import {
  BarVenue,
  limit,
  maker,
  market,
  spend,
  stop,
  stopLimit,
  trades,
  trailing,
  type VenueOptions,
} from './bar-venue.test-support.ts';

// Every venue has seen one bar at 100. Every expected number was worked out by hand from docs/fills.md.

const SELLER: VenueOptions = { cash: '0', coins: '10' };

describe('market orders', () => {
  test('trade at the next open; a BUY pays its fee in base, a SELL in quote', () => {
    const venue = new BarVenue({ coins: '1' }).buy('b', market('2')).sell('s', market('1'));
    expect(venue.bar('101.5 103 99 102')).toEqual([
      'b BUY 2 @ 101.5 = 203 TAKER fee 0.002 BTC',
      's SELL 1 @ 101.5 = 101.5 TAKER fee 0.1015 USDT',
    ]);
    // 1000 - 203 + 101.5 - 0.1015; 1 + 2 - 0.002 - 1
    expect(venue.balances).toBe('898.3985+0 1.998+0');
  });

  test('are moved against us by the slippage, to the tick', () => {
    const venue = new BarVenue({ coins: '1', slippageBps: 5, tick: '0.05' })
      .buy('b', market('1'))
      .sell('s', market('1'));
    // 101.51 x 1.0005 = 101.560755, up to 101.6; x 0.9995 = 101.459245, down to 101.45
    expect(trades(venue.bar('101.51 102 101 102'))).toEqual([
      'b BUY 1 @ 101.6 TAKER',
      's SELL 1 @ 101.45 TAKER',
    ]);
  });

  test('by quote amount buy whole steps and give the rest back', () => {
    const venue = new BarVenue({ step: '0.01' }).buy('b', spend('500'));
    expect(venue.balances).toBe('500+500 0+0');
    // 500 / 33.33 = 15.0015, whole steps 15
    expect(trades(venue.bar('33.33 34 33 33'))).toEqual(['b BUY 15 @ 33.33 TAKER']);
    expect(venue.balances).toBe('500.05+0 14.985+0');
  });

  test('by quote amount sell what raises at most that much', () => {
    const venue = new BarVenue(SELLER).sell('s', spend('250'));
    expect(venue.balances).toBe('0+0 7.5+2.5');
    // 250 / 99 = 2.525252..., more than was locked at 100
    expect(trades(venue.bar('99 100 98 99'))).toEqual(['s SELL 2.525 @ 99 TAKER']);
    expect(venue.balances).toBe('249.725025+0 7.475+0');
  });

  test('by quote amount expire when the open leaves less than one step', () => {
    const venue = new BarVenue({ step: '0.1' }).buy('b', spend('10')).sell('s', spend('0'));
    expect(venue.bar('100.01 101 100 100')).toEqual(['b BELOW_ONE_STEP', 's BELOW_ONE_STEP']);
    expect(venue.balances).toBe('1000+0 0+0');
  });

  test('that have become too dear are refused at the fill, and take from the free balance if they can', () => {
    const venue = new BarVenue({ cash: '200' }).buy('a', market('1'));
    expect(venue.balances).toBe('100+100 0+0');
    expect(trades(venue.bar('150 150 150 150'))).toEqual(['a BUY 1 @ 150 TAKER']);
    venue.buy('b', market('0.333'));
    expect(venue.balances).toBe('0.05+49.95 0.999+0');
    expect(venue.bar('150.16 151 150 151')).toEqual(['b INSUFFICIENT_BALANCE']);
    expect(venue.balances).toBe('50+0 0.999+0');
  });

  test('are not taken when the free balance does not cover them at the last price', () => {
    const venue = new BarVenue({ coins: '1' });
    venue.buy('b', market('10.001')).buy('q', spend('1000.00000001')).sell('s', market('1.001'));
    expect(venue.told()).toEqual(['refused b', 'refused q', 'refused s']);
    expect(venue.balances).toBe('1000+0 1+0');
  });
});

describe('limit orders', () => {
  const buy: Place = (venue) => venue.buy('o', limit('1', '95'));
  const sell: Place = (venue) => venue.sell('o', limit('1', '105'));
  type Place = (venue: BarVenue) => BarVenue;

  test.each<{ when: string; place: Place; bar: string; through: string[]; touch: string[] }>([
    { when: 'BUY touched', place: buy, bar: '100 101 95 100', through: [], touch: ['o BUY 1 @ 95 MAKER'] },
    {
      when: 'BUY traded through',
      place: buy,
      bar: '100 101 94.99 100',
      through: ['o BUY 1 @ 95 MAKER'],
      touch: ['o BUY 1 @ 95 MAKER'],
    },
    { when: 'BUY not reached', place: buy, bar: '100 101 95.01 100', through: [], touch: [] },
    {
      when: 'BUY opened beyond',
      place: buy,
      bar: '94 101 93 100',
      through: ['o BUY 1 @ 94 TAKER'],
      touch: ['o BUY 1 @ 94 TAKER'],
    },
    {
      when: 'BUY opened at its price',
      place: buy,
      bar: '95 101 95 100',
      through: [],
      touch: ['o BUY 1 @ 95 MAKER'],
    },
    {
      when: 'SELL touched',
      place: sell,
      bar: '100 105 99 100',
      through: [],
      touch: ['o SELL 1 @ 105 MAKER'],
    },
    {
      when: 'SELL traded through',
      place: sell,
      bar: '100 105.01 99 100',
      through: ['o SELL 1 @ 105 MAKER'],
      touch: ['o SELL 1 @ 105 MAKER'],
    },
    {
      when: 'SELL opened beyond',
      place: sell,
      bar: '106 107 99 100',
      through: ['o SELL 1 @ 106 TAKER'],
      touch: ['o SELL 1 @ 106 TAKER'],
    },
  ])('$when by $bar', ({ place, bar, through, touch }) => {
    expect(trades(place(new BarVenue({ coins: '1' })).bar(bar))).toEqual(through);
    expect(trades(place(new BarVenue({ coins: '1', limitFill: 'touch' })).bar(bar))).toEqual(touch);
  });

  test('have rested when a later bar opens beyond: a better price, and the fee of a maker', () => {
    const venue = new BarVenue().buy('o', limit('1', '95'));
    expect(venue.bar('100 100 100 100')).toEqual([]);
    expect(venue.bar('94 96 93 95')).toEqual(['o BUY 1 @ 94 = 94 MAKER fee 0.0005 BTC']);
    // What was locked for 95 and not needed is free again.
    expect(venue.balances).toBe('906+0 0.9995+0');
  });

  test('that are post-only trade at their own price, as makers, wherever the bar opens', () => {
    const venue = new BarVenue({ coins: '1' }).buy('b', maker('1', '95')).sell('s', maker('1', '105'));
    expect(trades(venue.bar('94 106 93 100'))).toEqual(['b BUY 1 @ 95 MAKER', 's SELL 1 @ 105 MAKER']);
    const other = new BarVenue({ coins: '1' }).sell('s', maker('1', '105'));
    expect(trades(other.bar('106 107 105 106'))).toEqual(['s SELL 1 @ 105 MAKER']);
  });

  test.each(['IOC', 'FOK'] as const)('%s trade at the next open or not at all', (timeInForce) => {
    const venue = new BarVenue({ coins: '4' });
    venue.buy('at', limit('1', '100', timeInForce)).buy('beyond', limit('1', '101', timeInForce));
    venue.buy('not', limit('1', '99.99', timeInForce)).sell('sold', limit('1', '100', timeInForce));
    venue.sell('dear', limit('1', '100.01', timeInForce));
    expect(trades(venue.bar('100 120 80 100'))).toEqual([
      'at BUY 1 @ 100 TAKER',
      'beyond BUY 1 @ 100 TAKER',
      timeInForce === 'IOC' ? 'not UNFILLED_IOC_QUANTITY_EXPIRED' : 'not UNFILLED_FOK_ORDER_EXPIRED',
      'sold SELL 1 @ 100 TAKER',
      timeInForce === 'IOC' ? 'dear UNFILLED_IOC_QUANTITY_EXPIRED' : 'dear UNFILLED_FOK_ORDER_EXPIRED',
    ]);
    expect(venue.market.hasOrders).toBe(false);
  });
});

describe('stops', () => {
  test.each([
    { type: 'STOP_LOSS', side: 'sell', at: '90', bar: '100 101 90 95', price: '90' },
    { type: 'STOP_LOSS', side: 'sell', at: '90', bar: '100 101 90.01 95', price: undefined },
    { type: 'STOP_LOSS', side: 'sell', at: '90', bar: '85 101 84 95', price: '85' },
    { type: 'STOP_LOSS', side: 'sell', at: '90', bar: '90 101 84 95', price: '90' },
    { type: 'STOP_LOSS', side: 'buy', at: '110', bar: '100 110 99 100', price: '110' },
    { type: 'STOP_LOSS', side: 'buy', at: '110', bar: '100 109.99 99 100', price: undefined },
    { type: 'STOP_LOSS', side: 'buy', at: '110', bar: '115 116 99 100', price: '115' },
    { type: 'TAKE_PROFIT', side: 'sell', at: '110', bar: '100 110 99 100', price: '110' },
    { type: 'TAKE_PROFIT', side: 'sell', at: '110', bar: '100 109.99 99 100', price: undefined },
    { type: 'TAKE_PROFIT', side: 'sell', at: '110', bar: '112 113 99 100', price: '112' },
    { type: 'TAKE_PROFIT', side: 'buy', at: '90', bar: '100 101 90 100', price: '90' },
    { type: 'TAKE_PROFIT', side: 'buy', at: '90', bar: '100 101 90.01 100', price: undefined },
    { type: 'TAKE_PROFIT', side: 'buy', at: '90', bar: '88 101 87 100', price: '88' },
  ] as const)('$type $side at $at in the bar $bar trades at $price', ({ type, side, at, bar, price }) => {
    const venue = new BarVenue({ coins: '1' })[side]('o', stop(type, '1', at));
    const expected = price === undefined ? [] : [`o ${side.toUpperCase()} 1 @ ${price} TAKER`];
    expect(trades(venue.bar(bar))).toEqual(expected);
    expect(venue.market.hasOrders).toBe(price === undefined);
  });

  test('slip like market orders, from the stop price and from the open', () => {
    const options = { ...SELLER, slippageBps: 10 };
    // 90 x 0.999 = 89.91; 85 x 0.999 = 84.915, down
    expect(
      trades(new BarVenue(options).sell('o', stop('STOP_LOSS', '1', '90')).bar('100 101 90 95')),
    ).toEqual(['o SELL 1 @ 89.91 TAKER']);
    expect(trades(new BarVenue(options).sell('o', stop('STOP_LOSS', '1', '90')).bar('85 101 84 95'))).toEqual(
      ['o SELL 1 @ 84.91 TAKER'],
    );
  });

  test('to BUY lock their stop price, and are refused when the slippage makes them too dear', () => {
    const venue = new BarVenue({ cash: '110', slippageBps: 10 }).buy('o', stop('STOP_LOSS', '1', '110'));
    expect(venue.balances).toBe('0+110 0+0');
    expect(venue.bar('100 111 99 100')).toEqual(['o INSUFFICIENT_BALANCE']);
    expect(venue.balances).toBe('110+0 0+0');
  });
});

describe('stop-limits', () => {
  const cases: readonly {
    why: string;
    terms: OrderTerms;
    slippageBps: number;
    bar: string;
    trade: string;
  }[] = [
    {
      why: 'at the stop price when the limit allows',
      terms: stopLimit('STOP_LOSS', '1', '90', '89'),
      slippageBps: 0,
      bar: '100 101 88 95',
      trade: 'o SELL 1 @ 90 TAKER',
    },
    {
      why: 'slipped',
      terms: stopLimit('STOP_LOSS', '1', '90', '89'),
      slippageBps: 10,
      bar: '100 101 88 95',
      trade: 'o SELL 1 @ 89.91 TAKER',
    },
    {
      why: 'never beyond the limit',
      terms: stopLimit('STOP_LOSS', '1', '90', '89'),
      slippageBps: 200,
      bar: '100 101 88 95',
      trade: 'o SELL 1 @ 89 TAKER',
    },
    {
      why: 'at an open that is its limit',
      terms: stopLimit('STOP_LOSS', '1', '90', '89'),
      slippageBps: 10,
      bar: '89 101 88 95',
      trade: 'o SELL 1 @ 89 TAKER',
    },
    {
      why: 'as a target',
      terms: stopLimit('TAKE_PROFIT', '1', '110', '110'),
      slippageBps: 10,
      bar: '100 110 99 100',
      trade: 'o SELL 1 @ 110 TAKER',
    },
    {
      why: 'as a target opened beyond',
      terms: stopLimit('TAKE_PROFIT', '1', '110', '109'),
      slippageBps: 0,
      bar: '112 113 99 100',
      trade: 'o SELL 1 @ 112 TAKER',
    },
  ];
  test.each(cases)('trade $why', ({ terms, slippageBps, bar, trade }) => {
    expect(trades(new BarVenue({ ...SELLER, slippageBps }).sell('o', terms).bar(bar))).toEqual([trade]);
  });

  test('to BUY are capped at their limit from above', () => {
    const venue = new BarVenue({ slippageBps: 200 }).buy('o', stopLimit('STOP_LOSS', '1', '110', '111'));
    expect(venue.balances).toBe('889+111 0+0');
    expect(trades(venue.bar('100 112 99 100'))).toEqual(['o BUY 1 @ 111 TAKER']);
  });

  test('opened beyond their limit rest, and have rested when a later bar trades', () => {
    const venue = new BarVenue(SELLER).sell('o', stopLimit('STOP_LOSS', '1', '90', '89'));
    // It opens at 88 and rises to 95, through the limit, after the trigger: whether that was before is not known.
    expect(venue.bar('88 95 87 88')).toEqual([]);
    expect(trades(venue.bar('88 89.01 87 88'))).toEqual(['o SELL 1 @ 89 MAKER']);
    const other = new BarVenue().buy('o', stopLimit('STOP_LOSS', '1', '110', '109'));
    expect(other.bar('100 111 99 110')).toEqual([]);
    expect(trades(other.bar('108 112 107 110'))).toEqual(['o BUY 1 @ 108 MAKER']);
  });

  test('that may not rest expire when their limit is out of reach', () => {
    const venue = new BarVenue(SELLER);
    venue
      .sell('ioc', stopLimit('STOP_LOSS', '1', '90', '91', 'IOC'))
      .sell('fok', stopLimit('STOP_LOSS', '1', '90', '91', 'FOK'));
    venue.sell('reached', stopLimit('STOP_LOSS', '1', '90', '90', 'FOK'));
    expect(trades(venue.bar('100 101 89 95'))).toEqual([
      'ioc UNFILLED_IOC_QUANTITY_EXPIRED',
      'fok UNFILLED_FOK_ORDER_EXPIRED',
      'reached SELL 1 @ 90 TAKER',
    ]);
  });
});

describe('trailing stops', () => {
  test('with a stop price inside the bar are active from that price on, not from the end that the bar reached', () => {
    // Up from 91: active at 100, which is the lowest price since; fires at 101.
    const buyer = new BarVenue().buy('o', trailing('STOP_LOSS', '1', 100, '100.5'));
    buyer.bar('100 100 91 91');
    // 100.5 x 1.01 = 101.505, up to the tick
    expect(trades(buyer.bar('91 110 91 108'))).toEqual(['o BUY 1 @ 101.51 TAKER']);
    const seller = new BarVenue(SELLER).sell('o', trailing('STOP_LOSS', '1', 100, '99'));
    seller.bar('100 109 100 109');
    // 99 x 0.99 = 98.01
    expect(trades(seller.bar('109 109 90 92'))).toEqual(['o SELL 1 @ 98.01 TAKER']);
  });

  test('never sell for nothing where history is finer than the tick', () => {
    const venue = new BarVenue({ ...SELLER, tick: '10' }).sell('o', trailing('STOP_LOSS', '1', 9000));
    venue.bar('100 100 100 100');
    // 10 % of 100 is one tick; 10 % of 13 would be less than one.
    const low = new BarVenue({ ...SELLER, tick: '10' });
    low.bar('13 13 13 13');
    low.sell('low', trailing('STOP_LOSS', '1', 9000));
    low.bar('13 13 13 13');
    expect(trades(low.bar('13 13 1 1'))).toEqual(['low SELL 1 @ 1.3 TAKER']);
  });

  test('follow the best price and fire when it turns back', () => {
    // One percent. The open of 100 is the first price: fires at 99.
    const venue = new BarVenue(SELLER).sell('o', trailing('STOP_LOSS', '1', 100));
    // Up to 110: fires at 108.9; the close of 109 is above it.
    expect(venue.bar('100 110 99.5 109')).toEqual([]);
    // Up to 120 first would fire at 118.8; but the low comes first and is below 108.9.
    expect(trades(venue.bar('109 120 108 119'))).toEqual(['o SELL 1 @ 108.9 TAKER']);
  });

  test('fire at the open when that is beyond, and inside a bar on the way from the best price to the close', () => {
    const venue = new BarVenue(SELLER)
      .sell('gap', trailing('STOP_LOSS', '1', 100))
      .sell('back', trailing('STOP_LOSS', '1', 500));
    expect(venue.bar('100 100 99.5 100')).toEqual([]);
    expect(trades(venue.bar('98 98 97 98'))).toEqual(['gap SELL 1 @ 98 TAKER']);
    // Best 120: fires at 114 on the way to 110.
    expect(trades(venue.bar('98 120 98 110'))).toEqual(['back SELL 1 @ 114 TAKER']);
  });

  test('to BUY follow the lowest price', () => {
    const venue = new BarVenue().buy('o', trailing('STOP_LOSS', '1', 100));
    expect(venue.bar('100 100.5 90 90.5')).toEqual([]);
    // Best 90: fires at 90.9.
    expect(trades(venue.bar('90.5 91 90.2 91'))).toEqual(['o BUY 1 @ 90.9 TAKER']);
  });

  test('with a stop price begin to follow when it is reached', () => {
    const venue = new BarVenue(SELLER).sell('o', trailing('TAKE_PROFIT', '1', 100, '105'));
    expect(venue.bar('100 104 90 95')).toEqual([]);
    expect(venue.bar('95 110 94 109.5')).toEqual([]);
    expect(trades(venue.bar('109.5 109.6 108 108'))).toEqual(['o SELL 1 @ 108.9 TAKER']);
  });

  test('fire on the tick that is worse for us', () => {
    // 1 % below 100.05 is 99.0495, on a tick of 0.5: 99
    const venue = new BarVenue({ ...SELLER, tick: '0.5' }).sell('o', trailing('STOP_LOSS', '1', 100));
    expect(trades(venue.bar('100.05 100.05 99 99.5'))).toEqual(['o SELL 1 @ 99 TAKER']);
    const other = new BarVenue({ tick: '0.5' }).buy('o', trailing('STOP_LOSS', '1', 100));
    expect(trades(other.bar('100.05 101.5 100.05 101'))).toEqual(['o BUY 1 @ 101.5 TAKER']);
  });
});

describe('one bar', () => {
  test('has its open first, then what is worse for us, then what is better, each in the order placed', () => {
    const venue = new BarVenue(SELLER);
    venue
      .sell('limit', limit('1', '110'))
      .sell('target', stop('TAKE_PROFIT', '1', '105'))
      .sell('stop', stop('STOP_LOSS', '1', '90'));
    venue
      .sell('trailing', trailing('STOP_LOSS', '1', 500))
      .sell('market', market('1'))
      .sell('gap', stop('TAKE_PROFIT', '1', '102'));
    expect(trades(venue.bar('102 115 85 100'))).toEqual([
      'market SELL 1 @ 102 TAKER',
      'gap SELL 1 @ 102 TAKER',
      'stop SELL 1 @ 90 TAKER',
      'trailing SELL 1 @ 96.9 TAKER',
      'limit SELL 1 @ 110 MAKER',
      'target SELL 1 @ 105 TAKER',
    ]);
  });

  test('that was under way when an order was decided leaves it alone, and the next one takes it as new', () => {
    const venue = new BarVenue();
    const late = venue.intent('late', 'BUY', limit('1', '95'), venue.nowMs + 30_000);
    venue.place(late);
    venue.place(venue.intent('ioc', 'BUY', limit('1', '95', 'IOC'), venue.nowMs + 30_000));
    expect(venue.bar('94 96 93 95')).toEqual([]);
    expect(trades(venue.bar('94 96 93 95'))).toEqual(['late BUY 1 @ 94 TAKER', 'ioc BUY 1 @ 94 TAKER']);
  });

  test('without orders only leaves its close as the last price', () => {
    const venue = new BarVenue();
    venue.market.observe(12_345);
    expect(venue.market.last).toBe(12_345);
    venue.bar('100 101 99 100.5');
    expect([venue.market.last, venue.market.symbol]).toEqual([10_050, 'TEST']);
  });
});
