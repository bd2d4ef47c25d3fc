import { amount, negate, quantity, ratio } from '@tradewind/core/money';
import { describe, expect, test } from 'vitest';
import { entry, orderOf, type Wish, World } from './exchange.test-support.ts';

const FILTERS = [
  { filterType: 'PRICE_FILTER', minPrice: '1', maxPrice: '1000', tickSize: '0.5' },
  { filterType: 'LOT_SIZE', minQty: '0.1', maxQty: '100', stepSize: '0.1' },
];
const withFilters = (...more: { filterType: string }[]) => {
  const replaced = new Set(more.map(({ filterType }) => filterType));
  return entry('BTCUSDT', {
    filters: [...FILTERS.filter(({ filterType }) => !replaced.has(filterType)), ...more],
  });
};

/** A world with a last price of 100 and one order per side around it. */
function marketAt100(symbol: ReturnType<typeof entry>): { world: World; owner: number; other: number } {
  const world = new World([symbol]);
  const [owner, other] = [world.account(), world.account()];
  world.tradeAt(other, other, '100', '0.1');
  world.place(other, { side: 'SELL', price: '101', quantity: '10' });
  world.place(other, { side: 'BUY', price: '99', quantity: '10' });
  return { world, owner, other };
}

const percent = {
  filterType: 'PERCENT_PRICE_BY_SIDE',
  bidMultiplierUp: '1.2',
  bidMultiplierDown: '0.5',
  askMultiplierUp: '2',
  askMultiplierDown: '0.8',
  avgPriceMins: 5,
};
const notional = {
  filterType: 'NOTIONAL',
  minNotional: '10',
  applyMinToMarket: true,
  maxNotional: '5000',
  applyMaxToMarket: false,
  avgPriceMins: 5,
};

