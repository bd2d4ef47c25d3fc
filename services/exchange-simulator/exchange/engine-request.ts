import type { Lots, Ticks } from '@tradewind/core/market';
import type { OrderRequest } from '@tradewind/core/matching/book';
import {
  fromUnits,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  settle,
  Tally,
  unitsOf,
} from '@tradewind/core/money';
import type { Refusal } from './model.ts';
import type { OrderRecord, OrderStart } from './order-record.ts';
import { filterFailure, NOTIONAL_ZERO, QUOTE_AMOUNT_OVERFLOW } from './refusals.ts';
import type { SymbolMarket } from './symbol-market.ts';

const ZERO_TICKS = 0 as Ticks;
const ZERO_LOTS = 0 as Lots;

/** An order as the engine takes it, or why it cannot be counted; filters have been passed, so only huge numbers cannot. */
export function requestOf(
  market: SymbolMarket,
  start: OrderStart,
  quantity: Quantity | undefined,
): OrderRequest | Refusal {
  // What needs a finer grid makes it before anything is counted on it.
  const price = ticks(market, start.price);
  const stopPrice = ticks(market, start.stopPrice);
  if (price === undefined || stopPrice === undefined) return filterFailure('PRICE_FILTER');
  const lots = quantity === undefined ? ZERO_LOTS : market.lotsOf(quantity);
  const icebergQuantity = market.lotsOf(start.icebergQuantity);
  if (lots === undefined || icebergQuantity === undefined) return filterFailure('LOT_SIZE');
  const quoteAmount = quoteCount(market, start.quoteOrderQuantity);
  if (!Number.isSafeInteger(quoteAmount)) return QUOTE_AMOUNT_OVERFLOW;
  if (quoteAmount === 0 && unitsOf(start.quoteOrderQuantity) !== 0n) return NOTIONAL_ZERO;
  return {
    account: start.account,
    tradeGroup: start.tradeGroup,
    side: start.side,
    type: start.type,
    timeInForce: start.timeInForce,
    selfTradePrevention: start.selfTradePrevention,
    quantity: quoteAmount === 0 ? lots : ZERO_LOTS,
    price,
    quoteAmount,
    stopPrice,
    trailingDeltaBps: start.trailingDelta,
    icebergQuantity,
    pegPriceType: start.pegPriceType ?? 'NONE',
    pegOffsetLevels: start.pegOffsetLevels ?? 0,
  };
}

export const isRefusal = (value: object): value is Refusal => 'msg' in value;

/** The request of an order that the engine has already. */
export function requestAgain(market: SymbolMarket, record: OrderRecord): OrderRequest {
  const request = requestOf(market, record.start, record.openQuantity);
  if (isRefusal(request)) throw new RangeError(`an order that was counted cannot be: ${request.msg}`);
  return request;
}

/** What a market order would cost now, rounded up part by part, so that no trade can cost more. */
export function costOf(market: SymbolMarket, request: OrderRequest): QuoteAmount {
  let cost = 0n;
  market.engine.rehearse(request, (price, quantity) => {
    const { grid } = market;
    cost += unitsOf(settle(notional(grid.priceOf(price), grid.quantityOf(quantity)), 'pay'));
  });
  return fromUnits(cost);
}

/** What a peg would take now; undefined where the book has too few levels. */
export function pegPriceOf(market: SymbolMarket, request: OrderRequest): Price | undefined {
  const price = market.engine.pegPriceOf(request);
  return price === 0 ? undefined : market.grid.priceOf(price);
}

const ticks = (market: SymbolMarket, price: Price): Ticks | undefined =>
  unitsOf(price) === 0n ? ZERO_TICKS : market.ticksOf(price);

/** As a count of ticks x lots, rounded down: a BUY spends, and a SELL raises, no more than was said. */
function quoteCount({ grid }: SymbolMarket, amount: QuoteAmount): number {
  if (unitsOf(amount) === 0n) return 0;
  // A parameter may have twenty digits, which is more money than can be counted.
  if (!Tally.holds(amount)) return Number.POSITIVE_INFINITY;
  return Tally.of(amount).affordable(1, grid.priceDecimals + grid.quantityDecimals);
}
