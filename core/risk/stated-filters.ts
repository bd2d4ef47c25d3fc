import type { Filters, Instrument, LotBounds } from '../market/index.ts';
import {
  compareNotional,
  isMultiple,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  settle,
  times,
} from '../money/index.ts';
import {
  icebergQuantityOf,
  limitPriceOf,
  type OrderIntent,
  type OrderListIntent,
  type OrderTerms,
  pegOf,
  type Side,
  stopTermsOf,
  triggerOf,
  waitsAbove,
} from '../orders/index.ts';
import type { Feature, FilterRefusal } from './filter-refusal.ts';

/** What needs nothing but the order itself: whether the symbol takes it, and the filters that compare it with no price. */
export const checkStatedFilters = (intent: OrderIntent, instrument: Instrument): FilterRefusal | undefined =>
  checkAdmission(intent, instrument) ?? checkStatedBounds(intent, instrument.filters);

/** Whether the symbol trades and takes orders of this kind. */
export const checkAdmission = (intent: OrderIntent, instrument: Instrument): FilterRefusal | undefined =>
  checkTradable(instrument) ?? checkSupport(intent, instrument);

export function checkStatedBounds({ side, terms }: OrderIntent, filters: Filters): FilterRefusal | undefined {
  return (
    checkPriceFilter('price', limitPriceOf(terms), filters) ??
    checkPriceFilter('stop_price', triggerOf(terms)?.stopPrice, filters) ??
    checkQuantities(terms, filters) ??
    checkStatedNotional(terms, filters) ??
    checkIcebergParts(terms, filters) ??
    checkTrailingDelta(side, terms, filters)
  );
}

function checkTradable(instrument: Instrument): FilterRefusal | undefined {
  const { symbol, status, blockers } = instrument;
  if (status === 'TRADING' && blockers.length === 0) return undefined;
  return { reason: 'symbol_not_tradable', symbol, status, blockers };
}

function checkSupport(intent: OrderIntent, instrument: Instrument): FilterRefusal | undefined {
  const { terms, selfTradePrevention } = intent;
  if (!instrument.orderTypes.includes(terms.type))
    return { reason: 'order_type_not_supported', was: terms.type };
  if (!instrument.icebergAllowed && icebergQuantityOf(terms) !== undefined) return unsupported('iceberg');
  if (!instrument.quoteAmountMarketAllowed && terms.quantity === undefined)
    return unsupported('quote_amount_market');
  if (!instrument.trailingStopAllowed && triggerOf(terms)?.trailingDeltaBps !== undefined)
    return unsupported('trailing_stop');
  if (!instrument.pegAllowed && pegOf(terms) !== undefined) return unsupported('peg');
  if (
    selfTradePrevention !== undefined &&
    !instrument.selfTradePreventionModes.includes(selfTradePrevention)
  ) {
    return unsupported('self_trade_prevention');
  }
  return undefined;
}

/** Whether the symbol takes lists of this kind. */
export function checkListSupport(list: OrderListIntent, instrument: Instrument): FilterRefusal | undefined {
  if (list.kind !== 'OTO' && !instrument.ocoAllowed) return unsupported('oco');
  if (list.kind !== 'OCO' && !instrument.otoAllowed) return unsupported('oto');
  return undefined;
}

const unsupported = (feature: Feature): FilterRefusal => ({ reason: 'feature_not_supported', feature });

function checkPriceFilter(
  of: 'price' | 'stop_price',
  was: Price | undefined,
  filters: Filters,
): FilterRefusal | undefined {
  if (was === undefined) return undefined;
  const { minimum, maximum, tick } = filters.price;
  if (minimum !== undefined && was < minimum)
    return { reason: 'price_below_minimum', of, bound: minimum, was };
  if (maximum !== undefined && was > maximum)
    return { reason: 'price_above_maximum', of, bound: maximum, was };
  if (tick !== undefined && !isMultiple(was, tick)) return { reason: 'price_off_tick', of, bound: tick, was };
  return undefined;
}

function checkQuantities(terms: OrderTerms, filters: Filters): FilterRefusal | undefined {
  if (terms.quantity === undefined) return undefined;
  const refusal = checkLot('LOT_SIZE', 'quantity', terms.quantity, filters.lot);
  if (refusal !== undefined) return refusal;
  const visible = icebergQuantityOf(terms);
  if (visible !== undefined) return checkLot('LOT_SIZE', 'iceberg_quantity', visible, filters.lot);
  if (terms.type !== 'MARKET' || filters.marketLot === undefined) return undefined;
  return checkLot('MARKET_LOT_SIZE', 'quantity', terms.quantity, filters.marketLot);
}

function checkLot(
  filter: 'LOT_SIZE' | 'MARKET_LOT_SIZE',
  of: 'quantity' | 'iceberg_quantity',
  was: Quantity,
  bounds: LotBounds,
): FilterRefusal | undefined {
  const { step } = bounds;
  const refusal = checkLotBounds(filter, of, was, bounds);
  if (refusal !== undefined || step === undefined || isMultiple(was, step)) return refusal;
  return { reason: 'quantity_off_step', filter, of, bound: step, was };
}

