import { type OrderEntry, type Outcome, refusalReasonOf, type UserStream } from '@tradewind/binance';
import { isInDoubt } from '@tradewind/core/orders';
import type { LedgerOrder } from '@tradewind/proto';
import type { Clock, Telemetry, Timer, Timers } from '@tradewind/utils';
import type { Orders } from './orders.ts';
import type { InDoubtSettings } from './settings.ts';
import { TradeSearch, type TradeSearchParts } from './trade-search.ts';

export interface InDoubtParts extends TradeSearchParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly serverClock: Pick<Clock, 'nowMs'>;
  readonly telemetry: Telemetry;
  readonly orders: Orders;
  readonly stream: UserStream;
  readonly entry: Pick<OrderEntry, 'query' | 'openOrders'>;
  readonly settings: InDoubtSettings;
  readonly recvWindowMs: number;
}

interface Doubt {
  readonly clientOrderId: string;
  /** Counts up: what is found out about a doubt is nothing about one that was raised since. */
  readonly version: number;
  /** By the venue's clock: no request of ours can be admitted later. */
  readonly admittedUntilMs: number;
  /** The answer is wanted whatever the state says. */
  readonly mustAsk: boolean;
  readonly asked: number;
  readonly negatives: number;
  /** On the elapsed clock. */
  readonly nextAskMs: number;
}

/** The processing limit of the venue (binance-spot.md section 1). */
const PROCESSING_MS = 10_000;
/** So many negative answers of every kind, spaced, prove an absence (faults.md O3). */
const NEGATIVES = 3;
/** Single questions in one round: the rest waits for the next one (faults.md R6). */
const ASKED_PER_ROUND = 20;
/** Our clock and the venue's may be apart while an intent was written; trades are looked for from earlier on. */
const CLOCKS_APART_MS = 60_000;

/**
 * Orders of which nobody knows whether the venue has them, or in which state. They are asked for until there is evidence
 * (faults.md I4, O1-O5, O9, O10). Absence is proven only after the admission deadline, by order query, open orders and trade list
 * together, three times. Whatever the user stream tells meanwhile ends the doubt, too.
 */
export class InDoubt {
  private readonly parts: InDoubtParts;
  private readonly trades: TradeSearch;
  private readonly doubts = new Map<string, Doubt>();
  private timer: Timer | undefined;
  private isBusy = false;
  private isOver = false;
  private versions = 0;

  constructor(parts: InDoubtParts) {
    this.parts = parts;
    this.trades = new TradeSearch(parts);
  }

  /** A placement ended, and nobody knows how: its request cannot be younger than now. */
  doubt(clientOrderId: string): void {
    this.add(clientOrderId, 'placement', false);
  }

  /** A cancel ended, and nobody knows how. */
  doubtCancel(clientOrderId: string): void {
    this.add(clientOrderId, 'other', false);
  }

  /** Something else about an order is not known: asked for until it is. */
  ask(clientOrderId: string): void {
    this.add(clientOrderId, 'other', true);
  }

  get count(): number {
    return this.doubts.size;
  }

  end(): void {
    this.isOver = true;
    this.timer?.cancel();
    this.doubts.clear();
  }

  private add(clientOrderId: string, about: 'placement' | 'other', mustAsk: boolean): void {
    if (this.isOver) return;
    const { clock, serverClock, recvWindowMs, settings } = this.parts;
    const known = this.doubts.get(clientOrderId);
    const nowMs = serverClock.nowMs();
    const soonMs = clock.elapsedMs() + settings.firstAskMs;
    // What is no placement makes no order: it must not put off what proves that there is none.
    const isSamePlacement = about === 'other' && known !== undefined;
    this.versions += 1;
    this.doubts.set(clientOrderId, {
      clientOrderId,
      version: this.versions,
      admittedUntilMs: isSamePlacement ? known.admittedUntilMs : nowMs + recvWindowMs + PROCESSING_MS,
      mustAsk: mustAsk || known?.mustAsk === true,
      asked: 0,
      negatives: isSamePlacement ? known.negatives : 0,
      nextAskMs: isSamePlacement && nowMs > known.admittedUntilMs ? known.nextAskMs : soonMs,
    });
    this.wake();
  }

  private wake(): void {
    if (this.isBusy || this.isOver) return;
    this.timer?.cancel();
    let earliest = Number.POSITIVE_INFINITY;
    for (const { nextAskMs } of this.doubts.values()) earliest = Math.min(earliest, nextAskMs);
    if (earliest === Number.POSITIVE_INFINITY) return;
    const { clock, timers } = this.parts;
    this.timer = timers.after(Math.max(0, earliest - clock.elapsedMs()), () => void this.round());
  }

