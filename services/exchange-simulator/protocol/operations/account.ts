import { isZero, type Ratio, unitsOf } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import type { CommissionRates, Fill, OrderCount } from '../../exchange/index.ts';
import { fixedPoint, fixedRatio } from '../../notation/fixed-point.ts';
import { type TimeUnit, timeIn } from '../../notation/time-unit.ts';
import { preventedQuantities } from '../format/order-json.ts';
import { limitHead } from '../limits/rate-limit.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { BAD_COMBINATION, mandatory } from '../refusal.ts';
import { type Answer, accountQuery, type Call, type Operation, ofExchange } from './operation.ts';
import { readHistoryRange } from './order-queries.ts';
import { discountOf } from './place.ts';
import { readSymbol } from './read-symbol.ts';

const ROWS_DEFAULT = 500;
const ROWS_MAX = 1000;
/** A basis point in the 10^-18 of a ratio. */
const BASIS_POINT = 10n ** 14n;

const basisPoints = (ratio: Ratio): number => Number(unitsOf(ratio) / BASIS_POINT);
const ratesOf = (rates: CommissionRates): Record<string, string> => ({
  maker: fixedRatio(rates.maker),
  taker: fixedRatio(rates.taker),
  buyer: fixedRatio(rates.buyer),
  seller: fixedRatio(rates.seller),
});

function account(call: Call): Answer {
  const { parameters, unit } = call;
  const omitsZeros = parameters.flag('omitZeroBalances') ?? false;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const it = call.exchange.account(call.account);
  invariant(it !== undefined, 'an API key is of an account');
  const rates = it.standardCommission;
  const balances = omitsZeros
    ? it.balances.filter((balance) => !isZero(balance.free) || !isZero(balance.locked))
    : it.balances;
  return JSON.stringify({
    makerCommission: basisPoints(rates.maker),
    takerCommission: basisPoints(rates.taker),
    buyerCommission: basisPoints(rates.buyer),
    sellerCommission: basisPoints(rates.seller),
    commissionRates: ratesOf(rates),
    canTrade: it.canTrade,
    canWithdraw: it.canWithdraw,
    canDeposit: it.canDeposit,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: timeIn(unit, it.updatedAtMs),
    accountType: 'SPOT',
    balances: balances.map(({ asset, free, locked }) => ({
      asset,
      free: fixedPoint(free),
      locked: fixedPoint(locked),
    })),
    permissions: it.permissions,
    uid: it.account,
    ...(it.tradeGroup === 0 ? {} : { tradeGroupId: it.tradeGroup }),
  });
}

/** The combinations that are allowed; any other is refused with -1128. */
const TRADE_QUERIES: readonly string[] = [
  '',
  'orderId',
  'startTime',
  'endTime',
  'fromId',
  'startTime,endTime',
  'orderId,fromId',
];

function myTrades(call: Call): Answer {
  const { parameters, unit } = call;
  const symbol = readSymbol(call);
  const given = ['orderId', 'startTime', 'endTime', 'fromId'].filter((name) => parameters.has(name));
  if (!TRADE_QUERIES.includes(given.join(','))) parameters.refuse(BAD_COMBINATION);
  const orderId = parameters.integer('orderId');
  const fromId = parameters.integer('fromId');
  const range = readHistoryRange(call);
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const fills = call.exchange.fills(call.account, symbol.symbol, { ...range, orderId, fromId });
  return fills.ok ? `[${fills.value.map((it) => tradeJson(it, unit)).join(',')}]` : ofExchange(fills.error);
}

const tradeJson = (fill: Fill, unit: TimeUnit): string =>
  `{"symbol":"${fill.symbol}","id":${fill.tradeId},"orderId":${fill.orderId},"orderListId":${fill.orderListId}` +
  `,"price":"${fixedPoint(fill.price)}","qty":"${fixedPoint(fill.quantity)}"` +
  `,"quoteQty":"${fixedPoint(fill.quoteQuantity)}","commission":"${fixedPoint(fill.commission)}"` +
  `,"commissionAsset":"${fill.commissionAsset}","time":${timeIn(unit, fill.timeMs)}` +
  `,"isBuyer":${fill.isBuyer},"isMaker":${fill.isMaker},"isBestMatch":true}`;

/** One ORDERS limiter as `rateLimits` of answers and the query have it. */
const orderCountJson = (it: OrderCount): string =>
  `${limitHead({ rateLimitType: 'ORDERS', ...it })}${it.count}}`;

function orderRateLimits(call: Call): Answer {
  call.parameters.finish();
  const counts = call.exchange.orderCounts(call.account);
  return call.parameters.refusal ?? `[${counts.map(orderCountJson).join(',')}]`;
}

