import type { Bars } from '@tradewind/core/market';
import { type ParameterSpecs, readParameters, type StrategyDefinition } from '@tradewind/core/strategy';
import { type BacktestOutcome, runBacktest } from '@tradewind/research/backtest';
import { assumptions, cash, FRACTION, instrument } from './market.ts';

/** Runs one strategy over bars, from nothing to the end of the data. */
export type Runner = (bars: Bars) => BacktestOutcome;

/** Imported one by one, so that a process knows no other strategy than those it runs. */
const STRATEGIES: Readonly<Record<string, () => Promise<Runner>>> = {
  'ema-cross': async () => runnerOf((await import('../../strategies/ema-cross.ts')).default),
  'rsi-mean-reversion': async () =>
    runnerOf((await import('../../strategies/rsi-mean-reversion.ts')).default),
  'donchian-breakout': async () => runnerOf((await import('../../strategies/donchian-breakout.ts')).default),
  'five-indicators': async () => runnerOf((await import('../strategies/five-indicators.ts')).fiveIndicators),
};

export async function loadStrategy(name: string): Promise<Runner> {
  const load = STRATEGIES[name];
  if (load === undefined)
    throw new Error(`unknown strategy '${name}': ${Object.keys(STRATEGIES).join(', ')}`);
  return load();
}

export function runnerOf<Specs extends ParameterSpecs>(definition: StrategyDefinition<Specs>): Runner {
  const values = readParameters(definition.parameters, new Map([['fraction', FRACTION]]));
  if (!values.ok) throw new Error(`${definition.name} takes no fraction of ${FRACTION}`);
  const setup = { symbols: [instrument.symbol], interval: '1m' } as const;
  return (bars) =>
    runBacktest({
      definition,
      values: values.value,
      setup,
      markets: [{ instrument, bars }],
      cash,
      assumptions,
    });
}
