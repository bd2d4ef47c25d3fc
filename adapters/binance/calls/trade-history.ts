import { invariant } from '@tradewind/core/result';
import type { Priority } from '../limits/limits.ts';
import type { VenueTrade } from '../model/account.ts';
import { done, type Outcome } from '../outcome.ts';
import { myTrades } from './account.ts';
import type { Caller } from './call.ts';

/** Trades of ours without a hole from an id on. */
export interface TradeHistory {
  readonly trades: readonly VenueTrade[];
  /** Where to go on; undefined when the history is complete up to now. */
  readonly nextTradeId: number | undefined;
}

/** The most that one page holds (binance-spot.md section 4.4). */
const PAGE = 1000;

/**
 * Reads our trades of a symbol from an id on, page by page, as many pages as allowed. A page that fails fails the whole: a history
 * with a hole would be worse than none.
 * @param fromTradeId  the first id wanted; 0 for everything
 * @param pagesMax  each costs weight 20; at least 1
 */
export async function tradesFrom(
  caller: Caller,
  symbol: string,
  fromTradeId: number,
  { pagesMax, priority = 'normal' }: { readonly pagesMax: number; readonly priority?: Priority },
): Promise<Outcome<TradeHistory>> {
  invariant(pagesMax >= 1, 'a history has at least one page');
  const trades: VenueTrade[] = [];
  let nextTradeId = fromTradeId;
  for (let page = 0; page < pagesMax; page++) {
    const outcome = await caller.perform(
      myTrades({ symbol, fromTradeId: nextTradeId, limit: PAGE }, priority),
    );
    if (outcome.kind !== 'done') return outcome;
    // Only what rises: a page that answers another question would be read for ever.
    const rows = outcome.value.filter(({ tradeId }) => tradeId >= nextTradeId);
    if (outcome.value.length < PAGE || rows.length === 0) {
      trades.push(...rows);
      return done({ trades, nextTradeId: undefined });
    }
    // A trade with oneself has two rows, and the second of the last trade may be on the next page: it is read from there.
    const lastTradeId = Math.max(...rows.map(({ tradeId }) => tradeId));
    trades.push(...rows.filter(({ tradeId }) => tradeId < lastTradeId));
    nextTradeId = lastTradeId;
  }
  return done({ trades, nextTradeId });
}
