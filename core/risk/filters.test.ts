import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Filters, Instrument } from '../market/index.ts';
import { instrumentWith } from '../market/market.test-support.ts';
import { fromUnits, price, quantity, quoteAmount, ratio, toMultiple } from '../money/index.ts';
import type { OrderIntent, OrderTerms, Side } from '../orders/index.ts';
import { limit, market, spend, stop, stopLimit } from '../orders/terms.test-support.ts';
import type { SymbolLoad } from './filter-refusal.ts';
import { checkFilters } from './filters.ts';
import { intentOf, marketAt, NOTHING_OPEN } from './world.test-support.ts';

/** What the filters say of an order at a reference price of 100. */
function judge(
  filters: Partial<Filters>,
  side: Side,
  terms: OrderTerms,
  world: {
    readonly reference?: string;
    readonly load?: Partial<SymbolLoad>;
    readonly instrument?: Partial<Instrument>;
  } = {},
) {
  const instrument = instrumentWith({ ...world.instrument, filters: { price: {}, lot: {}, ...filters } });
  const load = { ...NOTHING_OPEN, ...world.load };
  return checkFilters(intentOf(side, terms), instrument, marketAt(price(world.reference ?? '100')), load);
}
const iceberg = (size: string, visible: string): OrderTerms => ({
  type: 'LIMIT_MAKER',
  quantity: quantity(size),
  price: price('100'),
  icebergQuantity: quantity(visible),
});
const trailing = (type: 'STOP_LOSS' | 'TAKE_PROFIT', trailingDeltaBps: number): OrderTerms => ({
  type,
  quantity: quantity('1'),
  trigger: { trailingDeltaBps },
});
const trailingLimit = (
  type: 'STOP_LOSS_LIMIT' | 'TAKE_PROFIT_LIMIT',
  trailingDeltaBps: number,
): OrderTerms => ({
  type,
  quantity: quantity('1'),
  price: price('100'),
  timeInForce: 'GTC',
  trigger: { trailingDeltaBps },
});

test('without filters every kind of order passes', () => {
  const all = [
    market('1'),
    spend('10'),
    limit('1', '5'),
    stop('1', '5'),
    stopLimit('1', '5', '4'),
    iceberg('2', '1'),
  ];
  for (const terms of all) expect(judge({}, 'BUY', terms)).toBeUndefined();
});

describe('what the symbol supports', () => {
  const refused = (change: Partial<Instrument>, terms: OrderTerms, intent: Partial<OrderIntent> = {}) =>
    checkFilters(
      intentOf('BUY', terms, intent),
      instrumentWith(change),
      marketAt(price('100')),
      NOTHING_OPEN,
    );

  test('M9, M10: a symbol that is not trading, has an unknown status or a blocker takes no order', () => {
    for (const status of ['HALT', 'BREAK', 'END_OF_DAY', 'CANCEL_ONLY', { unknown: 'NEWS' }] as const) {
      expect(refused({ status }, market('1'))).toEqual({
        reason: 'symbol_not_tradable',
        symbol: 'BTCUSDT',
        status,
        blockers: [],
      });
    }
    expect(refused({ blockers: ['LOT_SIZE is missing'] }, market('1'))).toEqual({
      reason: 'symbol_not_tradable',
      symbol: 'BTCUSDT',
      status: 'TRADING',
      blockers: ['LOT_SIZE is missing'],
    });
  });

  test('an order type that is not listed is refused', () => {
    expect(refused({ orderTypes: ['LIMIT'] }, market('1'))).toEqual({
      reason: 'order_type_not_supported',
      was: 'MARKET',
    });
    expect(refused({ orderTypes: ['LIMIT'] }, limit('1', '5'))).toBeUndefined();
  });

  const pegged: OrderTerms = {
    type: 'LIMIT_MAKER',
    quantity: quantity('1'),
    price: price('5'),
    peg: { priceType: 'PRIMARY_PEG' },
  };
  test.each([
    ['iceberg', { icebergAllowed: false }, iceberg('2', '1')],
    ['quote_amount_market', { quoteAmountMarketAllowed: false }, spend('10')],
    ['trailing_stop', { trailingStopAllowed: false }, trailing('STOP_LOSS', 10)],
    ['peg', { pegAllowed: false }, pegged],
  ] as const)(
    '%s is refused where the symbol does not allow it, and only there',
    (feature, change, terms) => {
      expect(refused(change, terms)).toEqual({ reason: 'feature_not_supported', feature });
      expect(refused({}, terms)).toBeUndefined();
      expect(refused(change, limit('1', '5'))).toBeUndefined();
      expect(refused(change, stop('1', '5'))).toBeUndefined();
    },
  );

  test('a self-trade prevention mode must be one that the symbol allows', () => {
    expect(refused({}, market('1'), { selfTradePrevention: 'EXPIRE_TAKER' })).toBeUndefined();
    expect(refused({}, market('1'), { selfTradePrevention: 'DECREMENT' })).toEqual({
      reason: 'feature_not_supported',
      feature: 'self_trade_prevention',
    });
  });
});

