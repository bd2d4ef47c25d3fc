import {
  type Amount,
  add,
  formatAmount,
  isPositive,
  isZero,
  negate,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  settle,
  subtract,
} from '@tradewind/core/money';
import { Account, type AssetBook, equityOf } from '@tradewind/core/portfolio';
import { invariant } from '@tradewind/core/result';
import {
  buyAndHoldReturn,
  cagr,
  calmar,
  expectancy,
  meanExposure,
  periodReturns,
  profitFactor,
  sharpe,
  sortino,
  timeInMarket,
  turnover,
  volatility,
  winRate,
} from '@tradewind/core/statistics';
import type { BacktestOutcome } from './backtest.ts';
import type { Summary } from './result.ts';

/** The market never closes. */
export const PERIODS_PER_YEAR = 365;

export function summaryOf(outcome: BacktestOutcome): Summary {
  const { markets, traded, portfolio, desk, curve } = outcome;
  const profits = markets.flatMap(({ roundTrips }) => roundTrips.profits);
  const returns = dailyReturnsOf(outcome);
  const quoteAsset = markets[0]!.instrument.quoteAsset;
  const initialEquity = initialEquityOf(outcome);
  const finalEquity = finalEquityOf(outcome);
  const growth = cagr(curve.dailyEquity, PERIODS_PER_YEAR);
  const fall = curve.deepestDrawdown;
  const turnedOver = markets.reduce((sum, market) => sum + market.traded, 0);
  return {
    quote_asset: quoteAsset,
    initial_equity: formatAmount(initialEquity),
    final_equity: formatAmount(finalEquity),
    net_profit: formatAmount(subtract(finalEquity, initialEquity)),
    bars: traded.reduce((sum, { cursor }) => sum + cursor.bars.length, 0),
    fills: desk.fills.length,
    orders: desk.orders,
    round_trips: profits.length,
    ...figures({
      win_rate: winRate(profits),
      profit_factor: profitFactor(profits),
      expectancy: expectancy(profits),
      max_drawdown: fall,
      sharpe: returns && sharpe(returns, PERIODS_PER_YEAR),
      sortino: returns && sortino(returns, PERIODS_PER_YEAR),
      calmar: calmar(growth, fall),
      cagr: growth,
      volatility: returns && volatility(returns, PERIODS_PER_YEAR),
      exposure: meanExposure({ sum: curve.shareSum, periods: curve.marks }),
      time_in_market: timeInMarket({ held: curve.barsHeld, periods: curve.marks }),
      buy_and_hold_return: meanOf(traded.map(({ cursor }) => buyAndHoldReturn(cursor.bars.close))),
      turnover: turnover(turnedOver, curve.dailyEquity),
    }),
    fees_paid: feesPaid(portfolio.assets()),
    refused_orders: Object.fromEntries([...desk.refusals].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Returns of UTC days; undefined when equity was lost whole, after which a return has no meaning. */
export const dailyReturnsOf = ({ curve }: BacktestOutcome): number[] | undefined =>
  periodReturns(curve.dailyEquity);

/** What was paid in: the quote asset as it is, base assets at what they were worth when the run began. */
function initialEquityOf({ markets, portfolio }: BacktestOutcome): QuoteAmount {
  let equity = deposited<QuoteAmount>(portfolio.asset(markets[0]!.instrument.quoteAsset));
  for (const { instrument, openingPrice } of markets) {
    const base = deposited<Quantity>(portfolio.asset(instrument.baseAsset));
    if (isPositive(base)) equity = add(equity, worth(openingPrice, base));
  }
  return equity;
}

/** With what is held of each base at its last close. */
function finalEquityOf({ markets, portfolio }: BacktestOutcome): QuoteAmount {
  const equity = equityOf(portfolio, markets[0]!.instrument.quoteAsset, markets);
  invariant(equity !== undefined, 'every market of a run has closed a bar');
  return equity;
}

const worth = (price: Price, quantity: Quantity): QuoteAmount => settle(notional(price, quantity), 'receive');

const deposited = <A extends Amount>(book: AssetBook): A =>
  negate(book.balance(Account.funding).toAmount<A>()) as A;

function feesPaid(books: Iterable<AssetBook>): Record<string, string> {
  const paid = [...books].map((book) => [book.asset, book.balance(Account.fees).toAmount()] as const);
  const some = paid.filter(([, amount]) => !isZero(amount)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(some.map(([asset, amount]) => [asset, formatAmount(amount)]));
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum / values.length;
}

type Figures<T> = { [Name in keyof T]?: number };

/** Leaves out what has no value. */
function figures<T extends Readonly<Record<string, number | undefined>>>(values: T): Figures<T> {
  const kept: Figures<T> = {};
  for (const name of Object.keys(values) as (keyof T)[]) {
    const value = values[name];
    if (value !== undefined && Number.isFinite(value)) kept[name] = round(value);
  }
  return kept;
}

/** Twelve digits: the last ones of a double may differ where a machine computes a power differently. */
export const round = (value: number): number => Number(value.toPrecision(12));
