import type { Price } from '@tradewind/core/money';
import { unreachable } from '@tradewind/core/result';
import type { ParameterSpecs, ParameterValues, StrategyDefinition } from '@tradewind/core/strategy';
import {
  type CommittedEvent,
  correlationIdOf,
  type MarketUpdate,
  type Signal,
  type SignalRefusal,
} from '@tradewind/proto';
import type { ArrivedBar } from './bar-gate.ts';
import { FeedStates } from './feed-states.ts';
import { HostedParts } from './hosted-parts.ts';
import { figuresOf } from './live-inputs.ts';
import type { HostingInput, HostingOutput, HostingSettings, InputHistory } from './messages.ts';
import { instantsAfter } from './past.ts';
import { type DeskClient, Flood } from './signal-desk.ts';

type Open = Extract<HostingInput, { readonly kind: 'open' }>;

/**
 * One strategy and everything it sees, without a thread, a clock or a ledger: messages go in, messages come out, and the same
 * messages always give the same. What its callbacks hear, in which order, and at which time, is what they hear in a backtest.
 */
export class HostedStrategy<Specs extends ParameterSpecs = ParameterSpecs> implements DeskClient {
  correlationId = '';
  clockMs = Number.NaN;
  private readonly definition: StrategyDefinition<Specs>;
  private readonly values: ParameterValues<Specs>;
  private readonly settings: HostingSettings;
  private readonly emit: (output: HostingOutput) => void;
  private readonly feeds = new FeedStates();
  /** history: what happened before; nothing can be wanted. trial: wishes are told and nothing comes of them. */
  private phase: 'new' | 'history' | 'live' | 'trial' | 'ended' = 'new';
  /** Whether it goes on from a snapshot. */
  private isGoingOn = false;
  private hold: SignalRefusal | undefined;
  private timerMs = Number.POSITIVE_INFINITY;
  /** Made when it is opened, and anew when it is opened again. */
  private parts!: HostedParts<Specs>;

  constructor(
    definition: StrategyDefinition<Specs>,
    values: ParameterValues<Specs>,
    settings: HostingSettings,
    emit: (output: HostingOutput) => void,
  ) {
    // The host names orders after its definition; here they are named after the instance.
    this.definition = { ...definition, name: settings.strategy };
    this.values = values;
    this.settings = settings;
    this.emit = emit;
  }

  /** The only way in. What the strategy throws ends it, and is told. */
  handle(input: HostingInput): void {
    if (this.phase === 'ended') return;
    if (this.phase === 'new' && input.kind !== 'open') {
      // Only how good the prices are can be heard of before.
      if (input.kind === 'market' && input.update.kind === 'feed') this.feeds.hear(input.update.feed);
      return;
    }
    this.clockMs = input.nowMs;
    try {
      this.take(input);
      this.sendWishes();
    } catch (error) {
      this.phase = 'ended';
      const cause = error instanceof Flood ? 'flooded' : 'threw';
      this.emit({ kind: 'failed', cause, detail: error instanceof Error ? error.message : String(error) });
    }
  }

  get decidedAtMs(): number {
    return this.parts.host.nowMs;
  }

  refusalOf(signal: Signal, takesRisk: boolean): SignalRefusal | undefined {
    if (this.phase === 'trial') return undefined;
    if (this.phase === 'history') {
      // One that goes on waits for what it has canceled, so the cancel must not be lost; one that begins has nothing to cancel.
      return this.isGoingOn && signal.action === 'cancel' ? undefined : { reason: 'not_warm' };
    }
    // Canceling is always possible (faults.md I7).
    if (signal.action === 'cancel') return undefined;
    if (!this.parts.host.isWarm) return { reason: 'not_warm' };
    const doubt =
      this.feeds.pauseOf(signal.symbol) ??
      (takesRisk ? (this.hold ?? this.feeds.doubtOf(this.settings.symbols)) : undefined);
    if (doubt !== undefined) return doubt;
    const { expiresAtMs } = signal;
    if (this.clockMs < expiresAtMs) return undefined;
    return { reason: 'signal_expired', expiresAtMs, nowMs: this.clockMs };
  }

  ordersChanged(): void {
    this.parts.account.lockFor(this.parts.orders, this.lastPriceOf);
  }

  private readonly lastPriceOf = (symbol: string): Price | undefined => this.parts.inputs.lastPriceOf(symbol);

