import type { OrderChange, StreamStatus, UserStreamListener } from '@tradewind/binance';
import { formatAmount } from '@tradewind/core/money';
import type { OrderIntent, OrderState } from '@tradewind/core/orders';
import type { AccountBooks } from '@tradewind/core/portfolio';
import type { Wanted } from '@tradewind/core/risk';
import type { HaltOrder, Signal, SignalRefusal, SubmitResult, TradingEvent } from '@tradewind/proto';
import type { Timer } from '@tradewind/utils';
import { Booking } from './booking.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { Breaks } from './breaks.ts';
import type { EventMaker } from './event-maker.ts';
import { Fills } from './fills.ts';
import type { Journal } from './journal.ts';
import { allocateCapital, openBooks } from './opening.ts';
import { firstOf } from './order-path.ts';
import { Orders, type OwnChange } from './orders.ts';
import type { ExecutionParts, UserFeed } from './ports.ts';
import { Reconciliation } from './reconciliation.ts';
import { RejectBudget } from './reject-budget.ts';
import { Resolving } from './resolving.ts';
import { type Restored, restore } from './restored.ts';
import { Trading } from './trading.ts';
import { Waits } from './waits.ts';

/** What a session needs beside the parts of the service. */
export interface SessionContext {
  readonly parts: ExecutionParts;
  readonly journal: Journal;
  readonly events: EventMaker;
  /** Whether nobody else can lead yet. */
  readonly maySend: () => boolean;
  /** Nothing of this session may be believed any more: another has to begin from the ledger. */
  readonly lost: (why: string) => void;
}

/**
 * One life of order execution as a leader: from the ledger as it was found, over the comparison with the venue, to trading. When
 * anything of it cannot be believed any more it ends, and the next one begins as after a crash.
 */
export class Session {
  readonly books: AccountBooks;
  readonly orders: Orders;
  readonly breaks: Breaks;
  readonly booking: Booking;
  readonly trading: Trading;
  readonly resolving: Resolving;
  readonly reconciliation: Reconciliation;
  private readonly context: SessionContext;
  private readonly feed: UserFeed;
  private readonly waits: Waits;
  private readonly budget: RejectBudget;
  private readonly bookkeeper: Bookkeeper;
  private isReconciled = false;
  private isOver = false;
  private nowLive: (() => void) | undefined;
  private sweep: Timer | undefined;

  private constructor(
    context: SessionContext,
    restored: Restored,
    bookedThrough: ReadonlyMap<string, number>,
  ) {
    const { parts, journal, events } = context;
    const { clock, settings, serverClock, instruments } = parts;
    this.context = context;
    this.books = restored.books;
    this.waits = new Waits(parts);
    this.budget = new RejectBudget(settings.rejectBudget);
    this.breaks = new Breaks(restored.state.breaks, events);
    this.booking = new Booking({ journal, waitingMax: settings.bookingMax, lost: (why) => this.lose(why) });
    const fills = new Fills({ ...parts, books: this.books, events });
    for (const key of [...restored.fillKeys, ...restored.state.bookedKeys]) fills.alreadyBooked(key);
    this.bookkeeper = new Bookkeeper({
      booking: this.booking,
      fills,
      books: this.books,
      events,
      bookedKeys: new Set(restored.state.bookedKeys),
      conflicted: (change) => this.conflicted(change),
    });
    this.orders = new Orders(this.bookkeeper);
    const openedAtMs = restored.openedAtMs ?? clock.nowMs();
    this.feed = parts.openUserFeed(
      {
        symbols: [...instruments.keys()],
        bookedThrough,
        sinceMs: openedAtMs + serverClock.nowMs() - clock.nowMs(),
        limits: { sweepEveryMs: settings.sweepEveryMs },
      },
      this.listener(),
    );
    const { stream } = this.feed;
    this.trading = new Trading({
      parts,
      journal,
      events,
      stream,
      orders: this.orders,
      booking: this.booking,
      books: this.books,
      objection: (wanted) => this.objectionTo(wanted),
      isReducing: (wanted) => this.isReducing(wanted),
      hardRefusal: (intent, reason) => this.hardRefusal(intent, reason),
    });
    for (const watcher of this.trading.watchers) this.bookkeeper.watch(watcher);
    this.bookkeeper.watch((change) => this.preventedIn(change));
    this.resolving = new Resolving({
      ...parts,
      books: this.books,
      booking: this.booking,
      breaks: this.breaks,
      events,
    });
    this.reconciliation = new Reconciliation({
      ...parts,
      orders: this.orders,
      booking: this.booking,
      fills,
      books: this.books,
      breaks: this.breaks,
      waits: this.waits,
      isQuiet: () => this.trading.path.underwayCount === 0 && this.booking.isIdle && stream.isLive,
      confirmAfterMs: settings.confirmBreakAfterMs,
    });
    for (const order of restored.state.orders) {
      const booked = restored.booked.get(order.intent.clientOrderId);
      if (booked !== undefined) fills.restoreSum(order.intent.clientOrderId, booked);
      this.orders.restore(order, fills.bookedOf(order.intent.clientOrderId), stream);
    }
    this.orders.follow(stream);
  }