/** Minimum and maximum of a quantity, without its step. */
export function checkLotBounds(
  filter: 'LOT_SIZE' | 'MARKET_LOT_SIZE',
  of: 'quantity' | 'iceberg_quantity',
  was: Quantity,
  { minimum, maximum }: LotBounds,
): FilterRefusal | undefined {
  if (minimum !== undefined && was < minimum) {
    return { reason: 'quantity_below_minimum', filter, of, bound: minimum, was };
  }
  if (maximum !== undefined && was > maximum) {
    return { reason: 'quantity_above_maximum', filter, of, bound: maximum, was };
  }
  return undefined;
}

/** A limit is judged at its price, a stop that becomes a market order at its stop price; others have no price of their own. */
function checkStatedNotional(terms: OrderTerms, filters: Filters): FilterRefusal | undefined {
  if (filters.notional === undefined) return undefined;
  if (terms.quantity === undefined) {
    return checkQuoteAmountBounds(terms.quoteAmount, filters.notional);
  }
  const price = limitPriceOf(terms) ?? triggerOf(terms)?.stopPrice;
  if (price === undefined) return undefined;
  return checkNotionalAt(price, terms.quantity, actsAsMarket(terms), filters.notional);
}

/** Compared with every digit of the product, and rounded only to be told: down below a minimum, up above a maximum. */
export function checkNotionalAt(
  price: Price,
  quantity: Quantity,
  isMarket: boolean,
  bounds: NotionalBounds,
): FilterRefusal | undefined {
  const minimum = minimumOf(bounds, isMarket);
  if (minimum !== undefined && compareNotional(price, quantity, minimum) < 0) {
    const was = settle(notional(price, quantity), 'receive');
    return { reason: 'notional_below_minimum', bound: minimum, was };
  }
  const maximum = maximumOf(bounds, isMarket);
  if (maximum !== undefined && compareNotional(price, quantity, maximum) > 0) {
    const was = settle(notional(price, quantity), 'pay');
    return { reason: 'notional_above_maximum', bound: maximum, was };
  }
  return undefined;
}

type NotionalBounds = NonNullable<Filters['notional']>;

/** The bounds that an order is held to; undefined where one does not bind it. */
const minimumOf = (bounds: NotionalBounds, isMarket: boolean): QuoteAmount | undefined =>
  isMarket && !bounds.minimumAppliesToMarket ? undefined : bounds.minimum;
const maximumOf = (bounds: NotionalBounds, isMarket: boolean): QuoteAmount | undefined =>
  isMarket && !bounds.maximumAppliesToMarket ? undefined : bounds.maximum;

/** A market order by quote amount says itself what it is worth. */
function checkQuoteAmountBounds(was: QuoteAmount, bounds: NotionalBounds): FilterRefusal | undefined {
  const minimum = minimumOf(bounds, true);
  if (minimum !== undefined && was < minimum)
    return { reason: 'notional_below_minimum', bound: minimum, was };
  const maximum = maximumOf(bounds, true);
  if (maximum !== undefined && was > maximum)
    return { reason: 'notional_above_maximum', bound: maximum, was };
  return undefined;
}

/** ceil(quantity / visible) <= limit, told without dividing. */
function checkIcebergParts(terms: OrderTerms, filters: Filters): FilterRefusal | undefined {
  const visible = icebergQuantityOf(terms);
  const maximum = filters.icebergPartsMaximum;
  if (visible === undefined || maximum === undefined || terms.quantity === undefined) return undefined;
  if (terms.quantity <= times(visible, BigInt(maximum))) return undefined;
  return { reason: 'too_many_iceberg_parts', maximum, quantity: terms.quantity, icebergQuantity: visible };
}

/** The Above pair binds stops that wait above the market: STOP_LOSS* BUY and TAKE_PROFIT* SELL. */
function checkTrailingDelta(side: Side, terms: OrderTerms, filters: Filters): FilterRefusal | undefined {
  const stop = stopTermsOf(terms);
  const bounds = filters.trailingDelta;
  if (stop?.trigger.trailingDeltaBps === undefined || bounds === undefined) return undefined;
  const was = stop.trigger.trailingDeltaBps;
  const isAbove = waitsAbove(stop.type, side);
  const minimum = isAbove ? bounds.aboveMinimumBps : bounds.belowMinimumBps;
  const maximum = isAbove ? bounds.aboveMaximumBps : bounds.belowMaximumBps;
  if (was >= minimum && was <= maximum) return undefined;
  return { reason: 'trailing_delta_out_of_range', minimum, maximum, was };
}

/** A stop without a limit becomes a market order, so the flags for market orders decide; the venue does not say otherwise. */
const actsAsMarket = (terms: OrderTerms): boolean => limitPriceOf(terms) === undefined;
