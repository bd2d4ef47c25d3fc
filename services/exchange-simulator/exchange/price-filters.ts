import type { Filters } from '@tradewind/core/market';
import {
  isMultiple,
  isZero,
  type Price,
  type Quantity,
  scalePrice,
  settle,
  notional as timesPrice,
  unitsOf,
} from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { isMarketKind, type OrderStart } from './order-record.ts';
import type { SymbolMarket } from './symbol-market.ts';

/** The name of the filter among PRICE_FILTER, PERCENT_PRICE, PERCENT_PRICE_BY_SIDE, MIN_NOTIONAL and NOTIONAL that an order at this price fails. */
export function pricedFilterFailure(
  market: SymbolMarket,
  start: OrderStart,
  price: Price,
  quantity: Quantity,
  nowMs: number,
): string | undefined {
  return (
    priceFilterFailure(price, market.instrument.filters) ??
    percentFailure(market, start.side, price, nowMs) ??
    notionalFailure(market, price, quantity, isMarketKind(start.type))
  );
}

/** `price` is not zero. */
export function priceFilterFailure(price: Price, { price: bounds }: Filters): string | undefined {
  const { minimum, maximum, tick } = bounds;
  const passes =
    (minimum === undefined || price >= minimum) &&
    (maximum === undefined || price <= maximum) &&
    (tick === undefined || isMultiple(price, tick));
  return passes ? undefined : 'PRICE_FILTER';
}

/** Passes while there is no price to compare with. Prices have 8 decimals, so bounds rounded inward to 8 decimals compare exactly. */
export function percentFailure(
  market: SymbolMarket,
  side: Side,
  price: Price,
  nowMs: number,
): string | undefined {
  const { percentPrice, percentPriceBySide } = market.instrument.filters;
  if (percentPrice !== undefined) {
    const reference = market.filterPrice(percentPrice.averageMinutes, nowMs);
    if (reference !== undefined) {
      const lowest = scalePrice(reference, percentPrice.down, 'ceiling');
      const highest = scalePrice(reference, percentPrice.up, 'floor');
      if (price < lowest || price > highest) return 'PERCENT_PRICE';
    }
  }
  if (percentPriceBySide === undefined) return undefined;
  const reference = market.filterPrice(percentPriceBySide.averageMinutes, nowMs);
  if (reference === undefined) return undefined;
  const { bidUp, bidDown, askUp, askDown } = percentPriceBySide;
  const lowest = scalePrice(reference, side === 'BUY' ? bidDown : askDown, 'ceiling');
  const highest = scalePrice(reference, side === 'BUY' ? bidUp : askUp, 'floor');
  return price < lowest || price > highest ? 'PERCENT_PRICE_BY_SIDE' : undefined;
}

export function notionalFailure(
  market: SymbolMarket,
  price: Price,
  quantity: Quantity,
  isMarket: boolean,
): string | undefined {
  const bounds = market.instrument.filters.notional;
  if (bounds === undefined) return undefined;
  const exact = timesPrice(price, quantity);
  const { minimum, maximum, minimumAppliesToMarket, maximumAppliesToMarket } = bounds;
  // Rounded against the order, so that the comparison with 8 decimals is exact.
  if (minimum !== undefined && (!isMarket || minimumAppliesToMarket) && settle(exact, 'receive') < minimum)
    return market.notionalFilter;
  if (maximum !== undefined && (!isMarket || maximumAppliesToMarket) && settle(exact, 'pay') > maximum)
    return market.notionalFilter;
  return undefined;
}

/** A market order has no price: it is judged at the reference, average or last price, and passes while there is none. */
export function marketNotionalFailure(
  market: SymbolMarket,
  start: OrderStart,
  quantity: Quantity | undefined,
  nowMs: number,
): string | undefined {
  const bounds = market.instrument.filters.notional;
  if (bounds === undefined) return undefined;
  if (quantity === undefined || unitsOf(start.quoteOrderQuantity) !== 0n) {
    const { minimum, maximum, minimumAppliesToMarket, maximumAppliesToMarket } = bounds;
    const amount = start.quoteOrderQuantity;
    if (isZero(amount)) return undefined;
    if (minimum !== undefined && minimumAppliesToMarket && amount < minimum) return market.notionalFilter;
    return maximum !== undefined && maximumAppliesToMarket && amount > maximum
      ? market.notionalFilter
      : undefined;
  }
  const price = market.filterPrice(bounds.averageMinutes, nowMs);
  return price === undefined ? undefined : notionalFailure(market, price, quantity, true);
}