describe('PRICE_FILTER', () => {
  const filters = { price: { minimum: price('10'), maximum: price('20'), tick: price('0.5') } };
  const of = 'price';
  test.each([
    ['10', undefined],
    ['20', undefined],
    ['12.5', undefined],
    ['9.5', { reason: 'price_below_minimum', of, bound: price('10'), was: price('9.5') }],
    ['9.99999999', { reason: 'price_below_minimum', of, bound: price('10'), was: price('9.99999999') }],
    ['20.00000001', { reason: 'price_above_maximum', of, bound: price('20'), was: price('20.00000001') }],
    ['12.50000001', { reason: 'price_off_tick', of, bound: price('0.5'), was: price('12.50000001') }],
    ['12.49999999', { reason: 'price_off_tick', of, bound: price('0.5'), was: price('12.49999999') }],
  ])('a price of %s', (at, refusal) => {
    expect(judge(filters, 'BUY', limit('1', at))).toEqual(refusal);
  });

  test('binds stop prices and the limit of a stop alike', () => {
    const stopRefusal = {
      reason: 'price_below_minimum',
      of: 'stop_price',
      bound: price('10'),
      was: price('9'),
    };
    expect(judge(filters, 'SELL', stop('1', '9'))).toEqual(stopRefusal);
    expect(judge(filters, 'SELL', stop('1', '10'))).toBeUndefined();
    expect(judge(filters, 'SELL', stopLimit('1', '9', '10'))).toEqual(stopRefusal);
    expect(judge(filters, 'SELL', stopLimit('1', '10', '21'))).toEqual({
      reason: 'price_above_maximum',
      of: 'price',
      bound: price('20'),
      was: price('21'),
    });
  });

  test('a bound that is off binds nothing', () => {
    expect(judge({ price: { tick: price('0.5') } }, 'BUY', limit('1', '1000000'))).toBeUndefined();
    expect(judge({ price: { minimum: price('10') } }, 'BUY', limit('1', '10.00000001'))).toBeUndefined();
    expect(judge({ price: { maximum: price('10') } }, 'BUY', limit('1', '0.00000001'))).toBeUndefined();
  });
});

describe.each([
  [
    'PERCENT_PRICE',
    'BUY',
    { percentPrice: { up: ratio('1.2'), down: ratio('0.8'), averageMinutes: 5 } },
    '80',
    '120',
  ],
  [
    'PERCENT_PRICE',
    'SELL',
    { percentPrice: { up: ratio('1.2'), down: ratio('0.8'), averageMinutes: 5 } },
    '80',
    '120',
  ],
  ...(['BUY', 'SELL'] as const).map(
    (side) =>
      [
        'PERCENT_PRICE_BY_SIDE',
        side,
        {
          percentPriceBySide: {
            bidUp: ratio('1.2'),
            bidDown: ratio('0.5'),
            askUp: ratio('2'),
            askDown: ratio('0.9'),
            averageMinutes: 5,
          },
        },
        side === 'BUY' ? '50' : '90',
        side === 'BUY' ? '120' : '200',
      ] as const,
  ),
] as const)('%s of a %s', (_name, side, filters, low, high) => {
  const refusal = (was: string) => ({
    reason: 'price_outside_percent',
    minimum: price(low),
    maximum: price(high),
    was: price(was),
  });
  const below = `${Number(low) - 1}.99999999`;
  const above = `${high}.00000001`;

  test('both bounds are inclusive', () => {
    expect(judge(filters, side, limit('1', low))).toBeUndefined();
    expect(judge(filters, side, limit('1', high))).toBeUndefined();
    expect(judge(filters, side, limit('1', below))).toEqual(refusal(below));
    expect(judge(filters, side, limit('1', above))).toEqual(refusal(above));
  });

  test('orders without a limit price are not judged, and a limit without a reference price is refused', () => {
    expect(judge(filters, side, stop('1', above))).toBeUndefined();
    expect(judge(filters, side, market('1'))).toBeUndefined();
    const instrument = instrumentWith({ filters: { price: {}, lot: {}, ...filters } });
    const missing = { reason: 'missing_value', value: 'reference_price', of: 'BTCUSDT' };
    expect(
      checkFilters(intentOf(side, limit('1', low)), instrument, marketAt(undefined), NOTHING_OPEN),
    ).toEqual(missing);
    expect(
      checkFilters(intentOf(side, limit('1', low)), instrument, marketAt(price('0')), NOTHING_OPEN),
    ).toEqual(missing);
    expect(
      checkFilters(intentOf(side, market('1')), instrument, marketAt(undefined), NOTHING_OPEN),
    ).toBeUndefined();
  });
});

