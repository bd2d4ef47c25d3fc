import { type Instrument, stepOf } from '@tradewind/core/market';
import {
  asAsset,
  averagePrice,
  formatAmount,
  isPositive,
  notional,
  type Quantity,
  settle,
  Tally,
} from '@tradewind/core/money';
import { isFinal, type OrderRecord } from '@tradewind/core/orders';
import { Account, type AccountBooks, OWNER } from '@tradewind/core/portfolio';
import type { LedgerOrder, TradingEvent } from '@tradewind/proto';
import type { Booking } from './booking.ts';
import type { Watcher } from './bookkeeper.ts';
import type { EventMaker } from './event-maker.ts';
import type { Fills } from './fills.ts';
import type { Orders } from './orders.ts';

export interface DustParts {
  readonly booking: Booking;
  readonly books: AccountBooks;
  readonly events: EventMaker;
  readonly orders: Orders;
  readonly fills: Pick<Fills, 'bookedOf'>;
  readonly instruments: ReadonlyMap<string, Instrument>;
}

/**
 * What an exit leaves below a lot step or the least notional can never be sold: the position is closed without it, and it goes to the
 * owner by way of the dust account (faults.md B3).
 */
export const dustWatcher =
  ({ booking, books, events, orders, fills, instruments }: DustParts): Watcher =>
  ({ order, before, fills: told }) => {
    const { intent, record } = order;
    const hasEnded = isFinal(record.state) && (!isFinal(before.state) || told.length > 0);
    const instrument = instruments.get(intent.symbol);
    if (intent.side !== 'SELL' || !hasEnded || instrument === undefined) return;
    // Judged when everything before it is booked.
    booking.add(() => {
      const { clientOrderId, strategy, symbol } = intent;
      // What looks like a rest may be a fill that is still to come.
      if (fills.bookedOf(clientOrderId) < record.executedQuantity) return [];
      const isOpen = orders.allOpen.some(
        ({ intent: other }) => other.strategy === strategy && other.symbol === symbol,
      );
      const { quantity } = books.position(strategy, instrument);
      if (isOpen || !isPositive(quantity) || !isDust(quantity, instrument, record)) return [];
      return [writeOff(order, quantity, instrument, books, events)];
    });
  };

function isDust(
  quantity: Quantity,
  instrument: Instrument,
  { executedQuantity, executedQuoteAmount }: OrderRecord,
): boolean {
  if (quantity < stepOf(instrument)) return true;
  const least = instrument.filters.notional?.minimum;
  if (least === undefined || !isPositive(executedQuantity)) return false;
  const price = averagePrice(executedQuoteAmount, executedQuantity, 'ceiling');
  return settle(notional(price, quantity), 'receive') < least;
}

function writeOff(
  { intent, correlationId }: LedgerOrder,
  quantity: Quantity,
  instrument: Instrument,
  books: AccountBooks,
  events: EventMaker,
): TradingEvent {
  const { strategy } = intent;
  const { baseAsset, symbol } = instrument;
  const portfolio = books.subAccount(strategy);
  const amount = Tally.of(asAsset(quantity));
  const postings = books.book(() => {
    portfolio.writeOffDust(portfolio.market(instrument), amount);
    // The venue has it all the same.
    books.subAccount(OWNER).asset(baseAsset).move(Account.dust, Account.free, amount);
  });
  return events.make(
    {
      kind: 'balance',
      cause: 'dust',
      postings,
      position: books.position(strategy, instrument),
      detail: `${formatAmount(quantity)} ${baseAsset} of ${strategy} in ${symbol} is too little to be sold`,
    },
    { correlationId },
  );
}
