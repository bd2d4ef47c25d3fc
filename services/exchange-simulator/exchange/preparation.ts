import type { Grid } from '@tradewind/core/market';
import type { OrderRefusal, OrderRequest } from '@tradewind/core/matching/book';
import { fromUnits, type Price, type Quantity, type QuoteAmount, unitsOf } from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import { noCounts } from './account-records.ts';
import type { NewOrder } from './commands.ts';
import { costOf, isRefusal, pegPriceOf, requestOf } from './engine-request.ts';
import type { Refusal } from './model.ts';
import { type Adding, lotFailure, orderFilterFailure } from './order-filters.ts';
import { isStopKind, OrderRecord, type OrderStart } from './order-record.ts';
import {
  filterFailure,
  INSUFFICIENT_BALANCE,
  liquidityBelow,
  NOTIONAL_ZERO,
  OCO_BAD_PRICES,
  PEG_WITHOUT_LIQUIDITY,
  WOULD_MATCH,
  WOULD_TRIGGER,
} from './refusals.ts';
import { shapeRefusal } from './shape-checks.ts';
import { NO_PRICE, NO_QUANTITY, type SymbolMarket } from './symbol-market.ts';
import type { TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';
import { Lock } from './wallet.ts';

/** How an order stands in what is being placed. */
export interface Standing {
  readonly isByHand: boolean;
  /** It waits for another order, so nothing of the present book concerns it. */
  readonly isPending: boolean;
  /** Its quantity comes from what its working order brings. */
  readonly isPaidFor: boolean;
}
export const ALONE: Standing = { isByHand: false, isPending: false, isPaidFor: false };

/** An order that passed every check of the API; the engine has not been asked. */
export interface Prepared {
  readonly start: OrderStart;
  readonly standing: Standing;
  /** Counted on this grid, which a later order of the same command may have made finer. */
  readonly request: OrderRequest;
  readonly grid: Grid;
}

/** The checks that come before the engine, in their order: what the symbol offers, what an order may say, filters. */
export function prepare(
  venue: Venue,
  market: SymbolMarket,
  account: TradingAccount,
  order: NewOrder,
  standing: Standing,
): Result<Prepared, Refusal> {
  const start = startOf(venue, market, account, order, standing);
  const lacksSize = start.quantity === undefined && unitsOf(start.quoteOrderQuantity) <= 0n;
  if (lacksSize && !standing.isPaidFor) return err(NOTIONAL_ZERO);
  const shape = shapeRefusal(market, start);
  if (shape !== undefined) return err(shape);
  const needsPeg = start.pegPriceType !== undefined && !standing.isPending && !isStopKind(start.type);
  let peggedPrice: Price | undefined;
  if (needsPeg) {
    const request = requestOf(market, start, start.quantity);
    if (isRefusal(request)) return err(request);
    peggedPrice = pegPriceOf(market, request);
    if (peggedPrice === undefined) return err(PEG_WITHOUT_LIQUIDITY);
  }
  const failure = orderFilterFailure(
    market,
    account,
    { start, quantity: start.quantity, peggedPrice },
    venue.nowMs,
  );
  if (failure !== undefined) return err(failure);
  const request = requestOf(market, start, start.quantity);
  return isRefusal(request) ? err(request) : ok({ start, standing, request, grid: market.grid });
}

/** What orders add to the open ones. */
export function addingOf(prepared: readonly Prepared[], lists: number): Adding {
  const counts = noCounts();
  let buying = 0n;
  for (const { start } of prepared) {
    counts.orders += 1;
    if (isStopKind(start.type)) counts.algo += 1;
    if (unitsOf(start.icebergQuantity) > 0n) counts.iceberg += 1;
    if (start.side === 'BUY' && start.quantity !== undefined) buying += unitsOf(start.quantity);
  }
  return { ...counts, lists, buying: fromUnits(buying) };
}

/** An order ready for the engine: counted on the market's grid as it is now. */
export interface Ready {
  readonly record: OrderRecord;
  readonly request: OrderRequest;
}

/** Makes the record of an order, and sizes one by quote amount. Grids get finer in `prepare` only, so all requests of a command fit. */
export function readyOf(market: SymbolMarket, prepared: Prepared): Result<Ready, Refusal> {
  const { start, standing } = prepared;
  const request = prepared.grid === market.grid ? prepared.request : requestOf(market, start, start.quantity);
  if (isRefusal(request)) return err(request);
  const record = new OrderRecord(start);
  record.isReserved = !standing.isPending;
  if (request.quoteAmount !== 0) {
    const { quantity, isShort } = market.engine.quantityForAmount(start.side, request.quoteAmount);
    const sized = market.grid.quantityOf(quantity);
    const refusal = sizeRefusal(market, sized, isShort);
    if (refusal !== undefined) return err(refusal);
    record.quantity = sized;
    record.isShort = isShort;
    return ok({ record, request });
  }
  return ok({ record, request });
}

/** Why the engine would not take an order now, in the exchange's words. */
export function engineRefusal(market: SymbolMarket, { request }: Ready): Refusal | undefined {
  return wordsFor(market.engine.refusalOf(request));
}

export function wordsFor(refusal: OrderRefusal | undefined): Refusal | undefined {
  switch (refusal) {
    case undefined:
      return undefined;
    case 'would_trigger_immediately':
      return WOULD_TRIGGER;
    case 'would_match_immediately':
      return WOULD_MATCH;
    case 'oco_bad_prices':
      return OCO_BAD_PRICES;
    case 'liquidity_below_minimum_quantity':
      return liquidityBelow('`LOT_SIZE` filter');
    case 'liquidity_too_low_for_peg':
      return PEG_WITHOUT_LIQUIDITY;
  }
}

/**
 * Gives orders that share what they lock (one alone, or two alternatives) their lock, and locks; pending orders wait with it.
 * @returns the refusal when not enough is free, and then nothing is locked
 */
export function reserve(
  market: SymbolMarket,
  account: TradingAccount,
  sharing: readonly Ready[],
): Refusal | undefined {
  const { baseAsset, quoteAsset } = market.instrument;
  const asset = sharing[0]!.record.start.side === 'SELL' ? baseAsset : quoteAsset;
  const lock = new Lock(
    account.wallet(asset),
    sharing.map(({ record }) => record),
  );
  for (const { record, request } of sharing) {
    record.lock = lock;
    if (record.start.side === 'SELL') continue;
    if (record.start.type === 'MARKET' && record.isReserved) {
      const lots = market.grid.lotsOf(record.quantity!);
      record.reserve = costOf(market, { ...request, quantity: lots! });
    } else if (request.price === 0 && request.stopPrice === 0) record.reservePrice = market.lastPrice;
    if (record.isReserved && record.start.pegPriceType !== undefined && !isStopKind(record.start.type))
      record.peggedPrice = pegPriceOf(market, request);
  }
  return lock.require() ? undefined : INSUFFICIENT_BALANCE;
}

function startOf(
  venue: Venue,
  market: SymbolMarket,
  account: TradingAccount,
  order: NewOrder,
  { isByHand }: Standing,
): OrderStart {
  return {
    symbol: market.symbol,
    account: account.number,
    clientOrderId: order.clientOrderId ?? venue.newName(),
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce ?? 'GTC',
    price: order.price ?? NO_PRICE,
    quantity: order.quantity,
    quoteOrderQuantity: order.quoteOrderQuantity ?? NO_QUOTE,
    stopPrice: order.stopPrice ?? NO_PRICE,
    icebergQuantity: order.icebergQuantity ?? NO_QUANTITY,
    trailingDelta: order.trailingDelta ?? 0,
    strategyId: order.strategyId,
    strategyType: order.strategyType,
    selfTradePrevention: order.selfTradePrevention ?? market.instrument.defaultSelfTradePrevention,
    pegPriceType: order.pegPriceType,
    pegOffsetLevels: order.pegOffsetLevels,
    tradeGroup: account.tradeGroup,
    createdAtMs: venue.nowMs,
    isByHand,
  };
}

const NO_QUOTE = fromUnits<QuoteAmount>(0n);

/** A market order by quote amount gets its quantity from the book, and that has to pass what a stated one has to. */
function sizeRefusal(market: SymbolMarket, quantity: Quantity, isShort: boolean): Refusal | undefined {
  const { lot, marketLot } = market.instrument.filters;
  if (unitsOf(quantity) === 0n && isShort) return liquidityBelow('symbol');
  for (const [name, bounds] of [
    ['LOT_SIZE', lot],
    ['MARKET_LOT_SIZE', marketLot],
  ] as const) {
    const isBelow = bounds?.minimum !== undefined && quantity < bounds.minimum;
    if (isBelow && isShort) return liquidityBelow(`\`${name}\` filter`);
    if (bounds !== undefined && lotFailure(quantity, bounds)) return filterFailure(name);
  }
  return unitsOf(quantity) === 0n ? liquidityBelow('symbol') : undefined;
}