  private take(input: HostingInput): void {
    switch (input.kind) {
      case 'open':
        this.open(input);
        break;
      case 'market':
        this.market(input.update);
        break;
      case 'events':
        this.events(input.events);
        break;
      case 'refused':
        this.atClock(input.correlationId);
        this.parts.desk.refused(input.signal, input.refusal, input.correlationId);
        this.deliver();
        break;
      case 'time':
        this.timeCame();
        break;
      case 'hold':
        this.hold = input.refusal;
        break;
      case 'save':
        this.emit({ kind: 'saved', ticket: input.ticket, snapshot: this.parts.snapshot() });
        break;
      case 'stop':
        this.correlationId = `${this.settings.strategy}-stop-${input.nowMs}`;
        this.parts.host.stop(input.nowMs);
        this.sendWishes();
        this.phase = 'ended';
        this.emit({ kind: 'stopped', snapshot: this.parts.snapshot() });
        break;
      default:
        unreachable(input);
    }
  }

  private open({ history, snapshot, nowMs, balances, positions, orders, missed, isTrial }: Open): void {
    this.parts = new HostedParts(this.definition, this.values, this.settings, this);
    this.parts.account.restore(balances, positions);
    this.parts.orders.restore(orders, missed);
    this.ordersChanged();
    this.phase = 'history';
    this.isGoingOn = snapshot !== undefined && !isTrial;
    if (snapshot === undefined) {
      const first = Math.min(nowMs, ...history.flatMap(({ bars }) => bars[0]?.openTimeMs ?? []));
      if (first === nowMs) this.phase = isTrial ? 'trial' : 'live';
      this.parts.host.start(first);
    } else {
      const unfit = this.parts.resume(snapshot, history, nowMs);
      if (unfit !== undefined) {
        this.emit({ kind: 'unfit', why: unfit });
        return;
      }
    }
    this.playHistory(history, isTrial);
    this.phase = isTrial ? 'trial' : 'live';
    if (!isTrial) {
      this.atClock(`${this.settings.strategy}-open-${nowMs}`);
      this.events(missed, true);
    }
    this.emit({ kind: 'opened', isRestored: snapshot !== undefined, isWarm: this.parts.host.isWarm });
    this.announceTimer();
  }

  /** Shows what happened before, from where the strategy stands on. */
  private playHistory(history: readonly InputHistory[], isTrial: boolean): void {
    const instants = instantsAfter(this.parts.inputs, history);
    for (const instant of instants) {
      const { timeMs, bars } = instant;
      if (isTrial && instant === instants.at(-1)) this.phase = 'trial';
      for (const { place, bar } of bars) {
        this.parts.inputs.append(place, bar);
        this.parts.gate.pass(place, timeMs);
      }
      this.at(timeMs, `${this.settings.strategy}-history-${timeMs}`);
      this.deliver();
      this.parts.host.fireTimers();
      for (const { place } of bars) this.parts.host.bar(this.parts.inputs.bars[place]!.view);
      this.deliver();
      // What is refused here is nothing that anybody has to know.
      if (this.phase === 'history')
        this.parts.desk.wishes = this.parts.desk.wishes.filter(({ refusal }) => refusal === undefined);
    }
  }

  private market(update: MarketUpdate): void {
    switch (update.kind) {
      case 'bar':
        for (const input of this.parts.inputs.placesOf(update.bar))
          this.bars(this.parts.gate.take({ input, bar: update.bar, correlationId: correlationIdOf(update) }));
        break;
      case 'trade': {
        const { trade, receivedAtMs } = update;
        if (!this.parts.inputs.watches('trades', trade.symbol)) return;
        this.parts.inputs.traded(trade.symbol, trade.price);
        this.at(receivedAtMs, correlationIdOf(update));
        this.parts.host.trade(trade);
        this.deliver();
        break;
      }
      case 'quote':
        if (!this.parts.inputs.watches('quotes', update.quote.symbol)) return;
        this.at(update.receivedAtMs, correlationIdOf(update));
        this.parts.host.quote(update.quote);
        this.deliver();
        break;
      case 'book': {
        if (!this.parts.inputs.watches('book', update.book.symbol)) return;
        const book = this.parts.inputs.bookWith(update.book);
        if (book === undefined) return;
        this.at(update.receivedAtMs, correlationIdOf(update));
        this.parts.host.book(book);
        this.deliver();
        break;
      }
      case 'feed':
        this.feeds.hear(update.feed);
        break;
      case 'instrument':
        break;
      default:
        unreachable(update);
    }
    this.announceTimer();
  }

