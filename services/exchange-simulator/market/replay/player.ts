import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { Feed } from '../../exchange/index.ts';
import { BookBridge } from './book-bridge.ts';
import type { ReplayEvent } from './event.ts';

export interface PlayerOptions {
  readonly feed: Feed;
  /** The symbols of the exchange; events of others are left out. */
  readonly symbols: readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  /** 1 is as it happened; Infinity as fast as the machine can. */
  readonly speed: number;
}

/** What became of the events of a recording. */
export interface ReplayCounts {
  /** Taken by the exchange. */
  readonly applied: number;
  /** Not taken by it: the symbol does not trade, or a value is not on its grid. */
  readonly refused: number;
  /** Of other symbols, older than the book, or said by another event better. */
  readonly leftOut: number;
}

/** So many events are applied in one go before others get their turn. */
const BURST = 500;

/** Plays what was recorded into the outside market of the exchange, so that clients' orders trade against real prices. */
export class Player {
  private readonly options: PlayerOptions;
  private readonly bridges = new Map<string, BookBridge>();
  private readonly hasSingleTrades = new Set<string>();
  private applied = 0;
  private refused = 0;
  private leftOut = 0;
  private isStopped = false;
  private waiting: { readonly timer: Timer; readonly wake: () => void } | undefined;

  constructor(options: PlayerOptions) {
    this.options = options;
    for (const symbol of options.symbols) this.bridges.set(symbol, new BookBridge());
  }

  /** Until the recording ends or `stop` is called. @param events  in the order of time */
  async play(events: AsyncIterable<ReplayEvent>): Promise<ReplayCounts> {
    const { clock, speed } = this.options;
    let begin: { readonly atMs: number; readonly elapsedMs: number } | undefined;
    let burst = 0;
    for await (const event of events) {
      if (this.isStopped) break;
      begin ??= { atMs: event.atMs, elapsedMs: clock.elapsedMs() };
      const due = begin.elapsedMs + (event.atMs - begin.atMs) / speed;
      const early = due - clock.elapsedMs();
      if (early > 0) await this.wait(early);
      else if (burst >= BURST) await this.wait(0);
      burst = early > 0 || burst >= BURST ? 1 : burst + 1;
      if (this.isStopped) break;
      this.apply(event);
    }
    return this.counts;
  }

  stop(): void {
    this.isStopped = true;
    this.waiting?.timer.cancel();
    this.waiting?.wake();
  }

  get counts(): ReplayCounts {
    const { applied, refused, leftOut } = this;
    return { applied, refused, leftOut };
  }

  private apply(event: ReplayEvent): void {
    const { feed } = this.options;
    const bridge = this.bridges.get(event.symbol);
    if (bridge === undefined) return this.leaveOut();
    switch (event.kind) {
      case 'snapshot':
      case 'diff': {
        const steps = event.kind === 'snapshot' ? bridge.takeSnapshot(event) : bridge.takeDiff(event);
        if (steps.length === 0) return this.leaveOut();
        for (const { kind, symbol, bids, asks } of steps)
          this.count(
            kind === 'snapshot' ? feed.replaceDepth(symbol, bids, asks) : feed.applyDepth(symbol, bids, asks),
          );
        return;
      }
      case 'quote':
        // A whole book says more, and would be lost to a quote.
        if (bridge.isValid) return this.leaveOut();
        return this.count(feed.applyQuote(event.symbol, event.bid, event.ask));
      case 'trade':
        if (!event.isAggregate) this.hasSingleTrades.add(event.symbol);
        else if (this.hasSingleTrades.has(event.symbol)) return this.leaveOut();
        return this.count(feed.applyTrade(event.symbol, event.price, event.quantity, event.takerSide));
    }
  }

  private count(isTaken: boolean): void {
    if (isTaken) this.applied += 1;
    else this.refused += 1;
  }

  private leaveOut(): void {
    this.leftOut += 1;
  }

  private wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.options.timers.after(delayMs, resolve);
      this.waiting = { timer, wake: resolve };
    });
  }
}
