import { decimalsOf, Grid, type Instrument, type Lots, stepOf, tickOf } from '../market/index.ts';
import {
  type Fraction,
  isPositive,
  isZero,
  minimum,
  notional,
  numberToMultiple,
  type Price,
  type Quantity,
  type QuoteAmount,
  quantityFor,
  type Ratio,
  type Rounding,
  settle,
  share,
  subtract,
  Tally,
  toFraction,
  toMultiple,
} from '../money/index.ts';
import type { OrderIntent, OrderLeg, OrderTerms, Side } from '../orders/index.ts';
import { Account, type MarketAccounts } from '../portfolio/index.ts';
import type { Market, OpenOrder, PositionView } from './context.ts';
import type { OrderDesk } from './order-desk.ts';

/** What a market view needs of its host: names for orders, the time that is in them, and the equity for their size. */
export interface OrderNaming {
  readonly strategy: string;
  readonly nowMs: number;
  equity(): QuoteAmount | undefined;
  /** Counts the decisions of one instant, so that each has its own name; the legs of a list share one. */
  nextSequence(): number;
  idOf(symbol: string, sequence: number, leg?: OrderLeg): string;
}

/** The last price of a symbol, wherever it comes from: the close of a bar, a trade. */
export interface PriceSource {
  readonly lastPrice: Price | undefined;
}

export class MarketView implements Market {
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly #accounts: MarketAccounts;
  readonly #prices: PriceSource;
  readonly #desk: OrderDesk;
  readonly #naming: OrderNaming;
  readonly #step: Quantity;
  readonly #tick: Price;
  readonly #grid: Grid;
  readonly #stepLots: number;
  /** The most that one market order may sell; undefined where the exchange sets no bound. */
  readonly #sellableAtOnce: Quantity | undefined;
  /** The same in lots; Infinity where there is no bound, or none that can be counted below 2^53. */
  readonly #lotsAtOnce: number;
  readonly #budget = new Tally();
  /** The latest share of the free quote: a strategy asks for the same one again and again. */
  #latestShare: Ratio | undefined = undefined;
  #latestFraction: Fraction | undefined = undefined;

  constructor(
    instrument: Instrument,
    accounts: MarketAccounts,
    prices: PriceSource,
    desk: OrderDesk,
    naming: OrderNaming,
  ) {
    this.symbol = instrument.symbol;
    this.instrument = instrument;
    this.#accounts = accounts;
    this.#prices = prices;
    this.#desk = desk;
    this.#naming = naming;
    this.#step = stepOf(instrument);
    this.#tick = tickOf(instrument);
    this.#grid = new Grid(decimalsOf(this.#tick), decimalsOf(this.#step));
    this.#stepLots = this.#grid.lotsOf(this.#step)!;
    const { lot, marketLot } = instrument.filters;
    const bound = smallest(lot.maximum, marketLot?.maximum);
    this.#sellableAtOnce = bound && this.floorToStep(bound);
    const lotsAtOnce = this.#sellableAtOnce && this.#grid.lotsOf(this.#sellableAtOnce);
    this.#lotsAtOnce = lotsAtOnce ?? Number.POSITIVE_INFINITY;
  }

  get lastPrice(): Price | undefined {
    return this.#prices.lastPrice;
  }
  get freeBase(): Quantity {
    return this.#accounts.base.balance(Account.free).toAmount<Quantity>();
  }
  get freeQuote(): QuoteAmount {
    return this.#accounts.quote.balance(Account.free).toAmount<QuoteAmount>();
  }
  get lockedBase(): Quantity {
    return this.#accounts.base.balance(Account.locked).toAmount<Quantity>();
  }
  get lockedQuote(): QuoteAmount {
    return this.#accounts.quote.balance(Account.locked).toAmount<QuoteAmount>();
  }
  get sellable(): Quantity {
    const lots = this.#sellableLots;
    return Number.isFinite(lots) ? this.#grid.quantityOf(lots as Lots) : this.floorToStep(this.freeBase);
  }
  get isHolding(): boolean {
    // Counted, so that asking at every bar makes no amount.
    return this.#sellableLots > 0;
  }

  get position(): PositionView {
    const { position } = this.#accounts;
    const quantity = position.quantity.toAmount<Quantity>();
    const { lastPrice } = this;
    return {
      quantity,
      averageEntryPrice: position.averageEntryPrice(),
      realizedPnl: position.realized.toAmount<QuoteAmount>(),
      unrealizedPnl:
        lastPrice === undefined || isZero(quantity)
          ? undefined
          : subtract(settle(notional(lastPrice, quantity), 'receive'), position.cost.toAmount<QuoteAmount>()),
    };
  }

