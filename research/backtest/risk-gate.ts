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
import type { OrderGate } from './order-gate.ts';
import { BacktestRiskView } from './risk-view.ts';

/** What a run with limits is given beside them. */
export interface RiskOptions {
  readonly limits: RiskLimits;
  /** Filters over all symbols. */
  readonly exchangeFilters: ExchangeFilters;
}

/** Lets every order pass the risk desk that trading will use, breakers included. */
export class RiskGate implements OrderGate {
  private readonly view: BacktestRiskView;
  private readonly desk: RiskDesk;
  private readonly markets: readonly MarketRun[];
  /** Of each market, how many round trips had closed, and what they had brought. */
  private readonly closed: { trips: number; realized: Amount }[];

  constructor(
    { limits, exchangeFilters }: RiskOptions,
    startMs: number,
    markets: readonly MarketRun[],
    portfolio: Portfolio,
  ) {
    this.view = new BacktestRiskView(startMs, markets, portfolio, exchangeFilters);
    this.desk = new RiskDesk(limits, this.view, NOTHING_TRIPPED);
    this.markets = markets;
    this.closed = markets.map(() => ({ trips: 0, realized: zero() }));
  }

  /** The breakers that have tripped: nobody re-arms them in a backtest. */
  get trips(): readonly Trip[] {
    return this.desk.breakers.trips;
  }

  refusalOf(intent: OrderIntent): string | undefined {
    const verdict = this.desk.review(intent);
    return verdict.ok ? undefined : verdict.error.reason;
  }

  listRefusalOf(list: OrderListIntent): string | undefined {
    const verdict = this.desk.reviewList(list);
    return verdict.ok ? undefined : verdict.error.reason;
  }

  filled(place: number, intent: OrderIntent, quantity: Quantity, price: Price): void {
    const { clientOrderId, strategy, side } = intent;
    const quote = settle(notional(price, quantity), side === 'BUY' ? 'pay' : 'receive');
    this.desk.executed(clientOrderId, quantity, quote);
    this.desk.ended(clientOrderId);
    const { roundTrips, exchange } = this.markets[place]!;
    const before = this.closed[place]!;
    const trips = roundTrips.profits.length;
    if (trips === before.trips) return;
    const realized = exchange.accounts.position.realized.toAmount();
    this.closed[place] = { trips, realized };
    const realizedPnl = subtract(realized, before.realized);
    this.desk.roundTripClosed({ strategy, realizedPnl, atMs: exchange.openTimeMs });
  }

  ended({ clientOrderId }: OrderIntent): void {
    this.desk.ended(clientOrderId);
  }

  /** Bars have closed at `timeMs`, and fills are booked. */
  mark(timeMs: number): void {
    this.desk.equityChanged({ ...this.view.mark(timeMs), atMs: timeMs });
  }
}
