import { fromUnits } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { OrderRecord, type OrderStart } from './order-record.ts';
import { OrderRows } from './order-rows.ts';

const PLAIN: OrderStart = {
  symbol: 'BTCUSDT',
  account: 3,
  clientOrderId: 'first',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: fromUnits(6_000_000_000_000n),
  quantity: fromUnits(100_000n),
  quoteOrderQuantity: fromUnits(0n),
  stopPrice: fromUnits(0n),
  icebergQuantity: fromUnits(0n),
  trailingDelta: 0,
  strategyId: undefined,
  strategyType: undefined,
  selfTradePrevention: 'EXPIRE_MAKER',
  pegPriceType: undefined,
  pegOffsetLevels: undefined,
  tradeGroup: 0,
  createdAtMs: 1_700_000_000_000,
  isByHand: false,
};

function ended(start: Partial<OrderStart>, fields: Partial<OrderRecord>, names: readonly string[] = []) {
  const record = Object.assign(new OrderRecord({ ...PLAIN, ...start }), { orderId: 7, ...fields });
  for (const name of names) record.rename(name);
  return record;
}

test.each([
  { what: 'a filled order', record: ended({}, { status: 'FILLED', workingTimeMs: 1_700_000_000_001 }) },
  {
    what: 'an order with everything',
    record: ended(
      {
        side: 'SELL',
        type: 'STOP_LOSS_LIMIT',
        timeInForce: 'FOK',
        quoteOrderQuantity: fromUnits(5n),
        stopPrice: fromUnits(10n ** 24n),
        icebergQuantity: fromUnits(2n ** 70n),
        trailingDelta: 25,
        strategyId: 0,
        strategyType: 1_000_000,
        selfTradePrevention: 'TRANSFER',
        pegPriceType: 'MARKET_PEG',
        pegOffsetLevels: 3,
        tradeGroup: 9,
        isByHand: true,
      },
      {
        orderListId: 12,
        status: 'EXPIRED_IN_MATCH',
        expiryReason: 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED',
        quantity: fromUnits(99_000n),
        icebergQuantity: fromUnits(98_000n),
        executedQuantity: fromUnits(1n),
        executedQuote: fromUnits(2n),
        preventedQuantity: fromUnits(3n),
        preventedMatchId: 0,
        peggedPrice: fromUnits(4n),
        trailingTimeMs: 1_700_000_000_002,
        updatedAtMs: 1_700_000_000_003,
        amendments: 2,
        isReserved: false,
        isShort: true,
      },
      ['second', 'third', 'fourth'],
    ),
  },
  {
    what: 'a pending order of an OPO that never had a quantity',
    record: ended({ quantity: undefined }, { status: 'CANCELED', quantity: undefined }, ['canceled']),
  },
])('$what is read as it was written', ({ record }) => {
  const orders = new OrderRows('BTCUSDT', 3);
  for (const orderId of [3, 7, 12]) orders.begin(orderId);
  const row = orders.rowOf(7)!;
  orders.write(row, record);
  expect(orders.read(row)).toEqual(record);
  expect(orders.names(row)).toEqual(record.names());
  expect([orders.orderId(row), orders.orderListId(row)]).toEqual([7, record.orderListId]);
  expect([4, 13].map((orderId) => orders.rowOf(orderId))).toEqual([undefined, undefined]);
});