describe('filters', () => {
  test.each<{ when: string; filter: string; symbol?: { filterType: string }; order: Wish }>([
    { when: 'a price below the minimum', filter: 'PRICE_FILTER', order: { price: '0.5', quantity: '1' } },
    { when: 'a price above the maximum', filter: 'PRICE_FILTER', order: { price: '1000.5', quantity: '1' } },
    { when: 'a price between two ticks', filter: 'PRICE_FILTER', order: { price: '90.25', quantity: '1' } },
    {
      when: 'a stop price between two ticks',
      filter: 'PRICE_FILTER',
      order: { side: 'SELL', type: 'STOP_LOSS', stopPrice: '90.25', quantity: '1' },
    },
    { when: 'a quantity below the minimum', filter: 'LOT_SIZE', order: { price: '90', quantity: '0.05' } },
    { when: 'a quantity above the maximum', filter: 'LOT_SIZE', order: { price: '90', quantity: '100.1' } },
    { when: 'a quantity between two steps', filter: 'LOT_SIZE', order: { price: '90', quantity: '1.15' } },
    {
      when: 'a visible quantity between two steps',
      filter: 'LOT_SIZE',
      order: { price: '90', quantity: '1', icebergQuantity: '0.15' },
    },
    {
      when: 'a bid beyond its multiplier',
      filter: 'PERCENT_PRICE_BY_SIDE',
      symbol: percent,
      order: { price: '120.5', quantity: '1' },
    },
    {
      when: 'an offer below its multiplier',
      filter: 'PERCENT_PRICE_BY_SIDE',
      symbol: percent,
      order: { side: 'SELL', price: '79.5', quantity: '1' },
    },
    {
      when: 'a price outside both sides',
      filter: 'PERCENT_PRICE',
      symbol: {
        ...percent,
        filterType: 'PERCENT_PRICE',
        multiplierUp: '1.1',
        multiplierDown: '0.9',
      } as never,
      order: { price: '89.5', quantity: '1' },
    },
    {
      when: 'a value below the minimum',
      filter: 'NOTIONAL',
      symbol: notional,
      order: { price: '9.5', quantity: '1' },
    },
    {
      when: 'a value above the maximum',
      filter: 'NOTIONAL',
      symbol: notional,
      order: { price: '90', quantity: '60' },
    },
    {
      when: 'a market order below the minimum',
      filter: 'NOTIONAL',
      symbol: { ...notional, minNotional: '50' } as never,
      order: { type: 'MARKET', quantity: '0.4' },
    },
    {
      when: 'a market order by amount below the minimum',
      filter: 'NOTIONAL',
      symbol: notional,
      order: { type: 'MARKET', quoteOrderQuantity: '9' },
    },
    {
      when: 'a value below the older minimum',
      filter: 'MIN_NOTIONAL',
      symbol: {
        filterType: 'MIN_NOTIONAL',
        minNotional: '10',
        applyToMarket: true,
        avgPriceMins: 5,
      } as never,
      order: { price: '9.5', quantity: '1' },
    },
    {
      when: 'too many slices',
      filter: 'ICEBERG_PARTS',
      symbol: { filterType: 'ICEBERG_PARTS', limit: 10 } as never,
      order: { price: '90', quantity: '1.1', icebergQuantity: '0.1' },
    },
    {
      when: 'a market order above its own maximum',
      filter: 'MARKET_LOT_SIZE',
      symbol: { filterType: 'MARKET_LOT_SIZE', minQty: '0', maxQty: '5', stepSize: '0' } as never,
      order: { type: 'MARKET', quantity: '5.1' },
    },
    {
      when: 'a trailing delta below the minimum',
      filter: 'TRAILING_DELTA',
      symbol: {
        filterType: 'TRAILING_DELTA',
        minTrailingAboveDelta: 50,
        maxTrailingAboveDelta: 100,
        minTrailingBelowDelta: 10,
        maxTrailingBelowDelta: 20,
      } as never,
      order: { type: 'STOP_LOSS', quantity: '1', trailingDelta: 20 },
    },
    {
      when: 'a position beyond the maximum',
      filter: 'MAX_POSITION',
      symbol: { filterType: 'MAX_POSITION', maxPosition: '100000.4' } as never,
      order: { price: '90', quantity: '0.5' },
    },
  ])('$when: Filter failure: $filter', ({ filter, symbol, order }) => {
    const { world, owner } = marketAt100(entry('BTCUSDT', { filters: FILTERS }));
    if (symbol !== undefined) world.exchange.setFilter('BTCUSDT', symbol);
    expect(world.refusal(owner, order)).toEqual({ code: -1013, msg: `Filter failure: ${filter}` });
    const before = world.exchange.oracle.orders('BTCUSDT').length;
    expect(world.exchange.testOrder(owner, 'BTCUSDT', orderOf(order)).ok).toBe(false);
    expect(world.exchange.oracle.orders('BTCUSDT')).toHaveLength(before);
  });

  test.each([
    { filter: 'MAX_NUM_ORDERS', field: 'maxNumOrders', order: { price: '90', quantity: '1' } },
    {
      filter: 'MAX_NUM_ALGO_ORDERS',
      field: 'maxNumAlgoOrders',
      order: { side: 'SELL', type: 'STOP_LOSS', stopPrice: '90', quantity: '1' },
    },
    {
      filter: 'MAX_NUM_ICEBERG_ORDERS',
      field: 'maxNumIcebergOrders',
      order: { price: '90', quantity: '1', icebergQuantity: '0.5' },
    },
  ] as const)('$filter counts open orders, and one that ended makes room', ({ filter, field, order }) => {
    const { world, owner } = marketAt100(withFilters({ filterType: filter, [field]: 2 } as never));
    const first = world.place(owner, order);
    world.place(owner, order);
    expect(world.refusal(owner, order).msg).toBe(`Filter failure: ${filter}`);
    world.exchange.cancelOrder(owner, { symbol: 'BTCUSDT', orderId: first.order.orderId });
    world.place(owner, order);
  });

  test('EXCHANGE_MAX_NUM_ORDERS counts over all symbols', () => {
    const world = new World(
      [entry('BTCUSDT'), entry('ETHUSDT')],
      {},
      {
        exchangeFilters: [{ filterType: 'EXCHANGE_MAX_NUM_ORDERS', maxNumOrders: 2 }],
      },
    );
    const owner = world.account();
    world.place(owner, { price: '10', quantity: '1' });
    world.place(owner, { price: '10', quantity: '1' }, 'ETHUSDT');
    expect(world.refusal(owner, { price: '10', quantity: '1' }).msg).toBe(
      'Filter failure: EXCHANGE_MAX_NUM_ORDERS',
    );
  });

  test('filters compare with the reference price when there is one', () => {
    const { world, owner } = marketAt100(withFilters(percent));
    expect(world.refusal(owner, { price: '150', quantity: '1' }).code).toBe(-1013);
    world.exchange.setReferencePrice('BTCUSDT', orderOf({ price: '140' }).price!);
    expect(world.exchange.testOrder(owner, 'BTCUSDT', orderOf({ price: '150', quantity: '1' })).ok).toBe(
      true,
    );
  });

  test('a filter that is changed at run time binds the next order, also where it is finer than before', () => {
    const { world, owner } = marketAt100(entry('BTCUSDT', { filters: FILTERS }));
    const order: Wish = { price: '90.123', quantity: '1.00001' };
    expect(world.refusal(owner, order).code).toBe(-1013);
    const before = world.exchange.depth('BTCUSDT', 10);
    world.exchange.setFilter('BTCUSDT', { ...FILTERS[0]!, tickSize: '0.001' } as never);
    world.exchange.setFilter('BTCUSDT', { ...FILTERS[1]!, stepSize: '0.00001' } as never);
    expect(world.exchange.depth('BTCUSDT', 10)).toEqual(before);
    expect(world.place(owner, order).order.status).toBe('NEW');
    expect(world.exchange.depth('BTCUSDT', 10).bids).toHaveLength(2);
  });
});