  private async round(): Promise<void> {
    this.isBusy = true;
    const nowMs = this.parts.clock.elapsedMs();
    const due = [...this.doubts.values()].filter(({ nextAskMs }) => nextAskMs <= nowMs);
    const missing: Doubt[] = [];
    for (const doubt of due.slice(0, ASKED_PER_ROUND)) {
      if (this.isOver) return;
      if (this.isSettled(doubt)) continue;
      if (await this.askFor(doubt)) missing.push(doubt);
    }
    await this.countNegatives(missing);
    this.isBusy = false;
    this.wake();
  }

  private isSettled(doubt: Doubt): boolean {
    const order = this.parts.orders.of(doubt.clientOrderId);
    const isSettled = order === undefined || (!doubt.mustAsk && !isInDoubt(order.record.state));
    if (isSettled) this.doubts.delete(doubt.clientOrderId);
    return isSettled;
  }

  /** @returns whether the venue did not find it, long enough after nothing could be admitted any more */
  private async askFor(doubt: Doubt): Promise<boolean> {
    const { orders, entry, stream, serverClock } = this.parts;
    const order = orders.of(doubt.clientOrderId) as LedgerOrder;
    const isPastAdmission = serverClock.nowMs() > doubt.admittedUntilMs;
    this.later(doubt, isPastAdmission);
    const { symbol, venueOrderId, clientOrderId } = order.record;
    const answer = await entry.query(
      venueOrderId === undefined ? { symbol, clientOrderId } : { symbol, orderId: venueOrderId },
      'exit',
    );
    if (answer.kind === 'done') {
      if (stream.takeOrder(answer.value, true)) this.answered(doubt);
      return false;
    }
    return isNotFound(answer) && isPastAdmission && venueOrderId === undefined;
  }

  /** Unless something newer has come in between. */
  private answered(doubt: Doubt): void {
    const now = this.doubts.get(doubt.clientOrderId);
    if (now?.version === doubt.version) this.doubts.delete(doubt.clientOrderId);
  }

  private later(doubt: Doubt, isPastAdmission: boolean): void {
    const { clock, settings } = this.parts;
    const delayMs = isPastAdmission
      ? settings.negativesApartMs
      : Math.min(settings.longestAskMs, settings.firstAskMs * 2 ** Math.min(doubt.asked + 1, 20));
    this.change(doubt, { asked: doubt.asked + 1, nextAskMs: clock.elapsedMs() + delayMs });
  }

  private change(doubt: Doubt, change: Partial<Doubt>): void {
    const now = this.doubts.get(doubt.clientOrderId);
    // A newer doubt begins from the beginning.
    if (now === undefined || now.version !== doubt.version) return;
    this.doubts.set(doubt.clientOrderId, { ...now, ...change });
  }

  private async countNegatives(missing: readonly Doubt[]): Promise<void> {
    const { orders, telemetry } = this.parts;
    const symbols = new Set(missing.map((doubt) => orders.of(doubt.clientOrderId)?.record.symbol));
    for (const symbol of symbols) {
      if (symbol === undefined) continue;
      const ofSymbol = missing.filter((doubt) => orders.of(doubt.clientOrderId)?.record.symbol === symbol);
      if (!(await this.isNowhereElse(symbol, ofSymbol))) continue;
      for (const doubt of ofSymbol) {
        if (this.isOver || this.isSettled(doubt)) continue;
        const negatives = doubt.negatives + 1;
        if (negatives < NEGATIVES) {
          this.change(doubt, { negatives });
          continue;
        }
        this.doubts.delete(doubt.clientOrderId);
        telemetry.log.write('info', 'absence_proven', { order_id: doubt.clientOrderId, symbol });
        orders.note(
          doubt.clientOrderId,
          'absence_proven',
          `the venue has not had it, asked ${NEGATIVES} times`,
        );
      }
    }
  }

  /** Whether neither the open orders nor the trades of the symbol hold anything that could be one of them. */
  private async isNowhereElse(symbol: string, doubts: readonly Doubt[]): Promise<boolean> {
    const { entry, stream, orders, clock, serverClock } = this.parts;
    const open = await entry.openOrders(symbol, 'exit');
    if (open.kind !== 'done') return false;
    for (const order of open.value) stream.takeOrder(order, true);
    const created = doubts.map(({ clientOrderId }) => orders.of(clientOrderId)?.createdAtMs ?? 0);
    const sinceMs = Math.min(...created) + serverClock.nowMs() - clock.nowMs() - CLOCKS_APART_MS;
    return this.trades.areKnown(symbol, Math.max(0, sinceMs));
  }
}

const isNotFound = (outcome: Outcome<unknown>): boolean =>
  outcome.kind === 'failed' &&
  outcome.failure.reason === 'refused' &&
  refusalReasonOf(outcome.failure.code, outcome.failure.message).reason === 'no_such_order';
