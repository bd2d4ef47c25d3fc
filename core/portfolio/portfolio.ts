import type { Instrument } from '../market/index.ts';
import { type Amount, asAsset, notional, settle, Tally } from '../money/index.ts';
import type { Fill, Side } from '../orders/index.ts';
import { invariant } from '../result.ts';
import { Account, AssetBook, type PostingListener } from './asset-book.ts';
import { Position } from './position.ts';

/** What one symbol touches: the books of its two assets and the position in it. */
export interface MarketAccounts {
  readonly symbol: string;
  readonly base: AssetBook;
  readonly quote: AssetBook;
  readonly position: Position;
}

/**
 * The books of one sub-account: double entry per asset, and a position per symbol. The methods with tallies are for hot
 * loops and allocate nothing; `bookFill` takes a fill as it comes from anywhere else and goes the same way.
 */
export class Portfolio {
  private readonly books = new Map<string, AssetBook>();
  private readonly markets = new Map<string, MarketAccounts>();
  private readonly listener: PostingListener | undefined;
  private readonly net = new Tally();

  constructor(listener?: PostingListener) {
    this.listener = listener;
  }

  asset(name: string): AssetBook {
    let book = this.books.get(name);
    if (book === undefined) {
      book = new AssetBook(name, this.listener);
      this.books.set(name, book);
    }
    return book;
  }

  market({
    symbol,
    baseAsset,
    quoteAsset,
  }: Pick<Instrument, 'symbol' | 'baseAsset' | 'quoteAsset'>): MarketAccounts {
    let market = this.markets.get(symbol);
    if (market === undefined) {
      market = {
        symbol,
        base: this.asset(baseAsset),
        quote: this.asset(quoteAsset),
        position: new Position(),
      };
      this.markets.set(symbol, market);
    }
    return market;
  }

  /** All assets ever touched, in the order of their first use. */
  assets(): Iterable<AssetBook> {
    return this.books.values();
  }

  /** Capital that comes in. Never profit; a deposit of coins enters no position, since it has no cost. */
  deposit(asset: string, amount: Amount): void {
    this.asset(asset).move(Account.funding, Account.free, Tally.of(amount));
  }

  withdraw(asset: string, amount: Amount): void {
    this.asset(asset).move(Account.free, Account.funding, Tally.of(amount));
  }

  /** Gives up what lies below a lot step: out of the books and, as far as it was bought, out of the position at its cost. */
  writeOffDust(market: MarketAccounts, quantity: Tally): void {
    market.base.move(Account.free, Account.dust, quantity);
    market.position.writeOff(quantity);
  }

  lock(book: AssetBook, amount: Tally): void {
    book.move(Account.free, Account.locked, amount);
  }

  unlock(book: AssetBook, amount: Tally): void {
    book.move(Account.locked, Account.free, amount);
  }

  /**
   * Books one fill: what was locked for it leaves to the exchange, what it brings arrives free, the fee leaves free.
   * @param quote  price x quantity, already rounded against us
   * @param feeValue  the fee's value in quote, when it is paid in a third asset; otherwise it is not looked at
   */
  bookTrade(
    market: MarketAccounts,
    side: Side,
    quantity: Tally,
    quote: Tally,
    fee: Tally,
    feeBook: AssetBook,
    feeValue: Tally,
  ): void {
    const { base, quote: quoteBook, position } = market;
    const { net } = this;
    const isFeeInBase = feeBook === base;
    if (side === 'BUY') {
      quoteBook.move(Account.locked, Account.exchange, quote);
      base.move(Account.exchange, Account.free, quantity);
      feeBook.move(Account.free, Account.fees, fee);
      if (isFeeInBase) {
        net.set(quantity);
        net.subtract(fee);
        position.buy(net, quote);
      } else {
        net.set(quote);
        net.add(feeBook === quoteBook ? fee : feeValue);
        position.buy(quantity, net);
      }
    } else {
      base.move(Account.locked, Account.exchange, quantity);
      quoteBook.move(Account.exchange, Account.free, quote);
      feeBook.move(Account.free, Account.fees, fee);
      if (isFeeInBase) {
        net.set(quantity);
        net.add(fee);
        position.sell(net, quote);
      } else {
        net.set(quote);
        net.subtract(feeBook === quoteBook ? fee : feeValue);
        position.sell(quantity, net);
      }
    }
    if (!isFeeInBase && feeBook !== quoteBook) this.payFromPosition(feeBook, fee, feeValue, quoteBook);
  }

  /**
   * A fee has been paid in an asset that may itself be held as positions: what they hold beyond what is owned now, and no more than
   * the fee, has been given away by the largest of them for the fee's value, or at its cost where that is counted in another asset.
   */
  private payFromPosition(feeBook: AssetBook, fee: Tally, feeValue: Tally, valueBook: AssetBook): void {
    const largest = this.largestPositionIn(feeBook);
    if (largest === undefined) return;
    const paid = new Tally();
    for (const { base, position } of this.markets.values()) if (base === feeBook) paid.add(position.quantity);
    feeBook.totalInto(this.net);
    if (!this.net.isLessThan(paid)) return;
    paid.subtract(this.net);
    if (fee.isLessThan(paid)) paid.set(fee);
    if (paid.isZero) return;
    if (largest.quote !== valueBook) {
      largest.position.takeOut(paid);
      return;
    }
    const proceeds = new Tally();
    proceeds.setProportion(feeValue, paid, fee, false);
    largest.position.sell(paid, proceeds);
  }

  /** The market of this base with the largest position; undefined while there is no market of it. */
  largestPositionIn(base: AssetBook): MarketAccounts | undefined {
    let largest: MarketAccounts | undefined;
    for (const market of this.markets.values()) {
      if (market.base !== base) continue;
      if (largest === undefined || largest.position.quantity.isLessThan(market.position.quantity))
        largest = market;
    }
    return largest;
  }

  /**
   * Books a fill whose order has been locked before.
   * @param feeValue  needed when the fee was paid in a third asset: its value in quote at that time
   */
  bookFill(
    fill: Fill,
    instrument: Pick<Instrument, 'symbol' | 'baseAsset' | 'quoteAsset'>,
    feeValue?: Amount,
  ): void {
    const market = this.market(instrument);
    const feeBook = this.asset(fill.fee.asset);
    const isThirdAsset = feeBook !== market.base && feeBook !== market.quote;
    invariant(!isThirdAsset || feeValue !== undefined, 'a fee in a third asset states its value in quote');
    const quote = settle(notional(fill.price, fill.quantity), fill.side === 'BUY' ? 'pay' : 'receive');
    this.bookTrade(
      market,
      fill.side,
      Tally.of(fill.quantity),
      Tally.of(asAsset(quote)),
      Tally.of(fill.fee.amount),
      feeBook,
      feeValue === undefined ? new Tally() : Tally.of(feeValue),
    );
  }
}
