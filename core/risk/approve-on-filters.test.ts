import { expect, test } from 'vitest';
import { instrumentWith } from '../market/market.test-support.ts';
import { amount, price, quantity, quoteAmount } from '../money/index.ts';
import type { Approved, OrderIntent, OrderListIntent } from '../orders/index.ts';
import { market, stop } from '../orders/terms.test-support.ts';
import { describeRefusal } from './describe-refusal.ts';
import { approveListOnFilters, approveOnFilters } from './filters.ts';
import { intentOf, marketAt, NOTHING_OPEN } from './world.test-support.ts';

const at100 = marketAt(price('100'));
const instrument = instrumentWith({ filters: { price: {}, lot: { minimum: quantity('1') } } });

const pairOf = (size: string): OrderListIntent => ({
  kind: 'OCO',
  listClientOrderId: 'list',
  above: intentOf(
    'SELL',
    { type: 'LIMIT_MAKER', quantity: quantity(size), price: price('110') },
    { clientOrderId: 'above' },
  ),
  below: intentOf('SELL', stop(size, '90'), { clientOrderId: 'below' }),
});

test('an order that fits its terms and filters is approved as it is', () => {
  const intent = intentOf('BUY', market('1'));
  const sent: OrderIntent[] = [];
  const send = (order: Approved<OrderIntent>): number => sent.push(order);
  const verdict = approveOnFilters(intent, instrument, at100, NOTHING_OPEN);
  if (verdict.ok) send(verdict.value);
  expect(sent).toEqual([intent]);
  // @ts-expect-error what nobody has approved cannot be sent
  expect(send(intent)).toBe(2);
});

test('terms come before filters, and both before approval', () => {
  const refusalOf = (size: string) =>
    approveOnFilters(intentOf('BUY', market(size)), instrument, at100, NOTHING_OPEN);
  expect(refusalOf('0')).toEqual({
    ok: false,
    error: { reason: 'quantity_not_positive', was: quantity('0') },
  });
  expect(refusalOf('0.5')).toMatchObject({ ok: false, error: { reason: 'quantity_below_minimum' } });
});

test('a list is approved whole or not at all', () => {
  const list = pairOf('1');
  expect(approveListOnFilters(list, instrument, at100, NOTHING_OPEN)).toEqual({ ok: true, value: list });
  expect(approveListOnFilters(pairOf('0.5'), instrument, at100, NOTHING_OPEN)).toMatchObject({
    ok: false,
    error: { reason: 'quantity_below_minimum' },
  });
  const noPairs = instrumentWith({ ocoAllowed: false });
  expect(approveListOnFilters(list, noPairs, at100, NOTHING_OPEN)).toEqual({
    ok: false,
    error: { reason: 'feature_not_supported', feature: 'oco' },
  });
  const repeated = { ...list, listClientOrderId: 'above' };
  expect(approveListOnFilters(repeated, instrument, at100, NOTHING_OPEN)).toMatchObject({
    ok: false,
    error: { reason: 'client_order_id_repeated' },
  });
});

test.each([
  { refusal: { reason: 'no_price_yet' }, line: 'no_price_yet' },
  {
    refusal: { reason: 'notional_below_minimum', bound: quoteAmount('5'), was: quoteAmount('3.2') },
    line: 'notional_below_minimum: bound 5, was 3.2',
  },
  {
    refusal: {
      reason: 'insufficient_balance',
      asset: 'BTC',
      needed: amount('BTC', '1'),
      available: amount('BTC', '0.5'),
    },
    line: 'insufficient_balance: asset BTC, needed 1, available 0.5',
  },
  {
    refusal: {
      reason: 'open_orders_over_limit',
      scope: { kind: 'symbol', name: 'BTCUSDT' },
      maximum: 2,
      was: 3,
    },
    line: 'open_orders_over_limit: scope symbol BTCUSDT, maximum 2, was 3',
  },
  {
    refusal: {
      reason: 'symbol_not_tradable',
      symbol: 'X',
      status: { unknown: 'AUCTION' },
      blockers: ['no tick', 'no step'],
    },
    line: 'symbol_not_tradable: symbol X, status AUCTION, blockers no tick and no step',
  },
  { refusal: { reason: 'odd', value: null }, line: 'odd: value null' },
])('a refusal is told in one line with its numbers: $line', ({ refusal, line }) => {
  expect(describeRefusal(refusal)).toBe(line);
});