test('percent bounds that fall between two prices are rounded inward', () => {
  const filters = { percentPrice: { up: ratio('1.1'), down: ratio('0.9'), averageMinutes: 5 } };
  // 0.00000015 x 0.9 = 0.000000135 and x 1.1 = 0.000000165.
  const at = (text: string) => judge(filters, 'BUY', limit('1', text), { reference: '0.00000015' });
  const bounds = {
    reason: 'price_outside_percent',
    minimum: price('0.00000014'),
    maximum: price('0.00000016'),
  };
  expect(at('0.00000014')).toBeUndefined();
  expect(at('0.00000016')).toBeUndefined();
  expect(at('0.00000013')).toEqual({ ...bounds, was: price('0.00000013') });
  expect(at('0.00000017')).toEqual({ ...bounds, was: price('0.00000017') });
});

describe('LOT_SIZE and MARKET_LOT_SIZE', () => {
  const bounds = { minimum: quantity('1'), maximum: quantity('5'), step: quantity('0.25') };
  const cases = [
    ['1', undefined, undefined],
    ['5', undefined, undefined],
    ['0.75', 'quantity_below_minimum', '1'],
    ['0.99999999', 'quantity_below_minimum', '1'],
    ['5.00000001', 'quantity_above_maximum', '5'],
    ['5.25', 'quantity_above_maximum', '5'],
    ['1.25000001', 'quantity_off_step', '0.25'],
    ['1.24999999', 'quantity_off_step', '0.25'],
  ] as const;
  const refusalOf = (
    filter: string,
    of: string,
    reason: string | undefined,
    bound: string | undefined,
    was: string,
  ) =>
    reason === undefined
      ? undefined
      : { reason, filter, of, bound: quantity(bound as string), was: quantity(was) };

  test.each(cases)('a quantity of %s', (was, reason, bound) => {
    for (const terms of [limit(was, '100'), market(was), stop(was, '90')]) {
      expect(judge({ lot: bounds }, 'SELL', terms)).toEqual(
        refusalOf('LOT_SIZE', 'quantity', reason, bound, was),
      );
    }
  });

  test.each(cases)(
    'a market quantity of %s is bound by MARKET_LOT_SIZE in addition, a limit is not',
    (was, reason, bound) => {
      const filters = { lot: { maximum: quantity('100') }, marketLot: bounds };
      expect(judge(filters, 'SELL', market(was))).toEqual(
        refusalOf('MARKET_LOT_SIZE', 'quantity', reason, bound, was),
      );
      expect(judge(filters, 'SELL', limit(was, '100'))).toBeUndefined();
      expect(judge(filters, 'SELL', stop(was, '90'))).toBeUndefined();
      expect(judge({ ...filters, lot: { maximum: quantity('0.5') } }, 'SELL', market('1'))).toEqual(
        refusalOf('LOT_SIZE', 'quantity', 'quantity_above_maximum', '0.5', '1'),
      );
    },
  );

  test.each([
    ['1', undefined, undefined],
    ['1.25', undefined, undefined],
    ['0.99999999', 'quantity_below_minimum', '1'],
    ['1.25000001', 'quantity_off_step', '0.25'],
  ] as const)('a visible quantity of %s is bound like the whole', (was, reason, bound) => {
    expect(judge({ lot: bounds }, 'SELL', iceberg('5', was))).toEqual(
      refusalOf('LOT_SIZE', 'iceberg_quantity', reason, bound, was),
    );
  });

  test('a bound that is off binds nothing', () => {
    expect(judge({ lot: {}, marketLot: {} }, 'SELL', market('0.00000001'))).toBeUndefined();
    expect(judge({ lot: { step: quantity('0.1') } }, 'SELL', market('1000000'))).toBeUndefined();
  });
});

