import { firstIndexFrom, openTimeOf } from '@tradewind/core/market';
import { FeeDiscount, type FillAssumptions } from '@tradewind/core/matching/bars';
import type { Amount, Fraction } from '@tradewind/core/money';
import { Portfolio } from '@tradewind/core/portfolio';
import type { Trip } from '@tradewind/core/risk';
import {
  inputsOf,
  type ParameterSpecs,
  type ParameterValues,
  type Setup,
  type StrategyDefinition,
  StrategyHost,
} from '@tradewind/core/strategy';
import { EquityCurve } from './equity-curve.ts';
import { ExchangeDesk } from './exchange-desk.ts';
import { LineLog } from './line-log.ts';
import { type MarketData, MarketRun } from './market-run.ts';
import { OrderLog } from './order-log.ts';
import { RiskGate, type RiskOptions } from './risk-gate.ts';
import { RunFailure } from './run-failure.ts';
import { runTimeline } from './run-timeline.ts';
import { Timeline } from './timeline.ts';

export interface BacktestOptions<Specs extends ParameterSpecs> {
  readonly definition: StrategyDefinition<Specs>;
  readonly values: ParameterValues<Specs>;
  readonly setup: Setup;
  /** One for each symbol of the setup, in its order, then those that only give prices; all quoted in the same asset. */
  readonly markets: readonly MarketData[];
  /** What the account starts with. */
  readonly cash: readonly { readonly asset: string; readonly amount: Amount }[];
  readonly assumptions: FillAssumptions;
  /** Fees are paid in this asset, of which one of the markets is the base, while there is enough of it. */
  readonly feeDiscount?: { readonly asset: string; readonly multiplier: Fraction };
  /** Limits that every order must pass; without them only filters and the balance are checked. */
  readonly risk?: RiskOptions;
  /** Bars that close up to then, epoch ms, are only seen: orders are refused as in the warm-up. */
  readonly tradesAfterMs?: number;
  /** Whether the outcome lists every order: in long runs that is much memory. */
  readonly listOrders?: boolean;
  /** Whether the outcome has the values of the chart lines at every bar. */
  readonly sampleLines?: boolean;
}

export interface BacktestOutcome {
  readonly markets: readonly MarketRun[];
  /** Those of them that the strategy trades. */
  readonly traded: readonly MarketRun[];
  readonly portfolio: Portfolio;
  readonly desk: ExchangeDesk;
  readonly curve: EquityCurve;
  readonly orders: OrderLog | undefined;
  readonly lines: LineLog | undefined;
  /** The breakers that tripped; undefined in a run without limits. */
  readonly trips: readonly Trip[] | undefined;
}

/**
 * Runs a strategy over history by the fill contract of docs/fills.md.
 * @throws RunFailure when the strategy throws
 */
export function runBacktest<Specs extends ParameterSpecs>(options: BacktestOptions<Specs>): BacktestOutcome {
  const { definition, values, setup, cash, assumptions } = options;
  const orders = options.listOrders ? new OrderLog() : undefined;
  const desk = new ExchangeDesk(orders, options.tradesAfterMs);
  const portfolio = new Portfolio();
  for (const { asset, amount } of cash) portfolio.deposit(asset, amount);
  const discount = options.feeDiscount && discountOf(options.feeDiscount, portfolio, () => markets);
  const markets: MarketRun[] = cutToTraded(options.markets, setup).map(
    (data, place) => new MarketRun(place, data, portfolio, assumptions, desk, discount),
  );
  for (const market of markets) desk.add(market);
  const bySymbol = new Map(markets.map((market) => [market.instrument.symbol, market]));
  const timeline = new Timeline(markets, setup.symbols, inputsOf(definition, setup, values));
  const host = new StrategyHost(
    {
      definition,
      values,
      setup,
      instruments: new Map(markets.map(({ instrument }) => [instrument.symbol, instrument])),
      portfolio,
      desk,
      priceOf: (symbol) => bySymbol.get(symbol)!,
    },
    timeline.views,
  );
  desk.serve(host);
  const lines = options.sampleLines ? new LineLog(host.lines) : undefined;
  const { startMs } = timeline;
  const quote = portfolio.asset(markets[0]!.instrument.quoteAsset);
  const gate = options.risk && new RiskGate(options.risk, startMs, markets, portfolio);
  if (gate !== undefined) desk.guard(gate);
  const curve = new EquityCurve(startMs, markets, quote);
  try {
    runTimeline({ timeline, host, desk, curve, gate, lines });
  } catch (cause) {
    throw new RunFailure({ barOpenMs: timeline.latestOpenMs, nowMs: host.nowMs }, { cause });
  }
  const traded = markets.filter(({ instrument }) => setup.symbols.includes(instrument.symbol));
  return { markets, traded, portfolio, desk, curve, orders, lines, trips: gate?.trips };
}

/** Markets that are only there for their prices are played as long as something is traded: their years would thin out every annual figure. */
function cutToTraded(markets: readonly MarketData[], { symbols }: Setup): readonly MarketData[] {
  const traded = markets.filter(({ instrument }) => symbols.includes(instrument.symbol));
  const fromMs = Math.min(...traded.map(({ bars }) => openTimeOf(bars, 0)));
  const toMs = Math.max(...traded.map(({ bars }) => bars.interval.endOf(openTimeOf(bars, bars.length - 1))));
  return markets.map((market) => {
    if (traded.includes(market)) return market;
    const { bars } = market;
    return { ...market, window: { first: firstIndexFrom(bars, fromMs), end: firstIndexFrom(bars, toMs) } };
  });
}

/** The fee asset costs what its own market traded at before the bars that are open now: their closes are not known yet. */
function discountOf(
  { asset, multiplier }: NonNullable<BacktestOptions<ParameterSpecs>['feeDiscount']>,
  portfolio: Portfolio,
  markets: () => readonly MarketRun[],
): FeeDiscount {
  const price = () => {
    const market = markets().find(({ instrument }) => instrument.baseAsset === asset);
    if (market === undefined || market.previousClose === 0) return undefined;
    return { ticks: market.previousClose, decimals: market.exchange.grid.priceDecimals };
  };
  return new FeeDiscount(portfolio.asset(asset), multiplier, price);
}
