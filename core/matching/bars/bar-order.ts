import type { Lots, Ticks } from '../../market/index.ts';
import { Tally } from '../../money/index.ts';
import { isStopLoss, type OrderIntent, type StopType } from '../../orders/index.ts';
import type { AssetBook } from '../../portfolio/index.ts';
import type { ContingencyRole, ListPhase } from '../contingency.ts';
import type { CountedTerms, NotCountable } from '../counted.ts';
import type { TrailingStop } from '../trigger.ts';

/** What an order has locked. The legs of an OCO share one. */
export class Lock {
  readonly book: AssetBook;
  readonly amount = new Tally();

  constructor(book: AssetBook) {
    this.book = book;
  }
}

/** The legs of an order list as the bar matching sees them, in the order they were placed. */
export interface BarOrderList {
  readonly clientOrderId: string;
  phase: ListPhase;
  readonly legs: BarOrder[];
}

export type BarOrderState = 'pending' | 'open' | 'filled' | 'canceled' | 'expired';

/** One order at the bar exchange: its terms counted in the market's grid, and where it stands. */
export class BarOrder {
  readonly intent: OrderIntent;
  readonly isBuy: boolean;
  /** Zero for a market order by quote amount. */
  readonly lots: Lots;
  /** The limit price; zero when there is none. */
  readonly limit: Ticks;
  readonly stopType: StopType | undefined;
  /** The stop price; zero when there is none. */
  readonly stop: Ticks;
  readonly trailing: TrailingStop | undefined;
  /** What of the terms cannot be counted in the grid; such an order is never opened. */
  readonly uncounted: NotCountable | undefined;
  state: BarOrderState = 'open';
  /** A stop that has fired is a market or limit order from then on. */
  isTriggered = false;
  /** Until the first bar it could trade in is over: a limit that trades at that bar's open is a taker. */
  isArriving = true;
  lock: Lock | undefined = undefined;
  list: BarOrderList | undefined = undefined;
  role: ContingencyRole = 'contingent';

  constructor(
    intent: OrderIntent,
    { quantity, price, stopPrice }: CountedTerms,
    stopType: StopType | undefined,
    trailing: TrailingStop | undefined,
    uncounted: NotCountable | undefined,
  ) {
    this.intent = intent;
    this.isBuy = intent.side === 'BUY';
    this.lots = quantity;
    this.limit = price;
    this.stop = stopPrice;
    this.stopType = stopType;
    this.trailing = trailing;
    this.uncounted = uncounted;
  }

  /** A stop that has not fired yet. */
  get waitsForStop(): boolean {
    return this.stop !== 0 && !this.isTriggered;
  }

  /** A trailing stop that has not fired yet. */
  get trails(): boolean {
    return this.trailing !== undefined && !this.isTriggered;
  }

  get isStopLoss(): boolean {
    return this.stopType !== undefined && isStopLoss(this.stopType);
  }
}