describe('a market order by quote amount', () => {
  const lot = { minimum: quantity('0.2'), maximum: quantity('0.5'), step: quantity('0.1') };
  const refusal = (filter: string, reason: string, bound: string, was: string) => ({
    reason,
    filter,
    of: 'quantity',
    bound: quantity(bound),
    was: quantity(was),
  });

  test('is judged by the quantity on the step that it buys at the reference price', () => {
    expect(judge({ lot }, 'BUY', spend('20'))).toBeUndefined();
    expect(judge({ lot }, 'BUY', spend('19.99999999'))).toEqual(
      refusal('LOT_SIZE', 'quantity_below_minimum', '0.2', '0.1'),
    );
    expect(judge({ lot }, 'BUY', spend('59.99999999'))).toBeUndefined();
    expect(judge({ lot }, 'BUY', spend('60'))).toEqual(
      refusal('LOT_SIZE', 'quantity_above_maximum', '0.5', '0.6'),
    );
  });

  test('is bound by the market lot, whose step the venue sees to', () => {
    const filters = { lot: { step: quantity('0.1') }, marketLot: { ...lot, step: quantity('0.3') } };
    expect(judge(filters, 'BUY', spend('20'))).toBeUndefined();
    expect(judge(filters, 'BUY', spend('10'))).toEqual(
      refusal('MARKET_LOT_SIZE', 'quantity_below_minimum', '0.2', '0.1'),
    );
    expect(judge(filters, 'BUY', spend('60'))).toEqual(
      refusal('MARKET_LOT_SIZE', 'quantity_above_maximum', '0.5', '0.6'),
    );
    expect(judge({ ...filters, lot }, 'BUY', spend('10'))).toEqual(
      refusal('LOT_SIZE', 'quantity_below_minimum', '0.2', '0.1'),
    );
  });

  test('that buys less than one step is refused', () => {
    const step = { lot: { step: quantity('0.1') } };
    expect(judge(step, 'BUY', spend('10'))).toBeUndefined();
    expect(judge(step, 'BUY', spend('9.99999999'))).toEqual({
      reason: 'quote_amount_below_one_step',
      referencePrice: price('100'),
      was: quoteAmount('9.99999999'),
    });
  });

  test('needs a reference price always', () => {
    expect(
      checkFilters(intentOf('BUY', spend('10')), instrumentWith(), marketAt(undefined), NOTHING_OPEN),
    ).toEqual({
      reason: 'missing_value',
      value: 'reference_price',
      of: 'BTCUSDT',
    });
  });
});