describe('what the engine refuses', () => {
  test.each<{ when: string; order: Wish; msg: string; rejectReason: string }>([
    {
      when: 'a stop to buy below the market',
      order: { type: 'STOP_LOSS', stopPrice: '99.5', quantity: '1' },
      msg: 'Order would trigger immediately.',
      rejectReason: 'STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY',
    },
    {
      when: 'a take-profit to sell below the market',
      order: { side: 'SELL', type: 'TAKE_PROFIT', stopPrice: '99.5', quantity: '1' },
      msg: 'Order would trigger immediately.',
      rejectReason: 'STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY',
    },
    {
      when: 'a post-only order that would take',
      order: { type: 'LIMIT_MAKER', price: '101', quantity: '1' },
      msg: 'Order would immediately match and take.',
      rejectReason: 'WOULD_MATCH_IMMEDIATELY',
    },
    {
      when: 'a visible part that is not smaller',
      order: { price: '90', quantity: '1', icebergQuantity: '1' },
      msg: 'IcebergQty exceeds QTY.',
      rejectReason: 'NONE',
    },
    {
      when: 'an iceberg that does not stay',
      order: { price: '90', quantity: '1', icebergQuantity: '0.5', timeInForce: 'IOC' },
      msg: 'Unsupported order combination',
      rejectReason: 'NONE',
    },
    {
      when: 'a market peg that would only rest',
      order: { type: 'LIMIT_MAKER', pegPriceType: 'MARKET_PEG', quantity: '1' },
      msg: 'This price peg cannot be used with this order type.',
      rejectReason: 'NONE',
    },
    {
      when: 'a peg of a market order',
      order: { type: 'STOP_LOSS', stopPrice: '110', pegPriceType: 'MARKET_PEG', quantity: '1' },
      msg: 'This order type may not use pegged price.',
      rejectReason: 'NONE',
    },
    {
      when: 'a peg deeper than the book',
      order: { pegPriceType: 'PRIMARY_PEG', pegOffsetLevels: 1, quantity: '1' },
      msg: 'Order book liquidity is too low for this pegged order.',
      rejectReason: 'NONE',
    },
    {
      when: 'nothing to trade',
      order: { price: '90', quantity: '0' },
      msg: 'Price * QTY is zero or less.',
      rejectReason: 'NONE',
    },
  ])('$when', ({ order, msg, rejectReason }) => {
    const { world, owner } = marketAt100(entry('BTCUSDT', { filters: FILTERS }));
    expect(world.refusal(owner, order)).toEqual({ code: -2010, msg, rejectReason });
    expect(world.balance(owner, 'USDT')).toEqual(['100000000', '0']);
  });

  test('a market order by amount on a book that has less than a step', () => {
    const world = new World();
    const owner = world.account();
    expect(world.refusal(owner, { type: 'MARKET', quoteOrderQuantity: '10' }).msg).toBe(
      'Order book liquidity is less than symbol minimum quantity.',
    );
  });

  test.each([
    ['icebergAllowed', { price: '90', quantity: '1', icebergQuantity: '0.5' }, 'Iceberg orders are'],
    [
      'allowTrailingStop',
      { type: 'STOP_LOSS', quantity: '1', trailingDelta: 50 },
      'Trailing stop orders are',
    ],
    ['pegInstructionsAllowed', { pegPriceType: 'PRIMARY_PEG', quantity: '1' }, 'Pegged orders are'],
  ] as const)('a symbol without %s', (flag, order, words) => {
    const { world, owner } = marketAt100(entry('BTCUSDT', { filters: FILTERS, [flag]: false }));
    expect(world.refusal(owner, order as Wish)).toMatchObject({
      code: -2010,
      msg: `${words} not supported for this symbol.`,
    });
  });

  test('a self-trade prevention mode that the symbol does not allow is -1013', () => {
    const { world, owner } = marketAt100(
      entry('BTCUSDT', { filters: FILTERS, allowedSelfTradePreventionModes: ['NONE'] }),
    );
    expect(world.refusal(owner, { price: '90', quantity: '1', selfTradePrevention: 'EXPIRE_BOTH' })).toEqual({
      code: -1013,
      msg: 'This symbol does not allow the specified self-trade prevention mode.',
    });
  });
});

