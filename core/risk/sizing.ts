import type { Instrument } from '../market/index.ts';
import {
  type Amount,
  add,
  isPositive,
  maximum,
  type Price,
  type Quantity,
  type Ratio,
  ratio,
  zero,
} from '../money/index.ts';
import { legsOf, limitPriceOf, type OrderIntent, type OrderListIntent, triggerOf } from '../orders/index.ts';
import { err, ok, type Result } from '../result.ts';
import type { CheckLog } from './check-log.ts';
import type { RiskContext } from './context.ts';
import { missing, type OpenCounts } from './filter-refusal.ts';
import type { SymbolLimits } from './limits.ts';
import { countsOf } from './open-counts.ts';
import { quantityForQuote } from './priced-filters.ts';
import type { Refusal } from './refusal.ts';
import { type Leg, legOf, Part, type PartValues, type Reservation } from './reservation.ts';

/** One order, or several that depend on one another. */
export type Wanted = OrderIntent | OrderListIntent;

export const intentsOf = (wanted: Wanted): readonly OrderIntent[] =>
  'kind' in wanted ? legsOf(wanted) : [wanted];

/**
 * What an order may spend, gain and be worth: the reservation it would need. New risk needs a reference price that is
 * fresh and limits that are stated for its symbol and strategy; an order that only reduces can do without.
 */
export function sizeUp(
  wanted: Wanted,
  intents: readonly OrderIntent[],
  instrument: Instrument,
  context: RiskContext,
): Result<Reservation, Refusal> {
  const { limits, view, log } = context;
  const { strategy, symbol } = intents[0] as OrderIntent;
  const symbolLimits = limits.symbols.get(symbol);
  const staleness = checkReferencePrice(symbol, symbolLimits, context);
  const referencePrice = staleness === undefined ? view.referencePrice(symbol) : undefined;
  const mayReduce = intents.every((intent) => intent.side === 'SELL' && intent.terms.quantity !== undefined);
  if (staleness !== undefined && !mayReduce) return err(noteAge(staleness, log));
  const rate = equityRateOf(instrument.quoteAsset, context);

  const legs: Leg[] = [];
  const parts = partsOf(wanted, legs, instrument, view.equityAsset, rate ?? NOTHING, referencePrice);
  const reduces =
    intents.every((intent) => intent.side === 'SELL') &&
    isCovered(strategy, symbol, instrument, parts, context);
  if (!reduces) {
    if (staleness !== undefined) return err(noteAge(staleness, log));
    if (rate === undefined) return err(missing('equity_rate', instrument.quoteAsset));
  }
  return ok({
    intents,
    strategy,
    symbol,
    instrument,
    parts,
    legs,
    counts: 'kind' in wanted ? countsOfList(intents) : countsOf(wanted.terms),
    reduces,
    referencePrice,
    equityRate: rate ?? NOTHING,
    symbolLimits,
    strategyLimits: limits.strategies.get(strategy),
  });
}

const NOTHING: Ratio = ratio('0');
const ONE: Ratio = ratio('1');

/** A price carries its age: one that is missing, too old or from a clock that runs wrong is no price. */
function checkReferencePrice(
  symbol: string,
  limits: SymbolLimits | undefined,
  { view, log }: RiskContext,
): Refusal | undefined {
  const price = view.referencePrice(symbol);
  if (price === undefined || !isPositive(price)) return missing('reference_price', symbol);
  const maximumMs = limits?.priceAgeMsMaximum ?? 'none';
  if (maximumMs === 'none') return undefined;
  const wasMs = view.referencePriceAgeMs(symbol);
  if (wasMs === undefined || Number.isNaN(wasMs)) return missing('reference_price_age', symbol);
  if (!(wasMs >= 0 && wasMs <= maximumMs)) return { reason: 'price_age_out_of_bounds', maximumMs, wasMs };
  log?.measured(PRICE_AGE, true, wasMs, maximumMs, 'ms');
  return undefined;
}

const PRICE_AGE = 'reference_price_age';

/** An old price is a failed check only where it refuses: an order that reduces goes without. */
function noteAge(staleness: Refusal, log: CheckLog | undefined): Refusal {
  if (staleness.reason === 'price_age_out_of_bounds') {
    log?.measured(PRICE_AGE, false, staleness.wasMs, staleness.maximumMs, 'ms');
  }
  return staleness;
}

function equityRateOf(asset: string, { view }: RiskContext): Ratio | undefined {
  return asset === view.equityAsset ? ONE : view.equityRate(asset);
}

/** An OCO is one part with two legs; of an OTO and OTOCO the pending part is paid by what the working part brings. */
function partsOf(
  wanted: Wanted,
  legs: Leg[],
  instrument: Instrument,
  equityAsset: string,
  equityRate: Ratio,
  referencePrice: Price | undefined,
): readonly Part[] {
  const partOf = (intents: readonly OrderIntent[], funder?: Part): Part => {
    const [first] = intents as [OrderIntent];
    const { payPrice, worthPrice } = pricesOf(intents, referencePrice);
    const values: PartValues = { instrument, equityAsset, payPrice, worthPrice, equityRate };
    const isFunded = funder !== undefined && funder.side !== first.side;
    const part = new Part(
      first,
      quantityOf(first, instrument, referencePrice),
      values,
      isFunded ? funder : undefined,
    );
    for (const intent of intents) legs.push(legOf(intent, part));
    return part;
  };
  if (!('kind' in wanted)) return [partOf([wanted])];
  if (wanted.kind === 'OCO') return [partOf([wanted.above, wanted.below])];
  const working = partOf([wanted.working]);
  if (wanted.kind === 'OTO') return [working, partOf([wanted.pending], working)];
  return [working, partOf([wanted.pendingAbove, wanted.pendingBelow], working)];
}

/** The dearest of the legs' own prices; what a leg without a price pays is the reference price. */
function pricesOf(
  intents: readonly OrderIntent[],
  referencePrice: Price | undefined,
): { readonly payPrice: Price; readonly worthPrice: Price } {
  let payPrice = zero<Price>();
  for (const { terms } of intents) {
    const own = limitPriceOf(terms) ?? triggerOf(terms)?.stopPrice ?? referencePrice;
    if (own !== undefined) payPrice = maximum(payPrice, own);
  }
  return { payPrice, worthPrice: maximum(payPrice, referencePrice ?? zero()) };
}

/** Only an order by quote amount needs the price, and sizing has refused it without one. */
function quantityOf(
  intent: OrderIntent,
  instrument: Instrument,
  referencePrice: Price | undefined,
): Quantity {
  const { terms } = intent;
  if (terms.quantity !== undefined) return terms.quantity;
  return quantityForQuote(terms.quoteAmount, referencePrice as Price, instrument.filters);
}

/** Whether the parts sell no more than the strategy holds on the symbol and has not offered elsewhere. */
function isCovered(
  strategy: string,
  symbol: string,
  instrument: Instrument,
  parts: readonly Part[],
  { view, books }: RiskContext,
): boolean {
  const position = view.position(strategy, symbol);
  if (position === undefined) return false;
  let offered: Amount = books.reservedOf(strategy, instrument.baseAsset);
  for (const part of parts) offered = add(offered, part.reserved);
  return offered <= position;
}

function countsOfList(intents: readonly OrderIntent[]): OpenCounts {
  let algoOrders = 0;
  let icebergOrders = 0;
  for (const { terms } of intents) {
    const counts = countsOf(terms);
    algoOrders += counts.algoOrders;
    icebergOrders += counts.icebergOrders;
  }
  return { orders: intents.length, algoOrders, icebergOrders, orderLists: 1 };
}
