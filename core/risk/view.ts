import type { ExchangeFilters, Instrument } from '../market/index.ts';
import type { Amount, Price, Quantity, Ratio } from '../money/index.ts';
import type { OpenCounts, SymbolLoad } from './filter-refusal.ts';
import type { EquityAmount } from './limits.ts';

/**
 * What the risk desk must know of the world, asked when an order is reviewed. Whoever knows a value as stale, unsure or
 * not finite answers undefined, and no new risk is taken on it. A question is asked only when a limit needs it.
 *
 * Orders that the desk approved are counted by the desk: no answer here holds their reservations or their open counts.
 */
export interface RiskView {
  /** The asset that equity and exposure are valued in. */
  readonly equityAsset: string;
  /** Epoch ms. */
  readonly nowMs: number;
  readonly exchangeFilters: ExchangeFilters;
  instrument(symbol: string): Instrument | undefined;
  /** What the symbol is worth now, in its quote asset. */
  referencePrice(symbol: string): Price | undefined;
  /** How old that price is; below zero (a clock runs wrong) counts as untrusted. */
  referencePriceAgeMs(symbol: string): number | undefined;
  /** How many units of the equity asset one unit of this asset is worth. Not asked for the equity asset itself. */
  equityRate(asset: string): Ratio | undefined;
  /** What the strategy's sub-account owns of the asset: free, and locked by orders that the desk approved. */
  balance(strategy: string, asset: string): Amount | undefined;
  /** Base that the strategy holds from its fills. */
  position(strategy: string, symbol: string): Quantity | undefined;
  /** The same over all strategies. */
  symbolPosition(symbol: string): Quantity | undefined;
  /** Value held now, working orders not counted. */
  assetExposure(asset: string): EquityAmount | undefined;
  strategyExposure(strategy: string): EquityAmount | undefined;
  accountExposure(): EquityAmount | undefined;
  equity(): EquityAmount | undefined;
  /** At 00:00 UTC of the running day, deposits and withdrawals since then added and taken off. */
  dayStartEquity(): EquityAmount | undefined;
  /** The highest so far, corrected for flows in the same way. */
  peakEquity(): EquityAmount | undefined;
  /** Orders on the symbol that the desk never saw (placed by hand), and the account's base: free, locked and being bought by them. */
  outsideLoad(symbol: string): SymbolLoad | undefined;
  /** The same orders, over all symbols. */
  outsideCounts(): OpenCounts | undefined;
}
