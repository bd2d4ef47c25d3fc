import { formatAmount, formatPrice } from '@tradewind/core/money';
import { limitPriceOf, type OrderIntent, triggerOf } from '@tradewind/core/orders';
import type { Trip } from '@tradewind/core/risk';
import type { BacktestOutcome } from './backtest.ts';
import { hashOf } from './canonical-json.ts';
import type { BacktestResult, FillRecord, OrderRecord, RunRecord } from './result.ts';
import { dailyReturnsOf, PERIODS_PER_YEAR, round, summaryOf } from './summary-of.ts';

type Found = 'parameters_sha256' | 'risk' | 'returns' | 'engine_seconds' | 'bars_per_second';

/** What the outcome does not know of its own run. */
export interface RunFacts extends Omit<RunRecord, Found> {
  /** Of a run with risk limits: what the limits were read from. */
  readonly limits: object | undefined;
}

/** @param engineSeconds  how long the run took, without reading the data */
export function resultOf(
  outcome: BacktestOutcome,
  { limits, ...facts }: RunFacts,
  engineSeconds: number,
): BacktestResult {
  const summary = summaryOf(outcome);
  const fills = fillsOf(outcome);
  const expired_at_end = outcome.desk.unfilled.map(orderRecordOf);
  const run = {
    ...facts,
    risk: riskOf(outcome.trips, limits),
    parameters_sha256: hashOf(facts.parameters),
    returns: { count: dailyReturnsOf(outcome)?.length ?? 0, periods_per_year: PERIODS_PER_YEAR },
  };
  // What the clock measured differs from run to run and is no part of the result.
  const result_hash = hashOf({ summary, run, fills, expired_at_end });
  const measured = {
    engine_seconds: round(engineSeconds),
    bars_per_second: Math.round(summary.bars / engineSeconds),
  };
  return { summary, run: { ...run, ...measured }, fills, expired_at_end, result_hash };
}

function riskOf(trips: readonly Trip[] | undefined, limits: object | undefined): RunRecord['risk'] {
  if (trips === undefined || limits === undefined) return 'filters and balance only';
  const tripped = trips.map(({ atMs, scope, cause, state }) => ({
    time: atMs,
    scope: 'name' in scope ? `${scope.kind} ${scope.name}` : scope.kind,
    cause: cause.kind,
    state,
  }));
  return { limits_sha256: hashOf(limits), tripped };
}

function fillsOf({ desk, markets }: BacktestOutcome): FillRecord[] {
  return Array.from(desk.fills, ({ timeMs, market, side, lots, price, fee, feeAsset, liquidity, tag }) => {
    const { exchange, instrument } = markets[market]!;
    return {
      time: timeMs,
      symbol: instrument.symbol,
      side,
      quantity: formatAmount(exchange.grid.quantityOf(lots)),
      price: formatPrice(exchange.grid.priceOf(price)),
      fee: formatAmount(fee),
      fee_asset: feeAsset,
      liquidity,
      tag,
    };
  });
}

export function orderRecordOf(intent: OrderIntent): OrderRecord {
  const { clientOrderId, symbol, side, terms, tag, decidedAtMs } = intent;
  const price = limitPriceOf(terms);
  const { stopPrice, trailingDeltaBps } = triggerOf(terms) ?? {};
  return {
    time: decidedAtMs,
    client_order_id: clientOrderId,
    symbol,
    side,
    type: terms.type,
    ...(terms.quantity === undefined
      ? { quote_amount: formatAmount(terms.quoteAmount) }
      : { quantity: formatAmount(terms.quantity) }),
    ...(price === undefined ? {} : { price: formatPrice(price) }),
    ...(stopPrice === undefined ? {} : { stop_price: formatPrice(stopPrice) }),
    ...(trailingDeltaBps === undefined ? {} : { trailing_delta_bps: trailingDeltaBps }),
    tag,
  };
}
