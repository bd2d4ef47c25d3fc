import type { Instrument, OrderBook, Quote, Trade } from '../market/index.ts';
import type { QuoteAmount } from '../money/index.ts';
import { ClientOrderIds, type OrderLeg } from '../orders/index.ts';
import { equityOf, type Portfolio } from '../portfolio/index.ts';
import { invariant } from '../result.ts';
import type { Bar } from './bar.ts';
import type { ChartLine, Context, Market } from './context.ts';
import { MarketView, type OrderNaming, type PriceSource } from './market-view.ts';
import type { OrderDesk } from './order-desk.ts';
import type { OrderUpdate } from './order-update.ts';
import type { ParameterSpecs, ParameterValues } from './parameters.ts';
import type { Setup } from './setup.ts';
import type { SavedState, Strategy, StrategyDefinition } from './strategy.ts';
import { type SavedTimer, Timers } from './timers.ts';

export interface HostOptions<Specs extends ParameterSpecs> extends Surroundings {
  readonly definition: StrategyDefinition<Specs>;
  readonly values: ParameterValues<Specs>;
}

/** What a strategy finds around it. */
interface Surroundings {
  readonly setup: Setup;
  /** One for each symbol of the setup. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** The books of this strategy's sub-account. */
  readonly portfolio: Portfolio;
  readonly priceOf: (symbol: string) => PriceSource;
  readonly desk: OrderDesk;
}

/**
 * Runs one strategy: tells it what happens, in the order of time, and names the orders it wants. Whoever drives the host
 * owns time and data; the host itself only passes on, so that a strategy behaves alike wherever it runs.
 */
export class StrategyHost<Specs extends ParameterSpecs = ParameterSpecs> {
  readonly strategy: Strategy;
  private readonly state: HostState;
  private readonly warmup: number;
  /** Bars still to come before an input is warm. */
  private readonly missing = new Map<Bar, number>();
  private readonly views: readonly Bar[];

  /** @param barViews  the views of all bar inputs, which are counted for the warm-up */
  constructor(options: HostOptions<Specs>, barViews: readonly Bar[]) {
    const { definition, values } = options;
    this.warmup = definition.warmup(values);
    this.views = barViews;
    for (const view of barViews) if (this.warmup > 0) this.missing.set(view, this.warmup);
    this.state = new HostState(this.missing.size === 0);
    this.strategy = definition.create(new HostContext(definition.name, options, this.state), values);
  }

  get isWarm(): boolean {
    return this.state.isWarm;
  }

  get nowMs(): number {
    return this.state.nowMs;
  }

  /** When the earliest timer is due, epoch ms; Infinity when there is none. */
  get nextTimerMs(): number {
    return this.state.timers.nextMs;
  }

  /** The strategy's chart lines by their names, in the order in which it asked for them. */
  get lines(): ReadonlyMap<string, Line> {
    return this.state.lines;
  }

  start(timeMs: number): void {
    this.state.nowMs = timeMs;
    this.strategy.onStart?.();
  }

  /** Time has come to `timeMs`. */
  advance(timeMs: number): void {
    this.state.nowMs = timeMs;
  }

  /** Timers that are due fire, the earliest first. */
  fireTimers(): void {
    const { nowMs, timers } = this.state;
    if (nowMs >= timers.nextMs) timers.fire(nowMs, (name) => this.strategy.onTimer?.(name));
  }

  bar(bar: Bar): void {
    if (!this.state.isWarm) this.countWarmup(bar);
    if (this.strategy.onBar !== undefined) this.strategy.onBar(bar);
  }

  trade(trade: Trade): void {
    this.strategy.onTrade?.(trade);
  }

  quote(quote: Quote): void {
    this.strategy.onQuote?.(quote);
  }

  book(book: OrderBook): void {
    this.strategy.onBook?.(book);
  }

  order(update: OrderUpdate): void {
    this.strategy.onOrder?.(update);
  }

  stop(timeMs: number): void {
    this.state.nowMs = timeMs;
    this.strategy.onStop?.();
  }

  /** The strategy's own state, its indicators included; null when it keeps none. Timers and the warm-up are not part of it. */
  save(): SavedState {
    return this.strategy.save?.() ?? null;
  }

  /** Continues exactly where `save` was called, on a strategy of the same definition and values. */
  restore(state: SavedState): void {
    invariant(this.strategy.restore !== undefined, 'a strategy that is restored can restore');
    this.strategy.restore(state);
  }

  /** Whether the strategy can go on after a restart: it both saves and restores. */
  get canResume(): boolean {
    return this.strategy.save !== undefined && this.strategy.restore !== undefined;
  }

  /** The strategy's state with what the host keeps for it. */
  snapshot(): HostSnapshot {
    const { state } = this;
    return {
      strategy: this.save(),
      nowMs: orNull(state.nowMs),
      timers: state.timers.save(),
      missing: this.views.map((view) => this.missing.get(view) ?? 0),
      latestDecisionMs: orNull(state.latestDecisionMs),
      sequence: state.sequence,
      lateSequence: state.lateSequence,
    };
  }

