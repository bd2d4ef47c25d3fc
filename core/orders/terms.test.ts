import { expect, test } from 'vitest';
import { price, quantity, quoteAmount } from '../money/index.ts';
import type { LimitMakerTerms, LimitTerms, OrderTerms, StopLimitTerms, StopTerms } from './order.ts';
import {
  checkTerms,
  icebergQuantityOf,
  limitPriceOf,
  pegOf,
  stopTermsOf,
  timeInForceOf,
  triggerOf,
  waitsAbove,
} from './terms.ts';

const limit: LimitTerms = { type: 'LIMIT', quantity: quantity('2'), price: price('10'), timeInForce: 'GTC' };
const postOnly: LimitMakerTerms = { type: 'LIMIT_MAKER', quantity: quantity('2'), price: price('10') };
const market = { type: 'MARKET', quantity: quantity('2') } as const;
const stop: StopTerms = { type: 'STOP_LOSS', quantity: quantity('2'), trigger: { stopPrice: price('9') } };
const stopLimit: StopLimitTerms = {
  type: 'STOP_LOSS_LIMIT',
  quantity: quantity('2'),
  price: price('8'),
  timeInForce: 'FOK',
  trigger: { stopPrice: price('9') },
};

const asLimit = (change: Partial<LimitTerms>): LimitTerms => ({ ...limit, ...change });
const asPostOnly = (change: Partial<LimitMakerTerms>): LimitMakerTerms => ({ ...postOnly, ...change });
const asStop = (change: Partial<StopTerms>): StopTerms => ({ ...stop, ...change });
const asStopLimit = (change: Partial<StopLimitTerms>): StopLimitTerms => ({ ...stopLimit, ...change });

const WELL_FORMED: readonly (readonly [string, OrderTerms])[] = [
  ['a limit', limit],
  ['a post-only limit', postOnly],
  ['a market order by quantity', market],
  ['a market order by quote amount', { type: 'MARKET', quoteAmount: quoteAmount('0.00000001') }],
  ['a stop', stop],
  ['a stop-limit', stopLimit],
  ['a trailing stop of one basis point', asStop({ trigger: { trailingDeltaBps: 1 } })],
  ['an iceberg', asLimit({ icebergQuantity: quantity('1.99999999') })],
  ['a post-only iceberg', asPostOnly({ icebergQuantity: quantity('0.00000001') })],
  ['a limit pegged to its own side', asLimit({ peg: { priceType: 'PRIMARY_PEG', offsetLevels: 1 } })],
  ['a limit pegged 100 levels deep', asLimit({ peg: { priceType: 'MARKET_PEG', offsetLevels: 100 } })],
  ['an IOC pegged to the other side', asLimit({ timeInForce: 'IOC', peg: { priceType: 'MARKET_PEG' } })],
  ['a post-only pegged to its own side', asPostOnly({ peg: { priceType: 'PRIMARY_PEG' } })],
  ['a FOK stop-limit pegged to its own side', asStopLimit({ peg: { priceType: 'PRIMARY_PEG' } })],
];
test.each(WELL_FORMED)('%s is well formed', (_what, terms) => {
  expect(checkTerms(terms)).toBeUndefined();
});

