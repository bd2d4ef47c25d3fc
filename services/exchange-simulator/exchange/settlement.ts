import {
  fromUnits,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  settle,
  Tally,
  unitsOf,
} from '@tradewind/core/money';
import { Account } from '@tradewind/core/portfolio';
import type { OrderRecord } from './order-record.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';
import type { Wallet } from './wallet.ts';

/**
 * The money that moves when orders meet. Each movement goes through the exchange's own account, so that what one side pays is what
 * the other gets; a side without an order is the market outside.
 */
export class Settlement {
  private readonly venue: Venue;
  private readonly spent = new Tally();
  private readonly received = new Tally();
  private readonly fee = new Tally();

  constructor(venue: Venue) {
    this.venue = venue;
  }

  /** What one side gives away, from what its order has locked. */
  pay(record: OrderRecord | undefined, asset: string, amount: Quantity | QuoteAmount): void {
    const { spent, venue } = this;
    spent.setAmount(amount);
    if (record === undefined) {
      venue.outside.wallet(asset).move(Account.free, Account.exchange, spent);
      return;
    }
    record.lock!.spend(spent);
    if (record.reserve !== undefined) record.reserve = fromUnits(unitsOf(record.reserve) - unitsOf(amount));
  }

  /** What one side gets, free. @returns the wallet that it is in now */
  receive(record: OrderRecord | undefined, asset: string, amount: Quantity | QuoteAmount): Wallet {
    const { received, venue } = this;
    received.setAmount(amount);
    const owner = record === undefined ? venue.outside : venue.account(record.start.account);
    const wallet = owner.wallet(asset);
    wallet.move(Account.exchange, Account.free, received);
    return wallet;
  }

  charge(account: TradingAccount, asset: string, amount: Quantity): void {
    if (unitsOf(amount) === 0n) return;
    this.fee.setAmount(amount);
    account.wallet(asset).move(Account.free, Account.fees, this.fee);
  }

  /** TRANSFER: the two accounts change base for quote as in a trade, but none is made and nothing is charged. */
  transfer(
    { instrument }: SymbolMarket,
    taker: OrderRecord,
    maker: OrderRecord,
    price: Price,
    quantity: Quantity,
  ): void {
    const { baseAsset, quoteAsset } = instrument;
    const quote = settle(notional(price, quantity), 'receive');
    const [buyer, seller] = taker.start.side === 'BUY' ? [taker, maker] : [maker, taker];
    this.pay(buyer, quoteAsset, quote);
    this.pay(seller, baseAsset, quantity);
    this.receive(buyer, baseAsset, quantity);
    this.receive(seller, quoteAsset, quote);
  }
}
