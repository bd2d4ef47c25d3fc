import type { Instrument } from '../market/index.ts';
import {
  add,
  isZero,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  settle,
} from '../money/index.ts';
import type { Portfolio } from './portfolio.ts';

/** A market in which the base of a portfolio is valued. */
export interface PricedMarket {
  readonly instrument: Pick<Instrument, 'baseAsset' | 'quoteAsset'>;
  /** undefined before any. */
  readonly lastPrice: Price | undefined;
}

/**
 * What a portfolio is worth: all that it owns of the quote asset, and of each base at its last price, floored at 8
 * decimals. Markets that are priced in another asset are left out.
 * @returns undefined when something is owned that has no price yet
 */
export function equityOf(
  portfolio: Portfolio,
  quoteAsset: string,
  markets: Iterable<PricedMarket>,
): QuoteAmount | undefined {
  let equity = portfolio.asset(quoteAsset).total<QuoteAmount>();
  for (const market of markets) {
    if (market.instrument.quoteAsset !== quoteAsset) continue;
    const held = portfolio.asset(market.instrument.baseAsset).total<Quantity>();
    if (isZero(held)) continue;
    const { lastPrice } = market;
    if (lastPrice === undefined) return undefined;
    equity = add(equity, settle(notional(lastPrice, held), 'receive'));
  }
  return equity;
}