describe('MIN_NOTIONAL and NOTIONAL', () => {
  const notional = (minimumAppliesToMarket: boolean, maximumAppliesToMarket: boolean): Partial<Filters> => ({
    notional: {
      minimum: quoteAmount('5'),
      maximum: quoteAmount('50'),
      minimumAppliesToMarket,
      maximumAppliesToMarket,
      averageMinutes: 5,
    },
  });
  const tooSmall = (was: string) => ({
    reason: 'notional_below_minimum',
    bound: quoteAmount('5'),
    was: quoteAmount(was),
  });
  const tooLarge = (was: string) => ({
    reason: 'notional_above_maximum',
    bound: quoteAmount('50'),
    was: quoteAmount(was),
  });

  test.each([
    ['0.5', '10', undefined],
    ['5', '10', undefined],
    ['0.49999999', '10', tooSmall('4.9999999')],
    ['5.00000001', '10', tooLarge('50.0000001')],
    // Digits beyond the 8 of a balance decide: 4.9999999999999995, 50.0000000099999949 and 49.999999999999995.
    ['0.99999999', '5.00000005', tooSmall('4.99999999')],
    ['0.99999999', '50.00000051', tooLarge('50.00000001')],
    ['0.99999999', '50.0000005', undefined],
  ] as const)('a limit of %s at %s', (size, at, refusal) => {
    expect(judge(notional(false, false), 'BUY', limit(size, at))).toEqual(refusal);
  });

  test.each([
    [
      'the stop price',
      stop('0.5', '9.99999999'),
      stop('0.5', '10'),
      stop('0.5', '100'),
      stop('0.5', '100.00000002'),
    ],
    ['the quote amount', spend('4.99999999'), spend('5'), spend('50'), spend('50.00000001')],
    ['the reference price', market('0.04999999'), market('0.05'), market('0.5'), market('0.50000001')],
  ] as const)(
    'a market kind is judged at %s, by the flags for market orders',
    (_at, small, least, most, large) => {
      for (const terms of [small, least, most, large])
        expect(judge(notional(false, false), 'BUY', terms)).toBeUndefined();
      for (const terms of [least, most, large])
        expect(judge(notional(true, false), 'BUY', terms)).toBeUndefined();
      for (const terms of [small, least, most])
        expect(judge(notional(false, true), 'BUY', terms)).toBeUndefined();
      expect(judge(notional(true, false), 'BUY', small)).toMatchObject({ reason: 'notional_below_minimum' });
      expect(judge(notional(false, true), 'BUY', large)).toMatchObject({ reason: 'notional_above_maximum' });
    },
  );

  test('a stop that only trails is judged at the reference price', () => {
    const small = {
      ...(trailing('STOP_LOSS', 10) as OrderTerms & { type: 'STOP_LOSS' }),
      quantity: quantity('0.04'),
    };
    expect(judge(notional(true, true), 'SELL', small)).toEqual(tooSmall('4'));
    expect(judge(notional(false, true), 'SELL', small)).toBeUndefined();
  });

  test('a market order without a reference price is refused where a bound applies, and only there', () => {
    const at = (filters: Partial<Filters>, terms: OrderTerms) =>
      checkFilters(
        intentOf('SELL', terms),
        instrumentWith({ filters: { price: {}, lot: {}, ...filters } }),
        marketAt(undefined),
        NOTHING_OPEN,
      );
    const missing = { reason: 'missing_value', value: 'reference_price', of: 'BTCUSDT' };
    expect(at(notional(true, false), market('1'))).toEqual(missing);
    expect(at(notional(false, true), market('1'))).toEqual(missing);
    expect(at(notional(false, false), market('1'))).toBeUndefined();
    expect(at(notional(true, true), stop('1', '10'))).toBeUndefined();
    expect(at(notional(true, true), limit('1', '10'))).toBeUndefined();
    const unbounded = {
      notional: { minimumAppliesToMarket: true, maximumAppliesToMarket: true, averageMinutes: 5 },
    };
    expect(at(unbounded, market('1'))).toBeUndefined();
    expect(judge(unbounded, 'SELL', market('1'))).toBeUndefined();
  });
});

test('ICEBERG_PARTS counts the last, smaller part', () => {
  const filters = { icebergPartsMaximum: 3 };
  expect(judge(filters, 'BUY', iceberg('3', '1'))).toBeUndefined();
  expect(judge(filters, 'BUY', iceberg('2.5', '1'))).toBeUndefined();
  expect(judge(filters, 'BUY', iceberg('3.00000001', '1'))).toEqual({
    reason: 'too_many_iceberg_parts',
    maximum: 3,
    quantity: quantity('3.00000001'),
    icebergQuantity: quantity('1'),
  });
  expect(judge(filters, 'BUY', limit('1000', '100'))).toBeUndefined();
});

describe('TRAILING_DELTA', () => {
  const trailingDelta = {
    aboveMinimumBps: 10,
    aboveMaximumBps: 20,
    belowMinimumBps: 100,
    belowMaximumBps: 200,
  };
  test.each([
    ['BUY', 'STOP_LOSS', 10, 20],
    ['SELL', 'STOP_LOSS', 100, 200],
    ['BUY', 'TAKE_PROFIT', 100, 200],
    ['SELL', 'TAKE_PROFIT', 10, 20],
  ] as const)('a %s %s and its limit kind have their own pair of bounds', (side, type, minimum, maximum) => {
    for (const kind of [type, `${type}_LIMIT`] as const) {
      const of = (delta: number) =>
        kind === 'STOP_LOSS' || kind === 'TAKE_PROFIT'
          ? trailing(kind, delta)
          : trailingLimit(kind as 'STOP_LOSS_LIMIT' | 'TAKE_PROFIT_LIMIT', delta);
      const refusal = (was: number) => ({ reason: 'trailing_delta_out_of_range', minimum, maximum, was });
      expect(judge({ trailingDelta }, side, of(minimum))).toBeUndefined();
      expect(judge({ trailingDelta }, side, of(maximum))).toBeUndefined();
      expect(judge({ trailingDelta }, side, of(minimum - 1))).toEqual(refusal(minimum - 1));
      expect(judge({ trailingDelta }, side, of(maximum + 1))).toEqual(refusal(maximum + 1));
    }
  });

  test('does not bind a stop that does not trail', () => {
    expect(judge({ trailingDelta }, 'SELL', stop('1', '90'))).toBeUndefined();
  });
});

