import type { Instrument } from '../market/index.ts';
import type { Price, Quantity, QuoteAmount, Ratio, Rounding } from '../money/index.ts';
import type { OrderTerms, Side } from '../orders/index.ts';
import type { Setup } from './setup.ts';

/** What a strategy can ask and do. All of it is as of now; nothing here reaches the exchange by itself. */
export interface Context {
  readonly setup: Setup;
  /** Epoch ms: the time of the event that is being handled. */
  readonly nowMs: number;
  /** False until every input has brought its warm-up; orders are refused until then. */
  readonly isWarm: boolean;
  /** The market of a symbol of the setup; the main one when none is named. */
  market(symbol?: string): Market;
  /**
   * Free and locked balances valued in the main market's quote asset at the last prices. undefined when a price is missing;
   * what is held of a symbol that is quoted in another asset is not counted.
   */
  equity(): QuoteAmount | undefined;
  /** Calls `onTimer(name)` at or just after an instant; a second call with the same name moves it. */
  setTimer(name: string, atMs: number): void;
  clearTimer(name: string): void;
  /** A line of one's own for charts: give it a value in `onBar`. */
  line(name: string): ChartLine;
}

export interface ChartLine {
  readonly name: string;
  /** The value drawn at the present bar; NaN leaves a hole. */
  set(value: number): void;
}

/**
 * One symbol as a strategy sees and trades it. An order returns its client order id at once; what becomes of it, a refusal
 * included, arrives in `onOrder`, in a backtest as in live trading.
 */
export interface Market {
  readonly symbol: string;
  readonly instrument: Instrument;
  /** undefined until something has traded. */
  readonly lastPrice: Price | undefined;
  readonly freeBase: Quantity;
  readonly freeQuote: QuoteAmount;
  readonly lockedBase: Quantity;
  readonly lockedQuote: QuoteAmount;
  /** From this strategy's own fills, net of fees in base. */
  readonly position: PositionView;
  readonly openOrders: readonly OpenOrder[];
  /** What can be sold: the free base rounded down to the step. Zero when only dust is left. */
  readonly sellable: Quantity;
  /** Whether anything can be sold: `sellable` is not zero. */
  readonly isHolding: boolean;

  /** A computed number as a price on the tick; undefined when it is not a finite number above zero. */
  priceAt(value: number, rounding: Rounding): Price | undefined;
  /** A quantity rounded down to the step. */
  floorToStep(quantity: Quantity): Quantity;

  buy(terms: OrderTerms, tag?: string): string;
  sell(terms: OrderTerms, tag?: string): string;
  /** Two exits or entries of which one cancels the other; `above` and `below` name their side of the market. Returns the list's id. */
  oco(side: Side, above: OrderTerms, below: OrderTerms, tag?: string): string;
  /** An order, and one of the other side that is placed when it is filled. */
  oto(side: Side, working: OrderTerms, pending: OrderTerms, tag?: string): string;
  /** An order, and when it is filled two of the other side of which one cancels the other: an entry with stop and target. */
  otoco(side: Side, working: OrderTerms, above: OrderTerms, below: OrderTerms, tag?: string): string;
  cancel(clientOrderId: string): void;
  cancelAll(): void;

  /** Buys at market for this share of the free quote, rounded down to 8 decimals. */
  buyShare(ofFreeQuote: Ratio, tag?: string): string;
  /** Sells at market all that can be sold, or as much of it as one order may; undefined when that is nothing, or only dust. */
  sellAll(tag?: string): string | undefined;
  /** Trades at market the difference between the quantity held and `quantity`; undefined when it is below one step, or while a market order of this symbol waits. */
  targetQuantity(quantity: Quantity, tag?: string): string | undefined;
  /** Makes the position worth this share of the equity at the last price; buys by quote amount. undefined when nothing is to be done, or while a market order of this symbol waits. */
  targetShare(share: Ratio, tag?: string): string | undefined;
}

export interface PositionView {
  readonly quantity: Quantity;
  /** undefined when nothing is held. */
  readonly averageEntryPrice: Price | undefined;
  readonly realizedPnl: QuoteAmount;
  /** At the last price. undefined when nothing is held or nothing has traded. */
  readonly unrealizedPnl: QuoteAmount | undefined;
}

export interface OpenOrder {
  readonly clientOrderId: string;
  readonly side: Side;
  readonly terms: OrderTerms;
  readonly tag: string;
}
