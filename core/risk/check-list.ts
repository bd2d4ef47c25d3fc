import type { CheckLog } from './check-log.ts';
import {
  type Check,
  limitsStated,
  type NewRiskCheck,
  onlyReduces,
  openOrders,
  orderNotional,
  orderRate,
  orderShareOfEquity,
  priceCollar,
  sufficientBalance,
  venueFilters,
  venueOpenCounts,
} from './checks.ts';
import type { RiskContext } from './context.ts';
import {
  accountExposure,
  assetExposure,
  concentration,
  dailyLoss,
  drawdown,
  position,
  strategyExposure,
  symbolExposure,
} from './exposure-checks.ts';
import type { Refusal } from './refusal.ts';
import type { NewRisk, Reservation } from './reservation.ts';

type Named<C> = readonly (readonly [name: string, check: C])[];

/**
 * The order of checks is contract; the first refusal wins. Before these lists: a halt, the terms and ids, the instrument,
 * and sizing (a fresh reference price for new risk).
 */
const EVERY_ORDER: Named<Check> = [
  ['only_reduces', onlyReduces],
  ['venue_filters', venueFilters],
  ['venue_open_counts', venueOpenCounts],
  ['price_collar', priceCollar],
  ['sufficient_balance', sufficientBalance],
  ['order_rate', orderRate],
];
/** Not asked of an order that only reduces a position: getting out stays possible when a limit is reached or a value missing. */
const NEW_RISK: Named<NewRiskCheck> = [
  ['order_notional', orderNotional],
  ['order_share_of_equity', orderShareOfEquity],
  ['open_orders', openOrders],
  ['position', position],
  ['symbol_exposure', symbolExposure],
  ['asset_exposure', assetExposure],
  ['strategy_exposure', strategyExposure],
  ['account_exposure', accountExposure],
  ['concentration', concentration],
  ['daily_loss', dailyLoss],
  ['drawdown', drawdown],
];

/** What stands against an order that has been sized up, or undefined. */
export function checkAll(order: Reservation, context: RiskContext): Refusal | undefined {
  const refusal = firstRefusal(EVERY_ORDER, order, context);
  if (refusal !== undefined || order.reduces) return refusal;
  // Sizing has found the reference price and `limitsStated` the limits, which is what makes it a `NewRisk`.
  return (
    noted('limits_stated', limitsStated(order, context), context.log) ??
    firstRefusal(NEW_RISK, order as NewRisk, context)
  );
}

/** Takes down that a check is over, and hands on what it said. */
export function noted(
  check: string,
  refusal: Refusal | undefined,
  log: CheckLog | undefined,
): Refusal | undefined {
  log?.ended(check, refusal === undefined);
  return refusal;
}

function firstRefusal<Order>(
  checks: Named<(order: Order, context: RiskContext) => Refusal | undefined>,
  order: Order,
  context: RiskContext,
): Refusal | undefined {
  for (const [name, check] of checks) {
    const refusal = noted(name, check(order, context), context.log);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