  get openOrders(): readonly OpenOrder[] {
    return this.#desk.openOrders(this.symbol).map(({ clientOrderId, side, terms, tag }) => ({
      clientOrderId,
      side,
      terms,
      tag,
    }));
  }

  priceAt(value: number, rounding: Rounding): Price | undefined {
    const price = numberToMultiple(value, this.#tick, rounding);
    return price !== undefined && isPositive(price) ? price : undefined;
  }

  floorToStep(quantity: Quantity): Quantity {
    return toMultiple(quantity, this.#step, 'floor');
  }

  buy(terms: OrderTerms, tag = ''): string {
    return this.#submit('BUY', terms, tag);
  }

  sell(terms: OrderTerms, tag = ''): string {
    return this.#submit('SELL', terms, tag);
  }

  oco(side: Side, above: OrderTerms, below: OrderTerms, tag = ''): string {
    const id = this.#listIds();
    const listClientOrderId = id('list');
    this.#desk.submitList({
      kind: 'OCO',
      listClientOrderId,
      above: this.#intent(id('above'), side, above, tag),
      below: this.#intent(id('below'), side, below, tag),
    });
    return listClientOrderId;
  }

  oto(side: Side, working: OrderTerms, pending: OrderTerms, tag = ''): string {
    const id = this.#listIds();
    const listClientOrderId = id('list');
    this.#desk.submitList({
      kind: 'OTO',
      listClientOrderId,
      working: this.#intent(id('working'), side, working, tag),
      pending: this.#intent(id('pending'), opposite(side), pending, tag),
    });
    return listClientOrderId;
  }

  otoco(side: Side, working: OrderTerms, above: OrderTerms, below: OrderTerms, tag = ''): string {
    const id = this.#listIds();
    const listClientOrderId = id('list');
    this.#desk.submitList({
      kind: 'OTOCO',
      listClientOrderId,
      working: this.#intent(id('working'), side, working, tag),
      pendingAbove: this.#intent(id('pending_above'), opposite(side), above, tag),
      pendingBelow: this.#intent(id('pending_below'), opposite(side), below, tag),
    });
    return listClientOrderId;
  }

  cancel(clientOrderId: string): void {
    this.#desk.cancel(this.symbol, clientOrderId);
  }

  cancelAll(): void {
    for (const { clientOrderId } of this.openOrders) this.cancel(clientOrderId);
  }

  buyShare(ofFreeQuote: Ratio, tag = ''): string {
    return this.buy({ type: 'MARKET', quoteAmount: this.#shareOfFreeQuote(ofFreeQuote) }, tag);
  }

  sellAll(tag = ''): string | undefined {
    // More than one order may be is sold by the next one.
    const lots = Math.min(this.#sellableLots, this.#lotsAtOnce);
    if (lots === 0) return undefined;
    const quantity = Number.isFinite(lots)
      ? this.#grid.quantityOf(lots as Lots)
      : smallest(this.sellable, this.#sellableAtOnce)!;
    return this.sell({ type: 'MARKET', quantity }, tag);
  }

  targetQuantity(quantity: Quantity, tag = ''): string | undefined {
    if (this.#isMarketOrderWaiting) return undefined;
    const held = this.#accounts.position.quantity.toAmount<Quantity>();
    if (quantity > held) {
      const missing = this.floorToStep(subtract(quantity, held));
      return isZero(missing) ? undefined : this.buy({ type: 'MARKET', quantity: missing }, tag);
    }
    const surplus = this.floorToStep(subtract(held, quantity));
    return isZero(surplus) ? undefined : this.sell({ type: 'MARKET', quantity: surplus }, tag);
  }

  targetShare(target: Ratio, tag = ''): string | undefined {
    const equity = this.#naming.equity();
    const { lastPrice } = this;
    if (equity === undefined || lastPrice === undefined) return undefined;
    const wanted = share(equity, target, 'receive');
    const held = this.#accounts.position.quantity.toAmount<Quantity>();
    const heldValue = settle(notional(lastPrice, held), 'receive');
    if (this.#isMarketOrderWaiting) return undefined;
    if (wanted <= heldValue) return this.targetQuantity(quantityFor(wanted, lastPrice), tag);
    // By quote amount, so that a next price above the last one buys a little less instead of being refused.
    const quoteAmount = minimum(subtract(wanted, heldValue), this.freeQuote);
    const isBelowOneStep = isZero(quantityFor(quoteAmount, lastPrice, this.#step));
    return isBelowOneStep ? undefined : this.buy({ type: 'MARKET', quoteAmount }, tag);
  }

  /** On the step; Infinity when it passes 2^53. */
  get #sellableLots(): number {
    const free = this.#accounts.base.balance(Account.free);
    const lots = free.affordable(this.#stepLots, this.#grid.quantityDecimals) * this.#stepLots;
    return lots <= Number.MAX_SAFE_INTEGER ? lots : Number.POSITIVE_INFINITY;
  }

  /** Counted where whole numbers can say the share, so that only what is asked for becomes an amount. */
  #shareOfFreeQuote(ratio: Ratio): QuoteAmount {
    if (ratio !== this.#latestShare) {
      this.#latestShare = ratio;
      this.#latestFraction = toFraction(ratio);
    }
    const fraction = this.#latestFraction;
    if (fraction === undefined) return share(this.freeQuote, ratio, 'receive');
    const free = this.#accounts.quote.balance(Account.free);
    this.#budget.setShare(free, fraction.numerator, fraction.denominator, false);
    return this.#budget.toAmount<QuoteAmount>();
  }

  /** It will change what is held by an amount that nobody knows yet: to go for a target now would go there twice. */
  get #isMarketOrderWaiting(): boolean {
    return this.#desk.openOrders(this.symbol).some(({ terms }) => terms.type === 'MARKET');
  }

  #submit(side: Side, terms: OrderTerms, tag: string): string {
    const intent = this.#intent(
      this.#naming.idOf(this.symbol, this.#naming.nextSequence()),
      side,
      terms,
      tag,
    );
    this.#desk.submit(intent);
    return intent.clientOrderId;
  }

  #listIds(): (leg: OrderLeg) => string {
    const sequence = this.#naming.nextSequence();
    return (leg) => this.#naming.idOf(this.symbol, sequence, leg);
  }

  #intent(clientOrderId: string, side: Side, terms: OrderTerms, tag: string): OrderIntent {
    const { strategy, nowMs } = this.#naming;
    return { clientOrderId, strategy, symbol: this.symbol, side, terms, tag, decidedAtMs: nowMs };
  }
}

const smallest = (a: Quantity | undefined, b: Quantity | undefined): Quantity | undefined =>
  a === undefined || b === undefined ? (a ?? b) : minimum(a, b);

const opposite = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY');