const nothing = quantity('0');
const MALFORMED: readonly (readonly [string, OrderTerms, object])[] = [
  ['no quantity', { ...market, quantity: nothing }, { reason: 'quantity_not_positive', was: nothing }],
  [
    'a quantity below zero',
    asLimit({ quantity: quantity('-1') }),
    { reason: 'quantity_not_positive', was: quantity('-1') },
  ],
  [
    'no quote amount',
    { type: 'MARKET', quoteAmount: quoteAmount('0') },
    { reason: 'quote_amount_not_positive', was: quoteAmount('0') },
  ],
  ['no price', asLimit({ price: price('0') }), { reason: 'price_not_positive', was: price('0') }],
  [
    'no limit price in a stop',
    asStopLimit({ price: price('0') }),
    { reason: 'price_not_positive', was: price('0') },
  ],
  [
    'no stop price',
    asStop({ trigger: { stopPrice: price('0') } }),
    { reason: 'stop_price_not_positive', was: price('0') },
  ],
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map(
    (was) =>
      [
        `a trailing delta of ${was}`,
        asStop({ trigger: { stopPrice: price('9'), trailingDeltaBps: was } }),
        { reason: 'trailing_delta_not_a_positive_whole_number', was },
      ] as const,
  ),
  [
    'an iceberg that shows nothing',
    asLimit({ icebergQuantity: nothing }),
    { reason: 'iceberg_quantity_not_positive', was: nothing },
  ],
  [
    'an iceberg that shows all',
    asLimit({ icebergQuantity: quantity('2') }),
    { reason: 'iceberg_not_below_quantity', quantity: quantity('2'), was: quantity('2') },
  ],
  [
    'an iceberg that does not rest',
    asLimit({ timeInForce: 'IOC', icebergQuantity: quantity('1') }),
    { reason: 'iceberg_needs_gtc', was: 'IOC' },
  ],
  [
    'an iceberg stop-limit that does not rest',
    asStopLimit({ icebergQuantity: quantity('1') }),
    { reason: 'iceberg_needs_gtc', was: 'FOK' },
  ],
  ...[0, 101, 1.5, Number.NaN].map(
    (was) =>
      [
        `a peg ${was} levels deep`,
        asLimit({ peg: { priceType: 'MARKET_PEG', offsetLevels: was } }),
        { reason: 'peg_offset_out_of_range', minimum: 1, maximum: 100, was },
      ] as const,
  ),
  [
    'an IOC pegged to its own side',
    asLimit({ timeInForce: 'IOC', peg: { priceType: 'PRIMARY_PEG' } }),
    { reason: 'primary_peg_needs_gtc', was: 'IOC' },
  ],
  [
    'a post-only pegged to the other side',
    asPostOnly({ peg: { priceType: 'MARKET_PEG' } }),
    { reason: 'post_only_needs_primary_peg', was: 'MARKET_PEG' },
  ],
];
test.each(MALFORMED)('%s is refused with its numbers', (_what, terms, refusal) => {
  expect(checkTerms(terms)).toEqual(refusal);
});

test('each part of the terms is found where its kind of order has it, and is undefined elsewhere', () => {
  const iceberg = { icebergQuantity: quantity('1'), peg: { priceType: 'PRIMARY_PEG' } } as const;
  const resting = [
    { ...limit, ...iceberg },
    { ...postOnly, ...iceberg },
    { ...stopLimit, ...iceberg },
  ] as const;
  for (const terms of resting) {
    expect(limitPriceOf(terms)).toBe(terms.price);
    expect(icebergQuantityOf(terms)).toBe(quantity('1'));
    expect(pegOf(terms)).toBe(iceberg.peg);
  }
  for (const terms of [market, stop, { ...stop, type: 'TAKE_PROFIT' } as const]) {
    expect(limitPriceOf(terms)).toBeUndefined();
    expect(icebergQuantityOf(terms)).toBeUndefined();
    expect(pegOf(terms)).toBeUndefined();
  }
  for (const terms of [stop, stopLimit]) {
    expect(triggerOf(terms)).toEqual({ stopPrice: price('9') });
    expect(stopTermsOf(terms)).toBe(terms);
  }
  for (const terms of [market, limit, postOnly]) {
    expect(triggerOf(terms)).toBeUndefined();
    expect(stopTermsOf(terms)).toBeUndefined();
  }
  expect([limit, stopLimit, market, stop, postOnly].map(timeInForceOf)).toEqual([
    'GTC',
    'FOK',
    'GTC',
    'GTC',
    'GTC',
  ]);
  expect(timeInForceOf({ ...stopLimit, type: 'TAKE_PROFIT_LIMIT', timeInForce: 'IOC' })).toBe('IOC');
});

// binance-spot.md section 5.1 and triggerRules in binance-vectors.json.
test.each([
  { type: 'STOP_LOSS', side: 'BUY', isAbove: true },
  { type: 'STOP_LOSS_LIMIT', side: 'BUY', isAbove: true },
  { type: 'TAKE_PROFIT', side: 'SELL', isAbove: true },
  { type: 'TAKE_PROFIT_LIMIT', side: 'SELL', isAbove: true },
  { type: 'STOP_LOSS', side: 'SELL', isAbove: false },
  { type: 'STOP_LOSS_LIMIT', side: 'SELL', isAbove: false },
  { type: 'TAKE_PROFIT', side: 'BUY', isAbove: false },
  { type: 'TAKE_PROFIT_LIMIT', side: 'BUY', isAbove: false },
] as const)('$type $side waits above the market: $isAbove', ({ type, side, isAbove }) => {
  expect(waitsAbove(type, side)).toBe(isAbove);
});