  /** As a backtest does at an instant: all markets close, then timers, then bar by bar. */
  private bars(arrived: readonly ArrivedBar[]): void {
    for (let from = 0; from < arrived.length; ) {
      const { closeTimeMs } = arrived[from]!.bar;
      let to = from;
      for (; to < arrived.length && arrived[to]!.bar.closeTimeMs === closeTimeMs; to += 1)
        this.parts.inputs.append(arrived[to]!.input, figuresOf(arrived[to]!.bar));
      this.at(closeTimeMs, arrived[from]!.correlationId);
      this.parts.desk.sinceBar = 0;
      this.parts.host.fireTimers();
      for (; from < to; from += 1) this.bar(arrived[from]!);
    }
  }

  private bar({ input, bar, correlationId }: ArrivedBar): void {
    const { host, desk } = this.parts;
    this.correlationId = correlationId;
    const before = desk.wishes.length;
    host.bar(this.parts.inputs.bars[input]!.view);
    this.deliver();
    const { symbol, interval, closeTimeMs } = bar;
    this.emit({
      kind: 'evaluated',
      correlationId,
      body: {
        kind: 'evaluation',
        strategy: this.settings.strategy,
        symbol,
        interval,
        closeTimeMs,
        isWarm: host.isWarm,
        signals: desk.wishes.length - before,
        values: this.parts.lineValues(),
      },
    });
  }

  /** @param isLate  events that happened while the strategy was away: the books have them already */
  private events(events: readonly CommittedEvent[], isLate = false): void {
    for (const event of events) {
      const { correlationId } = event;
      if (!isLate) this.parts.account.apply(event);
      const updates = this.parts.orders.apply(event);
      this.ordersChanged();
      this.atClock(correlationId);
      for (const update of updates) this.parts.desk.updates.push({ update, correlationId });
      this.deliver();
    }
    if (events.length > 0) this.announceTimer();
  }

  private timeCame(): void {
    // What the gate still waits for has had its time.
    const { earliest } = this.parts.gate;
    if (earliest !== undefined && earliest + BAR_WAIT_MS <= this.clockMs)
      this.bars(this.parts.gate.release(this.clockMs - BAR_WAIT_MS));
    this.atClock(`${this.settings.strategy}-timer-${this.clockMs}`);
    this.parts.host.fireTimers();
    this.deliver();
    this.timerMs = Number.NaN;
    this.announceTimer();
  }

  private at(timeMs: number, correlationId: string): void {
    this.parts.host.advance(timeMs);
    this.correlationId = correlationId;
    if (this.parts.inputs.bars.length === 0) this.parts.desk.sinceBar = 0;
  }

  private atClock(correlationId: string): void {
    this.at(Math.max(this.clockMs, this.parts.host.nowMs), correlationId);
  }

  /** Tells the strategy what has become of its orders, and of those that it wants while being told. */
  private deliver(): void {
    const { updates } = this.parts.desk;
    for (let told = 0; updates.length > 0; told += 1) {
      if (told === ROUNDS_MAXIMUM)
        throw new Flood(`wants orders in onOrder without end (${ROUNDS_MAXIMUM} times at one instant)`);
      const { update, correlationId } = updates.shift()!;
      this.correlationId = correlationId;
      this.parts.host.order(update);
    }
  }

  /** Only when the callbacks have returned: of a strategy that wants too much nothing is sent. */
  private sendWishes(): void {
    const { wishes, flood } = this.parts.desk;
    if (flood !== undefined) throw flood;
    if (wishes.length === 0) return;
    this.parts.desk.wishes = [];
    for (const { signal, refusal, correlationId } of wishes) {
      if (refusal === undefined) this.emit({ kind: 'signal', signal, correlationId });
      else this.emit({ kind: 'refused', signal, refusal, correlationId });
    }
  }

  /** When it must be called again: for its own timers, or for a bar that does not come. */
  private announceTimer(): void {
    const { earliest } = this.parts.gate;
    const gateMs = earliest === undefined ? Number.POSITIVE_INFINITY : earliest + BAR_WAIT_MS;
    const atMs = Math.min(this.parts.host.nextTimerMs, gateMs);
    if (atMs === this.timerMs) return;
    this.timerMs = atMs;
    this.emit({ kind: 'timer', atMs });
  }
}

/** How long bars of one instant are waited for when one of them is late. */
const BAR_WAIT_MS = 1000;
/** A strategy that answers every update with a new order would never come to an end. */
const ROUNDS_MAXIMUM = 1000;