  /** @returns undefined when ledger or venue did not answer; nothing has been begun then */
  static async open(context: SessionContext): Promise<Session | undefined> {
    const { parts, journal, events } = context;
    const restored = await restore(parts.ledger, parts.instruments);
    let { bookedThrough } = restored;
    const leader = `leader ${journal.epoch}`;
    const opening: TradingEvent[] = [
      // Written once for an epoch, however many sessions it has.
      events.make(
        { kind: 'leader', epoch: journal.epoch, holder: parts.holder },
        { id: leader, correlationId: leader },
      ),
    ];
    if (restored.openedAtMs === undefined) {
      const opened = await openBooks(parts.caller, [...parts.instruments.keys()], restored.books, events);
      if (opened === undefined) return undefined;
      opening.push(...opened.events);
      bookedThrough = opened.bookedThrough;
    }
    const known = new Set(restored.state.balances.map(({ subAccount }) => subAccount));
    opening.push(...allocateCapital(restored.books, known, parts.settings, events));
    if ((await journal.commit(opening)).kind !== 'committed') return undefined;
    return new Session(context, restored, bookedThrough);
  }

  /** Why no new risk may be taken; undefined when it may. */
  get trouble(): string | undefined {
    const { journal, maySend, parts } = this.context;
    if (this.isOver) return 'this session has ended';
    if (journal.trouble !== undefined) return `the ledger fails: ${journal.trouble}`;
    if (!maySend()) return 'the lease could not be renewed';
    if (!this.feed.stream.isLive) return `the user stream is ${this.feed.stream.status.state}`;
    if (!parts.serverClock.isTrusted()) return "the exchange's time is not known";
    return undefined;
  }

  get isReady(): boolean {
    return this.isReconciled && !this.isOver;
  }

  /** Read-only until books and venue agree, or each difference has a name (faults.md X5). */
  async begin(): Promise<void> {
    const { parts } = this.context;
    const { settings, entry } = parts;
    // All in one question, so that the stream need not ask for each.
    const open = await entry.openOrders(undefined, 'exit');
    if (this.isOver) return;
    if (open.kind === 'done') for (const order of open.value) this.feed.stream.takeOrder(order, true);
    const live = new Promise<void>((resolve) => {
      this.nowLive = resolve;
    });
    this.feed.start();
    await live;
    for (const { record } of this.orders.allOpen) {
      if (!UNANSWERED.has(record.state)) continue;
      // Sent or not: who could tell has gone (faults.md P1, P2).
      this.orders.note(record.clientOrderId, 'timed_out', 'the process that sent it, or did not, has ended');
      this.trading.inDoubt.doubt(record.clientOrderId);
    }
    for (let failures = 0; !this.isOver; failures += 1) {
      const result = await this.reconciliation.compare();
      if (result.kind !== 'failed') break;
      parts.telemetry.log.write('warn', 'reconciliation_failed', { detail: result.detail });
      await this.waits.backOff(settings.retry, failures);
    }
    await this.booking.settled();
    if (this.isOver) return;
    this.isReconciled = true;
    for (const order of this.orders.allOpen) this.trading.unfilled.follow(order);
    this.sweepLater();
  }

