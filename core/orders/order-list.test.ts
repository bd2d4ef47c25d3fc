import { expect, test } from 'vitest';
import { price, quantity, quoteAmount } from '../money/index.ts';
import type { OrderIntent, OrderListIntent, OrderTerms, OrderType, Side } from './order.ts';
import { checkOrderList, legsOf } from './order-list.ts';

const leg = (clientOrderId: string, side: Side, terms: OrderTerms): OrderIntent => ({
  clientOrderId,
  strategy: 'ema-cross',
  symbol: 'BTCUSDT',
  side,
  terms,
  tag: '',
  decidedAtMs: 0,
});
/** Terms of any kind with a size of 2, resting at the given price; stop-limits ask for 1 less than they trigger at. */
function termsOf(type: OrderType, at: string): OrderTerms {
  const size = { quantity: quantity('2') };
  switch (type) {
    case 'MARKET':
      return { type, ...size };
    case 'LIMIT':
      return { type, ...size, price: price(at), timeInForce: 'GTC' };
    case 'LIMIT_MAKER':
      return { type, ...size, price: price(at) };
    case 'STOP_LOSS':
    case 'TAKE_PROFIT':
      return { type, ...size, trigger: { stopPrice: price(at) } };
    default:
      return { type, ...size, price: price('1'), timeInForce: 'GTC', trigger: { stopPrice: price(at) } };
  }
}
const oco = (side: Side, above: OrderTerms, below: OrderTerms): OrderListIntent => ({
  kind: 'OCO',
  listClientOrderId: 'l',
  above: leg('a', side, above),
  below: leg('b', side, below),
});
const oto = (working: OrderTerms, pending: OrderTerms): OrderListIntent => ({
  kind: 'OTO',
  listClientOrderId: 'l',
  working: leg('w', 'BUY', working),
  pending: leg('p', 'SELL', pending),
});
const TYPES: readonly OrderType[] = [
  'LIMIT',
  'MARKET',
  'LIMIT_MAKER',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
];
const PROFIT: readonly OrderType[] = ['LIMIT_MAKER', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'];
const STOP: readonly OrderType[] = ['STOP_LOSS', 'STOP_LOSS_LIMIT'];

for (const side of ['SELL', 'BUY'] as const) {
  const [aboveAllowed, belowAllowed] = side === 'SELL' ? [PROFIT, STOP] : [STOP, PROFIT];
  for (const above of TYPES) {
    for (const below of TYPES) {
      test(`a ${side} OCO of ${above} above and ${below} below is judged by the leg types`, () => {
        const refusal = checkOrderList(oco(side, termsOf(above, '12'), termsOf(below, '8')));
        if (!aboveAllowed.includes(above)) {
          expect(refusal).toEqual({ reason: 'leg_type_not_allowed', leg: 'above', side, was: above });
        } else if (!belowAllowed.includes(below)) {
          expect(refusal).toEqual({ reason: 'leg_type_not_allowed', leg: 'below', side, was: below });
        } else {
          expect(refusal).toBeUndefined();
        }
      });
    }
  }
}

const sellPair = oco('SELL', termsOf('LIMIT_MAKER', '12'), termsOf('STOP_LOSS', '8')) as OrderListIntent & {
  kind: 'OCO';
};

test('the pair of an OCO rests at two prices in order', () => {
  const at = (above: string, below: string) =>
    checkOrderList(oco('SELL', termsOf('LIMIT_MAKER', above), termsOf('STOP_LOSS_LIMIT', below)));
  expect(at('8.00000001', '8')).toBeUndefined();
  expect(at('8', '8')).toEqual({ reason: 'prices_not_in_order', above: price('8'), below: price('8') });
  expect(at('7', '8')).toEqual({ reason: 'prices_not_in_order', above: price('7'), below: price('8') });
});

test('a stop that only trails has no price to compare', () => {
  const trailing: OrderTerms = {
    type: 'STOP_LOSS',
    quantity: quantity('2'),
    trigger: { trailingDeltaBps: 100 },
  };
  expect(checkOrderList(oco('SELL', termsOf('LIMIT_MAKER', '1'), trailing))).toBeUndefined();
  const profit: OrderTerms = {
    type: 'TAKE_PROFIT',
    quantity: quantity('2'),
    trigger: { trailingDeltaBps: 100 },
  };
  expect(checkOrderList(oco('SELL', profit, termsOf('STOP_LOSS', '8')))).toBeUndefined();
});

test('the legs of a pair share side and quantity', () => {
  expect(checkOrderList({ ...sellPair, below: { ...sellPair.below, side: 'BUY' } })).toEqual({
    reason: 'legs_differ',
    in: 'side',
  });
  const less: OrderTerms = {
    ...(sellPair.below.terms as OrderTerms & { type: 'STOP_LOSS' }),
    quantity: quantity('1'),
  };
  expect(checkOrderList({ ...sellPair, below: { ...sellPair.below, terms: less } })).toEqual({
    reason: 'legs_differ',
    in: 'quantity',
  });
});

test('the legs of a list share symbol, strategy and self-trade prevention', () => {
  const differing = (change: Partial<OrderIntent>) =>
    checkOrderList({ ...sellPair, below: { ...sellPair.below, ...change } });
  expect(differing({ symbol: 'ETHUSDT' })).toEqual({ reason: 'legs_differ', in: 'symbol' });
  expect(differing({ strategy: 'other' })).toEqual({ reason: 'legs_differ', in: 'strategy' });
  expect(differing({ selfTradePrevention: 'NONE' })).toEqual({
    reason: 'legs_differ',
    in: 'selfTradePrevention',
  });
});

test('the third leg of an OTOCO is compared like the second', () => {
  const list: OrderListIntent = {
    kind: 'OTOCO',
    listClientOrderId: 'l',
    working: leg('w', 'BUY', termsOf('LIMIT', '10')),
    pendingAbove: sellPair.above,
    pendingBelow: { ...sellPair.below, symbol: 'ETHUSDT' },
  };
  expect(checkOrderList(list)).toEqual({ reason: 'legs_differ', in: 'symbol' });
});

test('ids within a list are all different', () => {
  const named = (change: Partial<OrderIntent>) =>
    checkOrderList({ ...sellPair, below: { ...sellPair.below, ...change } });
  expect(named({ clientOrderId: 'a' })).toEqual({ reason: 'client_order_id_repeated', clientOrderId: 'a' });
  expect(named({ clientOrderId: 'l' })).toEqual({ reason: 'client_order_id_repeated', clientOrderId: 'l' });
});

test('terms that no order may have are refused with the leg that has them', () => {
  const nothing = { ...termsOf('LIMIT_MAKER', '12'), quantity: quantity('0') } as OrderTerms;
  const because = { reason: 'quantity_not_positive', was: quantity('0') };
  const stopNothing = { ...termsOf('STOP_LOSS', '8'), quantity: quantity('0') } as OrderTerms;
  expect(checkOrderList(oco('SELL', nothing, termsOf('STOP_LOSS', '8')))).toEqual({
    reason: 'leg_refused',
    leg: 'above',
    because,
  });
  expect(checkOrderList(oco('SELL', termsOf('LIMIT_MAKER', '12'), stopNothing))).toEqual({
    reason: 'leg_refused',
    leg: 'below',
    because,
  });
  expect(checkOrderList(oto(nothing, termsOf('LIMIT', '12')))).toEqual({
    reason: 'leg_refused',
    leg: 'working',
    because,
  });
  expect(checkOrderList(oto(termsOf('LIMIT', '12'), stopNothing))).toEqual({
    reason: 'leg_refused',
    leg: 'pending',
    because,
  });
});

test.each(TYPES)('a working leg of type %s is allowed only when it is a limit', (type) => {
  const pending = { above: sellPair.above, below: sellPair.below };
  const refusal = { reason: 'leg_type_not_allowed', leg: 'working', side: 'BUY', was: type };
  const expected = type === 'LIMIT' || type === 'LIMIT_MAKER' ? undefined : refusal;
  expect(checkOrderList(oto(termsOf(type, '10'), termsOf('MARKET', '0')))).toEqual(expected);
  expect(
    checkOrderList({
      kind: 'OTOCO',
      listClientOrderId: 'l',
      working: leg('w', 'BUY', termsOf(type, '10')),
      pendingAbove: pending.above,
      pendingBelow: pending.below,
    }),
  ).toEqual(expected);
});

test.each(TYPES)('a pending leg of type %s is allowed', (type) => {
  expect(checkOrderList(oto(termsOf('LIMIT', '10'), termsOf(type, '12')))).toBeUndefined();
});

test('a pending leg cannot be a market order by quote amount', () => {
  const byAmount: OrderTerms = { type: 'MARKET', quoteAmount: quoteAmount('10') };
  expect(checkOrderList(oto(termsOf('LIMIT', '10'), byAmount))).toEqual({
    reason: 'pending_by_quote_amount',
  });
});

test('the pending pair of an OTOCO follows the rules of an OCO', () => {
  expect(
    checkOrderList({
      kind: 'OTOCO',
      listClientOrderId: 'l',
      working: leg('w', 'BUY', termsOf('LIMIT', '10')),
      pendingAbove: sellPair.below,
      pendingBelow: sellPair.above,
    }),
  ).toEqual({ reason: 'leg_type_not_allowed', leg: 'above', side: 'SELL', was: 'STOP_LOSS' });
});

test('legs come in the order of placement', () => {
  expect(legsOf(sellPair).map((each) => each.clientOrderId)).toEqual(['a', 'b']);
  expect(
    legsOf(oto(termsOf('LIMIT', '10'), termsOf('MARKET', '0'))).map((each) => each.clientOrderId),
  ).toEqual(['w', 'p']);
});
