import { Grid, type Lots, type Ticks } from '../../market/index.ts';
import {
  amount,
  formatAmount,
  formatPrice,
  price,
  quantity,
  ratio,
  type Tally,
  toFraction,
} from '../../money/index.ts';
import type {
  Approved,
  OrderIntent,
  OrderListIntent,
  OrderTerms,
  Side,
  TimeInForce,
  Trigger,
} from '../../orders/index.ts';
import { Account, type AssetBook, type MarketAccounts, Portfolio } from '../../portfolio/index.ts';
import type { BarRefusal } from './bar-market.ts';
import { BarMarket, FeeDiscount, Slippage } from './index.ts';

export { limit, maker, market, spend } from '../../orders/terms.test-support.ts';

const fractionOf = (text: string) => toFraction(ratio(text))!;

export interface VenueOptions {
  readonly cash?: string;
  readonly coins?: string;
  readonly bnb?: string;
  /** What one BNB costs; paying fees in BNB is off when it is left out. */
  readonly bnbPrice?: (() => number | undefined) | undefined;
  readonly base?: string;
  readonly slippageBps?: number;
  readonly limitFill?: 'through' | 'touch';
  readonly tick?: string;
  readonly step?: string;
}

/** One symbol, priced with two decimals and traded with three, whose minutes a test writes as 'open high low close'. */
export class BarVenue {
  readonly portfolio = new Portfolio();
  readonly accounts: MarketAccounts;
  readonly market: BarMarket;
  /** Everything that has ever happened to the orders. */
  readonly events: string[] = [];
  private toldEvents = 0;
  private readonly grid = new Grid(2, 3);
  private minute = 0;

  constructor(options: VenueOptions = {}) {
    const { cash = '1000', coins = '0', bnb = '0', base = 'BTC' } = options;
    this.portfolio.deposit('USDT', amount('USDT', cash));
    this.portfolio.deposit(base, amount(base, coins));
    this.portfolio.deposit('BNB', amount('BNB', bnb));
    this.accounts = this.portfolio.market({ symbol: 'TEST', baseAsset: base, quoteAsset: 'USDT' });
    const increments = {
      tick: this.grid.ticksOf(price(options.tick ?? '0.01'))!,
      step: this.grid.lotsOf(quantity(options.step ?? '0.001'))!,
    };
    const assumptions = {
      fees: { maker: fractionOf('0.0005'), taker: fractionOf('0.001') },
      slippage: new Slippage(options.slippageBps ?? 0, 10_000),
      limitFill: options.limitFill ?? 'through',
    } as const;
    const { bnbPrice } = options;
    const discount =
      bnbPrice === undefined
        ? undefined
        : new FeeDiscount(this.portfolio.asset('BNB'), fractionOf('0.75'), () => {
            const now = bnbPrice();
            return now === undefined ? undefined : { ticks: now * 100, decimals: 2 };
          });
    const { grid, accounts, portfolio } = this;
    this.market = new BarMarket('TEST', grid, increments, accounts, portfolio, assumptions, this, discount);
    this.bar('100 100 100 100');
  }

  /** The time at which the last bar closed: when orders are decided. */
  get nowMs(): number {
    return this.minute * 60_000;
  }

  /** Lets a minute pass, and tells what it did to the orders. */
  bar(text: string): string[] {
    const [open = 0, high = 0, low = 0, close = 0] = text
      .split(' ')
      .map((word) => Math.round(Number(word) * 100));
    this.market.match(this.nowMs, open, high, low, close);
    this.minute += 1;
    return this.told();
  }

  buy(name: string, terms: OrderTerms): this {
    return this.place(this.intent(name, 'BUY', terms));
  }

  sell(name: string, terms: OrderTerms): this {
    return this.place(this.intent(name, 'SELL', terms));
  }

  /** The exchange stands alone here, so that nobody has reviewed the order. */
  place(intent: OrderIntent): this {
    const placed = this.market.place(intent as Approved<OrderIntent>);
    if (!placed.ok) this.events.push(`refused ${intent.clientOrderId}`);
    return this;
  }

  /** What the exchange refuses an order for; it is placed where it does not. */
  refusalOf(side: Side, terms: OrderTerms): BarRefusal | undefined {
    const placed = this.market.place(this.intent('o', side, terms) as Approved<OrderIntent>);
    return placed.ok ? undefined : placed.error;
  }

