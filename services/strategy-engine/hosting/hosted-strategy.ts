import type { Instrument } from '@tradewind/core/market';
import { unreachable } from '@tradewind/core/result';
import {
  type HostOptions,
  inputsOf,
  type ParameterSpecs,
  type ParameterValues,
  type StrategyDefinition,
  StrategyHost,
} from '@tradewind/core/strategy';
import {
  type CommittedEvent,
  correlationIdOf,
  type MarketUpdate,
  type Signal,
  type SignalRefusal,
} from '@tradewind/proto';
import { type ArrivedBar, BarGate } from './bar-gate.ts';
import { FeedStates } from './feed-states.ts';
import { figuresOf, LiveInputs } from './live-inputs.ts';
import type {
  HostingInput,
  HostingOutput,
  HostingSettings,
  InputHistory,
  StrategySnapshot,
} from './messages.ts';
import { historyOf, holeBetween, instantsAfter } from './past.ts';
import { type DeskClient, Flood, SignalDesk } from './signal-desk.ts';
import { SubAccount } from './sub-account.ts';
import { TrackedOrders } from './tracked-orders.ts';

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
  private readonly instruments: ReadonlyMap<string, Instrument>;
  private readonly emit: (output: HostingOutput) => void;
  private readonly feeds = new FeedStates();
  /** history: what happened before; nothing can be wanted. trial: wishes are told and nothing comes of them. */
  private phase: 'new' | 'history' | 'live' | 'trial' | 'ended' = 'new';
  /** Whether it goes on from a snapshot. */
  private isGoingOn = false;
  private hold: SignalRefusal | undefined;
  private timerMs = Number.POSITIVE_INFINITY;
  // Made when it is opened, and made anew when it is opened again.
  private inputs!: LiveInputs;
  private gate!: BarGate;
  private account!: SubAccount;
  private orders!: TrackedOrders;
  private desk!: SignalDesk;
  private host!: StrategyHost<Specs>;

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
    this.instruments = new Map(settings.instruments.map((instrument) => [instrument.symbol, instrument]));
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
    return this.host.nowMs;
  }

  refusalOf(signal: Signal, takesRisk: boolean): SignalRefusal | undefined {
    if (this.phase === 'trial') return undefined;
    if (this.phase === 'history') {
      // One that goes on waits for what it has canceled, so the cancel must not be lost; one that begins has nothing to cancel.
      return this.isGoingOn && signal.action === 'cancel' ? undefined : { reason: 'not_warm' };
    }
    // Canceling is always possible (faults.md I7).
    if (signal.action === 'cancel') return undefined;
    if (!this.host.isWarm) return { reason: 'not_warm' };
    const doubt =
      this.feeds.pauseOf(signal.symbol) ??
      (takesRisk ? (this.hold ?? this.feeds.doubtOf(this.settings.symbols)) : undefined);
    if (doubt !== undefined) return doubt;
    const { expiresAtMs } = signal;
    if (this.clockMs < expiresAtMs) return undefined;
    return { reason: 'signal_expired', expiresAtMs, nowMs: this.clockMs };
  }

  ordersChanged(): void {
    this.account.lockFor(this.orders.open, (symbol) => this.inputs.lastPriceOf(symbol));
  }

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
        this.desk.refused(input.signal, input.refusal, input.correlationId);
        this.deliver();
        break;
      case 'time':
        this.timeCame();
        break;
      case 'hold':
        this.hold = input.refusal;
        break;
      case 'save':
        this.emit({ kind: 'saved', ticket: input.ticket, snapshot: this.snapshot() });
        break;
      case 'stop':
        this.correlationId = `${this.settings.strategy}-stop-${input.nowMs}`;
        this.host.stop(input.nowMs);
        this.sendWishes();
        this.phase = 'ended';
        this.emit({ kind: 'stopped', snapshot: this.snapshot() });
        break;
      default:
        unreachable(input);
    }
  }

  private open({ history, snapshot, nowMs, balances, positions, orders, missed, isTrial }: Open): void {
    this.build();
    this.account.restore(balances, positions);
    this.orders.restore(orders, missed);
    this.ordersChanged();
    this.phase = 'history';
    this.isGoingOn = snapshot !== undefined && !isTrial;
    if (snapshot === undefined) {
      const first = Math.min(nowMs, ...history.flatMap(({ bars }) => bars[0]?.openTimeMs ?? []));
      if (first === nowMs) this.phase = isTrial ? 'trial' : 'live';
      this.host.start(first);
    } else {
      const unfit = this.resume(snapshot, history, nowMs);
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
    this.emit({ kind: 'opened', isRestored: snapshot !== undefined, isWarm: this.host.isWarm });
    this.announceTimer();
  }

  /** Goes back to where the snapshot was taken. @returns why that is not possible */
  private resume(
    snapshot: StrategySnapshot,
    history: readonly InputHistory[],
    nowMs: number,
  ): string | undefined {
    if (!this.host.canResume) return 'the strategy does not save its state';
    const hole = holeBetween(snapshot, this.inputs, history, nowMs);
    if (hole !== undefined) return hole;
    for (const [place, live] of this.inputs.bars.entries()) {
      const { closeTimeMs, count } = snapshot.inputs[place]!;
      if (closeTimeMs === null) continue;
      for (const bar of historyOf(history, live.symbol, live.interval.name).bars)
        if (bar.closeTimeMs <= closeTimeMs) this.inputs.append(place, bar);
      live.count = count;
      this.gate.pass(place, closeTimeMs);
    }
    try {
      this.host.resume(snapshot.host);
      return undefined;
    } catch (error) {
      return `its state does not fit: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** Shows what happened before, from where the strategy stands on. */
  private playHistory(history: readonly InputHistory[], isTrial: boolean): void {
    const instants = instantsAfter(this.inputs, history);
    for (const instant of instants) {
      const { timeMs, bars } = instant;
      if (isTrial && instant === instants.at(-1)) this.phase = 'trial';
      for (const { place, bar } of bars) {
        this.inputs.append(place, bar);
        this.gate.pass(place, timeMs);
      }
      this.at(timeMs, `${this.settings.strategy}-history-${timeMs}`);
      this.deliver();
      this.host.fireTimers();
      for (const { place } of bars) this.host.bar(this.inputs.bars[place]!.view);
      this.deliver();
      // What is refused here is nothing that anybody has to know.
      if (this.phase === 'history')
        this.desk.wishes = this.desk.wishes.filter(({ refusal }) => refusal === undefined);
    }
  }

  private market(update: MarketUpdate): void {
    switch (update.kind) {
      case 'bar':
        for (const input of this.inputs.placesOf(update.bar))
          this.bars(this.gate.take({ input, bar: update.bar, correlationId: correlationIdOf(update) }));
        break;
      case 'trade': {
        const { trade, receivedAtMs } = update;
        if (!this.inputs.watches('trades', trade.symbol)) return;
        this.inputs.traded(trade.symbol, trade.price);
        this.at(receivedAtMs, correlationIdOf(update));
        this.host.trade(trade);
        this.deliver();
        break;
      }
      case 'quote':
        if (!this.inputs.watches('quotes', update.quote.symbol)) return;
        this.at(update.receivedAtMs, correlationIdOf(update));
        this.host.quote(update.quote);
        this.deliver();
        break;
      case 'book': {
        if (!this.inputs.watches('book', update.book.symbol)) return;
        const book = this.inputs.bookWith(update.book);
        if (book === undefined) return;
        this.at(update.receivedAtMs, correlationIdOf(update));
        this.host.book(book);
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
        this.inputs.append(arrived[to]!.input, figuresOf(arrived[to]!.bar));
      this.at(closeTimeMs, arrived[from]!.correlationId);
      this.desk.sinceBar = 0;
      this.host.fireTimers();
      for (; from < to; from += 1) this.bar(arrived[from]!);
    }
  }

  private bar({ input, bar, correlationId }: ArrivedBar): void {
    const { host, desk } = this;
    this.correlationId = correlationId;
    const before = desk.wishes.length;
    host.bar(this.inputs.bars[input]!.view);
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
        values: this.lineValues(),
      },
    });
  }

  /** @param isLate  events that happened while the strategy was away: the books have them already */
  private events(events: readonly CommittedEvent[], isLate = false): void {
    for (const event of events) {
      if (!isLate) this.account.apply(event);
      for (const update of this.orders.apply(event))
        this.desk.updates.push({ update, correlationId: event.correlationId });
    }
    if (events.length === 0) return;
    this.ordersChanged();
    this.atClock(events.at(-1)!.correlationId);
    this.deliver();
    this.announceTimer();
  }

  private timeCame(): void {
    // What the gate still waits for has had its time.
    const { earliest } = this.gate;
    if (earliest !== undefined && earliest + BAR_WAIT_MS <= this.clockMs)
      this.bars(this.gate.release(this.clockMs - BAR_WAIT_MS));
    this.atClock(`${this.settings.strategy}-timer-${this.clockMs}`);
    this.host.fireTimers();
    this.deliver();
    this.timerMs = Number.NaN;
    this.announceTimer();
  }

  private at(timeMs: number, correlationId: string): void {
    this.host.advance(timeMs);
    this.correlationId = correlationId;
    if (this.inputs.bars.length === 0) this.desk.sinceBar = 0;
  }

  private atClock(correlationId: string): void {
    this.at(Math.max(this.clockMs, this.host.nowMs), correlationId);
  }

  /** Tells the strategy what has become of its orders, and of those that it wants while being told. */
  private deliver(): void {
    const { updates } = this.desk;
    for (let told = 0; updates.length > 0; told += 1) {
      if (told === ROUNDS_MAXIMUM)
        throw new Flood(`wants orders in onOrder without end (${ROUNDS_MAXIMUM} times at one instant)`);
      const { update, correlationId } = updates.shift()!;
      this.correlationId = correlationId;
      this.host.order(update);
    }
  }

  /** Only when the callbacks have returned: of a strategy that wants too much nothing is sent. */
  private sendWishes(): void {
    const { wishes, flood } = this.desk;
    if (flood !== undefined) throw flood;
    if (wishes.length === 0) return;
    this.desk.wishes = [];
    for (const { signal, refusal, correlationId } of wishes) {
      if (refusal === undefined) this.emit({ kind: 'signal', signal, correlationId });
      else this.emit({ kind: 'refused', signal, refusal, correlationId });
    }
  }

  /** When it must be called again: for its own timers, or for a bar that does not come. */
  private announceTimer(): void {
    const { earliest } = this.gate;
    const gateMs = earliest === undefined ? Number.POSITIVE_INFINITY : earliest + BAR_WAIT_MS;
    const atMs = Math.min(this.host.nextTimerMs, gateMs);
    if (atMs === this.timerMs) return;
    this.timerMs = atMs;
    this.emit({ kind: 'timer', atMs });
  }

  private snapshot(): StrategySnapshot | undefined {
    if (!this.host.canResume) return undefined;
    const inputs = this.inputs.bars.map(({ symbol, interval, latest, count }) => ({
      symbol,
      interval: interval.name,
      closeTimeMs: latest?.closeTimeMs ?? null,
      count,
    }));
    return { host: this.host.snapshot(), inputs };
  }

  /** The chart lines that have a value. */
  private lineValues(): Readonly<Record<string, number>> {
    const { lines } = this.host;
    if (lines.size === 0) return NO_VALUES;
    const values: Record<string, number> = {};
    for (const [name, { value }] of lines) if (Number.isFinite(value)) values[name] = value;
    return values;
  }

  private build(): void {
    const { symbols, interval, strategy, barsKept } = this.settings;
    const wanted = inputsOf(this.definition, { symbols, interval }, this.values);
    this.inputs = new LiveInputs(wanted, this.instruments, barsKept);
    this.gate = new BarGate(this.inputs.bars.map((bars) => bars.interval.lengthMs));
    this.account = new SubAccount(strategy, this.instruments);
    this.orders = new TrackedOrders();
    this.desk = new SignalDesk(this.settings, this.orders, this);
    this.host = this.newHost();
  }

  private newHost(): StrategyHost<Specs> {
    const { inputs, desk, account, instruments, definition, values } = this;
    const { symbols, interval } = this.settings;
    const options: HostOptions<Specs> = {
      definition,
      values,
      setup: { symbols, interval },
      instruments,
      portfolio: account.portfolio,
      desk,
      priceOf: (symbol) => ({
        get lastPrice() {
          return inputs.lastPriceOf(symbol);
        },
      }),
    };
    return new StrategyHost(options, inputs.views);
  }
}

/** How long bars of one instant are waited for when one of them is late. */
const BAR_WAIT_MS = 1000;
/** A strategy that answers every update with a new order would never come to an end. */
const ROUNDS_MAXIMUM = 1000;
const NO_VALUES: Readonly<Record<string, number>> = {};
