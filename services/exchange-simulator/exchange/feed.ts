import { isZero, type Price, type Quantity } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import type { BookLevel } from './model.ts';
import type { SymbolMarket } from './symbol-market.ts';

/*
 * What the real market around a symbol shows, as its engine takes it. False when a value cannot be counted, and then nothing has
 * been done.
 */

export function applyQuote(market: SymbolMarket, bid: BookLevel, ask: BookLevel): boolean {
  // Counting the second may make the grid finer than the first was counted on.
  if (flatten(market, [bid, ask]) === undefined) return false;
  const ticks = [bid, ask].map(({ price }) => market.ticksOf(price)!);
  const lots = [bid, ask].map(({ quantity }) => market.lotsOf(quantity)!);
  market.engine.applyQuote(ticks[0]!, lots[0]!, ticks[1]!, lots[1]!);
  return true;
}

export function applyDepth(
  market: SymbolMarket,
  bids: readonly BookLevel[],
  asks: readonly BookLevel[],
): boolean {
  if (flatten(market, [...bids, ...asks]) === undefined) return false;
  market.engine.applyDepth(flatten(market, bids)!, flatten(market, asks)!);
  return true;
}

export function replaceDepth(
  market: SymbolMarket,
  bids: readonly BookLevel[],
  asks: readonly BookLevel[],
): boolean {
  if (flatten(market, [...bids, ...asks]) === undefined) return false;
  market.engine.replaceDepth(flatten(market, bids)!, flatten(market, asks)!);
  return true;
}

export function applyTrade(market: SymbolMarket, price: Price, quantity: Quantity, takerSide: Side): boolean {
  // Nobody trades nothing, or for nothing: averages and changes are divided by it.
  if (isZero(price) || isZero(quantity)) return false;
  if (flatten(market, [{ price, quantity }]) === undefined) return false;
  market.engine.applyTrade(market.ticksOf(price)!, market.lotsOf(quantity)!, takerSide);
  return true;
}

/** Price, quantity, price, quantity, ... in ticks and lots; undefined when one cannot be counted. */
function flatten(market: SymbolMarket, levels: readonly BookLevel[]): number[] | undefined {
  const flat: number[] = [];
  for (const { price, quantity } of levels) {
    const ticks = market.ticksOf(price);
    const lots = market.lotsOf(quantity);
    if (ticks === undefined || lots === undefined) return undefined;
    flat.push(ticks, lots);
  }
  return flat;
}
