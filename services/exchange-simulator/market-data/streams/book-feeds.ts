import { unitsOf } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import type { BookChange } from '../../exchange/index.ts';
import type { Feed, FeedContext } from './feed.ts';

/** Tells the best of both sides whenever a command has changed it. */
export class BookTickerFeed implements Feed {
  private readonly context: FeedContext;
  private told: string;

  constructor(context: FeedContext) {
    this.context = context;
    this.told = JSON.stringify(context.data.bookTicker());
  }

  bookChange(change: BookChange): void {
    const { channel, data, exchange } = this.context;
    // All changes of a command are told after it: what is between the first and the last of them nobody could trade on.
    if (change.updateId !== exchange.lastUpdateId(change.symbol) || !data.isShown) return;
    const best = data.bookTicker();
    const now = JSON.stringify(best);
    if (now === this.told) return;
    this.told = now;
    channel.publish(() => ({
      u: change.updateId,
      s: best.symbol,
      b: best.bidPrice,
      B: best.bidQty,
      a: best.askPrice,
      A: best.askQty,
    }));
  }
}

/** Collects the changes of levels between two ticks; each event continues where the one before it ended. */
export class DepthFeed implements Feed {
  readonly periodMs: 100 | 1000;
  private readonly context: FeedContext;
  /** By price in 10^-8; the quantities as they are now. */
  private readonly changed = { BUY: new Map<bigint, bigint>(), SELL: new Map<bigint, bigint>() };
  private firstId: number;
  private lastId: number;

  constructor(context: FeedContext, periodMs: 100 | 1000) {
    this.context = context;
    this.periodMs = periodMs;
    this.lastId = context.exchange.lastUpdateId(context.data.symbol);
    this.firstId = this.lastId + 1;
  }

  bookChange(change: BookChange): void {
    this.changed[change.side].set(unitsOf(change.price), unitsOf(change.quantity));
    this.lastId = change.updateId;
  }

  tick(): void {
    const { channel, data, clock } = this.context;
    if (this.lastId < this.firstId || !data.isShown) return;
    const now = clock.nowMs();
    const event = {
      s: data.symbol,
      U: this.firstId,
      u: this.lastId,
      b: this.takeLevels('BUY'),
      a: this.takeLevels('SELL'),
    };
    this.firstId = this.lastId + 1;
    channel.publish((time) => ({ e: 'depthUpdate', E: time(now), ...event }));
  }

  /** Best first, as recorded. */
  private takeLevels(side: Side): (readonly [string, string])[] {
    const { format } = this.context.data;
    const levels = [...this.changed[side]].sort(([a], [b]) => (a < b === (side === 'SELL') ? -1 : 1));
    this.changed[side].clear();
    return levels.map(([price, quantity]) => [format.price(price), format.quantity(quantity)]);
  }
}

/** The best levels, whenever the book has changed since the last tick. */
export class PartialDepthFeed implements Feed {
  readonly periodMs: 100 | 1000;
  private readonly context: FeedContext;
  private readonly levels: number;
  private toldId = -1;

  constructor(context: FeedContext, levels: number, periodMs: 100 | 1000) {
    this.context = context;
    this.levels = levels;
    this.periodMs = periodMs;
  }

  tick(): void {
    const { channel, data, exchange } = this.context;
    const updateId = exchange.lastUpdateId(data.symbol);
    if (updateId === this.toldId || !data.isShown) return;
    this.toldId = updateId;
    const depth = data.depth(this.levels);
    channel.publish(() => depth);
  }
}
