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
  readonly lines: ReadonlyMap<string, Line>;
  private readonly scene: Scene;
  private readonly warmup: number;
  /** Bars still to come before an input is warm. */
  private readonly missing = new Map<Bar, number>();

  /** @param barViews  the views of all bar inputs, which are counted for the warm-up */
  constructor(options: HostOptions<Specs>, barViews: readonly Bar[]) {
    const { definition, values } = options;
    this.warmup = definition.warmup(values);
    for (const view of barViews) if (this.warmup > 0) this.missing.set(view, this.warmup);
    this.scene = new Scene(definition.name, options, this.missing.size === 0);
    this.lines = this.scene.lines;
    this.strategy = definition.create(this.scene, values);
  }

  get isWarm(): boolean {
    return this.scene.isWarm;
  }

  get nowMs(): number {
    return this.scene.nowMs;
  }

  start(timeMs: number): void {
    this.scene.nowMs = timeMs;
    this.strategy.onStart?.();
  }

  /** Time has come to `timeMs`. */
  advance(timeMs: number): void {
    this.scene.nowMs = timeMs;
  }

  /** Timers that are due fire, the earliest first. */
  fireTimers(): void {
    if (this.scene.nowMs >= this.scene.nextTimerMs) this.scene.fireTimers(this.strategy);
  }

  bar(bar: Bar): void {
    if (!this.scene.isWarm) this.countWarmup(bar);
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
    this.scene.nowMs = timeMs;
    this.strategy.onStop?.();
  }

  /** The strategy's own state; null when it keeps none. Indicators come back by warm-up. */
  save(): SavedState {
    return this.strategy.save?.() ?? null;
  }

  restore(state: SavedState): void {
    invariant(this.strategy.restore !== undefined, 'a strategy that is restored can restore');
    this.strategy.restore(state);
  }

  private countWarmup(bar: Bar): void {
    const left = this.missing.get(bar);
    if (left === undefined) return;
    if (left > 1) this.missing.set(bar, left - 1);
    else this.missing.delete(bar);
    if (this.missing.size === 0) this.scene.isWarm = true;
  }
}

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

/** What stands behind the context of one strategy. */
class Scene implements Context, OrderNaming {
  readonly setup: Setup;
  readonly strategy: string;
  readonly lines = new Map<string, Line>();
  nowMs = Number.NaN;
  isWarm: boolean;
  nextTimerMs = Number.POSITIVE_INFINITY;
  readonly #markets = new Map<string, MarketView>();
  readonly #timers = new Map<string, number>();
  readonly #ids = new ClientOrderIds();
  readonly #portfolio: Portfolio;
  #sequence = 0;
  #sequenceTimeMs = Number.NaN;

  constructor(strategy: string, surroundings: Surroundings, isWarm: boolean) {
    const { setup, instruments, portfolio, priceOf, desk } = surroundings;
    this.setup = setup;
    this.strategy = strategy;
    this.isWarm = isWarm;
    this.#portfolio = portfolio;
    for (const symbol of setup.symbols) {
      const instrument = instruments.get(symbol);
      invariant(instrument !== undefined, `the instrument of ${symbol} is known`);
      const accounts = portfolio.market(instrument);
      this.#markets.set(symbol, new MarketView(instrument, accounts, priceOf(symbol), desk, this));
    }
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
    if (!Number.isFinite(atMs)) throw new RangeError(`timer ${name}: ${atMs} is not a time`);
    this.#timers.set(name, atMs);
    this.#findNextTimer();
  }

  clearTimer(name: string): void {
    this.#timers.delete(name);
    this.#findNextTimer();
  }

  fireTimers(strategy: Strategy): void {
    const due = [...this.#timers].filter(([, atMs]) => atMs <= this.nowMs).sort((a, b) => a[1] - b[1]);
    for (const [name, atMs] of due) {
      // One that fired before it may have moved or cleared it.
      if (this.#timers.get(name) !== atMs) continue;
      this.clearTimer(name);
      strategy.onTimer?.(name);
    }
  }

  line(name: string): ChartLine {
    let line = this.lines.get(name);
    if (line === undefined) {
      line = new Line(name);
      this.lines.set(name, line);
    }
    return line;
  }

  nextSequence(): number {
    this.#sequence = this.#sequenceTimeMs === this.nowMs ? this.#sequence + 1 : 0;
    this.#sequenceTimeMs = this.nowMs;
    return this.#sequence;
  }

  idOf(symbol: string, sequence: number, leg?: OrderLeg): string {
    const name = { strategy: this.strategy, symbol, decidedAtMs: this.nowMs, sequence };
    return this.#ids.idOf(leg === undefined ? name : { ...name, leg });
  }

  #findNextTimer(): void {
    this.nextTimerMs = Math.min(Number.POSITIVE_INFINITY, ...this.#timers.values());
  }
}