  /** Goes on where `snapshot` was taken, instead of `start`; the host has the same inputs. Throws what the strategy's `restore` throws. */
  resume(snapshot: HostSnapshot): void {
    const { state } = this;
    this.restore(snapshot.strategy);
    state.nowMs = snapshot.nowMs ?? Number.NaN;
    state.timers.restore(snapshot.timers);
    this.missing.clear();
    this.views.forEach((view, place) => {
      const left = snapshot.missing[place] ?? this.warmup;
      if (left > 0) this.missing.set(view, left);
    });
    state.isWarm = this.missing.size === 0;
    state.latestDecisionMs = snapshot.latestDecisionMs ?? Number.NaN;
    state.sequence = snapshot.sequence;
    state.lateSequence = snapshot.lateSequence;
  }

  private countWarmup(bar: Bar): void {
    const left = this.missing.get(bar);
    if (left === undefined) return;
    if (left > 1) this.missing.set(bar, left - 1);
    else this.missing.delete(bar);
    if (this.missing.size === 0) this.state.isWarm = true;
  }
}

/** A host as it was at one instant: plain data that survives as JSON. */
export type HostSnapshot = {
  readonly strategy: SavedState;
  readonly nowMs: number | null;
  readonly timers: readonly SavedTimer[];
  /** Of each bar input, how many bars it lacks to be warm. */
  readonly missing: readonly number[];
  readonly latestDecisionMs: number | null;
  readonly sequence: number;
  readonly lateSequence: number;
};

/** NaN is no JSON. */
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** A chart line as the host keeps it: the value of the present bar. */
export class Line implements ChartLine {
  readonly name: string;
  value = Number.NaN;

  constructor(name: string) {
    this.name = name;
  }

  set(value: number): void {
    this.value = value;
  }
}

/** Decisions of instants that have passed share one count, which no count of a single instant reaches. */
const FIRST_LATE_SEQUENCE = 36 ** 5;

/** What the host alone changes and the context shows. */
class HostState {
  readonly lines = new Map<string, Line>();
  readonly timers = new Timers();
  nowMs = Number.NaN;
  /** The latest instant that is part of an id, and how many ids have it, less one. */
  latestDecisionMs = Number.NaN;
  sequence = 0;
  lateSequence = FIRST_LATE_SEQUENCE;
  isWarm: boolean;

  constructor(isWarm: boolean) {
    this.isWarm = isWarm;
  }
}

/** The context of one strategy. It hands out nothing through which time or the warm-up could be changed. */
class HostContext implements Context, OrderNaming {
  readonly setup: Setup;
  readonly strategy: string;
  readonly #state: HostState;
  readonly #markets = new Map<string, MarketView>();
  readonly #ids = new ClientOrderIds();
  readonly #portfolio: Portfolio;

  constructor(strategy: string, surroundings: Surroundings, state: HostState) {
    const { setup, instruments, portfolio, priceOf, desk } = surroundings;
    this.setup = setup;
    this.strategy = strategy;
    this.#state = state;
    this.#portfolio = portfolio;
    for (const symbol of setup.symbols) {
      const instrument = instruments.get(symbol);
      invariant(instrument !== undefined, `the instrument of ${symbol} is known`);
      const accounts = portfolio.market(instrument);
      this.#markets.set(symbol, new MarketView(instrument, accounts, priceOf(symbol), desk, this));
    }
  }

  get nowMs(): number {
    return this.#state.nowMs;
  }

  get isWarm(): boolean {
    return this.#state.isWarm;
  }

  market(symbol: string = this.setup.symbols[0]!): Market {
    const market = this.#markets.get(symbol);
    if (market === undefined)
      throw new RangeError(`${symbol} is not among the symbols of this run: ${this.setup.symbols}`);
    return market;
  }

  equity(): QuoteAmount | undefined {
    return equityOf(this.#portfolio, this.market().instrument.quoteAsset, this.#markets.values());
  }

  setTimer(name: string, atMs: number): void {
    this.#state.timers.set(name, atMs);
  }

  clearTimer(name: string): void {
    this.#state.timers.clear(name);
  }

  line(name: string): ChartLine {
    const { lines } = this.#state;
    let line = lines.get(name);
    if (line === undefined) {
      line = new Line(name);
      lines.set(name, line);
    }
    return line;
  }

  nextSequence(): number {
    const state = this.#state;
    // Live, a bar can be told after a trade that came later than its close. What was counted at that instant is forgotten by then.
    if (state.nowMs < state.latestDecisionMs) {
      state.lateSequence += 1;
      return state.lateSequence;
    }
    state.sequence = state.latestDecisionMs === state.nowMs ? state.sequence + 1 : 0;
    state.latestDecisionMs = state.nowMs;
    return state.sequence;
  }

  idOf(symbol: string, sequence: number, leg?: OrderLeg): string {
    const name = { strategy: this.strategy, symbol, decidedAtMs: this.nowMs, sequence };
    return this.#ids.idOf(leg === undefined ? name : { ...name, leg });
  }
}
