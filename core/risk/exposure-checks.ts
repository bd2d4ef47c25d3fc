import { add, isPositive, notional, settle, share, subtract, zero } from '../money/index.ts';
import { EXPOSURE } from './check-log.ts';
import type { NewRiskCheck } from './checks.ts';
import type { RiskContext } from './context.ts';
import { missing } from './filter-refusal.ts';
import type { EquityAmount } from './limits.ts';
import type { LimitScope, Refusal } from './refusal.ts';
import { buyQuantityOf, buyWorthOf, equityValueOf, type Reservation } from './reservation.ts';

/** Exposure is what is held, what open and in-doubt orders may still buy, and what this order would buy. */
export const position: NewRiskCheck = (order, { view, books, log }) => {
  const maximum = order.symbolLimits.positionMaximum;
  if (maximum === 'none') return log?.unlimited('position');
  const buying = buyQuantityOf(order);
  if (!isPositive(buying)) return undefined;
  const held = view.symbolPosition(order.symbol);
  if (held === undefined) return missing('symbol_position', order.symbol);
  const was = add(add(held, books.symbol(order.symbol).buyQuantity), buying);
  log?.measured('position', was <= maximum, was, maximum, order.instrument.baseAsset);
  return was <= maximum ? undefined : { reason: 'position_over_limit', symbol: order.symbol, maximum, was };
};

export const symbolExposure: NewRiskCheck = (order, context) => {
  const { view, books, log } = context;
  const maximum = order.symbolLimits.exposureMaximum;
  if (maximum === 'none') return log?.unlimited('symbol_exposure');
  const buying = buyWorthOf(order);
  if (!isPositive(buying)) return undefined;
  const quantity = view.symbolPosition(order.symbol);
  if (quantity === undefined) return missing('symbol_position', order.symbol);
  const quoteAmount = settle(notional(order.referencePrice, quantity), 'pay');
  const held = equityValueOf(quoteAmount, order.equityRate);
  return overLimit(
    { kind: 'symbol', name: order.symbol },
    maximum,
    held,
    books.symbol(order.symbol).buyWorth,
    buying,
    context,
  );
};

export const strategyExposure: NewRiskCheck = (order, context) => {
  const { view, books, log } = context;
  const maximum = order.strategyLimits.exposureMaximum;
  if (maximum === 'none') return log?.unlimited('strategy_exposure');
  const buying = buyWorthOf(order);
  if (!isPositive(buying)) return undefined;
  const held = view.strategyExposure(order.strategy);
  if (held === undefined) return missing('strategy_exposure', order.strategy);
  return overLimit(
    { kind: 'strategy', name: order.strategy },
    maximum,
    held,
    books.strategy(order.strategy).buyWorth,
    buying,
    context,
  );
};

export const accountExposure: NewRiskCheck = (order, context) => {
  const { limits, view, books, log } = context;
  const maximum = limits.account.exposureMaximum;
  if (maximum === 'none') return log?.unlimited('account_exposure');
  const buying = buyWorthOf(order);
  if (!isPositive(buying)) return undefined;
  const held = view.accountExposure();
  if (held === undefined) return missing('account_exposure', 'account');
  return overLimit({ kind: 'account' }, maximum, held, books.account.buyWorth, buying, context);
};

function overLimit(
  scope: LimitScope,
  maximum: EquityAmount,
  held: EquityAmount,
  working: EquityAmount,
  buying: EquityAmount,
  { view, log }: RiskContext,
): Refusal | undefined {
  const was = add(add(held, working), buying);
  log?.measured(EXPOSURE[scope.kind], was <= maximum, was, maximum, view.equityAsset);
  return was <= maximum ? undefined : { reason: 'exposure_over_limit', scope, maximum, was };
}

/** A SELL of ETH for BTC takes on BTC, so every asset that the order brings is judged, not the base alone. */
export const assetExposure: NewRiskCheck = (order, context) => {
  for (const asset of [order.instrument.baseAsset, order.instrument.quoteAsset]) {
    const refusal = checkAsset(asset, order, context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

/** The largest share of equity in one asset. */
export const concentration: NewRiskCheck = (order, context) => {
  for (const asset of [order.instrument.baseAsset, order.instrument.quoteAsset]) {
    const refusal = checkShareOf(asset, order, context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

function checkAsset(asset: string, order: Reservation, context: RiskContext): Refusal | undefined {
  const maximum = context.limits.assets.get(asset)?.exposureMaximum ?? 'none';
  const gaining = gainingOf(asset, order);
  if (!isPositive(gaining)) return undefined;
  if (maximum === 'none') return context.log?.unlimited('asset_exposure');
  const held = context.view.assetExposure(asset);
  if (held === undefined) return missing('asset_exposure', asset);
  const working = context.books.gainingOf(asset);
  return overLimit({ kind: 'asset', name: asset }, maximum, held, working, gaining, context);
}

function checkShareOf(asset: string, order: Reservation, context: RiskContext): Refusal | undefined {
  const largest = context.limits.assets.get(asset)?.shareOfEquityMaximum ?? 'none';
  const gaining = gainingOf(asset, order);
  if (!isPositive(gaining)) return undefined;
  if (largest === 'none') return context.log?.unlimited('concentration');
  const held = context.view.assetExposure(asset);
  if (held === undefined) return missing('asset_exposure', asset);
  const equity = context.view.equity();
  if (equity === undefined) return missing('equity', 'account');
  const maximum = share(equity, largest, 'receive');
  const was = add(add(held, context.books.gainingOf(asset)), gaining);
  context.log?.measured('concentration', was <= maximum, was, maximum, context.view.equityAsset);
  if (was <= maximum) return undefined;
  return { reason: 'concentration_over_limit', scope: { kind: 'asset', name: asset }, maximum, was };
}

/** The value of the asset that the order would bring; none of the asset that equity is counted in. */
function gainingOf(asset: string, order: Reservation): EquityAmount {
  let total = zero<EquityAmount>();
  for (const part of order.parts) {
    if (part.gainsExposure && part.gainedAsset === asset) total = add(total, part.worth);
  }
  return total;
}

export const dailyLoss: NewRiskCheck = (_order, { limits, view, log }) => {
  const maximum = limits.account.dailyLossMaximum;
  if (maximum === 'none') return log?.unlimited('daily_loss');
  const equity = view.equity();
  if (equity === undefined) return missing('equity', 'account');
  const start = view.dayStartEquity();
  if (start === undefined) return missing('day_start_equity', 'account');
  const was = subtract(start, equity);
  log?.measured('daily_loss', was <= maximum, was, maximum, view.equityAsset);
  return was <= maximum ? undefined : { reason: 'daily_loss_over_limit', maximum, was };
};

export const drawdown: NewRiskCheck = (_order, { limits, view, log }) => {
  const largest = limits.account.drawdownMaximum;
  if (largest === 'none') return log?.unlimited('drawdown');
  const equity = view.equity();
  if (equity === undefined) return missing('equity', 'account');
  const peak = view.peakEquity();
  if (peak === undefined) return missing('peak_equity', 'account');
  const maximum = share(peak, largest, 'receive');
  const was = subtract(peak, equity);
  log?.measured('drawdown', was <= maximum, was, maximum, view.equityAsset);
  return was <= maximum ? undefined : { reason: 'drawdown_over_limit', maximum, was };
};
