import { describe, expect, test } from 'vitest';
import { barsOf, calm, order, run, tradesOf } from './reference.test-support.ts';
import type { Row } from './reference-backtest.ts';

// Every expected number below was worked out by hand; the calculation stands beside it.

describe('limit orders', () => {
  const buy = [order('LIMIT', 'BUY', { quantity: '1', price: '95' })];
  const sell = [order('LIMIT', 'SELL', { quantity: '1', price: '105' })];

  test.each([
    { when: 'touched', script: buy, bar: '100 101 95 100', through: [], touch: ['0 BUY 1 @ 95 maker'] },
    {
      when: 'traded through',
      script: buy,
      bar: '100 101 94.99 100',
      through: ['0 BUY 1 @ 95 maker'],
      touch: ['0 BUY 1 @ 95 maker'],
    },
    { when: 'not reached', script: buy, bar: '100 101 95.01 100', through: [], touch: [] },
    {
      when: 'opened beyond',
      script: buy,
      bar: '94 101 93 100',
      through: ['0 BUY 1 @ 94 taker'],
      touch: ['0 BUY 1 @ 94 taker'],
    },
    {
      when: 'opened at its price',
      script: buy,
      bar: '95 101 95 100',
      through: [],
      touch: ['0 BUY 1 @ 95 maker'],
    },
    { when: 'touched', script: sell, bar: '100 105 99 100', through: [], touch: ['0 SELL 1 @ 105 maker'] },
    {
      when: 'traded through',
      script: sell,
      bar: '100 105.01 99 100',
      through: ['0 SELL 1 @ 105 maker'],
      touch: ['0 SELL 1 @ 105 maker'],
    },
    {
      when: 'opened beyond',
      script: sell,
      bar: '106 107 99 100',
      through: ['0 SELL 1 @ 106 taker'],
      touch: ['0 SELL 1 @ 106 taker'],
    },
  ])('$when by $bar', ({ script, bar, through, touch }) => {
    const rows = barsOf(calm, bar);
    expect(tradesOf(run(rows, script, { holdings: '1', limitFill: 'through' }))).toEqual(through);
    expect(tradesOf(run(rows, script, { holdings: '1', limitFill: 'touch' }))).toEqual(touch);
  });

  test('never trade in the bar they were placed after, and wait as long as it takes', () => {
    const rows = barsOf('100 100 90 100', calm, calm, '100 100 90 100');
    const result = run(rows, buy);
    expect(tradesOf(result)).toEqual(['0 BUY 1 @ 95 maker']);
    // Maker's fee 0.0005 x 1.
    expect(result.fills[0]).toMatchObject({ timeMs: 180_000, fee: '0.0005' });
  });

  test('have rested when a later bar opens beyond, and get its better price as makers', () => {
    expect(tradesOf(run(barsOf(calm, calm, '94 96 93 95'), buy))).toEqual(['0 BUY 1 @ 94 maker']);
  });

  test('post-only are refused at the last price or beyond, and trade at their own price wherever a bar opens', () => {
    const maker = (price: string) => [order('LIMIT_MAKER', 'BUY', { quantity: '1', price })];
    expect(run(barsOf(calm, calm), maker('100')).refused).toEqual([0]);
    expect(run(barsOf(calm, calm), maker('100.01')).refused).toEqual([0]);
    expect(tradesOf(run(barsOf(calm, '94 96 93 95'), maker('99.99')))).toEqual(['0 BUY 1 @ 99.99 maker']);
    expect(tradesOf(run(barsOf(calm, '100 101 99 100'), maker('99.99')))).toEqual(['0 BUY 1 @ 99.99 maker']);
  });
});

