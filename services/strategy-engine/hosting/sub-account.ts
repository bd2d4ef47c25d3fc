import type { Instrument } from '@tradewind/core/market';
import { type Price, Tally } from '@tradewind/core/money';
import { Portfolio, type PositionState, type Posting } from '@tradewind/core/portfolio';
import type { CommittedEvent } from '@tradewind/proto';
import { OrderLocks } from './order-locks.ts';
import type { TrackedOrders } from './tracked-orders.ts';

/**
 * What a strategy owns, as its committed events tell: the books that order execution keeps, with what its open orders hold back
 * locked, as the exchange locks it. A strategy so sees in trading what it sees in a backtest.
 */
export class SubAccount {
  private readonly strategy: string;
  private readonly instruments: ReadonlyMap<string, Instrument>;
  /** A plain one: `AccountBooks` would note every movement, and locks move all the time. */
  readonly portfolio = new Portfolio();
  private readonly locks: OrderLocks;

  constructor(strategy: string, instruments: ReadonlyMap<string, Instrument>) {
    this.strategy = strategy;
    this.instruments = instruments;
    this.locks = new OrderLocks(this.portfolio, instruments);
  }

  /** Sets everything as a ledger has it. */
  restore(balances: readonly Posting[], positions: readonly PositionState[]): void {
    this.post(balances);
    for (const position of positions) this.restorePosition(position);
  }

  /** Takes over the movements of an event, if it has any of this strategy. */
  apply(event: CommittedEvent): void {
    if (event.kind !== 'fill' && event.kind !== 'balance') return;
    this.post(event.postings);
    if (event.position !== undefined) this.restorePosition(event.position);
    if (event.kind === 'fill' && event.feePosition !== undefined) this.restorePosition(event.feePosition);
  }

  /** Locks what the open orders need now; what they do not need any more is free again. */
  lockFor(orders: TrackedOrders, lastPriceOf: (symbol: string) => Price | undefined): void {
    this.locks.update(orders, lastPriceOf);
  }

  private post(postings: readonly Posting[]): void {
    for (const { subAccount, account, asset, amount } of postings) {
      if (subAccount === this.strategy) this.portfolio.asset(asset).post(account, Tally.of(amount));
    }
  }

  private restorePosition(state: PositionState): void {
    const instrument = this.instruments.get(state.symbol);
    if (state.strategy === this.strategy && instrument !== undefined)
      this.portfolio.market(instrument).position.restore(state);
  }
}
