import { fromUnits, type Price, type Quantity, type QuoteAmount, unitsOf } from '@tradewind/core/money';
import type { AggregateTrade, AveragePrice, PublicTrade } from './model.ts';
import { AggregateLog, TradeLog } from './trade-logs.ts';

/** The public trades of a symbol, their aggregates and their average prices. */
export class TradeTape {
  readonly trades: TradeLog;
  readonly aggregates: AggregateLog;
  lastTradeId = 0;
  lastAggregateId = 0;
  private readonly averages = new Map<number, RollingAverage>();
  private last: PublicTrade | undefined = undefined;
  /** The aggregate that may still grow. */
  private running: (AggregateTrade & { readonly takerOrderId: number | undefined }) | undefined = undefined;

  constructor(symbol: string, kept: number) {
    this.trades = new TradeLog(symbol, kept);
    this.aggregates = new AggregateLog(symbol, kept);
  }

  /** @returns the aggregate that ended because this trade does not belong to it */
  add(trade: PublicTrade): AggregateTrade | undefined {
    this.lastTradeId = trade.id;
    this.last = trade;
    this.trades.add(trade);
    for (const average of this.averages.values()) average.add(trade);
    const { running } = this;
    if (
      running !== undefined &&
      running.price === trade.price &&
      running.takerOrderId === trade.takerOrderId &&
      running.isBuyerMaker === trade.isBuyerMaker
    ) {
      this.running = {
        ...running,
        quantity: fromUnits(unitsOf(running.quantity) + unitsOf(trade.quantity)),
        lastTradeId: trade.id,
      };
      return undefined;
    }
    const ended = this.endAggregate();
    this.lastAggregateId += 1;
    this.running = {
      symbol: trade.symbol,
      id: this.lastAggregateId,
      price: trade.price,
      quantity: trade.quantity,
      firstTradeId: trade.id,
      lastTradeId: trade.id,
      timeMs: trade.timeMs,
      isBuyerMaker: trade.isBuyerMaker,
      takerOrderId: trade.takerOrderId,
    };
    return ended;
  }

  /** The taker's turn is over. */
  endAggregate(): AggregateTrade | undefined {
    if (this.running === undefined) return undefined;
    const { takerOrderId: _, ...aggregate } = this.running;
    this.running = undefined;
    this.aggregates.add(aggregate);
    return aggregate;
  }

  saveAverages(): SavedAverage[] {
    return [...this.averages].map(([minutes, average]) => ({ minutes, seconds: average.save() }));
  }

  restore(
    trades: readonly PublicTrade[],
    aggregates: readonly AggregateTrade[],
    averages: readonly SavedAverage[],
  ): void {
    this.trades.restore(trades);
    this.last = trades.at(-1);
    this.aggregates.restore(aggregates);
    for (const { minutes, seconds } of averages)
      this.averages.set(minutes, new RollingAverage(minutes, seconds));
  }

  /** Volume-weighted over the last minutes; the last price when nothing traded in them; undefined before the first trade. */
  average(minutes: number, nowMs: number): AveragePrice | undefined {
    const { last } = this;
    if (last === undefined) return undefined;
    if (minutes === 0) return { minutes, price: last.price, closeTimeMs: last.timeMs };
    let rolling = this.averages.get(minutes);
    if (rolling === undefined) {
      if (this.averages.size === WINDOWS_MAX) this.averages.clear();
      rolling = new RollingAverage(minutes);
      for (const trade of this.trades) rolling.add(trade);
      this.averages.set(minutes, rolling);
    }
    return { minutes, price: rolling.price(nowMs) ?? last.price, closeTimeMs: last.timeMs };
  }
}

/** Filters and clients ask for one or two; more are made anew when asked for again. */
const WINDOWS_MAX = 8;

/** What a window has seen, oldest first. */
export interface SavedAverage {
  readonly minutes: number;
  readonly seconds: readonly Readonly<Second>[];
}

interface Second {
  readonly second: number;
  quote: bigint;
  quantity: bigint;
}

/** The sums over a window that moves in whole seconds, so that it holds at most one entry per second and costs nothing to ask. */
class RollingAverage {
  private readonly seconds: number;
  private readonly entries: Second[] = [];
  private first = 0;
  private quote = 0n;
  private quantity = 0n;

  constructor(minutes: number, entries: readonly Readonly<Second>[] = []) {
    this.seconds = minutes * 60;
    for (const entry of entries) {
      this.entries.push({ ...entry });
      this.quote += entry.quote;
      this.quantity += entry.quantity;
    }
  }

  save(): readonly Readonly<Second>[] {
    return this.entries.slice(this.first);
  }

  add(trade: PublicTrade): void {
    const second = Math.floor(trade.timeMs / 1000);
    const quote = unitsOf(trade.quoteQuantity);
    const quantity = unitsOf(trade.quantity);
    const last = this.entries.at(-1);
    if (last?.second === second) {
      last.quote += quote;
      last.quantity += quantity;
    } else this.entries.push({ second, quote, quantity });
    this.quote += quote;
    this.quantity += quantity;
    this.drop(second);
  }

  price(nowMs: number): Price | undefined {
    this.drop(Math.floor(nowMs / 1000));
    return this.quantity === 0n ? undefined : fromUnits((this.quote * PRICE_ONE) / this.quantity);
  }

  private drop(now: number): void {
    const { entries } = this;
    while (this.first < entries.length && entries[this.first]!.second <= now - this.seconds) {
      const { quote, quantity } = entries[this.first]!;
      this.quote -= quote;
      this.quantity -= quantity;
      this.first += 1;
    }
    if (this.first <= this.seconds) return;
    entries.splice(0, this.first);
    this.first = 0;
  }
}

const PRICE_ONE = 100_000_000n;

/** A trade as the public sees it. */
export const publicTrade = (
  symbol: string,
  id: number,
  amounts: { readonly price: Price; readonly quantity: Quantity; readonly quoteQuantity: QuoteAmount },
  timeMs: number,
  isBuyerMaker: boolean,
  takerOrderId: number | undefined,
): PublicTrade => ({ symbol, id, ...amounts, timeMs, isBuyerMaker, takerOrderId });
