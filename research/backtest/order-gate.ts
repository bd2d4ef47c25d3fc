import type { Price, Quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import type { Result } from '@tradewind/core/result';
import { approveListOnFilters, approveOnFilters, type Refusal, type UnfitOrder } from '@tradewind/core/risk';
import type { MarketRun } from './market-run.ts';

/** What stands between the strategy and the simulated exchange: the one place where orders are approved. It hears what becomes of them. */
export interface OrderGate {
  review(intent: OrderIntent, market: MarketRun): Result<Approved<OrderIntent>, Refusal>;
  reviewList(list: OrderListIntent, market: MarketRun): Result<Approved<OrderListIntent>, Refusal>;
  /** A fill is booked; it fills its order whole. */
  filled(market: MarketRun, intent: OrderIntent, quantity: Quantity, price: Price): void;
  /** An order has left without a fill, or was never taken. */
  ended(intent: OrderIntent): void;
  /** Bars have closed at `timeMs`, and fills are booked. */
  mark(timeMs: number): void;
}

/** The gate of a run without limits: terms and filters. Balances are the exchange's own check. */
export class FiltersGate implements OrderGate {
  review(intent: OrderIntent, market: MarketRun): Result<Approved<OrderIntent>, UnfitOrder> {
    return approveOnFilters(intent, market.instrument, market, market.load);
  }

  reviewList(list: OrderListIntent, market: MarketRun): Result<Approved<OrderListIntent>, UnfitOrder> {
    return approveListOnFilters(list, market.instrument, market, market.load);
  }

  filled(): void {}

  ended(): void {}

  mark(): void {}
}
