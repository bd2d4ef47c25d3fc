export {
  account,
  accountCommission,
  allOrderLists,
  allOrders,
  apiRestrictions,
  myFilters,
  myPreventedMatches,
  myTrades,
  openOrderLists,
  openOrders,
  orderAmendments,
  orderRateLimits,
  queryOrder,
  queryOrderList,
} from './account.ts';
export { cancelReplace } from './cancel-replace.ts';
export { depositHistory, withdrawalHistory } from './capital.ts';
export {
  aggregateTrades,
  bookTickers,
  currentAveragePrice,
  dayTickers,
  depth,
  exchangeInfo,
  historicalTrades,
  klines,
  ping,
  priceTickers,
  recentTrades,
  serverTime,
} from './market.ts';
export {
  amendKeepingPriority,
  cancelOpenOrders,
  cancelOrder,
  cancelOrderList,
  placeOrder,
  placeOrderList,
  testOrder,
} from './trading.ts';
