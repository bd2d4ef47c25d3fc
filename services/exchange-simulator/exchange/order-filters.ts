import type { ExchangeFilters, Filters, LotBounds } from '@tradewind/core/market';
import { isMultiple, isZero, type Quantity, times, unitsOf } from '@tradewind/core/money';
import { type StopType, waitsAbove } from '@tradewind/core/orders';
import type { OpenCounts } from './account-records.ts';
import type { Refusal } from './model.ts';
import { isMarketKind, isStopKind, type OrderStart } from './order-record.ts';
import {
  marketNotionalFailure,
  notionalFailure,
  percentFailure,
  priceFilterFailure,
} from './price-filters.ts';
import { filterFailure } from './refusals.ts';
import { NO_QUANTITY, type SymbolMarket } from './symbol-market.ts';
import type { TradingAccount } from './trading-account.ts';

/** An order as the filters see it. */
export interface FilteredOrder {
  readonly start: OrderStart;
  /** undefined while an order of an OPO has none. */
  readonly quantity: Quantity | undefined;
  /** The price that its peg would take now; undefined without a peg that is known already. */
  readonly peggedPrice: Parameters<typeof priceFilterFailure>[0] | undefined;
}

/**
 * The filters of one order, in the order of the table of binance-spot.md section 6; those that count open orders are in
 * `countFailure`. The documents do not say in which order the exchange looks at them.
 */
export function orderFilterFailure(
  market: SymbolMarket,
  account: TradingAccount,
  order: FilteredOrder,
  nowMs: number,
): Refusal | undefined {
  const failure =
    pricesFailure(market, order, nowMs) ??
    quantitiesFailure(market, order) ??
    valueFailure(market, order, nowMs) ??
    icebergPartsFailure(market.instrument.filters, order) ??
    marketLotFailure(market.instrument.filters, order) ??
    trailingFailure(market.instrument.filters, order.start) ??
    assetFailure(market, account, order);
  return failure === undefined ? undefined : filterFailure(failure);
}

/** What a command adds to the open orders. */
export interface Adding extends Readonly<OpenCounts> {
  /** Quantity of the orders to buy. */
  readonly buying: Quantity;
}

/** MAX_NUM_*, MAX_POSITION and EXCHANGE_MAX_NUM_* with what a command would add. */
export function countFailure(
  market: SymbolMarket,
  account: TradingAccount,
  adding: Adding,
  exchangeFilters: ExchangeFilters,
): Refusal | undefined {
  const open = market.recordsOf(account).counts;
  const failure =
    tooMany(adding, open, market.instrument.filters, '') ??
    positionFailure(market, account, adding.buying) ??
    tooMany(adding, account.openCounts, exchangeFilters, 'EXCHANGE_');
  return failure === undefined ? undefined : filterFailure(failure);
}

export function lotFailure(quantity: Quantity, { minimum, maximum, step }: LotBounds): boolean {
  return (
    (minimum !== undefined && quantity < minimum) ||
    (maximum !== undefined && quantity > maximum) ||
    (step !== undefined && !isZero(step) && !isMultiple(quantity, step))
  );
}

