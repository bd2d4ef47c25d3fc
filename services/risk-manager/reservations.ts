import { add, isPositive, type Quantity, type QuoteAmount, subtract, zero } from '@tradewind/core/money';
import { isFinal, type OrderIntent, type OrderRecord, ordersOf } from '@tradewind/core/orders';
import type { Refusal, RiskDesk, Wanted } from '@tradewind/core/risk';
import { type Clock, forgetOldest } from '@tradewind/utils';

/** A request is admitted within its receive window of at most 60 s, and the exchange's own limit of 10 s (faults.md section 1). */
const ADMISSION_MS = 70_000;
/** Far more than calls that are given up before their verdict, and are still on their way. */
const WITHDRAWN_MAX = 10_000;

interface Tracked {
  readonly strategy: string;
  readonly symbol: string;
  /** When it was approved or heard of, elapsed ms. */
  readonly sinceMs: number;
  /** The same, epoch ms. */
  readonly approvedAtMs: number;
  /** The exchange is known to have, or to have had it. */
  isAtVenue: boolean;
  /** Whether the intent is known to be written: then only evidence from the exchange releases it. */
  isWritten: boolean;
  bookedQuantity: Quantity;
  bookedQuoteAmount: QuoteAmount;
  /** Of an order that has ended while fills of it are still to be booked. */
  finalRecord: OrderRecord | undefined;
}

/**
 * What the desk holds back, released by evidence alone (faults.md K8). A fill lowers it in the step in which it is booked; the end of
 * an order releases what it did not execute, and what it executed is held back until it is booked, in whatever order fills and ends are
 * heard of.
 */
export class Reservations {
  private readonly desk: RiskDesk;
  private readonly clock: Clock;
  private readonly tracked = new Map<string, Tracked>();
  /** Client order ids that were withdrawn and are not known: whoever had asked has given up before their verdict. The latest ones. */
  private readonly withdrawn = new Set<string>();
  /** At the venue, and not valued yet: no new risk until each is, or until the last of its orders has ended. */
  private readonly unvalued = new Set<Wanted>();

  constructor(desk: RiskDesk, clock: Clock) {
    this.desk = desk;
    this.clock = clock;
  }

  has(clientOrderId: string): boolean {
    return this.tracked.has(clientOrderId);
  }

  /** undefined for orders that are not ours, or have ended. */
  strategyOf(clientOrderId: string): string | undefined {
    return this.tracked.get(clientOrderId)?.strategy;
  }

  /** Where a strategy has orders. */
  symbolsOf(strategy: string): readonly string[] {
    const symbols = new Set<string>();
    for (const each of this.tracked.values()) if (each.strategy === strategy) symbols.add(each.symbol);
    return [...symbols];
  }

  /** Whether an order that nobody has seen at the exchange yet is young enough to be admitted still. */
  mayStillArrive(symbol: string): boolean {
    const nowMs = this.clock.elapsedMs();
    for (const each of this.tracked.values()) {
      if (each.symbol === symbol && !each.isAtVenue && nowMs - each.sinceMs < ADMISSION_MS) return true;
    }
    return false;
  }

  /** How many orders at the venue could not be counted yet. */
  get uncounted(): number {
    return this.unvalued.size;
  }

  /** The desk has approved and reserved. */
  approved(wanted: Wanted): void {
    for (const order of ordersOf(wanted)) this.track(order, false);
  }

  /**
   * The wish is in the ledger: it may be at the venue from now on. One that was not approved here is adopted.
   * @returns whether it was approved here
   */
  written(wanted: Wanted): boolean {
    const orders = ordersOf(wanted);
    const isKnown = orders.some(({ clientOrderId }) => this.tracked.has(clientOrderId));
    for (const order of orders) {
      const known = this.tracked.get(order.clientOrderId);
      if (known !== undefined) known.isWritten = true;
      else if (!isKnown) this.track(order, true);
    }
    if (!isKnown) this.adopt(wanted);
    return isKnown;
  }

  /** Tries again what could not be valued. */
  valueAgain(): void {
    for (const wanted of [...this.unvalued]) {
      this.unvalued.delete(wanted);
      this.adopt(wanted);
    }
  }

