import { gapsOf, openTimeOf, stepOf, tickOf } from '@tradewind/core/market';
import { formatAmount, formatPrice } from '@tradewind/core/money';
import { formatParameter, type ParameterSpecs, type ParameterValues } from '@tradewind/core/strategy';
import type { RunFacts, SeriesRecord } from '@tradewind/research/backtest';
import type { ReadLimits } from '@tradewind/research/risk-limits';
import type { BacktestRequest, FillOptions } from './backtest-options.ts';
import type { Market, Markets } from './find-markets.ts';
import type { FoundStrategy } from './find-strategy.ts';
import type { Cash } from './read-values.ts';
import { VERSION } from './version.ts';

/** All that a run starts with, found and checked. */
export interface Preparation extends Markets {
  readonly request: BacktestRequest;
  readonly strategy: FoundStrategy;
  readonly values: ParameterValues<ParameterSpecs>;
  readonly cash: readonly Cash[];
  readonly limits: ReadLimits | undefined;
}

/** What the result says of where it comes from. No path: equal inputs give equal results wherever they lie. */
/** @param duringRun  warnings that only the run itself could give */
export function factsOf(
  { request, strategy, values, markets, cash, limits }: Preparation,
  duringRun: readonly string[],
): RunFacts {
  const { definition, sha256 } = strategy;
  const { data, fromMs, toMs, fills } = request;
  const parameters = Object.entries(definition.parameters).map(([name, spec]) => [
    name,
    formatParameter(spec, values[name]!),
  ]);
  return {
    version: VERSION,
    strategy: { name: definition.name, sha256 },
    parameters: Object.fromEntries(parameters),
    data: markets.map(recordOf),
    interval: markets[0]!.series.bars.interval.name,
    ...(fromMs === undefined ? {} : { from: fromMs }),
    ...(toMs === undefined ? {} : { to: toMs }),
    ...(data.kind === 'synthetic' ? { seed: data.seed } : {}),
    cash: Object.fromEntries(cash.map(({ asset, amount }) => [asset, formatAmount(amount)])),
    fill_assumptions: assumptionsOf(fills),
    limits: limits?.content,
    warnings: [...markets.flatMap(({ warnings, series }) => [...warnings, ...series.warnings]), ...duringRun],
  };
}

function recordOf({ instrument, source, series, detail, isTraded }: Market): SeriesRecord {
  const { bars, sha256, madeFrom, roundedValues } = series;
  return {
    symbol: bars.symbol,
    ...(isTraded ? {} : { prices_only: true }),
    interval: bars.interval.name,
    bars: bars.length,
    first: openTimeOf(bars, 0),
    last: openTimeOf(bars, bars.length - 1),
    sha256,
    ...(madeFrom === undefined ? {} : { made_from: madeFrom.name }),
    gaps: gapsOf(bars).map(({ fromMs, missing }) => ({ from: fromMs, missing })),
    instrument: source,
    tick: formatPrice(tickOf(instrument)),
    step: formatAmount(stepOf(instrument)),
    rounded_values: roundedValues,
    ...(detail === undefined ? {} : { detail: detailOf(detail.bars, detail.sha256) }),
  };
}

const detailOf = ({ interval, length }: Market['series']['bars'], sha256: string) => ({
  interval: interval.name,
  bars: length,
  sha256,
});

const assumptionsOf = ({ rates, limitFill, discount }: FillOptions): RunFacts['fill_assumptions'] => ({
  maker_fee: rates.makerFee,
  taker_fee: rates.takerFee,
  slippage_bps: rates.slippageBps,
  limit_fill: limitFill,
  ...(discount === undefined ? {} : { fee_asset: discount.asset, fee_discount: rates.feeDiscount }),
});
