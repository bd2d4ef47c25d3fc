import type { Instrument } from '@tradewind/core/market';

export type FilterEntry = Readonly<Record<string, unknown>> & { readonly filterType: string };
export type SymbolEntry = Readonly<Record<string, unknown>> & {
  readonly symbol: string;
  readonly filters: readonly FilterEntry[];
};

/** A symbol as GET exchangeInfo shows it, with these filters (binance-spot.md section 4.1). */
export const symbolEntry = (
  { symbol, baseAsset, quoteAsset, orderTypes, ...rules }: Instrument,
  filters: readonly FilterEntry[],
): SymbolEntry => ({
  symbol,
  status: typeof rules.status === 'string' ? rules.status : rules.status.unknown,
  baseAsset,
  baseAssetPrecision: 8,
  quoteAsset,
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  baseCommissionPrecision: 8,
  quoteCommissionPrecision: 8,
  orderTypes,
  icebergAllowed: rules.icebergAllowed,
  ocoAllowed: rules.ocoAllowed,
  otoAllowed: rules.otoAllowed,
  opoAllowed: rules.opoAllowed,
  quoteOrderQtyMarketAllowed: rules.quoteAmountMarketAllowed,
  allowTrailingStop: rules.trailingStopAllowed,
  cancelReplaceAllowed: rules.cancelReplaceAllowed,
  amendAllowed: rules.amendAllowed,
  pegInstructionsAllowed: rules.pegAllowed,
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: false,
  filters,
  permissions: [],
  permissionSets: [['SPOT']],
  defaultSelfTradePreventionMode: rules.defaultSelfTradePrevention,
  allowedSelfTradePreventionModes: rules.selfTradePreventionModes,
});
