import { type Caller, type CallFailure, calls, type Outcome, type VenueOrder } from '@tradewind/binance';
import { type BackoffTimes, backoffMs, pause, type Random, type Timers } from '@tradewind/utils';

export interface CancelSweepOptions {
  readonly caller: Caller;
  readonly timers: Timers;
  readonly random: Random;
  readonly attemptsMaximum: number;
  readonly retry: BackoffTimes;
  /** Whether an order that was approved before the halt may still reach the exchange: then an empty answer is no proof yet. */
  readonly mayStillArrive: (symbol: string) => boolean;
}

/** What is to be canceled: everything on the symbols, or the orders that `isMeant` names. */
export interface SweepOrder {
  readonly symbols: readonly string[];
  /** By client order id; left out: all, also what others placed. */
  readonly isMeant?: (clientOrderId: string) => boolean;
}

/**
 * One sweep of the account on a connection of its own: cancels, asks what is still open, and tries again until nothing is, or the
 * attempts are spent. A symbol is proven empty by an answer of the exchange alone (faults.md K7).
 */
export class CancelSweep {
  readonly proven = new Set<string>();
  readonly unproven: Set<string>;
  /** Settles when every symbol is proven or given up. */
  readonly done: Promise<void>;
  private readonly options: CancelSweepOptions;
  private readonly isMeant: SweepOrder['isMeant'];
  private canceled = 0;

  constructor(options: CancelSweepOptions, { symbols, isMeant }: SweepOrder) {
    this.options = options;
    this.isMeant = isMeant;
    this.unproven = new Set(symbols);
    this.done = Promise.all([...this.unproven].map((symbol) => this.sweep(symbol))).then(() => undefined);
  }

  private async sweep(symbol: string): Promise<void> {
    const { timers, random, attemptsMaximum, retry } = this.options;
    for (let attempt = 0; attempt < attemptsMaximum; attempt++) {
      if (attempt > 0) await pause(timers, backoffMs(retry, attempt - 1, random));
      if (await this.isEmptied(symbol)) {
        this.unproven.delete(symbol);
        this.proven.add(symbol);
        return;
      }
    }
  }

  private async isEmptied(symbol: string): Promise<boolean> {
    if (this.isMeant === undefined) {
      const outcome = await this.options.caller.perform(calls.cancelOpenOrders(symbol));
      // "Unknown order" says that nothing was open; whatever it says, the question below is the proof.
      if (outcome.kind === 'failed' && isHopeless(outcome.failure)) return false;
    }
    const open = await this.openOn(symbol);
    if (open === undefined) return false;
    if (open.length === 0) return !this.options.mayStillArrive(symbol);
    if (this.isMeant === undefined) return false;
    for (const { orderId } of open) {
      this.canceled += 1;
      await this.options.caller.perform(
        calls.cancelOrder({ symbol, orderId }, `sweep-${orderId}-${this.canceled}`),
      );
    }
    return (await this.openOn(symbol))?.length === 0 && !this.options.mayStillArrive(symbol);
  }

  private async openOn(symbol: string): Promise<readonly VenueOrder[] | undefined> {
    const outcome: Outcome<readonly VenueOrder[]> = await this.options.caller.perform(
      calls.openOrders(symbol, 'exit'),
    );
    if (outcome.kind !== 'done') return undefined;
    const { isMeant } = this;
    return isMeant === undefined
      ? outcome.value
      : outcome.value.filter((order) => isMeant(order.clientOrderId));
  }
}

/** The exchange cannot be reached or will not be asked now: asking what is open would only cost more. */
const isHopeless = ({ reason }: CallFailure): boolean => reason !== 'refused';
