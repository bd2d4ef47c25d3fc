import { price, quantity, quoteAmount } from '@tradewind/core/money';
import type { OrderIntent, OrderListIntent, OrderTerms } from '@tradewind/core/orders';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Parameters } from '../model/parameters.ts';
import { orderListNameOf, orderListParameters, orderParameters } from './order-parameters.ts';

const intent = (terms: OrderTerms, more: Partial<OrderIntent> = {}): OrderIntent => ({
  clientOrderId: 'id',
  strategy: 's',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms,
  tag: '',
  decidedAtMs: 0,
  ...more,
});

const common = { symbol: 'BTCUSDT', side: 'BUY', newClientOrderId: 'id', newOrderRespType: 'FULL' };
const q = quantity('0.5');
const p = price('20000.10');

/** By the matrix of binance-spot.md section 5.1: what each type takes, and nothing else. */
const CASES: readonly { readonly terms: OrderTerms; readonly sent: Record<string, string | number> }[] = [
  {
    terms: { type: 'LIMIT', timeInForce: 'IOC', quantity: q, price: p },
    sent: { type: 'LIMIT', timeInForce: 'IOC', quantity: '0.5', price: '20000.1' },
  },
  {
    terms: {
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: q,
      price: p,
      icebergQuantity: quantity('0.00000001'),
    },
    sent: {
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: '0.5',
      price: '20000.1',
      icebergQty: '0.00000001',
    },
  },
  { terms: { type: 'MARKET', quantity: q }, sent: { type: 'MARKET', quantity: '0.5' } },
  {
    terms: { type: 'MARKET', quoteAmount: quoteAmount('100') },
    sent: { type: 'MARKET', quoteOrderQty: '100' },
  },
  {
    terms: { type: 'LIMIT_MAKER', quantity: q, price: p },
    sent: { type: 'LIMIT_MAKER', quantity: '0.5', price: '20000.1' },
  },
  {
    terms: { type: 'STOP_LOSS', quantity: q, trigger: { stopPrice: p } },
    sent: { type: 'STOP_LOSS', quantity: '0.5', stopPrice: '20000.1' },
  },
  {
    terms: { type: 'TAKE_PROFIT', quantity: q, trigger: { trailingDeltaBps: 50 } },
    sent: { type: 'TAKE_PROFIT', quantity: '0.5', trailingDelta: 50 },
  },
  {
    terms: {
      type: 'STOP_LOSS_LIMIT',
      timeInForce: 'GTC',
      quantity: q,
      price: p,
      trigger: { stopPrice: price('20001'), trailingDeltaBps: 10 },
    },
    sent: {
      type: 'STOP_LOSS_LIMIT',
      timeInForce: 'GTC',
      quantity: '0.5',
      price: '20000.1',
      stopPrice: '20001',
      trailingDelta: 10,
    },
  },
  {
    terms: {
      type: 'TAKE_PROFIT_LIMIT',
      timeInForce: 'FOK',
      quantity: q,
      price: p,
      trigger: { stopPrice: p },
      peg: { priceType: 'MARKET_PEG', offsetLevels: 3 },
    },
    sent: {
      type: 'TAKE_PROFIT_LIMIT',
      timeInForce: 'FOK',
      quantity: '0.5',
      price: '20000.1',
      stopPrice: '20000.1',
      pegPriceType: 'MARKET_PEG',
      pegOffsetType: 'PRICE_LEVEL',
      pegOffsetValue: 3,
    },
  },
  {
    terms: { type: 'LIMIT_MAKER', quantity: q, price: p, peg: { priceType: 'PRIMARY_PEG' } },
    sent: { type: 'LIMIT_MAKER', quantity: '0.5', price: '20000.1', pegPriceType: 'PRIMARY_PEG' },
  },
];

/** Fails on a name that is sent twice, which the venue refuses with -1101. */
function membersOf(parameters: Parameters): Record<string, unknown> {
  const members = Object.fromEntries(parameters);
  expect(Object.keys(members)).toHaveLength(parameters.length);
  return members;
}