describe('more money than can be counted', () => {
  test.each(['BUY', 'SELL'] as const)('a %s for a quote amount of twenty digits is too large', (side) => {
    const { world, owner } = marketAt100(entry('BTCUSDT'));
    for (const quoteOrderQuantity of ['9007199254740992', '99999999999999999999']) {
      const refusal = world.refusal(owner, { side, type: 'MARKET', quoteOrderQuantity });
      expect(refusal.code).toBe(-1108);
    }
  });

  test('no deposit, withdrawal or lock moves as much, all at once or bit by bit', () => {
    const world = new World();
    const account = world.account({ USDT: '1000' });
    const half = amount('USDT', '5000000000000000');
    expect(world.exchange.transfer(account, 'USDT', half).ok).toBe(true);
    for (const units of ['5000000000001001', '9007199254740992', '99999999999999999999']) {
      const delta = amount('USDT', units);
      expect(world.exchange.transfer(account, 'USDT', delta).ok).toBe(false);
      expect(world.exchange.lockExternally(account, 'USDT', delta).ok).toBe(false);
    }
    expect(world.exchange.transfer(account, 'USDT', negate(amount('USDT', '99999999999999999999'))).ok).toBe(
      false,
    );
    expect(world.balance(account, 'USDT')).toEqual(['5000000000001000', '0']);
  });

  test('a limit order that would cost as much finds no balance for it', () => {
    const filters = [
      { filterType: 'PRICE_FILTER', minPrice: '0', maxPrice: '0', tickSize: '1' },
      { filterType: 'LOT_SIZE', minQty: '0', maxQty: '0', stepSize: '1' },
    ];
    const world = new World([entry('BTCUSDT', { filters })]);
    const refusal = world.refusal(world.account(), { price: '1000000000', quantity: '1000000000' });
    expect(refusal.rejectReason).toBe('INSUFFICIENT_BALANCES');
  });
});