describe('stops', () => {
  test.each([
    { type: 'STOP_LOSS', side: 'SELL', stop: '90', bar: '100 101 90 95', price: '90' },
    { type: 'STOP_LOSS', side: 'SELL', stop: '90', bar: '100 101 90.01 95', price: undefined },
    { type: 'STOP_LOSS', side: 'SELL', stop: '90', bar: '85 101 84 95', price: '85' },
    { type: 'STOP_LOSS', side: 'BUY', stop: '110', bar: '100 110 99 100', price: '110' },
    { type: 'STOP_LOSS', side: 'BUY', stop: '110', bar: '100 109.99 99 100', price: undefined },
    { type: 'STOP_LOSS', side: 'BUY', stop: '110', bar: '115 116 99 100', price: '115' },
    { type: 'TAKE_PROFIT', side: 'SELL', stop: '110', bar: '100 111 99 100', price: '110' },
    { type: 'TAKE_PROFIT', side: 'SELL', stop: '110', bar: '112 113 99 100', price: '112' },
    { type: 'TAKE_PROFIT', side: 'BUY', stop: '90', bar: '100 101 89 100', price: '90' },
    { type: 'TAKE_PROFIT', side: 'BUY', stop: '90', bar: '88 101 87 100', price: '88' },
  ] as const)('$type $side at $stop in the bar $bar trades at $price', ({ type, side, stop, bar, price }) => {
    const script = [order(type, side, { quantity: '1', stopPrice: stop })];
    const result = run(barsOf(calm, bar), script, { holdings: '1' });
    expect(result.fills[0]?.price).toBe(price);
    expect(result.expired).toEqual(price === undefined ? [0] : []);
  });

  test('slip like market orders, from the stop price and from the open', () => {
    const stop = [order('STOP_LOSS', 'SELL', { quantity: '1', stopPrice: '90' })];
    const options = { holdings: '1', slippageBps: 10 };
    // 90 x 0.999 = 89.91; 85 x 0.999 = 84.915, down to 84.91
    expect(run(barsOf(calm, '100 101 90 95'), stop, options).fills[0]).toMatchObject({
      price: '89.91',
      fee: '0.08991',
      liquidity: 'taker',
    });
    expect(run(barsOf(calm, '85 101 84 95'), stop, options).fills[0]?.price).toBe('84.91');
  });
});

test.each([
  { type: 'STOP_LOSS', side: 'SELL', taken: '99.99', refused: '100' },
  { type: 'STOP_LOSS', side: 'BUY', taken: '100.01', refused: '100' },
  { type: 'TAKE_PROFIT', side: 'SELL', taken: '100.01', refused: '99' },
  { type: 'TAKE_PROFIT', side: 'BUY', taken: '99.99', refused: '101' },
] as const)(
  'a $type $side that the last price of 100 has reached is refused',
  ({ type, side, taken, refused }) => {
    const script = [taken, refused].map((stopPrice) => order(type, side, { quantity: '1', stopPrice }));
    expect(run(barsOf(calm, calm), script, { holdings: '2' }).refused).toEqual([1]);
  },
);

describe('stop-limit orders', () => {
  const sell = [order('STOP_LOSS_LIMIT', 'SELL', { quantity: '1', stopPrice: '90', price: '89' })];

  test.each([
    // 90 x 0.999 = 89.91, above the limit; 90 x 0.98 = 88.2, which the limit does not allow
    { bar: '100 101 88 95', slippageBps: 0, price: '90' },
    { bar: '100 101 88 95', slippageBps: 10, price: '89.91' },
    { bar: '100 101 88 95', slippageBps: 200, price: '89' },
    // open beyond the stop and still at the limit: 89 x 0.999 = 88.911, capped
    { bar: '89 101 88 95', slippageBps: 10, price: '89' },
    { bar: '89.5 101 88 95', slippageBps: 0, price: '89.5' },
  ])('trades at $price when triggered by $bar with $slippageBps bps', ({ bar, slippageBps, price }) => {
    const result = run(barsOf(calm, bar), sell, { holdings: '1', slippageBps });
    expect(result.fills[0]).toMatchObject({ price, timeMs: 60_000, liquidity: 'taker' });
  });

  test('opened beyond its limit it rests, and trades from the next bar on as a maker', () => {
    // The first bar opens at 88 and rises to 95, through the limit of 89, after the trigger.
    const result = run(barsOf(calm, '88 95 87 88', '88 89.01 87 88'), sell, { holdings: '1' });
    expect(tradesOf(result)).toEqual(['0 SELL 1 @ 89 maker']);
    expect(result.fills[0]?.timeMs).toBe(120_000);
  });

  test('with a limit better than its stop price it rests when triggered inside the bar', () => {
    const script = [order('STOP_LOSS_LIMIT', 'BUY', { quantity: '1', stopPrice: '110', price: '109' })];
    const result = run(barsOf(calm, '100 111 99 110', '108 112 107 110'), script);
    expect(tradesOf(result)).toEqual(['0 BUY 1 @ 108 maker']);
    expect(result.fills[0]?.timeMs).toBe(120_000);
  });

  test('a take-profit-limit whose limit is its stop price trades there', () => {
    const script = [order('TAKE_PROFIT_LIMIT', 'BUY', { quantity: '1', stopPrice: '90', price: '90' })];
    expect(tradesOf(run(barsOf(calm, '100 101 90 95'), script, { slippageBps: 50 }))).toEqual([
      '0 BUY 1 @ 90 taker',
    ]);
  });
});

