import {
  type Amount,
  absolute,
  add,
  isZero,
  type Price,
  scalePrice,
  share,
  subtract,
  zero,
} from '../money/index.ts';
import { limitPriceOf, triggerOf } from '../orders/index.ts';
import { tripFor } from './breakers.ts';
import { type CheckLog, OPEN_ORDERS, ORDER_RATE } from './check-log.ts';
import type { RiskContext } from './context.ts';
import { missing, type OpenCounts } from './filter-refusal.ts';
import type { Limit } from './limits.ts';
import { checkOpenCounts, checkPositionFilter } from './open-counts.ts';
import type { OrderTimes } from './order-times.ts';
import { checkPricedFilters } from './priced-filters.ts';
import type { LimitScope, Refusal } from './refusal.ts';
import { buyQuantityOf, type NewRisk, type Reservation } from './reservation.ts';
import { checkStatedFilters } from './stated-filters.ts';

/** Judges one thing about an order that has been sized up; undefined lets it pass. */
export type Check = (order: Reservation, context: RiskContext) => Refusal | undefined;
/** The same for an order that takes new risk. */
export type NewRiskCheck = (order: NewRisk, context: RiskContext) => Refusal | undefined;

/** Of two scopes that stop trading the stricter one speaks; a halt has been refused before the order was sized up. */
export const onlyReduces: Check = (order, { breakers }) => {
  if (order.reduces) return undefined;
  const trip = tripFor(breakers, order.strategy, order.symbol);
  return trip === undefined ? undefined : { reason: 'trading_only_reduces', scope: trip.scope };
};

export const venueFilters: Check = (order) => {
  for (const intent of order.intents) {
    const refusal = checkStatedFilters(intent, order.instrument);
    if (refusal !== undefined) return refusal;
    // An order that reduces may go out without a price; the venue judges these filters itself.
    if (order.referencePrice === undefined) continue;
    const priced = checkPricedFilters(intent, order.instrument, order.referencePrice);
    if (priced !== undefined) return priced;
  }
  return undefined;
};

export const venueOpenCounts: Check = (order, { view, books }) => {
  const load = view.outsideLoad(order.symbol);
  if (load === undefined) return missing('open_orders', order.symbol);
  const outside = view.outsideCounts();
  if (outside === undefined) return missing('open_orders', 'account');
  const ours = books.symbol(order.symbol);
  const { counts, instrument } = order;
  return (
    checkOpenCounts('symbol', counts, ours, load, instrument.filters) ??
    checkOpenCounts('account', counts, books.account, outside, view.exchangeFilters) ??
    checkPositionFilter(buyQuantityOf(order), add(load.held, ours.buyQuantity), instrument)
  );
};

/** A limit far from the market is a slip of units or digits. A stop waits away from the market by design, its limit does not. */
export const priceCollar: Check = (order, { log }) => {
  const collar = order.symbolLimits?.priceCollar ?? 'none';
  if (collar === 'none') return log?.unlimited('price_collar');
  for (const { terms } of order.intents) {
    const was = limitPriceOf(terms);
    const anchor: Price | undefined = triggerOf(terms)?.stopPrice ?? order.referencePrice;
    if (was === undefined || anchor === undefined) continue;
    const distanceMaximum = scalePrice(anchor, collar, 'floor');
    const distance = absolute(subtract(was, anchor));
    const isWithin = distance <= distanceMaximum;
    log?.measured('price_collar', isWithin, distance, distanceMaximum, order.instrument.quoteAsset);
    if (!isWithin) return { reason: 'price_outside_collar', anchor, distanceMaximum, was };
  }
  return undefined;
};

export const sufficientBalance: Check = (order, { view, books, log }) => {
  for (const part of order.parts) {
    let needed: Amount = zero();
    for (const each of order.parts)
      if (each.spentAsset === part.spentAsset) needed = add(needed, each.reserved);
    if (isZero(needed)) continue;
    const asset = part.spentAsset;
    const balance = view.balance(order.strategy, asset);
    if (balance === undefined) return missing('balance', asset);
    const available = subtract(balance, books.reservedOf(order.strategy, asset));
    const isEnough = needed <= available;
    log?.measured('sufficient_balance', isEnough, needed, available, asset);
    if (!isEnough) return { reason: 'insufficient_balance', asset, needed, available };
  }
  return undefined;
};

