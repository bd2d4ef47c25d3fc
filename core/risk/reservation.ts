import type { Instrument } from '../market/index.ts';
import {
  type Amount,
  add,
  asAsset,
  maximum,
  minimum,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  type Ratio,
  ratio,
  settle,
  share,
  subtract,
  zero,
} from '../money/index.ts';
import { icebergQuantityOf, type OrderIntent, type Side, triggerOf } from '../orders/index.ts';
import type { OpenCounts } from './filter-refusal.ts';
import type { EquityAmount, StrategyLimits, SymbolLimits } from './limits.ts';

/** Prices and assets that a part is valued with; all as they were when it was reviewed. */
export interface PartValues {
  readonly instrument: Instrument;
  readonly equityAsset: string;
  /** What a BUY pays at most for one base unit. */
  readonly payPrice: Price;
  /** What one base unit is worth: the higher of the order's own price and the reference price. */
  readonly worthPrice: Price;
  /** Equity asset for one unit of quote. */
  readonly equityRate: Ratio;
}

/**
 * A quantity that can fill once: an order, or the two legs of an OCO, which share it. Holds back what it may spend and
 * counts what it may become until it is proven to have ended.
 */
export class Part {
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly spentAsset: string;
  readonly gainedAsset: string;
  /** Whether what it gains is exposure: everything but the asset that equity is counted in. */
  readonly gainsExposure: boolean;
  liveLegs = 0;

  /** Base that can still fill. */
  remaining: Quantity = zero();
  /** What is held back of the spent asset. */
  reserved: Amount = zero();
  /** Value of what can still fill. */
  worth: EquityAmount = zero();

  private ordered: Quantity;
  private executed: Quantity = zero();
  private spent: QuoteAmount = zero();
  /** A BUY by quote amount spends this much, whatever quantity that buys. */
  private readonly budget: QuoteAmount | undefined;
  private readonly payPrice: Price;
  private readonly worthPrice: Price;
  private readonly equityRate: Ratio;
  /** The working part of a list that brings what this pending part spends. */
  private readonly funder: Part | undefined;

  constructor(intent: OrderIntent, ordered: Quantity, values: PartValues, funder: Part | undefined) {
    const { baseAsset, quoteAsset } = values.instrument;
    const isBuy = intent.side === 'BUY';
    this.strategy = intent.strategy;
    this.symbol = intent.symbol;
    this.side = intent.side;
    this.spentAsset = isBuy ? quoteAsset : baseAsset;
    this.gainedAsset = isBuy ? baseAsset : quoteAsset;
    this.gainsExposure = this.gainedAsset !== values.equityAsset;
    this.ordered = ordered;
    this.budget = isBuy && intent.terms.quantity === undefined ? intent.terms.quoteAmount : undefined;
    this.payPrice = values.payPrice;
    this.worthPrice = values.worthPrice;
    this.equityRate = values.equityRate;
    this.funder = funder;
    this.recount();
  }

  /** Takes over what all legs together have executed; `recount` must follow. */
  setExecuted(quantity: Quantity, quoteAmount: QuoteAmount): void {
    this.executed = quantity;
    this.spent = quoteAmount;
  }

  /** Takes over a smaller ordered quantity; `recount` must follow. */
  lowerOrdered(quantity: Quantity): void {
    this.ordered = minimum(this.ordered, quantity);
  }

  recount(): void {
    this.remaining = maximum(subtract(this.ordered, this.executed), zero());
    if (this.budget !== undefined) {
      const left = maximum(subtract(this.budget, this.spent), zero());
      this.reserved = asAsset(left);
      this.worth = equityValueOf(left, this.equityRate);
      return;
    }
    const need = this.spending();
    this.reserved =
      this.funder === undefined ? need : maximum(subtract(need, this.funder.bringing()), zero());
    this.worth = equityValueOf(settle(notional(this.worthPrice, this.remaining), 'pay'), this.equityRate);
  }

  private spending(): Amount {
    if (this.side === 'SELL') return asAsset(this.remaining);
    return asAsset(settle(notional(this.payPrice, this.remaining), 'pay'));
  }

  /** What this part will still bring when it fills; nothing any more once it has ended. */
  private bringing(): Amount {
    if (this.liveLegs === 0) return zero();
    if (this.side === 'BUY') return asAsset(this.remaining);
    return asAsset(settle(notional(this.payPrice, this.remaining), 'receive'));
  }
}

/** One order of a reservation: what it has executed, as the venue's cumulative figures. */
export interface Leg {
  readonly clientOrderId: string;
  readonly part: Part;
  readonly isAlgo: boolean;
  readonly isIceberg: boolean;
  executedQuantity: Quantity;
  executedQuoteAmount: QuoteAmount;
}

export function legOf(intent: OrderIntent, part: Part): Leg {
  part.liveLegs += 1;
  return {
    clientOrderId: intent.clientOrderId,
    part,
    isAlgo: triggerOf(intent.terms) !== undefined,
    isIceberg: icebergQuantityOf(intent.terms) !== undefined,
    executedQuantity: zero(),
    executedQuoteAmount: zero(),
  };
}

/** All that one order or one list holds back. Built for the review, kept when it passes. */
export interface Reservation {
  readonly intents: readonly OrderIntent[];
  readonly strategy: string;
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly parts: readonly Part[];
  readonly legs: readonly Leg[];
  readonly counts: OpenCounts;
  /** Every leg sells what the strategy holds and has not yet offered. */
  readonly reduces: boolean;
  /** Fresh enough to judge by; may be absent only when the order reduces. */
  readonly referencePrice: Price | undefined;
  readonly equityRate: Ratio;
  readonly symbolLimits: SymbolLimits | undefined;
  readonly strategyLimits: StrategyLimits | undefined;
}

/** A reservation that takes new risk: what that needs has been found to be there. */
export interface NewRisk extends Reservation {
  readonly referencePrice: Price;
  readonly symbolLimits: SymbolLimits;
  readonly strategyLimits: StrategyLimits;
}

/** The base that the BUY parts would add. */
export function buyQuantityOf(reservation: Reservation): Quantity {
  let total = zero<Quantity>();
  for (const part of reservation.parts) if (part.side === 'BUY') total = add(total, part.remaining);
  return total;
}

/** The value that the BUY parts would add. */
export function buyWorthOf(reservation: Reservation): EquityAmount {
  let total = zero<EquityAmount>();
  for (const part of reservation.parts) if (part.side === 'BUY') total = add(total, part.worth);
  return total;
}

const ONE = ratio('1');

/** An amount of quote in the asset that equity is counted in, rounded up: exposure is never understated. */
export function equityValueOf(amount: QuoteAmount, equityRate: Ratio): EquityAmount {
  const converted = equityRate === ONE ? amount : share(amount, equityRate, 'pay');
  return asAsset(converted) as EquityAmount;
}
