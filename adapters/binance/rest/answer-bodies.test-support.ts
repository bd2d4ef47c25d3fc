import examples from '../model/example-vectors.json' with { type: 'json' };

const rest = examples.restExamples;
const limits = rest.rateLimitOrder;

/** In the form of Binance's wallet documents, which the reference of spot has no examples of. */
const DEPOSIT = {
  id: '769800519366885376',
  amount: '0.001',
  coin: 'BNB',
  network: 'BNB',
  status: 1,
  address: 'bnb136ns6lfw4zs5hg4n85vdthaad7hq5m4gtkgf23',
  addressTag: '101764890',
  txId: '98A3EA560C6B3336D348B6C83F0F95ECE4F1F5919E94BD006E5BF3BF264FACFC',
  insertTime: 1661493146000,
  transferType: 0,
  confirmTimes: '1/1',
  unlockConfirm: 0,
  walletType: 0,
};
const WITHDRAWAL = {
  id: 'b6ae22b3aa844210a7041aee7589627c',
  amount: '8.91000000',
  transactionFee: '0.004',
  coin: 'USDT',
  status: 6,
  address: '0x94df8b352de7f46f64b01d3666bf6e936e44ce60',
  txId: '0xb5ef8c13b968a406cc62a93a8bd80f9e9a906ef1b3fcf20a2e48573c17659268',
  applyTime: '2019-10-12 11:12:02',
  network: 'ETH',
  transferType: 0,
  walletType: 0,
};

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
  { reader: 'depositHistory', body: [DEPOSIT] },
  { reader: 'withdrawalHistory', body: [WITHDRAWAL] },
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