describe('OCO pairs', () => {
  const target = order('LIMIT', 'SELL', { quantity: '1', price: '110', ocoGroup: 'exit' });
  const stop = order('STOP_LOSS', 'SELL', { quantity: '1', stopPrice: '90', ocoGroup: 'exit' });

  test.each([
    { when: 'both inside: the stop', bar: '100 115 85 100', trades: ['1 SELL 1 @ 90 taker'], canceled: [0] },
    { when: 'only the target', bar: '100 115 91 100', trades: ['0 SELL 1 @ 110 maker'], canceled: [1] },
    {
      when: 'opened beyond the target',
      bar: '111 115 85 100',
      trades: ['0 SELL 1 @ 111 taker'],
      canceled: [1],
    },
    { when: 'opened beyond the stop', bar: '85 115 84 100', trades: ['1 SELL 1 @ 85 taker'], canceled: [0] },
    { when: 'neither', bar: '100 109 91 100', trades: [], canceled: [] },
  ])('$when', ({ bar, trades, canceled }) => {
    const result = run(barsOf(calm, bar), [target, stop], { holdings: '1' });
    expect(tradesOf(result)).toEqual(trades);
    expect(result.canceled).toEqual(canceled);
    expect(result.expired).toEqual(trades.length === 0 ? [0, 1] : []);
  });

  test('a BUY pair with both inside trades at the stop, the higher price', () => {
    const script = [
      order('LIMIT', 'BUY', { quantity: '1', price: '90', ocoGroup: 'entry' }),
      order('STOP_LOSS', 'BUY', { quantity: '1', stopPrice: '110', ocoGroup: 'entry' }),
    ];
    expect(tradesOf(run(barsOf(calm, '100 115 85 100'), script))).toEqual(['1 BUY 1 @ 110 taker']);
  });

  test('a take-profit placed first still comes after the stop', () => {
    const takeProfit = order('TAKE_PROFIT', 'SELL', { quantity: '1', stopPrice: '110', ocoGroup: 'exit' });
    const result = run(barsOf(calm, '100 115 85 100'), [takeProfit, stop], { holdings: '1' });
    expect(tradesOf(result)).toEqual(['1 SELL 1 @ 90 taker']);
  });

  test('a stop-limit that triggers and rests has ended its target', () => {
    const stopLimit = order('STOP_LOSS_LIMIT', 'SELL', {
      quantity: '1',
      stopPrice: '90',
      price: '92',
      ocoGroup: 'exit',
    });
    const rows = barsOf(calm, '100 115 85 86', '86 115 86 112');
    const result = run(rows, [target, stopLimit], { holdings: '1' });
    expect(tradesOf(result)).toEqual(['1 SELL 1 @ 92 maker']);
    expect(result.canceled).toEqual([0]);
  });

  test('lock the larger need, once', () => {
    const script = [
      order('LIMIT', 'BUY', { quantity: '1', price: '90', ocoGroup: 'entry' }),
      order('STOP_LOSS', 'BUY', { quantity: '1', stopPrice: '110', ocoGroup: 'entry' }),
      order('LIMIT', 'BUY', { quantity: '0.001', price: '0.01' }),
    ];
    // The pair needs 110; the third order 0.00001.
    expect(run(barsOf(calm, calm), script, { cash: '109.99' }).refused).toEqual([0, 1]);
    expect(run(barsOf(calm, calm), script, { cash: '110' }).refused).toEqual([2]);
    expect(run(barsOf(calm, calm), script, { cash: '110.00001' }).refused).toEqual([]);
    const exits = [target, stop, order('MARKET', 'SELL', { quantity: '0.5' })];
    expect(run(barsOf(calm, calm), exits, { holdings: '1.499' }).refused).toEqual([2]);
    expect(run(barsOf(calm, calm), exits, { holdings: '1.5' }).refused).toEqual([]);
  });
});

