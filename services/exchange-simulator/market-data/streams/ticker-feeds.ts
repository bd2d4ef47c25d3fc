import type { MiniTicker, WindowTicker } from '../shapes.ts';
import type { SymbolData } from '../symbol-data.ts';
import type { Channel, TimeText } from './channel.ts';
import type { Feed, FeedContext } from './feed.ts';
import type { TickerWindow } from './stream-name.ts';

const miniEvent = (ticker: MiniTicker, now: number, time: TimeText): object => ({
  e: '24hrMiniTicker',
  E: time(now),
  s: ticker.symbol,
  c: ticker.lastPrice,
  o: ticker.openPrice,
  h: ticker.highPrice,
  l: ticker.lowPrice,
  v: ticker.volume,
  q: ticker.quoteVolume,
});

const windowEvent = (ticker: WindowTicker, window: TickerWindow, now: number, time: TimeText): object => ({
  e: `${window.name}Ticker`,
  E: time(now),
  s: ticker.symbol,
  p: ticker.priceChange,
  P: ticker.priceChangePercent,
  o: ticker.openPrice,
  h: ticker.highPrice,
  l: ticker.lowPrice,
  c: ticker.lastPrice,
  w: ticker.weightedAvgPrice,
  v: ticker.volume,
  q: ticker.quoteVolume,
  O: time(ticker.openTime),
  C: time(ticker.closeTime),
  F: ticker.firstId,
  L: ticker.lastId,
  n: ticker.count,
});

/** Remembers what was told last: a ticker in which only the times moved is not told again. */
class Memory {
  private told: string | undefined;

  hasNews(ticker: MiniTicker): boolean {
    const text = JSON.stringify({ ...ticker, openTime: 0, closeTime: 0 });
    if (text === this.told) return false;
    this.told = text;
    return true;
  }
}

export class MiniTickerFeed implements Feed {
  readonly periodMs = 1000;
  private readonly context: FeedContext;
  private readonly memory = new Memory();

  constructor(context: FeedContext) {
    this.context = context;
  }

  tick(): void {
    const { channel, data, clock } = this.context;
    const ticker = data.dayMiniTicker();
    if (!data.isShown || !this.memory.hasNews(ticker)) return;
    const now = clock.nowMs();
    channel.publish((time) => miniEvent(ticker, now, time));
  }
}

export class DayTickerFeed implements Feed {
  readonly periodMs = 1000;
  private readonly context: FeedContext;
  private readonly memory = new Memory();

  constructor(context: FeedContext) {
    this.context = context;
  }

  tick(): void {
    const { channel, data, clock } = this.context;
    const ticker = data.dayTicker();
    if (!data.isShown || !this.memory.hasNews(ticker)) return;
    const now = clock.nowMs();
    channel.publish((time) => ({
      e: '24hrTicker',
      E: time(now),
      s: ticker.symbol,
      p: ticker.priceChange,
      P: ticker.priceChangePercent,
      w: ticker.weightedAvgPrice,
      x: ticker.prevClosePrice,
      c: ticker.lastPrice,
      Q: ticker.lastQty,
      b: ticker.bidPrice,
      B: ticker.bidQty,
      a: ticker.askPrice,
      A: ticker.askQty,
      o: ticker.openPrice,
      h: ticker.highPrice,
      l: ticker.lowPrice,
      v: ticker.volume,
      q: ticker.quoteVolume,
      O: time(ticker.openTime),
      C: time(ticker.closeTime),
      F: ticker.firstId,
      L: ticker.lastId,
      n: ticker.count,
    }));
  }
}

export class WindowTickerFeed implements Feed {
  readonly periodMs = 1000;
  private readonly context: FeedContext;
  private readonly window: TickerWindow;
  private readonly memory = new Memory();

  constructor(context: FeedContext, window: TickerWindow) {
    this.context = context;
    this.window = window;
  }

  tick(): void {
    const { channel, data, clock } = this.context;
    const ticker = data.rollingTicker(this.window.lengthMs);
    if (!data.isShown || !this.memory.hasNews(ticker)) return;
    const now = clock.nowMs();
    channel.publish((time) => windowEvent(ticker, this.window, now, time));
  }
}

/** All symbols whose ticker has changed, in one array; nothing when none has. */
export class AllTickersFeed implements Feed {
  readonly periodMs = 1000;
  private readonly channel: Channel;
  private readonly symbols: () => readonly SymbolData[];
  private readonly nowMs: () => number;
  private readonly window: TickerWindow | undefined;
  private readonly memories = new Map<string, Memory>();

  /** @param window  undefined for mini tickers of 24 h */
  constructor(
    channel: Channel,
    symbols: () => readonly SymbolData[],
    nowMs: () => number,
    window: TickerWindow | undefined,
  ) {
    this.channel = channel;
    this.symbols = symbols;
    this.nowMs = nowMs;
    this.window = window;
  }

  tick(): void {
    const now = this.nowMs();
    const events = this.symbols()
      .filter((data) => data.isShown)
      .flatMap((data) => this.eventOf(data, now));
    if (events.length > 0) this.channel.publish((time) => events.map((event) => event(time)));
  }

  private eventOf(data: SymbolData, now: number): ((time: TimeText) => object)[] {
    const { window } = this;
    if (window === undefined) {
      const mini = data.dayMiniTicker();
      return this.hasNews(mini) ? [(time) => miniEvent(mini, now, time)] : [];
    }
    const ticker = data.rollingTicker(window.lengthMs);
    return this.hasNews(ticker) ? [(time) => windowEvent(ticker, window, now, time)] : [];
  }

  /** A symbol that has never traded has no news. */
  private hasNews(ticker: MiniTicker): boolean {
    let memory = this.memories.get(ticker.symbol);
    if (memory === undefined) {
      if (ticker.count === 0) return false;
      memory = new Memory();
      this.memories.set(ticker.symbol, memory);
    }
    return memory.hasNews(ticker);
  }
}
