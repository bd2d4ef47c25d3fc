import type { StreamStatus, UserStreamListener } from '@tradewind/binance';
import { type OrderState, ordersOf } from '@tradewind/core/orders';
import type { AccountBooks } from '@tradewind/core/portfolio';
import type { Wanted } from '@tradewind/core/risk';
import type { Signal, SignalRefusal, SubmitResult, TradingEvent } from '@tradewind/proto';
import { type Timer, Waits } from '@tradewind/utils';
import { Booking } from './booking.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { Breaks } from './breaks.ts';
import { allocateCapital } from './capital.ts';
import { CapitalMovements } from './capital-movements.ts';
import type { EventMaker } from './event-maker.ts';
import { Fills } from './fills.ts';
import { Guard } from './guard.ts';
import type { Journal } from './journal.ts';
import { findLastStops, type LastStops } from './last-stops.ts';
import { openBooks } from './opening.ts';
import { Orders } from './orders.ts';
import type { ExecutionParts, UserFeed } from './ports.ts';
import { Reconciliation } from './reconciliation.ts';
import { Resolving } from './resolving.ts';
import { type Restored, restore } from './restored.ts';
import { Trading } from './trading.ts';

/** What a session needs beside the parts of the service. */
export interface SessionContext {
  readonly parts: ExecutionParts;
  readonly journal: Journal;
  readonly events: EventMaker;
  /** Whether it is the first of its epoch. */
  readonly isFirst: boolean;
  /** Whether nobody else can lead yet. */
  readonly maySend: () => boolean;
  /** Nothing of this session may be believed any more: another has to begin from the ledger. */
  readonly lost: (why: string) => void;
  /** Resolves when the risk manager has been told of what is written, or could not be. */
  readonly told: () => Promise<void>;
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
  /** Those that the exchange listed when it began. */
  private readonly symbols: ReadonlySet<string>;
  private readonly feed: UserFeed;
  private readonly waits: Waits;
  private readonly bookkeeper: Bookkeeper;
  private readonly movements: CapitalMovements;
  private isReconciled = false;
  private isOver = false;
  private nowLive: (() => void) | undefined;
  private sweep: Timer | undefined;

  private constructor(
    context: SessionContext,
    symbols: ReadonlySet<string>,
    restored: Restored,
    bookedThrough: ReadonlyMap<string, number>,
    lastStops: LastStops,
  ) {
    const { parts, journal, events } = context;
    const { clock, settings, serverClock } = parts;
    this.context = context;
    this.symbols = symbols;
    this.books = restored.books;
    this.waits = new Waits(parts);
    this.breaks = new Breaks(restored.state.breaks, events);
    this.booking = new Booking({
      journal,
      throughSeq: restored.state.seq,
      waitingMax: settings.bookingMax,
      lost: (why) => this.lose(why),
    });
    const fills = new Fills({ ...parts, books: this.books, events, symbols: this.symbols });
    for (const key of restored.fillKeys) fills.alreadyBooked(key);
    const guard = new Guard({
      ...context,
      books: this.books,
      booking: this.booking,
      breaks: this.breaks,
      isReady: () => this.isReady,
      trouble: () => this.trouble,
      ask: (clientOrderId) => this.ask(clientOrderId),
    });
    const openedAtMs = (restored.openedAtMs ?? clock.nowMs()) + serverClock.nowMs() - clock.nowMs();
    this.movements = new CapitalMovements({
      ...parts,
      booking: this.booking,
      books: this.books,
      events,
      bookedKeys: restored.state.bookedKeys,
      openedAtMs,
    });
    this.bookkeeper = new Bookkeeper({
      booking: this.booking,
      fills,
      events,
      conflicted: (change) => guard.conflicted(change),
      isGivenUp: (clientOrderId) => this.trading.isGivenUp(clientOrderId),
    });
    this.orders = new Orders(this.bookkeeper);
    this.feed = parts.openUserFeed(
      {
        symbols: [...this.symbols],
        bookedThrough,
        sinceMs: openedAtMs,
        limits: { sweepEveryMs: settings.sweepEveryMs },
      },
      this.listener(),
    );
    const { stream } = this.feed;
    this.trading = new Trading({
      parts,
      journal,
      events,
      told: context.told,
      stream,
      orders: this.orders,
      booking: this.booking,
      books: this.books,
      fills,
      completeFills: () => this.reconciliation.findMissingFills(),
      objection: (wanted) =>
        guard.objectionTo(wanted) ?? (guard.isReducing(wanted) ? undefined : this.crowding(wanted)),
      isReducing: (wanted) => guard.isReducing(wanted),
      hardRefusal: (intent, reason) => guard.hardRefusal(intent, reason),
      stopStrategy: (strategy, why) => guard.stopStrategy(strategy, why),
    });
    for (const watcher of [...this.trading.watchers, guard.watch]) this.bookkeeper.watch(watcher);
    this.resolving = new Resolving({
      ...parts,
      books: this.books,
      booking: this.booking,
      breaks: this.breaks,
      events,
      explained: (asset, throughMs) => this.movements.explained(asset, throughMs),
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
      explain: (differences) => this.movements.explain(differences),
      confirmAfterMs: settings.confirmBreakAfterMs,
    });
    for (const order of restored.state.orders) {
      const booked = restored.booked.get(order.intent.clientOrderId);
      if (booked !== undefined) fills.restoreSum(order.intent.clientOrderId, booked);
      this.orders.restore(order, fills.bookedOf(order.intent.clientOrderId), stream);
    }
    this.orders.follow(stream);
    this.trading.restore(lastStops);
  }