function pricesFailure(market: SymbolMarket, order: FilteredOrder, nowMs: number): string | undefined {
  const { filters } = market.instrument;
  const { price, stopPrice, side } = order.start;
  for (const each of [price, stopPrice, order.peggedPrice]) {
    if (each === undefined || isZero(each)) continue;
    const failure = priceFilterFailure(each, filters);
    if (failure !== undefined) return failure;
  }
  for (const each of [price, order.peggedPrice]) {
    if (each === undefined || isZero(each)) continue;
    const failure = percentFailure(market, side, each, nowMs);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function quantitiesFailure(market: SymbolMarket, { start, quantity }: FilteredOrder): string | undefined {
  const { lot } = market.instrument.filters;
  if (quantity !== undefined && lotFailure(quantity, lot)) return 'LOT_SIZE';
  if (!isZero(start.icebergQuantity) && lotFailure(start.icebergQuantity, lot)) return 'LOT_SIZE';
  return undefined;
}

/** A limit is judged at its price, a stop that becomes a market order at its stop price, anything else at the market's. */
function valueFailure(market: SymbolMarket, order: FilteredOrder, nowMs: number): string | undefined {
  const { start, quantity } = order;
  if (market.instrument.filters.notional === undefined) return undefined;
  const isMarket = isMarketKind(start.type);
  const own = isMarket ? [start.stopPrice] : [start.price, order.peggedPrice];
  let isJudged = false;
  for (const price of own) {
    if (price === undefined || isZero(price) || quantity === undefined) continue;
    isJudged = true;
    const failure = notionalFailure(market, price, quantity, isMarket);
    if (failure !== undefined) return failure;
  }
  if (isJudged || !isMarket) return undefined;
  return marketNotionalFailure(market, start, quantity, nowMs);
}

/** ceil(quantity / visible) <= limit, told without dividing. */
function icebergPartsFailure(filters: Filters, { start, quantity }: FilteredOrder): string | undefined {
  const maximum = filters.icebergPartsMaximum;
  if (maximum === undefined || quantity === undefined || isZero(start.icebergQuantity)) return undefined;
  return quantity <= times(start.icebergQuantity, BigInt(maximum)) ? undefined : 'ICEBERG_PARTS';
}

function marketLotFailure(filters: Filters, { start, quantity }: FilteredOrder): string | undefined {
  const { marketLot } = filters;
  if (start.type !== 'MARKET' || marketLot === undefined || quantity === undefined) return undefined;
  return lotFailure(quantity, marketLot) ? 'MARKET_LOT_SIZE' : undefined;
}

function trailingFailure(filters: Filters, start: OrderStart): string | undefined {
  const bounds = filters.trailingDelta;
  const delta = start.trailingDelta;
  if (bounds === undefined || delta === 0 || !isStopKind(start.type)) return undefined;
  const isAbove = waitsAbove(start.type as StopType, start.side);
  const lowest = isAbove ? bounds.aboveMinimumBps : bounds.belowMinimumBps;
  const highest = isAbove ? bounds.aboveMaximumBps : bounds.belowMaximumBps;
  return delta >= lowest && delta <= highest ? undefined : 'TRAILING_DELTA';
}

/** MAX_ASSET: quantity where the asset is the base, notional where it is the quote. */
function assetFailure(
  market: SymbolMarket,
  account: TradingAccount,
  { start, quantity }: FilteredOrder,
): string | undefined {
  if (account.assetLimits.size === 0) return undefined;
  const { baseAsset, quoteAsset } = market.instrument;
  const baseLimit = account.assetLimits.get(baseAsset);
  if (baseLimit !== undefined && quantity !== undefined && unitsOf(quantity) > unitsOf(baseLimit))
    return 'MAX_ASSET';
  const quoteLimit = account.assetLimits.get(quoteAsset);
  if (quoteLimit === undefined) return undefined;
  if (unitsOf(start.quoteOrderQuantity) > unitsOf(quoteLimit)) return 'MAX_ASSET';
  const price = isZero(start.price) ? start.stopPrice : start.price;
  const value = quantity === undefined ? 0n : unitsOf(price) * unitsOf(quantity);
  return value > unitsOf(quoteLimit) * PRICE_ONE ? 'MAX_ASSET' : undefined;
}

const PRICE_ONE = 100_000_000n;

function tooMany(
  adding: Adding,
  open: Readonly<OpenCounts>,
  maxima: ExchangeFilters,
  prefix: '' | 'EXCHANGE_',
): string | undefined {
  if (adding.orders > 0 && open.orders + adding.orders > (maxima.openOrdersMaximum ?? ENDLESS))
    return `${prefix}MAX_NUM_ORDERS`;
  if (adding.algo > 0 && open.algo + adding.algo > (maxima.openAlgoOrdersMaximum ?? ENDLESS))
    return `${prefix}MAX_NUM_ALGO_ORDERS`;
  if (adding.iceberg > 0 && open.iceberg + adding.iceberg > (maxima.openIcebergOrdersMaximum ?? ENDLESS))
    return `${prefix}MAX_NUM_ICEBERG_ORDERS`;
  if (adding.lists > 0 && open.lists + adding.lists > (maxima.openOrderListsMaximum ?? ENDLESS))
    return `${prefix}MAX_NUM_ORDER_LISTS`;
  return undefined;
}

const ENDLESS = Number.POSITIVE_INFINITY;

function positionFailure(
  market: SymbolMarket,
  account: TradingAccount,
  buying: Quantity,
): string | undefined {
  const maximum = market.instrument.filters.positionMaximum;
  if (maximum === undefined || isZero(buying)) return undefined;
  const wallet = account.wallets.get(market.instrument.baseAsset);
  const held = unitsOf(wallet?.book.total<Quantity>() ?? NO_QUANTITY);
  const openBuys = unitsOf(market.recordsOf(account).openBuys);
  return held + openBuys + unitsOf(buying) > unitsOf(maximum) ? 'MAX_POSITION' : undefined;
}
