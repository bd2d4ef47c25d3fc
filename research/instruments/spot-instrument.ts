import type { Filters, Instrument } from '@tradewind/core/market';

/** A symbol that may do what a spot symbol of the exchange usually may. */
export const spotInstrument = (
  symbol: string,
  baseAsset: string,
  quoteAsset: string,
  filters: Filters,
): Instrument => ({
  symbol,
  baseAsset,
  quoteAsset,
  status: 'TRADING',
  orderTypes: [
    'LIMIT',
    'LIMIT_MAKER',
    'MARKET',
    'STOP_LOSS',
    'STOP_LOSS_LIMIT',
    'TAKE_PROFIT',
    'TAKE_PROFIT_LIMIT',
  ],
  filters,
  unknownFilters: [],
  blockers: [],
  icebergAllowed: true,
  ocoAllowed: true,
  otoAllowed: true,
  opoAllowed: true,
  quoteAmountMarketAllowed: true,
  trailingStopAllowed: true,
  cancelReplaceAllowed: true,
  amendAllowed: true,
  pegAllowed: true,
  selfTradePreventionModes: ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT', 'TRANSFER'],
  defaultSelfTradePrevention: 'EXPIRE_MAKER',
});
