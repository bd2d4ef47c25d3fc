import { price, quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import type { Result } from '@tradewind/core/result';
import * as account from '../calls/account.ts';
import type { Call } from '../calls/call.ts';
import { cancelReplace } from '../calls/cancel-replace.ts';
import * as capital from '../calls/capital.ts';
import * as market from '../calls/market.ts';
import * as trading from '../calls/trading.ts';
import type { ReadingFailure } from '../model/failure.ts';

/** A call by the name of its example in the documents. */
export interface Answered {
  readonly name: string;
  readonly call: Call<unknown>;
  readonly read: (body: unknown) => Result<unknown, ReadingFailure>;
}

const intent: OrderIntent = {
  clientOrderId: 'id',
  strategy: 's',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms: { type: 'LIMIT_MAKER', quantity: quantity('1'), price: price('2') },
  tag: '',
  decidedAtMs: 0,
};
const anOrder = intent as Approved<OrderIntent>;
const aList = {
  kind: 'OCO',
  listClientOrderId: 'l',
  above: intent,
  below: intent,
} as OrderListIntent as Approved<OrderListIntent>;
const reference = { symbol: 'BTCUSDT', orderId: 1 } as const;

const named = (name: string, call: Call<unknown>): Answered => ({ name, call, read: call.read });

/** Every shape of answer that the client reads, by the name that its example has in the documents. */
export const answerReaders: readonly Answered[] = [
  named('ping', market.ping()),
  named('time', market.serverTime()),
  named('exchangeInfo', market.exchangeInfo()),
  named('depth', market.depth('S', 100)),
  named('trades', market.recentTrades('S')),
  named('aggTrades', market.aggregateTrades('S')),
  named('klines', market.klines('S', '1m')),
  named('avgPrice', market.currentAveragePrice('S')),
  named('ticker24hr', market.dayTickers()),
  named('tickerPrice', market.priceTickers()),
  named('bookTicker', market.bookTickers()),
  named('orderFull', trading.placeOrder(anOrder)),
  named('orderTestCommission', trading.testOrder(anOrder, true)),
  named('cancelOrder', trading.cancelOrder(reference, 'c')),
  named('cancelOpenOrders', trading.cancelOpenOrders('S')),
  named('cancelReplace', cancelReplace(reference, 'c', anOrder, { mode: 'STOP_ON_FAILURE' })),
  named('amend', trading.amendKeepingPriority(reference, quantity('1'), 'id')),
  named('orderListOco', trading.placeOrderList(aList)),
  named('cancelOrderList', trading.cancelOrderList({ symbol: 'S', orderListId: 1 }, 'c')),
  named('account', account.account()),
  named('queryOrder', account.queryOrder(reference)),
  named('openOrders', account.openOrders()),
  named('orderList', account.queryOrderList({ symbol: 'S', orderListId: 1 })),
  named('openOrderLists', account.openOrderLists()),
  named('myTrades', account.myTrades({ symbol: 'S' })),
  named('rateLimitOrder', account.orderRateLimits()),
  named('myPreventedMatches', account.myPreventedMatches({ symbol: 'S', orderId: 1 })),
  named('accountCommission', account.accountCommission('S')),
  named('orderAmendments', account.orderAmendments('S', 1)),
  named('myFilters', account.myFilters('S')),
  named('apiRestrictions', account.apiRestrictions()),
  named('depositHistory', capital.depositHistory()),
  named('withdrawalHistory', capital.withdrawalHistory()),
];

export function readerOf(name: string): Answered {
  const reader = answerReaders.find((each) => each.name === name);
  if (reader === undefined) throw new RangeError(`no reader named ${name}`);
  return reader;
}