  filled(clientOrderId: string, quantity: Quantity, quoteAmount: QuoteAmount): void {
    const known = this.tracked.get(clientOrderId);
    if (known === undefined) return;
    known.bookedQuantity = add(known.bookedQuantity, quantity);
    known.bookedQuoteAmount = add(known.bookedQuoteAmount, quoteAmount);
    this.desk.executed(clientOrderId, known.bookedQuantity, known.bookedQuoteAmount);
    if (known.finalRecord !== undefined) this.endWhenBooked(clientOrderId, known, known.finalRecord);
  }

  changed(record: OrderRecord): void {
    const { clientOrderId, quantity, preventedQuantity } = record;
    const known = this.tracked.get(clientOrderId);
    if (known === undefined) return;
    known.isWritten = true;
    if (record.venueOrderId !== undefined) known.isAtVenue = true;
    if (quantity !== undefined) this.desk.amended(clientOrderId, subtract(quantity, preventedQuantity));
    if (isFinal(record.state)) this.endWhenBooked(clientOrderId, known, record);
  }

  /** The ledger has forgotten it among the orders that have ended. */
  endedLongAgo(clientOrderId: string): void {
    this.end(clientOrderId);
  }

  /** Surely never sent: its intent could not be written. What is known to be written stays. @returns those that stay */
  withdraw(clientOrderIds: readonly string[]): readonly string[] {
    const kept: string[] = [];
    for (const id of clientOrderIds) {
      const known = this.tracked.get(id);
      if (known?.isWritten === true) kept.push(id);
      else if (known !== undefined) this.end(id);
      else {
        this.withdrawn.add(id);
        forgetOldest(this.withdrawn, WITHDRAWN_MAX);
      }
    }
    return kept;
  }

  /** Whether nobody waits for the verdict any more: what it reserved nobody would let go. */
  isWithdrawn(wanted: Wanted): boolean {
    return ordersOf(wanted).some(({ clientOrderId }) => this.withdrawn.has(clientOrderId));
  }

  /**
   * Another leader has written since then: what was approved before and is not written can never be written any more (faults.md I9). It
   * may be heard of late, and has asked for approvals of its own meanwhile.
   */
  withdrawUnwritten(leaderSinceMs: number): void {
    for (const [id, { isWritten, approvedAtMs }] of [...this.tracked])
      if (!isWritten && approvedAtMs <= leaderSinceMs) this.end(id);
  }

  private track({ clientOrderId, strategy, symbol }: OrderIntent, isWritten: boolean): void {
    this.tracked.set(clientOrderId, {
      strategy,
      symbol,
      sinceMs: this.clock.elapsedMs(),
      approvedAtMs: this.clock.nowMs(),
      isAtVenue: false,
      isWritten,
      bookedQuantity: zero(),
      bookedQuoteAmount: zero(),
      finalRecord: undefined,
    });
  }

  private adopt(wanted: Wanted): void {
    const refusal: Refusal | undefined = this.desk.adopt(wanted);
    const orders = ordersOf(wanted);
    if (refusal !== undefined && refusal.reason !== 'client_order_id_used') {
      this.unvalued.add(wanted);
      return;
    }
    // What was heard of it while it had no price.
    for (const { clientOrderId } of orders) {
      const known = this.tracked.get(clientOrderId);
      if (known === undefined) this.desk.ended(clientOrderId);
      else if (isPositive(known.bookedQuantity))
        this.desk.executed(clientOrderId, known.bookedQuantity, known.bookedQuoteAmount);
    }
  }

  private endWhenBooked(clientOrderId: string, known: Tracked, record: OrderRecord): void {
    known.finalRecord = record;
    if (known.bookedQuantity >= record.executedQuantity) this.end(clientOrderId);
    else this.desk.amended(clientOrderId, record.executedQuantity);
  }

  private end(clientOrderId: string): void {
    this.tracked.delete(clientOrderId);
    this.desk.ended(clientOrderId);
    for (const wanted of this.unvalued)
      if (ordersOf(wanted).every((order) => !this.tracked.has(order.clientOrderId)))
        this.unvalued.delete(wanted);
  }
}
