import { expect, test } from 'vitest';
import { Grid } from '../../market/index.ts';
import { type Price, price, type Quantity, quantity, quoteAmount } from '../../money/index.ts';
import type { OrderTerms } from '../../orders/index.ts';
import { order } from './matching.test-support.ts';
import { type Owner, requestOf } from './request-of.ts';

const owner: Owner = { account: 7, tradeGroup: 2, selfTradePrevention: 'EXPIRE_BOTH' };
const nobody = { account: 7, tradeGroup: 2, selfTradePrevention: 'EXPIRE_BOTH', side: 'SELL' } as const;
/** Prices count in 0.01, quantities in 0.001. */
const grid = new Grid(2, 3);

const cases: readonly { readonly terms: OrderTerms; readonly request: Parameters<typeof order>[0] }[] = [
  {
    terms: { type: 'LIMIT', timeInForce: 'IOC', price: price('10.5'), quantity: quantity('0.25') },
    request: { type: 'LIMIT', timeInForce: 'IOC', price: 1050, quantity: 250 },
  },
  {
    terms: {
      type: 'LIMIT_MAKER',
      price: price('10.5'),
      quantity: quantity('0.25'),
      icebergQuantity: quantity('0.1'),
      peg: { priceType: 'PRIMARY_PEG', offsetLevels: 3 },
    },
    request: {
      type: 'LIMIT_MAKER',
      price: 1050,
      quantity: 250,
      icebergQuantity: 100,
      pegPriceType: 'PRIMARY_PEG',
      pegOffsetLevels: 3,
    },
  },
  {
    terms: { type: 'MARKET', quantity: quantity('2') },
    request: { type: 'MARKET', price: 0, quantity: 2000 },
  },
  {
    // 0.00001 is one tick times one lot.
    terms: { type: 'MARKET', quoteAmount: quoteAmount('12.34567899') },
    request: { type: 'MARKET', price: 0, quantity: 0, quoteAmount: 1234567 },
  },
  {
    terms: { type: 'STOP_LOSS', quantity: quantity('2'), trigger: { trailingDeltaBps: 50 } },
    request: { type: 'STOP_LOSS', price: 0, quantity: 2000, trailingDeltaBps: 50 },
  },
  {
    terms: {
      type: 'TAKE_PROFIT_LIMIT',
      timeInForce: 'FOK',
      price: price('9'),
      quantity: quantity('2'),
      trigger: { stopPrice: price('9.01') },
    },
    request: { type: 'TAKE_PROFIT_LIMIT', timeInForce: 'FOK', price: 900, quantity: 2000, stopPrice: 901 },
  },
];
test.each(cases)('$terms.type becomes a request in ticks and lots', ({ terms, request }) => {
  expect(requestOf(owner, 'SELL', terms, grid)).toEqual({
    ok: true,
    value: order({ ...nobody, ...request }),
  });
});

const limit = { type: 'LIMIT', timeInForce: 'GTC', price: price('10'), quantity: quantity('1') } as const;
test.each<{ readonly field: string; readonly terms: OrderTerms; readonly was: Price | Quantity }>([
  { field: 'price', terms: { ...limit, price: price('10.001') }, was: price('10.001') },
  { field: 'quantity', terms: { ...limit, quantity: quantity('0.0001') }, was: quantity('0.0001') },
  {
    field: 'icebergQuantity',
    terms: { ...limit, icebergQuantity: quantity('0.0001') },
    was: quantity('0.0001'),
  },
  {
    field: 'stopPrice',
    terms: { type: 'STOP_LOSS', quantity: quantity('1'), trigger: { stopPrice: price('10.001') } },
    was: price('10.001'),
  },
])('a $field between two steps of the grid is refused', ({ field, terms, was }) => {
  expect(requestOf(owner, 'BUY', terms, grid)).toEqual({
    ok: false,
    error: { reason: 'not_countable', field, was },
  });
});

test('a quote amount that cannot be counted below 2^53 is refused', () => {
  const terms = { type: 'MARKET', quoteAmount: quoteAmount('90071992547') } as const;
  expect(requestOf(owner, 'BUY', terms, grid).ok).toBe(true);
  const refused = requestOf(owner, 'BUY', terms, new Grid(2, 8));
  expect(refused).toEqual({
    ok: false,
    error: { reason: 'not_countable', field: 'quoteAmount', was: terms.quoteAmount },
  });
});