describe('MAX_NUM_*', () => {
  const filters = { openOrdersMaximum: 5, openAlgoOrdersMaximum: 3, openIcebergOrdersMaximum: 2 };
  const visibleStop: OrderTerms = {
    ...(stopLimit('2', '90', '80') as OrderTerms & { type: 'STOP_LOSS_LIMIT' }),
    icebergQuantity: quantity('1'),
  };
  const open = (kind: string, maximum: number, was: number) => ({
    reason: 'too_many_open',
    scope: 'symbol',
    kind,
    maximum,
    was,
  });
  test.each([
    ['orders', { orders: 4 }, { orders: 5 }, limit('1', '5'), 5],
    ['orders', { orders: 4 }, { orders: 5 }, stop('1', '5'), 5],
    ['algoOrders', { algoOrders: 2 }, { algoOrders: 3 }, stop('1', '5'), 3],
    ['algoOrders', { algoOrders: 2 }, { algoOrders: 3 }, visibleStop, 3],
    ['icebergOrders', { icebergOrders: 1 }, { icebergOrders: 2 }, iceberg('2', '1'), 2],
    ['icebergOrders', { icebergOrders: 1 }, { icebergOrders: 2 }, visibleStop, 2],
  ] as const)('%s are counted after placement', (kind, below, at, terms, maximum) => {
    expect(judge(filters, 'SELL', terms, { load: below })).toBeUndefined();
    expect(judge(filters, 'SELL', terms, { load: at })).toEqual(open(kind, maximum, maximum + 1));
  });

  test('an order is not refused for kinds that it is not of', () => {
    const load = { algoOrders: 99, icebergOrders: 99, orderLists: 99 };
    expect(
      judge({ ...filters, openOrderListsMaximum: 1 }, 'SELL', limit('1', '5'), { load }),
    ).toBeUndefined();
    expect(judge(filters, 'SELL', stop('1', '5'), { load: { icebergOrders: 99 } })).toBeUndefined();
  });

  test('K4: a count that is not a number is refused', () => {
    expect(judge(filters, 'SELL', limit('1', '5'), { load: { orders: Number.NaN } })).toEqual(
      open('orders', 5, Number.NaN),
    );
  });
});

test('MAX_POSITION counts what is held and what this order buys, and leaves sells alone', () => {
  const filters = { positionMaximum: quantity('10'), lot: { step: quantity('0.1') } };
  const load = { held: quantity('9') };
  const refusal = (was: string) => ({
    reason: 'position_above_maximum',
    maximum: quantity('10'),
    was: quantity(was),
  });
  expect(judge(filters, 'BUY', limit('1', '5'), { load })).toBeUndefined();
  expect(judge(filters, 'BUY', limit('1.1', '5'), { load })).toEqual(refusal('10.1'));
  expect(judge(filters, 'BUY', spend('109.99'), { load })).toBeUndefined();
  expect(judge(filters, 'BUY', spend('110'), { load })).toEqual(refusal('10.1'));
  expect(judge(filters, 'SELL', limit('100', '5'), { load })).toBeUndefined();
});

test('a price and a quantity rounded to tick and step pass the filters that gave them', () => {
  const units = fc.bigInt({ min: 1n, max: 10n ** 14n });
  fc.assert(
    fc.property(
      units,
      units,
      fc.nat({ max: 8 }),
      fc.nat({ max: 8 }),
      fc.constantFrom('floor', 'ceiling'),
      (p, q, t, s, side) => {
        const tick = fromUnits<ReturnType<typeof price>>(10n ** BigInt(t));
        const step = fromUnits<ReturnType<typeof quantity>>(10n ** BigInt(s));
        const terms: OrderTerms = {
          type: 'LIMIT',
          timeInForce: 'GTC',
          price: toMultiple(fromUnits<typeof tick>(p), tick, side as 'floor'),
          quantity: toMultiple(fromUnits<typeof step>(q), step, side as 'floor'),
        };
        expect(judge({ price: { tick }, lot: { step } }, 'BUY', terms)).toBeUndefined();
      },
    ),
  );
});
