import { type FillAssumptions, Slippage } from '@tradewind/core/matching/bars';
import { amount, type Fraction, formatAmount, formatPrice, ratio, toFraction } from '@tradewind/core/money';
import {
  defineStrategy,
  type ParameterSpecs,
  readParameters,
  type Strategy,
  type StrategyDefinition,
} from '@tradewind/core/strategy';
import { type TestRules, testBars, testInstrument } from '../../core/market/market.test-support.ts';
import { type BacktestOutcome, type MarketData, runBacktest } from './index.ts';

// With the builders of its bars and symbols, so that a test of a backtest finds them in one place.
export { still, type TestRules, testBars, testInstrument } from '../../core/market/market.test-support.ts';

export const testMarket = (pair: string, texts: readonly string[], rules: TestRules = {}): MarketData => {
  const instrument = testInstrument(pair, rules);
  return { instrument, bars: testBars(instrument.symbol, texts) };
};

export const fractionOf = (text: string): Fraction => toFraction(ratio(text))!;

/** No slippage; the maker's fee 0.0005 and the taker's 0.001, so that a test sees which was paid. */
const plainAssumptions: FillAssumptions = {
  fees: { maker: fractionOf('0.0005'), taker: fractionOf('0.001') },
  slippage: new Slippage(0, 1),
  limitFill: 'through',
};

export interface Play {
  readonly markets: readonly MarketData[];
  /** Amounts such as '1000 USDT'; 1000 of the quote asset when left out. */
  readonly cash?: readonly string[];
  /** Parameters as on the command line. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly assumptions?: Partial<FillAssumptions>;
  readonly sampleLines?: boolean;
}

/** Runs a strategy on small markets and lists its orders. */
export function play<Specs extends ParameterSpecs>(
  definition: StrategyDefinition<Specs>,
  { markets, cash, parameters = {}, assumptions = {}, sampleLines = false }: Play,
): BacktestOutcome {
  const values = readParameters(definition.parameters, new Map(Object.entries(parameters)));
  if (!values.ok) throw new Error(JSON.stringify(values.error));
  const [{ instrument, bars }] = markets as readonly [MarketData, ...MarketData[]];
  return runBacktest({
    definition,
    values: values.value,
    setup: { symbols: markets.map((market) => market.instrument.symbol), interval: bars.interval.name },
    markets,
    cash: (cash ?? [`1000 ${instrument.quoteAsset}`]).map((text) => {
      const [size = '', asset = ''] = text.split(' ');
      return { asset, amount: amount(asset, size) };
    }),
    assumptions: { ...plainAssumptions, ...assumptions },
    listOrders: true,
    sampleLines,
  });
}

/** A strategy without parameters and warm-up, made of nothing but callbacks. */
export const scripted = (
  create: StrategyDefinition<Record<never, never>>['create'],
  more: Partial<Pick<StrategyDefinition<Record<never, never>>, 'inputs' | 'warmup'>> = {},
): StrategyDefinition<Record<never, never>> =>
  defineStrategy({
    name: 'scripted',
    summary: 'For a test.',
    parameters: {},
    warmup: () => 0,
    create,
    ...more,
  });

/** Callbacks by the place of the bar, from 0, of the main market. */
export const atBars =
  (steps: Readonly<Record<number, () => void>>, more: Strategy = {}): (() => Strategy) =>
  () => {
    let place = -1;
    return {
      ...more,
      onBar: () => {
        place += 1;
        steps[place]?.();
      },
    };
  };

/** Each fill as 'minute side quantity @ price, fee asset liquidity (tag)'. */
export function fillsOf({ desk, markets }: BacktestOutcome): string[] {
  return [...desk.fills].map((fill) => {
    const { grid } = markets[fill.market]!.exchange;
    const what = `${fill.side} ${formatAmount(grid.quantityOf(fill.lots))} @ ${formatPrice(grid.priceOf(fill.price))}`;
    const tag = fill.tag === '' ? '' : ` (${fill.tag})`;
    return `${fill.timeMs / 60_000} ${what}, ${formatAmount(fill.fee)} ${fill.feeAsset} ${fill.liquidity}${tag}`;
  });
}

/** Each order as 'type side tag: outcome reason', without the numbers of the reason. */
export function ordersOf({ orders }: BacktestOutcome): string[] {
  return [...orders!].map(({ intent, outcome, reason }) =>
    `${intent.terms.type} ${intent.side} ${intent.tag}: ${outcome} ${reason.split(':')[0]}`.trim(),
  );
}

export function freeOf({ portfolio }: BacktestOutcome, asset: string): string {
  return formatAmount(portfolio.asset(asset).balance(0).toAmount());
}