  list(list: OrderListIntent): this {
    const placed = this.market.placeList(list as Approved<OrderListIntent>);
    if (!placed.ok) this.events.push(`refused ${list.listClientOrderId}`);
    return this;
  }

  oco(side: Side, above: OrderTerms, below: OrderTerms): this {
    return this.list({
      kind: 'OCO',
      listClientOrderId: 'list',
      above: this.intent('above', side, above),
      below: this.intent('below', side, below),
    });
  }

  oto(working: OrderTerms, pending: OrderTerms): this {
    return this.list({
      kind: 'OTO',
      listClientOrderId: 'list',
      working: this.intent('working', 'BUY', working),
      pending: this.intent('pending', 'SELL', pending),
    });
  }

  otoco(working: OrderTerms, above: OrderTerms, below: OrderTerms): this {
    return this.list({
      kind: 'OTOCO',
      listClientOrderId: 'list',
      working: this.intent('working', 'BUY', working),
      pendingAbove: this.intent('above', 'SELL', above),
      pendingBelow: this.intent('below', 'SELL', below),
    });
  }

  intent(clientOrderId: string, side: Side, terms: OrderTerms, decidedAtMs = this.nowMs): OrderIntent {
    return { clientOrderId, strategy: 'test', symbol: 'TEST', side, terms, tag: '', decidedAtMs };
  }

  /** What has happened since the last call. */
  told(): string[] {
    const news = this.events.slice(this.toldEvents);
    this.toldEvents = this.events.length;
    return news;
  }

  /** 'free+locked' of quote and base. */
  get balances(): string {
    return [this.accounts.quote, this.accounts.base].map((book) => this.pair(book)).join(' ');
  }

  get bnb(): string {
    return this.pair(this.portfolio.asset('BNB'));
  }

  filled(
    { intent }: { intent: OrderIntent },
    lots: Lots,
    at: Ticks,
    quote: Tally,
    fee: Tally,
    feeBook: AssetBook,
    liquidity: string,
  ): void {
    const size = formatAmount(this.grid.quantityOf(lots));
    const paid = `${formatAmount(fee.toAmount())} ${feeBook.asset}`;
    const value = formatAmount(quote.toAmount());
    this.events.push(
      `${intent.clientOrderId} ${intent.side} ${size} @ ${formatPrice(this.grid.priceOf(at))} = ${value} ${liquidity} fee ${paid}`,
    );
  }

  canceled({ intent }: { intent: OrderIntent }): void {
    this.events.push(`${intent.clientOrderId} canceled`);
  }

  expired({ intent }: { intent: OrderIntent }, reason: string): void {
    this.events.push(`${intent.clientOrderId} ${reason}`);
  }

  private pair(book: AssetBook): string {
    const [free, locked] = [Account.free, Account.locked].map((account) =>
      formatAmount(book.balance(account).toAmount()),
    );
    return `${free}+${locked}`;
  }
}

/** The part of a fill's text that most tests are about: 'name SIDE quantity @ price LIQUIDITY'. */
export const trades = (events: readonly string[]): string[] =>
  events.map((event) => event.replace(/ = \S+/, '').replace(/ fee .*/, ''));

type Stop = 'STOP_LOSS' | 'TAKE_PROFIT';
export const stop = (type: Stop, size: string, at: string): OrderTerms => ({
  type,
  quantity: quantity(size),
  trigger: { stopPrice: price(at) },
});
export const stopLimit = (
  type: Stop,
  size: string,
  at: string,
  limitPrice: string,
  timeInForce: TimeInForce = 'GTC',
): OrderTerms => ({
  type: `${type}_LIMIT`,
  quantity: quantity(size),
  trigger: { stopPrice: price(at) },
  price: price(limitPrice),
  timeInForce,
});
/** Trails by so many basis points; from a stop price on, when one is given. */
export const trailing = (type: Stop, size: string, bps: number, from?: string): OrderTerms => {
  const trigger: Trigger =
    from === undefined ? { trailingDeltaBps: bps } : { trailingDeltaBps: bps, stopPrice: price(from) };
  return { type, quantity: quantity(size), trigger };
};