describe('who may trade where and when', () => {
  test.each([
    ['HALT', 'Market is closed.'],
    ['BREAK', 'Market is closed.'],
    ['END_OF_DAY', 'Market is closed.'],
    ['CANCEL_ONLY', 'This order type is not possible in this trading phase.'],
    ['SOMETHING_NEW', 'Market is closed.'],
  ])('in %s nothing is placed and everything can be canceled', (status, msg) => {
    const { world, owner } = marketAt100(entry('BTCUSDT', { filters: FILTERS }));
    const { order } = world.place(owner, { price: '90', quantity: '1' });
    world.exchange.setSymbolStatus('BTCUSDT', status);
    expect(world.exchange.symbol('BTCUSDT')!.entry.status).toBe(status);
    expect(world.refusal(owner, { price: '90', quantity: '1' })).toMatchObject({ code: -2010, msg });
    expect(world.exchange.applyTrade('BTCUSDT', orderOf({ price: '90' }).price!, quantity('1'), 'SELL')).toBe(
      false,
    );
    const canceled = world.exchange.cancelOrder(owner, { symbol: 'BTCUSDT', orderId: order.orderId });
    expect(canceled.ok).toBe(true);
    world.exchange.setSymbolStatus('BTCUSDT', 'TRADING');
    world.place(owner, { price: '90', quantity: '1' });
  });

  test('an account that may not trade still cancels, a disabled one does nothing', () => {
    const { world, owner } = marketAt100(entry('BTCUSDT', { filters: FILTERS }));
    const ids = [1, 2].map(() => world.place(owner, { price: '90', quantity: '1' }).order.orderId);
    world.exchange.switchAccount(owner, { canTrade: false });
    expect(world.refusal(owner, { price: '90', quantity: '1' }).msg).toBe(
      'This action is disabled on this account.',
    );
    expect(world.exchange.cancelOrder(owner, { symbol: 'BTCUSDT', orderId: ids[0]! }).ok).toBe(true);
    world.exchange.switchAccount(owner, { isDisabled: true });
    const refused = world.exchange.cancelOrder(owner, { symbol: 'BTCUSDT', orderId: ids[1]! });
    expect(refused).toEqual({
      ok: false,
      error: { code: -2011, msg: 'This account may not place or cancel orders.' },
    });
    const byHand = world.exchange.cancelByHand(owner, { symbol: 'BTCUSDT', orderId: ids[1]! });
    expect(byHand.ok).toBe(true);
  });

  test('every permission set of the symbol has to hold one permission of the account', () => {
    const symbol = entry('BTCUSDT', { permissionSets: [['SPOT', 'MARGIN'], ['TRD_GRP_002']] });
    const world = new World([symbol]);
    const owner = world.account();
    expect(world.refusal(owner, { price: '90', quantity: '1' }).msg).toBe(
      'This symbol is not permitted for this account.',
    );
  });

  test('order counts are limited per bucket of the calendar', () => {
    const world = new World(
      [entry('BTCUSDT')],
      {},
      {
        rateLimits: [
          { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
          { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 4 },
          { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 2 },
        ],
      },
    );
    const owner = world.account();
    const order: Wish = { price: '90', quantity: '1' };
    world.time.advance(3000);
    world.place(owner, order);
    world.place(owner, order);
    const now = world.time.nowMs();
    expect(world.refusal(owner, order)).toEqual({
      code: -1015,
      msg: 'Too many new orders; current limit is 2 orders per 10 SECOND.',
      retryAtMs: now + 7000,
    });
    world.time.advance(7000);
    world.place(owner, order);
    world.exchange.chargeUnfilledOrders(owner, 1);
    expect(world.exchange.orderCounts(owner).map(({ count }) => count)).toEqual([2, 4]);
    world.time.advance(10_000);
    expect(world.refusal(owner, order).msg).toBe('Too many new orders; current limit is 4 orders per 1 DAY.');
    // The day is used up: what still costs counts for the day alone.
    world.exchange.chargeUnfilledOrders(owner, 1);
    expect(world.exchange.orderCounts(owner).map(({ count }) => count)).toEqual([0, 5]);
    // The operator's own orders are neither limited nor counted.
    expect(world.exchange.placeByHand(owner, 'BTCUSDT', orderOf(order)).ok).toBe(true);
  });

  test('SOR is offered for no symbol', () => {
    const { world, owner } = marketAt100(entry('BTCUSDT', { filters: FILTERS }));
    const placed = world.exchange.placeSor(owner, 'BTCUSDT', orderOf({ price: '90', quantity: '1' }));
    expect(!placed.ok && placed.error.code).toBe(-2010);
  });
});

test('a taker that would trade outside the price range expires with what it has', () => {
  const { world, owner, other } = marketAt100(entry('BTCUSDT', { filters: FILTERS }));
  world.place(other, { side: 'SELL', price: '106', quantity: '1' });
  world.exchange.setPriceRangeRule('BTCUSDT', { bidLimitMultUp: ratio('1.05') });
  world.exchange.setReferencePrice('BTCUSDT', orderOf({ price: '100' }).price!);
  const { order, fills } = world.place(owner, { price: '200', quantity: '11' });
  expect(fills).toHaveLength(1);
  expect([order.status, order.expiryReason]).toEqual(['EXPIRED', 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED']);
  expect(world.balance(owner, 'USDT')).toEqual(['99998990', '0']);
});
