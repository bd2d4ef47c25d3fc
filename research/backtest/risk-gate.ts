import type { ExchangeFilters } from '@tradewind/core/market';
import {
  type Amount,
  notional,
  type Price,
  type Quantity,
  settle,
  subtract,
  zero,
} from '@tradewind/core/money';
import type { OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import type { Portfolio } from '@tradewind/core/portfolio';
import { NOTHING_TRIPPED, RiskDesk, type RiskLimits, type Trip } from '@tradewind/core/risk';
import type { MarketRun } from './market-run.ts';
import { BacktestRiskView } from './risk-view.ts';

/** What a run with limits is given beside them. */
export interface RiskOptions {
  readonly limits: RiskLimits;
  /** Filters over all symbols. */
  readonly exchangeFilters: ExchangeFilters;
}

/** Between the strategy and the simulated exchange: every order passes the risk desk that trading will use, breakers included. */
export class RiskGate {
  private readonly view: BacktestRiskView;
  private readonly desk: RiskDesk;
  /** Of each market, how many round trips had closed, and what they had brought. */
  private readonly closed = new Map<MarketRun, { trips: number; realized: Amount }>();

  constructor(
    { limits, exchangeFilters }: RiskOptions,
    startMs: number,
    markets: readonly MarketRun[],
    portfolio: Portfolio,
  ) {
    this.view = new BacktestRiskView(startMs, markets, portfolio, exchangeFilters);
    this.desk = new RiskDesk(limits, this.view, NOTHING_TRIPPED);
  }

  /** The breakers that have tripped: nobody re-arms them in a backtest. */
  get trips(): readonly Trip[] {
    return this.desk.breakers.trips;
  }

  /** Why an order may not be sent; undefined when it may, and then what it needs is reserved. */
  refusalOf(intent: OrderIntent): string | undefined {
    const verdict = this.desk.review(intent);
    return verdict.ok ? undefined : verdict.error.reason;
  }

  listRefusalOf(list: OrderListIntent): string | undefined {
    const verdict = this.desk.reviewList(list);
    return verdict.ok ? undefined : verdict.error.reason;
  }

  /** A fill is booked; it fills its order whole. */
  filled(
    market: MarketRun,
    { clientOrderId, strategy, side }: OrderIntent,
    quantity: Quantity,
    price: Price,
  ): void {
    const quote = settle(notional(price, quantity), side === 'BUY' ? 'pay' : 'receive');
    this.desk.executed(clientOrderId, quantity, quote);
    this.desk.ended(clientOrderId);
    const { roundTrips, exchange } = market;
    const before = this.closed.get(market) ?? { trips: 0, realized: zero<Amount>() };
    if (roundTrips.profits.length === before.trips) return;
    const realized = exchange.accounts.position.realized.toAmount();
    this.closed.set(market, { trips: roundTrips.profits.length, realized });
    const realizedPnl = subtract(realized, before.realized);
    this.desk.roundTripClosed({ strategy, realizedPnl, atMs: exchange.openTimeMs });
  }

  /** An order has left without a fill, or was never taken. */
  ended({ clientOrderId }: OrderIntent): void {
    this.desk.ended(clientOrderId);
  }

  /** Bars have closed at `timeMs`, and fills are booked. */
  mark(timeMs: number): void {
    this.desk.equityChanged({ ...this.view.mark(timeMs), atMs: timeMs });
  }
}
