import type { Bars } from '@tradewind/core/market';
import { type Amount, formatAmount, fromUnits, quoteAmount, unitsOf } from '@tradewind/core/money';
import { measure, WARM_RUNS } from '../harness/measure.ts';
import { fillText, fingerprintOf, type Outcome } from '../harness/outcome.ts';
import { type BareOutcome, type FillColumns, runBareLoop } from './bare-loop.ts';
import type { EngineLine } from './engine.ts';
import { CASH, makeBars } from './market.ts';
import type { VariantOptions } from './options.ts';

/** The bare loop, measured as the engine is. */
export function run({ bars: count }: VariantOptions): EngineLine {
  const bars = makeBars(count);
  const cash = Number(unitsOf(quoteAmount(CASH)));
  const fills = columnsFor(bars);
  const turns = Array.from({ length: WARM_RUNS + 1 }, () => measure(() => runBareLoop(bars, cash, fills)));
  const [first, ...others] = turns as [(typeof turns)[number], ...typeof turns];
  const measurement = {
    name: 'floor',
    bars: count,
    cold: first.duration,
    warm: others.map(({ duration }) => duration),
    outcome: outcomeOf(first.result, fills),
  };
  return { measurements: [measurement], fills: [] };
}

/** Two averages of 12 and 26 bars do not cross more often than every fourth bar. */
function columnsFor({ length }: Bars): FillColumns {
  const capacity = Math.ceil(length / 4);
  return {
    times: new Float64Array(capacity),
    lots: new Float64Array(capacity),
    prices: new Float64Array(capacity),
    fees: new Float64Array(capacity),
  };
}

function outcomeOf(bare: BareOutcome, columns: FillColumns): Outcome {
  // The first fill is a BUY, and a position is closed before the next one.
  const texts = Array.from({ length: bare.fills }, (_, i) => {
    const side = i % 2 === 0 ? 'BUY' : 'SELL';
    return fillText(columns.times[i]!, side, columns.lots[i]!, columns.prices[i]!, format(columns.fees[i]!));
  });
  return {
    fills: bare.fills,
    fingerprint: fingerprintOf(texts),
    quote: format(bare.quote),
    base: format(bare.base),
    realizedPnl: format(bare.realizedPnl),
    drawdown: String(bare.drawdown),
    exposureSum: String(bare.exposureSum),
  };
}

const format = (atoms: number): string => formatAmount(fromUnits<Amount>(BigInt(atoms)));
