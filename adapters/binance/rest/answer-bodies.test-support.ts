import examples from '../model/example-vectors.json' with { type: 'json' };

const rest = examples.restExamples;
const limits = rest.rateLimitOrder;

/** Every example of an answer, by the reader that must read it. */
export const ANSWER_BODIES: readonly { readonly reader: string; readonly body: unknown }[] = [
  { reader: 'time', body: { serverTime: 1565246363776 } },
  { reader: 'exchangeInfo', body: { ...rest.exchangeInfo, rateLimits: limits } },
  { reader: 'depth', body: rest.depth },
  { reader: 'trades', body: rest.trades },
  { reader: 'aggTrades', body: rest.aggTrades },
  { reader: 'klines', body: rest.klines },
  { reader: 'avgPrice', body: rest.avgPrice },
  { reader: 'ticker24hr', body: [rest.ticker24hrFull] },
  { reader: 'tickerPrice', body: [rest.tickerPrice] },
  { reader: 'bookTicker', body: [rest.bookTicker] },
  { reader: 'orderFull', body: rest.orderFull },
  { reader: 'orderFull', body: rest.orderAck },
  { reader: 'orderFull', body: rest.sorOrder },
  { reader: 'orderTestCommission', body: rest.orderTestCommission },
  { reader: 'cancelOrder', body: rest.cancelOrder },
  { reader: 'cancelOpenOrders', body: rest.cancelOpenOrders },
  { reader: 'cancelReplace', body: rest.cancelReplace.success },
  { reader: 'amend', body: rest.amend },
  { reader: 'amend', body: rest.amendInList },
  { reader: 'orderListOco', body: rest.orderListOco },
  { reader: 'orderListOco', body: rest.orderListOtoco },
  { reader: 'orderListOco', body: rest.orderListOpoco },
  { reader: 'cancelOrderList', body: rest.cancelOrderList },
  { reader: 'account', body: rest.account },
  { reader: 'queryOrder', body: rest.queryOrder },
  { reader: 'openOrders', body: [rest.queryOrder, rest.queryOrder] },
  { reader: 'orderList', body: rest.orderList },
  { reader: 'openOrderLists', body: [rest.orderList] },
  { reader: 'myTrades', body: rest.myTrades },
  { reader: 'rateLimitOrder', body: limits },
  { reader: 'myPreventedMatches', body: rest.myPreventedMatches },
  { reader: 'accountCommission', body: rest.accountCommission },
  { reader: 'orderAmendments', body: rest.orderAmendments },
  { reader: 'myFilters', body: rest.myFilters },
  { reader: 'apiRestrictions', body: { ipRestrict: false, createTime: 1, enableReading: true } },
];

export const ERROR_BODIES: readonly unknown[] = [
  { code: -2010, msg: 'Duplicate order sent.' },
  { code: -1003, msg: 'Way too much request weight used; IP banned until 1700000000000.' },
  { code: -1015, msg: 'Too many new orders; current limit is 1 orders per 10 SECOND.' },
  {
    code: -1007,
    msg: 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  },
  ...Object.values(rest.cancelReplace).slice(1),
];
