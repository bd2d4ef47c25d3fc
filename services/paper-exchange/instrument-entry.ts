import type { Filters, Instrument, LotBounds } from '@tradewind/core/market';
import { type Exact, formatAmount, formatRatio, fromUnits, unitsOf } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import {
  builtInExchangeInfo,
  type FilterEntry,
  type SymbolEntry,
  symbolEntry,
} from '@tradewind/exchange-simulator';

/** The body of GET exchangeInfo for these symbols, with the limits of the real exchange. */
export function exchangeInfoOf(entries: readonly SymbolEntry[]): object {
  const info = builtInExchangeInfo([]);
  invariant(info.ok, 'without symbols none is unknown');
  return { ...info.value, symbols: entries };
}

/** An instrument as exchangeInfo shows it: what `readInstrument` reads is the instrument again (binance-spot.md sections 4.1 and 6). */
export const entryOf = (instrument: Instrument): SymbolEntry =>
  symbolEntry(instrument, filtersOf(instrument.filters));

function filtersOf(filters: Filters): FilterEntry[] {
  const { price, lot, marketLot, percentPrice, percentPriceBySide, notional, trailingDelta } = filters;
  const count = (filterType: string, name: string, value: number | undefined): FilterEntry | undefined =>
    value === undefined ? undefined : { filterType, [name]: value };
  const entries: readonly (FilterEntry | undefined)[] = [
    {
      filterType: 'PRICE_FILTER',
      minPrice: bound(price.minimum),
      maxPrice: bound(price.maximum),
      tickSize: bound(price.tick),
    },
    { filterType: 'LOT_SIZE', ...lotEntry(lot) },
    marketLot && { filterType: 'MARKET_LOT_SIZE', ...lotEntry(marketLot) },
    percentPrice && {
      filterType: 'PERCENT_PRICE',
      multiplierUp: formatRatio(percentPrice.up),
      multiplierDown: formatRatio(percentPrice.down),
      avgPriceMins: percentPrice.averageMinutes,
    },
    percentPriceBySide && {
      filterType: 'PERCENT_PRICE_BY_SIDE',
      bidMultiplierUp: formatRatio(percentPriceBySide.bidUp),
      bidMultiplierDown: formatRatio(percentPriceBySide.bidDown),
      askMultiplierUp: formatRatio(percentPriceBySide.askUp),
      askMultiplierDown: formatRatio(percentPriceBySide.askDown),
      avgPriceMins: percentPriceBySide.averageMinutes,
    },
    notional && {
      filterType: 'NOTIONAL',
      minNotional: bound(notional.minimum),
      applyMinToMarket: notional.minimumAppliesToMarket,
      maxNotional: bound(notional.maximum),
      applyMaxToMarket: notional.maximumAppliesToMarket,
      avgPriceMins: notional.averageMinutes,
    },
    trailingDelta && {
      filterType: 'TRAILING_DELTA',
      minTrailingAboveDelta: trailingDelta.aboveMinimumBps,
      maxTrailingAboveDelta: trailingDelta.aboveMaximumBps,
      minTrailingBelowDelta: trailingDelta.belowMinimumBps,
      maxTrailingBelowDelta: trailingDelta.belowMaximumBps,
    },
    count('ICEBERG_PARTS', 'limit', filters.icebergPartsMaximum),
    count('MAX_NUM_ORDERS', 'maxNumOrders', filters.openOrdersMaximum),
    count('MAX_NUM_ALGO_ORDERS', 'maxNumAlgoOrders', filters.openAlgoOrdersMaximum),
    count('MAX_NUM_ICEBERG_ORDERS', 'maxNumIcebergOrders', filters.openIcebergOrdersMaximum),
    count('MAX_NUM_ORDER_LISTS', 'maxNumOrderLists', filters.openOrderListsMaximum),
    count('MAX_NUM_ORDER_AMENDS', 'maxNumOrderAmends', filters.amendsMaximum),
    filters.positionMaximum && { filterType: 'MAX_POSITION', maxPosition: bound(filters.positionMaximum) },
  ];
  return entries.filter((entry) => entry !== undefined);
}

const lotEntry = ({ minimum, maximum, step }: LotBounds) => ({
  minQty: bound(minimum),
  maxQty: bound(maximum),
  stepSize: bound(step),
});

/** A bound that is not there is 0, which disables it. */
const bound = (value: Exact<string, 8> | undefined): string =>
  formatAmount(fromUnits(value === undefined ? 0n : unitsOf(value)));