describe('an order', () => {
  test.each(CASES)('$terms.type sends what its type takes: $sent', ({ terms, sent }) => {
    expect(membersOf(orderParameters(intent(terms)))).toEqual({ ...common, ...sent });
  });

  test('the mode of self-trade prevention is sent where it is chosen', () => {
    const terms: OrderTerms = { type: 'MARKET', quantity: q };
    const parameters = orderParameters(intent(terms, { selfTradePrevention: 'EXPIRE_BOTH' }));
    expect(membersOf(parameters)).toMatchObject({ selfTradePreventionMode: 'EXPIRE_BOTH' });
  });

  test('M14: amounts are plain decimals, whatever their size (binance-vectors.json, decimalParamRegex)', () => {
    const units = fc.bigInt({ min: 1n, max: 10n ** 24n });
    fc.assert(
      fc.property(units, units, (priceUnits, quantityUnits) => {
        const decimal = (value: bigint): string => {
          const digits = value.toString().padStart(9, '0');
          return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
        };
        const sent = membersOf(
          orderParameters(
            intent({
              type: 'LIMIT',
              timeInForce: 'GTC',
              quantity: quantity(decimal(quantityUnits)),
              price: price(decimal(priceUnits)),
            }),
          ),
        );
        for (const [name, value] of [
          ['price', priceUnits],
          ['quantity', quantityUnits],
        ] as const) {
          expect(sent[name]).toMatch(/^([0-9]{1,20})(\.[0-9]{1,20})?$/);
          const [whole = '', fraction = ''] = String(sent[name]).split('.');
          expect(BigInt(whole + fraction.padEnd(8, '0'))).toBe(value);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const sell = (clientOrderId: string, terms: OrderTerms) => intent(terms, { side: 'SELL', clientOrderId });
const takeProfit = sell('above', { type: 'LIMIT_MAKER', quantity: q, price: price('3') });
const stopLoss = sell('below', {
  type: 'STOP_LOSS_LIMIT',
  timeInForce: 'GTC',
  quantity: q,
  price: price('1'),
  icebergQuantity: quantity('0.1'),
  trigger: { stopPrice: price('1.1') },
});
const working = intent(
  { type: 'LIMIT', timeInForce: 'GTC', quantity: q, price: price('2') },
  { clientOrderId: 'working', selfTradePrevention: 'NONE' },
);
const list = { listClientOrderId: 'list' };
const head = {
  symbol: 'BTCUSDT',
  listClientOrderId: 'list',
  newOrderRespType: 'FULL',
};
const workingSent = {
  workingSide: 'BUY',
  workingQuantity: '0.5',
  workingType: 'LIMIT',
  workingClientOrderId: 'working',
  workingTimeInForce: 'GTC',
  workingPrice: '2',
  selfTradePreventionMode: 'NONE',
};
const pairSent = (above: string, below: string) => ({
  [`${above}Type`]: 'LIMIT_MAKER',
  [`${above}ClientOrderId`]: 'above',
  [`${above}Price`]: '3',
  [`${below}Type`]: 'STOP_LOSS_LIMIT',
  [`${below}ClientOrderId`]: 'below',
  [`${below}TimeInForce`]: 'GTC',
  [`${below}Price`]: '1',
  [`${below}StopPrice`]: '1.1',
  [`${below}IcebergQty`]: '0.1',
});

describe('an order list (binance-spot.md section 4.3)', () => {
  const oco: OrderListIntent = { kind: 'OCO', ...list, above: takeProfit, below: stopLoss };
  const oto: OrderListIntent = { kind: 'OTO', ...list, working, pending: stopLoss };
  const otoco: OrderListIntent = {
    kind: 'OTOCO',
    ...list,
    working,
    pendingAbove: takeProfit,
    pendingBelow: stopLoss,
  };

  test('OCO: side and quantity once, the legs behind above and below', () => {
    expect(membersOf(orderListParameters(oco))).toEqual({
      ...head,
      side: 'SELL',
      quantity: '0.5',
      ...pairSent('above', 'below'),
    });
    expect(orderListNameOf(oco, 'as_intended')).toBe('oco');
    expect(orderListNameOf(oco, 'as_received')).toBe('oco');
  });

  test('OTO: the working order and the pending one', () => {
    expect(membersOf(orderListParameters(oto))).toEqual({
      ...head,
      ...workingSent,
      pendingSide: 'SELL',
      pendingQuantity: '0.5',
      pendingType: 'STOP_LOSS_LIMIT',
      pendingClientOrderId: 'below',
      pendingTimeInForce: 'GTC',
      pendingPrice: '1',
      pendingStopPrice: '1.1',
      pendingIcebergQty: '0.1',
    });
    expect(orderListNameOf(oto, 'as_intended')).toBe('oto');
  });

  test('OTOCO: the working order and a pending pair with one side and one quantity', () => {
    expect(membersOf(orderListParameters(otoco))).toEqual({
      ...head,
      ...workingSent,
      pendingSide: 'SELL',
      pendingQuantity: '0.5',
      ...pairSent('pendingAbove', 'pendingBelow'),
    });
    expect(orderListNameOf(otoco, 'as_intended')).toBe('otoco');
  });

  test.each([
    { list: oto, name: 'opo' },
    { list: otoco, name: 'opoco' },
  ] as const)('$name says no pending quantity: the venue takes what was received', (each) => {
    const intended = membersOf(orderListParameters(each.list));
    const received = membersOf(orderListParameters(each.list, 'as_received'));
    expect({ ...received, pendingQuantity: '0.5' }).toEqual(intended);
    expect(received).not.toHaveProperty('pendingQuantity');
    expect(orderListNameOf(each.list, 'as_received')).toBe(each.name);
  });

  test('a pegged leg has its peg behind its prefix', () => {
    const pegged = intent(
      { type: 'LIMIT_MAKER', quantity: q, price: p, peg: { priceType: 'PRIMARY_PEG', offsetLevels: 1 } },
      { side: 'SELL' },
    );
    expect(
      membersOf(orderListParameters({ kind: 'OCO', ...list, above: pegged, below: stopLoss })),
    ).toMatchObject({
      abovePegPriceType: 'PRIMARY_PEG',
      abovePegOffsetType: 'PRICE_LEVEL',
      abovePegOffsetValue: 1,
    });
  });
});
