import { formatAmount } from '@tradewind/core/money';
import type { BacktestOutcome } from '@tradewind/research/backtest';
import { type Measurement, measure, WARM_RUNS } from '../harness/measure.ts';
import { fillText, fingerprintOf, type Outcome } from '../harness/outcome.ts';
import type { PrepareTurns } from '../harness/turns.ts';
import { makeBars } from './market.ts';
import type { VariantOptions } from './options.ts';
import { loadStrategy } from './strategies.ts';

export interface EngineLine {
  readonly measurements: readonly Measurement[];
  /** Of the first strategy; empty unless asked for. */
  readonly fills: readonly string[];
}

/**
 * The backtest as a user gets it. Several strategies take turns, one run each, so that every warm run of one comes after
 * runs of all the others.
 */
export async function run(options: VariantOptions): Promise<EngineLine> {
  const runners = await Promise.all(options.strategies.map(loadStrategy));
  const bars = makeBars(options.bars);
  const turns: ReturnType<typeof measure<BacktestOutcome>>[][] = [];
  for (let turn = 0; turn <= WARM_RUNS; turn += 1) {
    turns.push(runners.map((runner) => measure(() => runner(bars))));
  }
  const [first, ...others] = turns as [(typeof turns)[number], ...typeof turns];
  const measurements = options.strategies.map((name, place) => ({
    name,
    bars: options.bars,
    cold: first[place]!.duration,
    warm: others.map((turn) => turn[place]!.duration),
    outcome: outcomeOf(first[place]!.result),
  }));
  return { measurements, fills: options.listFills ? fillTextsOf(first[0]!.result) : [] };
}

/** The first strategy, one run a turn. */
export const prepareTurns: PrepareTurns = async ({ bars: count, strategies: [name = ''] }) => {
  const runner = await loadStrategy(name);
  const bars = makeBars(count);
  let outcome: Outcome | undefined;
  return () => {
    const { result, duration } = measure(() => runner(bars));
    outcome ??= outcomeOf(result);
    return { duration, outcome };
  };
};

function outcomeOf(result: BacktestOutcome): Outcome {
  const { desk, portfolio, markets, curve } = result;
  const { instrument, exchange } = markets[0]!;
  const totalOf = (asset: string): string => formatAmount(portfolio.asset(asset).total());
  return {
    fills: desk.fills.length,
    fingerprint: fingerprintOf(fillTextsOf(result)),
    quote: totalOf(instrument.quoteAsset),
    base: totalOf(instrument.baseAsset),
    realizedPnl: formatAmount(exchange.accounts.position.realized.toAmount()),
    drawdown: String(curve.deepestDrawdown),
    exposureSum: String(curve.shareSum),
  };
}

const fillTextsOf = ({ desk }: BacktestOutcome): string[] =>
  Array.from(desk.fills, ({ timeMs, side, lots, price, fee }) =>
    fillText(timeMs, side, lots, price, formatAmount(fee)),
  );
