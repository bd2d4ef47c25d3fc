import { account, myTrades, openOrders, queryOrder } from '../calls/account.ts';
import type { Caller } from '../calls/call.ts';
import type { OrderReference } from '../calls/order-parameters.ts';
import type { AccountState, VenueTrade } from '../model/account.ts';
import type { VenueOrder } from '../model/order.ts';
import type { Outcome } from '../outcome.ts';

/** What the stream asks to learn what it has not heard. A stream replays nothing (binance-spot.md section 9.1). */
export interface CatchUp {
  /** Of all symbols. */
  openOrders(): Promise<Outcome<readonly VenueOrder[]>>;
  order(reference: OrderReference): Promise<Outcome<VenueOrder>>;
  /** The first page of our trades of a symbol from there on, by ascending id, with at most `TRADES_PER_PAGE` rows. */
  trades(symbol: string, from: TradesFrom): Promise<Outcome<readonly VenueTrade[]>>;
  account(): Promise<Outcome<AccountState>>;
}

export type TradesFrom = { readonly tradeId: number } | { readonly timeMs: number };

export const TRADES_PER_PAGE = 1000;

/** Over REST, so that a socket that is slow or gone does not keep the questions from being asked. */
export const catchUpOver = (caller: Caller): CatchUp => ({
  openOrders: () => caller.perform(openOrders(undefined, 'exit')),
  order: (reference) => caller.perform(queryOrder(reference, 'exit')),
  trades: (symbol, from) =>
    caller.perform(
      myTrades(
        'tradeId' in from
          ? { symbol, fromTradeId: from.tradeId, limit: TRADES_PER_PAGE }
          : { symbol, startTimeMs: from.timeMs, limit: TRADES_PER_PAGE },
        'exit',
      ),
    ),
  // Zeros too: an asset that is not told of keeps what was known of it.
  account: () => caller.perform(account({ withZeroBalances: true })),
});
