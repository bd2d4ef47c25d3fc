import { isPositive, type Price, type Quantity, type QuoteAmount } from '../money/index.ts';
import type {
  LimitMakerTerms,
  LimitTerms,
  OrderTerms,
  OrderType,
  Peg,
  Side,
  StopLimitTerms,
  StopTerms,
  TimeInForce,
  Trigger,
} from './order.ts';

/** What an order's terms say that no order may say, whatever the symbol. */
export type TermsRefusal =
  | { readonly reason: 'quantity_not_positive'; readonly was: Quantity }
  | { readonly reason: 'quote_amount_not_positive'; readonly was: QuoteAmount }
  | { readonly reason: 'price_not_positive'; readonly was: Price }
  | { readonly reason: 'stop_price_not_positive'; readonly was: Price }
  | { readonly reason: 'trailing_delta_not_a_positive_whole_number'; readonly was: number }
  | { readonly reason: 'iceberg_quantity_not_positive'; readonly was: Quantity }
  | { readonly reason: 'iceberg_not_below_quantity'; readonly quantity: Quantity; readonly was: Quantity }
  | { readonly reason: 'iceberg_needs_gtc'; readonly was: TimeInForce }
  | {
      readonly reason: 'peg_offset_out_of_range';
      readonly minimum: 1;
      readonly maximum: 100;
      readonly was: number;
    }
  | { readonly reason: 'primary_peg_needs_gtc'; readonly was: TimeInForce }
  | { readonly reason: 'post_only_needs_primary_peg'; readonly was: Peg['priceType'] };

/** The rules of binance-spot.md section 5.1 that types cannot state. Says nothing of symbols, balances or limits. */
export function checkTerms(terms: OrderTerms): TermsRefusal | undefined {
  // A market order states nothing but its size.
  if (terms.type === 'MARKET') return checkSize(terms);
  return checkSize(terms) ?? checkPrices(terms) ?? checkIceberg(terms) ?? checkPeg(terms);
}

function checkSize(terms: OrderTerms): TermsRefusal | undefined {
  if (terms.quantity === undefined) {
    return isPositive(terms.quoteAmount)
      ? undefined
      : { reason: 'quote_amount_not_positive', was: terms.quoteAmount };
  }
  return isPositive(terms.quantity) ? undefined : { reason: 'quantity_not_positive', was: terms.quantity };
}

function checkPrices(terms: OrderTerms): TermsRefusal | undefined {
  const price = limitPriceOf(terms);
  if (price !== undefined && !isPositive(price)) return { reason: 'price_not_positive', was: price };
  const trigger = triggerOf(terms);
  if (trigger === undefined) return undefined;
  const { stopPrice, trailingDeltaBps } = trigger;
  if (stopPrice !== undefined && !isPositive(stopPrice))
    return { reason: 'stop_price_not_positive', was: stopPrice };
  if (trailingDeltaBps !== undefined && !(Number.isInteger(trailingDeltaBps) && trailingDeltaBps > 0)) {
    return { reason: 'trailing_delta_not_a_positive_whole_number', was: trailingDeltaBps };
  }
  return undefined;
}

function checkIceberg(terms: OrderTerms): TermsRefusal | undefined {
  const visible = icebergQuantityOf(terms);
  if (visible === undefined || terms.quantity === undefined) return undefined;
  if (!isPositive(visible)) return { reason: 'iceberg_quantity_not_positive', was: visible };
  if (visible >= terms.quantity) {
    return { reason: 'iceberg_not_below_quantity', quantity: terms.quantity, was: visible };
  }
  const timeInForce = timeInForceOf(terms);
  return timeInForce === 'GTC' ? undefined : { reason: 'iceberg_needs_gtc', was: timeInForce };
}

function checkPeg(terms: OrderTerms): TermsRefusal | undefined {
  const peg = pegOf(terms);
  if (peg === undefined) return undefined;
  const levels = peg.offsetLevels;
  if (levels !== undefined && !(Number.isInteger(levels) && levels >= 1 && levels <= 100)) {
    return { reason: 'peg_offset_out_of_range', minimum: 1, maximum: 100, was: levels };
  }
  if (terms.type === 'LIMIT_MAKER' && peg.priceType !== 'PRIMARY_PEG') {
    return { reason: 'post_only_needs_primary_peg', was: peg.priceType };
  }
  if (terms.type === 'LIMIT' && peg.priceType === 'PRIMARY_PEG' && terms.timeInForce !== 'GTC') {
    return { reason: 'primary_peg_needs_gtc', was: terms.timeInForce };
  }
  return undefined;
}

export type StopType = (StopTerms | StopLimitTerms)['type'];

export const isStopLoss = (type: OrderType): boolean => type === 'STOP_LOSS' || type === 'STOP_LOSS_LIMIT';

/**
 * Whether a stop waits above the market, to fire when the last price rises to it, or below, to fire when it falls to it.
 * Source: binance-spot.md section 5.1, trigger side rule.
 */
export const waitsAbove = (type: StopType, side: Side): boolean => isStopLoss(type) === (side === 'BUY');

// What follows asks for the type and not `'price' in terms`: with as many shapes as terms have, `in` takes more than
// twice as long, and every order of a backtest is asked several times.

function limitTermsOf(terms: OrderTerms): LimitTerms | LimitMakerTerms | StopLimitTerms | undefined {
  switch (terms.type) {
    case 'MARKET':
    case 'STOP_LOSS':
    case 'TAKE_PROFIT':
      return undefined;
    default:
      return terms;
  }
}

/** The price of a limit order or of what a stop-limit becomes; undefined for the market kinds. */
export const limitPriceOf = (terms: OrderTerms): Price | undefined => limitTermsOf(terms)?.price;

/** The visible part of an iceberg; undefined for every other order. */
export const icebergQuantityOf = (terms: OrderTerms): Quantity | undefined =>
  limitTermsOf(terms)?.icebergQuantity;

/** How the book gives the price; undefined when the price is stated. */
export const pegOf = (terms: OrderTerms): Peg | undefined => limitTermsOf(terms)?.peg;

/** The terms of an order that waits for its stop; undefined for orders that act at once. */
export function stopTermsOf(terms: OrderTerms): StopTerms | StopLimitTerms | undefined {
  switch (terms.type) {
    case 'MARKET':
    case 'LIMIT':
    case 'LIMIT_MAKER':
      return undefined;
    default:
      return terms;
  }
}

/** What makes a stop fire; undefined for orders that act at once. */
export const triggerOf = (terms: OrderTerms): Trigger | undefined => stopTermsOf(terms)?.trigger;

/** As the venue reports it: orders that take no time in force are reported as GTC (binance-spot.md section 5.1). */
export function timeInForceOf(terms: OrderTerms): TimeInForce {
  switch (terms.type) {
    case 'LIMIT':
    case 'STOP_LOSS_LIMIT':
    case 'TAKE_PROFIT_LIMIT':
      return terms.timeInForce;
    default:
      return 'GTC';
  }
}