  /** @returns undefined when ledger or venue did not answer; nothing has been begun then */
  static async open(context: SessionContext): Promise<Session | undefined> {
    const { parts, journal, events } = context;
    const symbols = new Set(parts.instruments.keys());
    const restored = await restore(parts.ledger, parts.instruments);
    let { bookedThrough } = restored;
    const opening: TradingEvent[] = [];
    if (context.isFirst) opening.push(leaderEvent(context));
    if (restored.openedAtMs === undefined) {
      const opened = await openBooks(parts.caller, [...symbols], restored.books, events);
      if (opened === undefined) return undefined;
      opening.push(...opened.events);
      bookedThrough = opened.bookedThrough;
    }
    opening.push(...(await allocateCapital({ ...parts, events }, restored)));
    const lastStops = await findLastStops({ ...parts, strategies: parts.settings.strategies }, restored);
    if (opening.length > 0 && (await journal.commit(opening)).kind !== 'committed') return undefined;
    return new Session(context, symbols, restored, bookedThrough, lastStops);
  }

  /**
   * A symbol that was not listed when this session began has neither its position in the books nor its trades asked for: once it is
   * listed, another one has to begin. To be asked often.
   */
  lookAtListings(): void {
    const { instruments } = this.context.parts;
    const fresh = [...instruments.keys()].filter((symbol) => !this.symbols.has(symbol));
    if (fresh.length > 0) this.lose(`the exchange lists ${fresh.join(', ')}, and did not before`);
  }

  /** Why no new risk may be taken; undefined when it may. */
  get trouble(): string | undefined {
    const { journal, maySend, parts } = this.context;
    if (this.isOver) return 'this session has ended';
    if (journal.trouble !== undefined) return `the ledger fails: ${journal.trouble}`;
    if (!maySend()) return 'the lease could not be renewed';
    if (!this.feed.stream.isLive) return `the user stream is ${this.feed.stream.status.state}`;
    if (!parts.serverClock.isTrusted()) return "the exchange's time is not known";
    return this.reconciliation.trouble;
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
    this.trading.begin();
    this.sweepLater();
  }

  submit(signal: Signal, correlationId: string): Promise<SubmitResult> {
    return signal.action === 'cancel'
      ? this.cancel(signal, correlationId)
      : this.trading.path.submit(signal, correlationId);
  }

  private async cancel(signal: CancelSignal, correlationId: string): Promise<SubmitResult> {
    const { clientOrderId, symbol } = signal;
    const made = this.context.events.make({ kind: 'signal', signal }, { correlationId });
    this.booking.add(() => [made]);
    const result = await this.trading.cancel(symbol, clientOrderId);
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

  private listener(): UserStreamListener {
    const { telemetry } = this.context.parts;
    return {
      orderChanged: (change) => this.orders.changed(change),
      capitalMoved: (movement) => this.movements.told(movement),
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
    const { trouble } = this;
    if (trouble === this.reconciliation.trouble) await this.reconciliation.compare();
    if (!this.isOver) this.sweepLater();
  }

  /** While booking falls behind nothing is begun that would make more of it; what is written already is sent. */
  private crowding(wanted: Wanted): SignalRefusal | undefined {
    const maximum = Math.ceil(this.context.parts.settings.bookingMax / 2);
    if (this.booking.waitingCount < maximum) return undefined;
    const [{ clientOrderId }] = ordersOf(wanted);
    return this.orders.of(clientOrderId) === undefined ? { reason: 'queue_full', maximum } : undefined;
  }

  private ask(clientOrderId: string): void {
    if (this.orders.of(clientOrderId) !== undefined) this.trading.inDoubt.ask(clientOrderId);
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

type CancelSignal = Extract<Signal, { action: 'cancel' }>;

function leaderEvent({ parts, journal, events }: SessionContext): TradingEvent {
  const { epoch } = journal;
  const id = `leader ${epoch}`;
  return events.make({ kind: 'leader', epoch, holder: parts.holder }, { id, correlationId: id });
}

/** States of orders about which the venue was asked something, or may have been, and has not answered. */
const UNANSWERED: ReadonlySet<OrderState> = new Set([
  'created',
  'in_flight',
  'unknown',
  'cancel_in_flight',
  'cancel_unknown',
]);