  async submit(signal: Signal, correlationId: string): Promise<SubmitResult> {
    if (signal.action !== 'cancel') return this.trading.path.submit(signal, correlationId);
    const { clientOrderId, symbol } = signal;
    const made = this.context.events.make({ kind: 'signal', signal }, { correlationId });
    this.booking.add(() => [made]);
    const result = await this.trading.cancels.cancel(symbol, clientOrderId);
    if (result.kind === 'refused' && result.reason === 'order_unknown')
      return { kind: 'refused', refusal: { reason: 'order_unknown', clientOrderId } };
    const state = this.orders.of(clientOrderId)?.record.state ?? result.kind;
    return { kind: 'submitted', clientOrderId, state };
  }

  /** Resolves when nothing is in flight and everything is booked. */
  async settled(): Promise<void> {
    await this.trading.path.settled();
    await this.booking.settled();
  }

  /** Why this must not be placed now, whatever the risk manager says. */
  private objectionTo(wanted: Wanted): SignalRefusal | undefined {
    const { clock, instruments } = this.context.parts;
    const { strategy, symbol } = firstOf(wanted);
    const { trouble } = this;
    if (!this.isReady)
      return { reason: 'not_ready', state: 'reconciling', detail: 'books and exchange are compared' };
    if (!this.context.maySend()) return { reason: 'not_leader', epoch: this.context.journal.epoch };
    // Getting out stays possible where the order can still be recorded (faults.md I7).
    const isStopped = this.context.journal.trouble !== undefined || !this.isReducing(wanted);
    if (trouble !== undefined && isStopped)
      return { reason: 'not_ready', state: 'degraded', detail: trouble };
    const instrument = instruments.get(symbol);
    const asset = instrument && this.breaks.blocking(instrument);
    if (asset !== undefined) return { reason: 'asset_has_break', asset };
    if (this.budget.isSpent(strategy, clock.elapsedMs()))
      return { reason: 'reject_budget_spent', ...this.context.parts.settings.rejectBudget };
    return undefined;
  }

  /** Whether it only sells what its strategy holds. */
  private isReducing(wanted: Wanted): boolean {
    const { strategy, symbol, side, terms } = firstOf(wanted);
    const instrument = this.context.parts.instruments.get(symbol);
    if (side !== 'SELL' || terms.quantity === undefined || instrument === undefined) return false;
    return terms.quantity <= this.books.position(strategy, instrument).quantity;
  }

  private hardRefusal({ strategy, symbol, clientOrderId }: OrderIntent, reason: string): void {
    const { parts, events } = this.context;
    const message = `an order of ${strategy} in ${symbol} was ${reason}`;
    const told = events.alert('warning', 'order_rejected', message, {
      strategy,
      symbol,
      order_id: clientOrderId,
    });
    this.booking.add(() => [told]);
    if (!this.budget.spend(strategy, parts.clock.elapsedMs())) return;
    const { maximum, windowMs } = parts.settings.rejectBudget;
    const why = `${maximum} orders of ${strategy} were refused within ${windowMs / 1000} s, the last one ${reason}`;
    const alert = events.alert('critical', 'reject_budget_spent', why, { strategy, symbol, reason });
    this.booking.add(() => [alert]);
    this.halt({
      scope: { kind: 'strategy', name: strategy },
      state: 'reducing',
      cancelsOrders: false,
      by: BY,
      why,
    });
  }