export const orderRate: Check = (order, { accountTimes, strategyTimes, view, log }) =>
  checkRate(ACCOUNT, accountTimes, order, view.nowMs, log) ??
  checkRate(
    { kind: 'strategy', name: order.strategy },
    strategyTimes.get(order.strategy),
    order,
    view.nowMs,
    log,
  );

function checkRate(
  scope: LimitScope,
  times: OrderTimes | undefined,
  order: Reservation,
  nowMs: number,
  log: CheckLog | undefined,
): Refusal | undefined {
  if (times === undefined) return log?.unlimited(ORDER_RATE[scope.kind]);
  const hasRoom = times.hasRoom(order.legs.length, nowMs, order.reduces);
  const maximum = times.allowanceFor(order.reduces);
  if (log !== undefined) {
    const was = times.used(nowMs) + order.legs.length;
    log.measured(ORDER_RATE[scope.kind], hasRoom, was, maximum, 'orders');
  }
  if (hasRoom) return undefined;
  return { reason: 'order_rate_exceeded', scope, maximum, windowMs: times.rate.windowMs };
}

/** Symbol, strategy and the assets that the order may bring must be named in the limits. */
export const limitsStated: Check = (order, { limits }) => {
  if (order.symbolLimits === undefined) return notStated('symbol', order.symbol);
  if (order.strategyLimits === undefined) return notStated('strategy', order.strategy);
  for (const part of order.parts) {
    if (part.gainsExposure && !limits.assets.has(part.gainedAsset))
      return notStated('asset', part.gainedAsset);
  }
  return undefined;
};

const notStated = (kind: 'symbol' | 'strategy' | 'asset', name: string): Refusal => ({
  reason: 'limit_not_stated',
  scope: { kind, name },
});

export const orderNotional: NewRiskCheck = (order, { limits, view, log }) => {
  const maximum = limits.account.orderNotionalMaximum;
  if (maximum === 'none') return log?.unlimited('order_notional');
  for (const { worth: was } of order.parts) {
    log?.measured('order_notional', was <= maximum, was, maximum, view.equityAsset);
    if (was > maximum) return { reason: 'order_notional_over_limit', maximum, was };
  }
  return undefined;
};

export const orderShareOfEquity: NewRiskCheck = (order, { limits, view, log }) => {
  const largest = limits.account.orderShareOfEquityMaximum;
  if (largest === 'none') return log?.unlimited('order_share_of_equity');
  const equity = view.equity();
  if (equity === undefined) return missing('equity', 'account');
  const maximum = share(equity, largest, 'receive');
  for (const { worth: was } of order.parts) {
    log?.measured('order_share_of_equity', was <= maximum, was, maximum, view.equityAsset);
    if (was > maximum) return { reason: 'order_share_of_equity_over_limit', maximum, was };
  }
  return undefined;
};

export const openOrders: NewRiskCheck = (order, { limits, books, log }) => {
  const { strategy, symbol } = order;
  return (
    checkOpenOrders(ACCOUNT, limits.account.openOrdersMaximum, books.account, order, log) ??
    checkOpenOrders(
      { kind: 'strategy', name: strategy },
      order.strategyLimits.openOrdersMaximum,
      books.strategy(strategy),
      order,
      log,
    ) ??
    checkOpenOrders(
      { kind: 'symbol', name: symbol },
      order.symbolLimits.openOrdersMaximum,
      books.symbol(symbol),
      order,
      log,
    )
  );
};

function checkOpenOrders(
  scope: LimitScope,
  maximum: Limit<number>,
  open: OpenCounts,
  order: Reservation,
  log: CheckLog | undefined,
): Refusal | undefined {
  if (maximum === 'none') return log?.unlimited(OPEN_ORDERS[scope.kind]);
  const was = open.orders + order.counts.orders;
  log?.measured(OPEN_ORDERS[scope.kind], was <= maximum, was, maximum, 'orders');
  return was <= maximum ? undefined : { reason: 'open_orders_over_limit', scope, maximum, was };
}

const ACCOUNT: LimitScope = { kind: 'account' };
