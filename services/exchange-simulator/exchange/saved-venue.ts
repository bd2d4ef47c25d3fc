import type { ApiKey } from './commands.ts';
import type { ListRecord } from './list-record.ts';
import { restoreAccount, restoreWallets, type SavedAccount, saveAccount } from './saved-accounts.ts';
import {
  restoreList,
  restoreMarket,
  type SavedList,
  type SavedMarket,
  type SaveOptions,
  saveList,
  saveMarket,
} from './saved-markets.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';

/** A whole exchange between two commands. */
export interface SavedVenue {
  readonly lastAccount: number;
  readonly lastOrderListId: number;
  readonly lastName: number;
  readonly nowMs: number;
  readonly accounts: readonly SavedAccount[];
  readonly outside: SavedAccount['wallets'];
  readonly keys: readonly ApiKey[];
  readonly markets: readonly SavedMarket[];
  readonly lists: readonly SavedList[];
  /** Open ones that are not in `lists`, which is the history. */
  readonly outlivedLists?: readonly SavedList[];
}

export const saveVenue = (venue: Venue, options: SaveOptions): SavedVenue => ({
  lastAccount: venue.lastAccount,
  lastOrderListId: venue.lastOrderListId,
  lastName: venue.lastName,
  nowMs: venue.nowMs,
  accounts: [...venue.accounts.values()].map(saveAccount),
  outside: saveAccount(venue.outside).wallets,
  keys: [...venue.keys.values()],
  markets: [...venue.markets.values()].map((market) => saveMarket(market, options)),
  lists: [...venue.accounts.values()].flatMap((account) =>
    account.lists.all.all.filter((list) => hasItsOrders(venue, account, list)).map(saveList),
  ),
  outlivedLists: [...venue.accounts.values()].flatMap(({ lists }) => lists.outlived.map(saveList)),
});

/** A closed list may be remembered longer than its orders; without them it cannot be loaded. */
const hasItsOrders = (venue: Venue, account: TradingAccount, list: ListRecord): boolean => {
  const { orders } = venue.market(list.symbol).recordsOf(account);
  return list.legs.every(({ orderId }) => orders.byId(orderId) !== undefined);
};

/** @param openMarket  opens a market with the engine of a saved one */
export function restoreVenue(
  venue: Venue,
  saved: SavedVenue,
  openMarket: (market: SavedMarket) => SymbolMarket,
): void {
  venue.lastAccount = saved.lastAccount;
  venue.lastOrderListId = saved.lastOrderListId;
  venue.lastName = saved.lastName;
  venue.nowMs = saved.nowMs;
  for (const account of saved.accounts) venue.accounts.set(account.number, restoreAccount(venue, account));
  restoreWallets(venue.outside, saved.outside);
  for (const key of saved.keys) venue.keys.set(key.apiKey, key);
  for (const market of saved.markets) {
    const symbol = String(market.entry.symbol);
    if (!venue.markets.has(symbol)) throw new RangeError(`the exchangeInfo has no ${symbol}`);
    restoreMarket(venue, openMarket(market), market);
  }
  for (const list of saved.outlivedLists ?? []) restoreList(venue, list, false);
  for (const list of saved.lists) restoreList(venue, list, true);
  venue.forgetChanges();
}