  private conflicted({ order, conflict }: OrderChange): void {
    const { symbol, clientOrderId } = order.record;
    const { events } = this.context;
    const why = `order ${clientOrderId}: ${conflict?.reason}`;
    const alert = events.alert('critical', 'order_conflict', why, { symbol, order_id: clientOrderId });
    this.booking.add(() => [alert]);
    if (conflict?.reason === 'second_venue_order') {
      // faults.md O4: one id, two orders. Which of them is meant by anything said from now on is not known.
      this.halt({
        scope: { kind: 'symbol', name: symbol },
        state: 'halted',
        cancelsOrders: false,
        by: BY,
        why,
      });
    } else if (this.orders.of(clientOrderId) !== undefined) this.trading.inDoubt.ask(clientOrderId);
  }

  /** Two orders of the account would have traded with one another (faults.md O16). */
  private preventedIn({ order, before }: OwnChange): void {
    const { preventedQuantity, clientOrderId, symbol } = order.record;
    if (preventedQuantity === before.preventedQuantity) return;
    const { strategy } = order.intent;
    const quantity = formatAmount(preventedQuantity);
    const message = `${quantity} of order ${clientOrderId} of ${strategy} would have traded with another order of this account`;
    const fields = { strategy, symbol, order_id: clientOrderId, quantity };
    const alert = this.context.events.alert(
      'warning',
      'self_trade_prevented',
      message,
      fields,
      order.correlationId,
    );
    this.booking.add(() => [alert]);
  }

  private halt(order: HaltOrder): void {
    const { risk, telemetry } = this.context.parts;
    risk.halt(order).catch((error: unknown) => {
      telemetry.log.write('error', 'halt_not_taken', { why: order.why, detail: String(error) });
    });
  }

  private listener(): UserStreamListener {
    const { telemetry } = this.context.parts;
    return {
      orderChanged: (change) => this.orders.changed(change),
      capitalMoved: (movement) => this.bookkeeper.capitalMoved(movement),
      statusChanged: (status) => this.streamBecame(status),
      quarantined: ({ reason, detail }) =>
        telemetry.log.write('error', 'user_event_quarantined', { reason, detail }),
      sweepFailed: ({ step }) => telemetry.log.write('warn', 'sweep_failed', { step }),
      fillsLost: (count) => telemetry.log.write('warn', 'fills_lost', { count }),
    };
  }

  private streamBecame(status: StreamStatus): void {
    const { telemetry } = this.context.parts;
    telemetry.log.write('info', 'user_stream', { state: status.state });
    if (status.state === 'live') this.nowLive?.();
    else if (status.state === 'stopped' && !this.isOver)
      this.lose(`the user stream has stopped: ${status.reason}`);
  }

  private sweepLater(): void {
    const { timers, settings } = this.context.parts;
    this.sweep = timers.after(settings.sweepEveryMs, () => void this.sweepNow());
  }

  private async sweepNow(): Promise<void> {
    // Only at rest does the comparison say anything; a stream that is not live asks for everything itself.
    if (this.trouble === undefined) await this.reconciliation.compare();
    if (!this.isOver) this.sweepLater();
  }

  private lose(why: string): void {
    if (this.isOver) return;
    this.end();
    this.context.lost(why);
  }

  end(): void {
    this.isOver = true;
    this.sweep?.cancel();
    this.nowLive?.();
    this.feed.stop();
    this.trading.end();
    this.booking.end();
    this.waits.end();
  }
}

/** States of orders about which the venue was asked something, or may have been, and has not answered. */
const UNANSWERED: ReadonlySet<OrderState> = new Set([
  'created',
  'in_flight',
  'unknown',
  'cancel_in_flight',
  'cancel_unknown',
]);

/** Who stops trading when nobody did it by hand. */
const BY = 'order-execution';
