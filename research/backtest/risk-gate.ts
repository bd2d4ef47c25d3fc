import type { ExchangeFilters } from '@tradewind/core/market';
import { notional, type Price, type Quantity, settle } from '@tradewind/core/money';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import type { Portfolio } from '@tradewind/core/portfolio';
import type { Result } from '@tradewind/core/result';
import { NOTHING_TRIPPED, type Refusal, RiskDesk, type RiskLimits, type Trip } from '@tradewind/core/risk';
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
  /** Of each market, how many closed round trips the desk has heard of. */
  private readonly tripsToldOf: number[];

  constructor(
    { limits, exchangeFilters }: RiskOptions,
    startMs: number,
    markets: readonly MarketRun[],
    portfolio: Portfolio,
  ) {
    this.view = new BacktestRiskView(startMs, markets, portfolio, exchangeFilters);
    this.desk = new RiskDesk(limits, this.view, NOTHING_TRIPPED);
    this.markets = markets;
    this.tripsToldOf = markets.map(() => 0);
  }

  /** The breakers that have tripped: nobody re-arms them in a backtest. */
  get trips(): readonly Trip[] {
    return this.desk.breakers.trips;
  }

  review(intent: OrderIntent): Result<Approved<OrderIntent>, Refusal> {
    return this.desk.review(intent);
  }

  reviewList(list: OrderListIntent): Result<Approved<OrderListIntent>, Refusal> {
    return this.desk.reviewList(list);
  }

  filled({ exchange }: MarketRun, intent: OrderIntent, quantity: Quantity, price: Price): void {
    const { clientOrderId, strategy, side } = intent;
    const quote = settle(notional(price, quantity), side === 'BUY' ? 'pay' : 'receive');
    this.desk.executed(clientOrderId, quantity, quote);
    this.desk.ended(clientOrderId);
    // Of any market: a fee in a third asset may have ended a round trip in that one.
    for (const { place, roundTrips } of this.markets) {
      const trips = roundTrips.profits.length;
      if (trips === this.tripsToldOf[place]) continue;
      this.tripsToldOf[place] = trips;
      this.desk.roundTripClosed({
        strategy,
        realizedPnl: roundTrips.latest.toAmount(),
        atMs: exchange.openTimeMs,
      });
    }
  }

  ended({ clientOrderId }: OrderIntent): void {
    this.desk.ended(clientOrderId);
  }

  /** Bars have closed at `timeMs`, and fills are booked. */
  mark(timeMs: number): void {
    this.desk.equityChanged({ ...this.view.mark(timeMs), atMs: timeMs });
  }
}
