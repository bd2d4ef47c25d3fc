import { type Instrument, tickOf } from '@tradewind/core/market';
import { priceToNumber } from '@tradewind/core/money';

/** About what well-known assets are worth in US dollars: only so that a made-up market looks familiar. */
const DOLLARS: Readonly<Record<string, number>> = {
  USDT: 1,
  USDC: 1,
  FDUSD: 1,
  TUSD: 1,
  BUSD: 1,
  DAI: 1,
  EUR: 1.1,
  TRY: 0.03,
  BTC: 60_000,
  ETH: 3000,
  BNB: 600,
  SOL: 150,
  XRP: 0.6,
  ADA: 0.5,
  DOGE: 0.12,
  LTC: 80,
  TRX: 0.15,
  DOT: 6,
  LINK: 15,
  AVAX: 30,
  SHIB: 0.00002,
  PEPE: 0.00001,
};
/** So many ticks are a price for which a tick is neither nothing nor a jump. */
const TICKS_WHEN_UNKNOWN = 20_000;

/** Where the made-up price of a symbol begins. */
export function startPriceOf(instrument: Instrument): number {
  const base = DOLLARS[instrument.baseAsset];
  const quote = DOLLARS[instrument.quoteAsset];
  const tick = priceToNumber(tickOf(instrument));
  const known = base === undefined || quote === undefined ? 0 : base / quote;
  return known >= tick * MINIMUM_TICKS ? known : tick * TICKS_WHEN_UNKNOWN;
}

/** With fewer ticks than this a price cannot move as a market does. */
const MINIMUM_TICKS = 100;
