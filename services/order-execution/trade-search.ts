import { type Caller, calls, type OrderEntry, type UserStream, type VenueTrade } from '@tradewind/binance';
import type { Fills } from './fills.ts';

export interface TradeSearchParts {
  readonly caller: Caller;
  readonly entry: Pick<OrderEntry, 'query'>;
  readonly stream: Pick<UserStream, 'account' | 'takeOrder'>;
  readonly fills: Pick<Fills, 'isBooked'>;
}

/** How far the list of one symbol has been looked through. */
interface Search {
  readonly sinceMs: number;
  /** Where it goes on; undefined before the first page, which is found by the time. */
  readonly fromTradeId: number | undefined;
}

/** Of one symbol, in one call of `areKnown`; the next call goes on behind them. */
const PAGES_MAX = 5;
const TRADES_PER_PAGE = 1000;

/**
 * Looks whether the venue's list of our trades holds one of an order that nobody knows. A trade names only the venue's order: one that
 * is neither booked nor known has to be asked for.
 */
export class TradeSearch {
  private readonly parts: TradeSearchParts;
  /** By symbol, of searches that have not come to the end of the list. */
  private readonly begun = new Map<string, Search>();

  constructor(parts: TradeSearchParts) {
    this.parts = parts;
  }

  /** @returns whether the list was seen to its end, and every trade from `sinceMs` on is of a known order */
  async areKnown(symbol: string, sinceMs: number): Promise<boolean> {
    const begun = this.begun.get(symbol);
    this.begun.delete(symbol);
    let search: Search =
      begun !== undefined && begun.sinceMs <= sinceMs ? begun : { sinceMs, fromTradeId: undefined };
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { fromTradeId } = search;
      const range = fromTradeId === undefined ? { startTimeMs: search.sinceMs } : { fromTradeId };
      const trades = await this.parts.caller.perform(
        calls.myTrades({ symbol, ...range, limit: TRADES_PER_PAGE }, 'exit'),
      );
      if (trades.kind !== 'done') return false;
      for (const trade of trades.value) if (!(await this.isKnown(trade))) return false;
      const last = trades.value.at(-1);
      if (last === undefined || trades.value.length < TRADES_PER_PAGE) return true;
      search = { ...search, fromTradeId: last.tradeId + 1 };
    }
    // An account may trade faster than one round looks: the next one goes on here, or nothing would ever be proven.
    this.begun.set(symbol, search);
    return false;
  }

  private async isKnown(trade: VenueTrade): Promise<boolean> {
    const { entry, stream, fills } = this.parts;
    const { symbol, orderId } = trade;
    if (fills.isBooked(trade) || stream.account.orders.byOrderId(symbol, orderId) !== undefined) return true;
    const answer = await entry.query({ symbol, orderId }, 'exit');
    return answer.kind === 'done' && stream.takeOrder(answer.value, true);
  }
}