function preventedMatches(call: Call): Answer {
  const { parameters, unit } = call;
  const symbol = readSymbol(call);
  const preventedMatchId = parameters.integer('preventedMatchId');
  const orderId = parameters.integer('orderId');
  const fromPreventedMatchId = parameters.integer('fromPreventedMatchId');
  const limit = parameters.limit(ROWS_DEFAULT, ROWS_MAX);
  const isById = preventedMatchId !== undefined;
  if (isById === (orderId !== undefined) || (fromPreventedMatchId !== undefined && isById)) {
    parameters.refuse(BAD_COMBINATION);
  }
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const query = { preventedMatchId, orderId, fromPreventedMatchId, limit };
  const matches = call.exchange.preventedMatches(call.account, symbol.symbol, query);
  if (!matches.ok) return ofExchange(matches.error);
  const rows = matches.value.map(
    (it) =>
      `{"symbol":"${it.symbol}","preventedMatchId":${it.preventedMatchId},"takerOrderId":${it.takerOrderId}` +
      `,"makerSymbol":"${it.symbol}","makerOrderId":${it.makerOrderId},"tradeGroupId":${it.tradeGroup}` +
      `,"selfTradePreventionMode":"${it.mode}","price":"${fixedPoint(it.price)}"${preventedQuantities(it)}` +
      `,"transactTime":${timeIn(unit, it.timeMs)}}`,
  );
  return `[${rows.join(',')}]`;
}

/** Allocations come from SOR, which no symbol has here. */
function allocations(call: Call): Answer {
  const { parameters } = call;
  readSymbol(call);
  readHistoryRange(call);
  parameters.integer('fromAllocationId');
  parameters.integer('orderId');
  parameters.finish();
  return parameters.refusal ?? '[]';
}

function commission(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const it = call.exchange.commission(call.account, symbol.symbol);
  if (!it.ok) return ofExchange(it.error);
  return JSON.stringify({
    symbol: symbol.symbol,
    standardCommission: ratesOf(it.value.standard),
    specialCommission: ratesOf(it.value.special),
    taxCommission: ratesOf(it.value.tax),
    discount: discountOf(it.value),
  });
}

function amendments(call: Call): Answer {
  const { parameters, unit } = call;
  const symbol = readSymbol(call);
  const orderId = parameters.integer('orderId');
  if (orderId === undefined) parameters.refuse(mandatory('orderId'));
  const fromExecutionId = parameters.integer('fromExecutionId');
  const limit = parameters.limit(ROWS_DEFAULT, ROWS_MAX);
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined || orderId === undefined) {
    return parameters.refusal!;
  }
  const query = { orderId, fromExecutionId, limit };
  const rows = call.exchange.amendments(call.account, symbol.symbol, query);
  if (!rows.ok) return ofExchange(rows.error);
  return JSON.stringify(
    rows.value.map((it) => ({
      symbol: it.symbol,
      orderId: it.orderId,
      executionId: it.executionId,
      origClientOrderId: it.clientOrderIdBefore,
      newClientOrderId: it.clientOrderIdAfter,
      origQty: fixedPoint(it.quantityBefore),
      newQty: fixedPoint(it.quantityAfter),
      time: timeIn(unit, it.timeMs),
    })),
  );
}

function myFilters(call: Call): Answer {
  const { parameters, exchange } = call;
  const symbol = readSymbol(call);
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const assetFilters: unknown[] = [];
  for (const [asset, limit] of exchange.assetLimits(call.account)) {
    assetFilters.push({ filterType: 'MAX_ASSET', asset, limit: fixedPoint(limit) });
  }
  return JSON.stringify({
    exchangeFilters: exchange.exchangeInfo.exchangeFilters ?? [],
    symbolFilters: symbol.entry.filters ?? [],
    assetFilters,
  });
}

/** Source: binance-spot.md section 2.6. */
function keyRestrictions(call: Call): Answer {
  const { parameters, key } = call;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  invariant(key !== undefined, 'the permissions of a key are asked for with a key');
  return JSON.stringify({
    ipRestrict: key.allowedAddresses !== undefined,
    createTime: timeIn(call.unit, key.createdAtMs),
    enableReading: key.permissions.read,
    enableWithdrawals: key.permissions.withdraw,
    enableInternalTransfer: false,
    enableMargin: false,
    enableFutures: false,
    permitsUniversalTransfer: false,
    enableVanillaOptions: false,
    enableFixApiTrade: false,
    enableFixReadOnly: false,
    enableSpotAndMarginTrading: key.permissions.trade,
    enablePortfolioMarginTrading: false,
  });
}

const preventedWeight = (parameters: Parameters): number => (parameters.has('orderId') ? 20 : 2);

/** Source: binance-spot.md section 4.4. */
export const ACCOUNT: readonly Operation[] = [
  accountQuery('account', 'account.status', 20, account),
  accountQuery('myTrades', 'myTrades', (parameters) => (parameters.has('orderId') ? 5 : 20), myTrades),
  accountQuery('rateLimit/order', 'account.rateLimits.orders', 40, orderRateLimits),
  accountQuery('myPreventedMatches', 'myPreventedMatches', preventedWeight, preventedMatches),
  accountQuery('myAllocations', 'myAllocations', 20, allocations),
  accountQuery('account/commission', 'account.commission', 20, commission),
  accountQuery('order/amendments', 'order.amendments', 4, amendments),
  accountQuery('myFilters', 'myFilters', 40, myFilters),
  {
    rest: ['GET', '/sapi/v1/account/apiRestrictions'],
    webSocket: undefined,
    security: 'USER_DATA',
    weight: 1,
    run: keyRestrictions,
  },
];
