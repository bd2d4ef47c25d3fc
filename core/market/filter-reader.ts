import {
  isPositive,
  maximum,
  parsePrice,
  parseQuantity,
  parseQuoteAmount,
  parseRatio,
  type Ratio,
} from '../money/index.ts';
import { type FieldProblem, FieldReader, isFields, withoutUndefined } from './field-reader.ts';
import type { ExchangeFilters, Filters, LotBounds } from './instrument.ts';

type NotionalFilter = NonNullable<Filters['notional']>;
/** The two forms of the notional filter are read apart and put together at the end. */
type FilterPart = Partial<Filters> & { readonly minimumNotional?: NotionalFilter };

/** How each filter of binance-spot.md section 6 that the venue states for a symbol is read. */
const FILTERS: ReadonlyMap<string, (filter: FieldReader) => FilterPart> = new Map(
  Object.entries({
    PRICE_FILTER: (filter) => ({
      price: withoutUndefined<Filters['price']>({
        minimum: filter.bound('minPrice', parsePrice),
        maximum: filter.bound('maxPrice', parsePrice),
        tick: filter.bound('tickSize', parsePrice),
      }),
    }),
    LOT_SIZE: (filter) => ({ lot: lotBounds(filter) }),
    MARKET_LOT_SIZE: (filter) => ({ marketLot: lotBounds(filter) }),
    PERCENT_PRICE: (filter) =>
      withoutUndefined<FilterPart>({
        percentPrice: complete<NonNullable<Filters['percentPrice']>>({
          up: upperMultiplier(filter, 'multiplierUp'),
          down: filter.decimal('multiplierDown', parseRatio),
          averageMinutes: filter.count('avgPriceMins'),
        }),
      }),
    PERCENT_PRICE_BY_SIDE: (filter) =>
      withoutUndefined<FilterPart>({
        percentPriceBySide: complete<NonNullable<Filters['percentPriceBySide']>>({
          bidUp: upperMultiplier(filter, 'bidMultiplierUp'),
          bidDown: filter.decimal('bidMultiplierDown', parseRatio),
          askUp: upperMultiplier(filter, 'askMultiplierUp'),
          askDown: filter.decimal('askMultiplierDown', parseRatio),
          averageMinutes: filter.count('avgPriceMins'),
        }),
      }),
    MIN_NOTIONAL: (filter) => ({
      minimumNotional: withoutUndefined<NotionalFilter>({
        minimum: filter.bound('minNotional', parseQuoteAmount),
        minimumAppliesToMarket: filter.flag('applyToMarket') ?? true,
        maximum: undefined,
        maximumAppliesToMarket: false,
        averageMinutes: filter.count('avgPriceMins') ?? 0,
      }),
    }),
    NOTIONAL: (filter) => ({
      notional: withoutUndefined<NotionalFilter>({
        minimum: filter.bound('minNotional', parseQuoteAmount),
        minimumAppliesToMarket: filter.flag('applyMinToMarket') ?? true,
        maximum: filter.bound('maxNotional', parseQuoteAmount),
        maximumAppliesToMarket: filter.flag('applyMaxToMarket') ?? true,
        averageMinutes: filter.count('avgPriceMins') ?? 0,
      }),
    }),
    ICEBERG_PARTS: (filter) =>
      withoutUndefined<FilterPart>({ icebergPartsMaximum: filter.countBound('limit') }),
    MAX_NUM_ORDERS: (filter) =>
      withoutUndefined<FilterPart>({ openOrdersMaximum: filter.countBound('maxNumOrders') }),
    MAX_NUM_ALGO_ORDERS: (filter) =>
      withoutUndefined<FilterPart>({ openAlgoOrdersMaximum: filter.countBound('maxNumAlgoOrders') }),
    MAX_NUM_ICEBERG_ORDERS: (filter) =>
      withoutUndefined<FilterPart>({ openIcebergOrdersMaximum: filter.countBound('maxNumIcebergOrders') }),
    MAX_NUM_ORDER_LISTS: (filter) =>
      withoutUndefined<FilterPart>({ openOrderListsMaximum: filter.countBound('maxNumOrderLists') }),
    MAX_NUM_ORDER_AMENDS: (filter) =>
      withoutUndefined<FilterPart>({ amendsMaximum: filter.countBound('maxNumOrderAmends') }),
    MAX_POSITION: (filter) =>
      withoutUndefined<FilterPart>({ positionMaximum: filter.bound('maxPosition', parseQuantity) }),
    TRAILING_DELTA: (filter) =>
      withoutUndefined<FilterPart>({
        trailingDelta: complete<NonNullable<Filters['trailingDelta']>>({
          aboveMinimumBps: filter.count('minTrailingAboveDelta'),
          aboveMaximumBps: filter.count('maxTrailingAboveDelta'),
          belowMinimumBps: filter.count('minTrailingBelowDelta'),
          belowMaximumBps: filter.count('maxTrailingBelowDelta'),
        }),
      }),
  } satisfies Record<string, (filter: FieldReader) => FilterPart>),
);

