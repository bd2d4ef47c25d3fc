import type { Oracle } from './port.ts';
import type { Venue } from './venue.ts';

/** Everything of everybody, by number. */
export const oracleOf = (venue: Venue): Oracle => ({
  accounts: [...venue.accounts.values()].map((account) => account.view()),
  orders: (symbol) =>
    [...venue.market(symbol).records.values()]
      .flatMap((records) => records.orders.slice().map((record) => record.view()))
      .sort((one, other) => one.orderId - other.orderId),
  fills: (symbol) =>
    [...venue.market(symbol).records.values()]
      .flatMap((records) => records.fills.slice())
      .sort((one, other) => one.tradeId - other.tradeId),
  trades: (symbol) => venue.market(symbol).tape.trades.slice(),
  lists: () =>
    [...venue.accounts.values()]
      .flatMap(({ lists }) => lists.all.all.map((list) => list.view()))
      .sort((one, other) => one.orderListId - other.orderListId),
});