describe('balances', () => {
  test('an order that cannot be paid when placed is refused', () => {
    const script = [
      order('LIMIT', 'BUY', { quantity: '10', price: '100.01' }),
      order('MARKET', 'BUY', { quantity: '10.001' }),
      order('MARKET', 'BUY', { quoteAmount: '1000.00000001' }),
      order('STOP_LOSS', 'BUY', { quantity: '9', stopPrice: '111.12' }),
      order('LIMIT', 'SELL', { quantity: '0.501', price: '100' }),
      order('MARKET', 'SELL', { quantity: '0.501' }),
    ];
    const result = run(barsOf(calm, calm), script, { holdings: '0.5' });
    expect(result).toMatchObject({ refused: [0, 1, 2, 3, 4, 5], fills: [], expired: [] });
  });

  test('the need of a limit BUY is rounded up at 8 decimals', () => {
    // 0.001 x 0.00000111 = 0.00000000111, locked as 0.00000001
    const buy = order('LIMIT', 'BUY', { quantity: '0.001', price: '0.00000111' });
    const options = { tick: '0.00000001', cash: '0.00000001' };
    expect(run(barsOf(calm, calm), [buy], options).refused).toEqual([]);
    expect(run(barsOf(calm, calm), [buy, buy], options).refused).toEqual([1]);
  });

  test('a BUY by quantity that has become too dear is refused at the fill', () => {
    const script = [order('MARKET', 'BUY', { quantity: '10' })];
    expect(run(barsOf(calm, '100.01 101 100 100'), script)).toMatchObject({
      refused: [0],
      finalQuote: '1000',
    });
    // 999 for the rest of the account would do, but the other order holds 1 of it.
    const withLock = [
      order('LIMIT', 'BUY', { quantity: '0.1', price: '10' }),
      order('MARKET', 'BUY', { quantity: '9.99' }),
    ];
    expect(run(barsOf(calm, '100.01 101 100 100'), withLock)).toMatchObject({ refused: [1], expired: [0] });
    expect(tradesOf(run(barsOf(calm, '99.99 100 99 100'), withLock))).toEqual(['1 BUY 9.99 @ 99.99 taker']);
  });

  test('what one order locks is not free for the next', () => {
    const script = [
      order('LIMIT', 'BUY', { quantity: '6', price: '90' }),
      order('LIMIT', 'BUY', { quantity: '6', price: '90' }),
    ];
    expect(run(barsOf(calm, calm), script)).toMatchObject({ refused: [1], expired: [0] });
  });
});

describe('order of events', () => {
  test('in one bar the open comes first, then stop-losses, then targets and limits, whatever the order placed', () => {
    const script = [
      order('LIMIT', 'SELL', { quantity: '1', price: '110' }),
      order('TAKE_PROFIT', 'SELL', { quantity: '1', stopPrice: '105' }),
      order('STOP_LOSS', 'SELL', { quantity: '1', stopPrice: '90' }),
      order('MARKET', 'SELL', { quantity: '1' }),
    ];
    expect(tradesOf(run(barsOf(calm, '100 115 85 100'), script, { holdings: '4' }))).toEqual([
      '3 SELL 1 @ 100 taker',
      '2 SELL 1 @ 90 taker',
      '0 SELL 1 @ 110 maker',
      '1 SELL 1 @ 105 taker',
    ]);
  });

  test('orders that wait when the data ends expire, the one placed after the last bar included', () => {
    const script = [
      order('LIMIT', 'BUY', { quantity: '1', price: '50' }),
      order('STOP_LOSS', 'SELL', { quantity: '1', stopPrice: '50' }),
      order('MARKET', 'BUY', { quantity: '1', atBar: 1 }),
    ];
    const result = run(barsOf(calm, calm), script, { holdings: '1' });
    expect(result).toMatchObject({ fills: [], expired: [0, 1, 2], finalEquity: '1100' });
  });

  test('the next bar is the next row, however long the gap', () => {
    const [first, second] = barsOf(calm, '101 101 101 101') as [Row, Row];
    const rows = [first, { ...second, timeMs: 9_000_000 }];
    expect(run(rows, [order('MARKET', 'BUY', { quantity: '1' })]).fills[0]).toMatchObject({
      timeMs: 9_000_000,
      price: '101',
    });
  });

  test.each([
    {
      why: 'a price off the tick',
      script: [order('LIMIT', 'BUY', { quantity: '1', price: '1.005' })],
      message: 'order 0 of the script: its price is whole ticks',
    },
    {
      why: 'a quantity off the step',
      script: [order('MARKET', 'BUY', { quantity: '0.0001' })],
      message: 'order 0 of the script: its quantity is whole steps',
    },
    {
      why: 'a bar that does not exist',
      script: [order('MARKET', 'BUY', { quantity: '1', atBar: 2 })],
      message: 'order 0 of the script: its bar exists',
    },
    {
      why: 'no amount',
      script: [order('MARKET', 'BUY', {})],
      message: 'order 0 of the script: has a quantity or a quote amount',
    },
    {
      why: 'half a pair',
      script: [order('LIMIT', 'BUY', { quantity: '1', price: '1', ocoGroup: 'a' })],
      message: 'OCO group a is not one stop and one target of the same order',
    },
  ])('a script with $why throws', ({ script, message }) => {
    expect(() => run(barsOf(calm, calm), script)).toThrow(message);
  });
});