const EXCHANGE_FILTERS: ReadonlyMap<string, (filter: FieldReader) => ExchangeFilters> = new Map(
  Object.entries({
    EXCHANGE_MAX_NUM_ORDERS: (filter) =>
      withoutUndefined<ExchangeFilters>({ openOrdersMaximum: filter.countBound('maxNumOrders') }),
    EXCHANGE_MAX_NUM_ALGO_ORDERS: (filter) =>
      withoutUndefined<ExchangeFilters>({ openAlgoOrdersMaximum: filter.countBound('maxNumAlgoOrders') }),
    EXCHANGE_MAX_NUM_ICEBERG_ORDERS: (filter) =>
      withoutUndefined<ExchangeFilters>({
        openIcebergOrdersMaximum: filter.countBound('maxNumIcebergOrders'),
      }),
    EXCHANGE_MAX_NUM_ORDER_LISTS: (filter) =>
      withoutUndefined<ExchangeFilters>({ openOrderListsMaximum: filter.countBound('maxNumOrderLists') }),
  } satisfies Record<string, (filter: FieldReader) => ExchangeFilters>),
);

export interface SymbolFilters {
  readonly filters: Filters;
  readonly unknownFilters: readonly string[];
  readonly problems: readonly FieldProblem[];
  /** Why no order can be made by these rules: sentences for people. */
  readonly blockers: readonly string[];
}

/** Reads the `filters` of one symbol. A filter that we know and cannot read blocks the symbol: its rule would go unseen. */
export function readFilters(symbol: string, list: readonly unknown[]): SymbolFilters {
  const { parts, seen, unknownFilters, problems } = readParts(symbol, 'filters', list, FILTERS);
  const { minimumNotional, notional, ...rest }: FilterPart = Object.assign({}, ...parts);
  const filters: Filters = {
    price: {},
    lot: {},
    ...rest,
    ...withoutUndefined<FilterPart>({ notional: stricter(notional, minimumNotional) }),
  };
  const blockers = problems
    .filter((problem) => problem.reason !== 'unknown')
    .map((problem) => `${problem.field} is ${problem.reason.replaceAll('_', ' ')}`);
  for (const mandatory of ['PRICE_FILTER', 'LOT_SIZE']) {
    if (!seen.has(mandatory)) blockers.push(`${mandatory} is missing`);
  }
  return { filters, unknownFilters, problems, blockers };
}

export interface AccountFilters {
  readonly filters: ExchangeFilters;
  readonly unknownFilters: readonly string[];
  readonly problems: readonly FieldProblem[];
}

/** Reads the `exchangeFilters` of a whole body. */
export function readExchangeFilters(list: readonly unknown[]): AccountFilters {
  const { parts, unknownFilters, problems } = readParts(
    'exchange',
    'exchangeFilters',
    list,
    EXCHANGE_FILTERS,
  );
  return { filters: Object.assign({}, ...parts), unknownFilters, problems };
}

function readParts<P>(
  symbol: string,
  field: string,
  list: readonly unknown[],
  known: ReadonlyMap<string, (filter: FieldReader) => P>,
) {
  const parts: P[] = [];
  const seen = new Set<string>();
  const unknownFilters: string[] = [];
  const problems: FieldProblem[] = [];
  for (const [index, entry] of list.entries()) {
    const fields = isFields(entry) ? entry : {};
    const name = fields.filterType;
    if (typeof name !== 'string') {
      new FieldReader(symbol, problems).note(`${field}[${index}]`, 'not_understood', entry);
      continue;
    }
    const filter = new FieldReader(symbol, problems, fields, `${name}.`);
    const read = known.get(name);
    if (read === undefined) {
      unknownFilters.push(name);
      filter.note('filterType', 'unknown', name);
    } else if (seen.has(name)) {
      filter.note('filterType', 'duplicate', name);
    } else {
      parts.push(read(filter));
    }
    seen.add(name);
  }
  return { parts, seen, unknownFilters, problems };
}

const lotBounds = (filter: FieldReader): LotBounds =>
  withoutUndefined<LotBounds>({
    minimum: filter.bound('minQty', parseQuantity),
    maximum: filter.bound('maxQty', parseQuantity),
    step: filter.bound('stepSize', parseQuantity),
  });

/** Above zero, or no price at all would pass. */
function upperMultiplier(filter: FieldReader, name: string): Ratio | undefined {
  const multiplier = filter.decimal(name, parseRatio);
  if (multiplier === undefined || isPositive(multiplier)) return multiplier;
  filter.note(name, 'not_understood', '0');
  return undefined;
}

/** Where the venue states both forms, an order must pass both. */
function stricter(
  notional: NotionalFilter | undefined,
  older: NotionalFilter | undefined,
): NotionalFilter | undefined {
  if (notional === undefined || older === undefined) return notional ?? older;
  if (older.minimum === undefined) return notional;
  return {
    ...notional,
    minimum: notional.minimum === undefined ? older.minimum : maximum(notional.minimum, older.minimum),
    minimumAppliesToMarket: notional.minimumAppliesToMarket || older.minimumAppliesToMarket,
  };
}

/** The values together, or nothing when one of them could not be read: half a rule is none. */
function complete<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T | undefined {
  return Object.values(values).includes(undefined) ? undefined : (values as T);
}
