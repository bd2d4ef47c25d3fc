import type { Bars, Instrument } from '@tradewind/core/market';
import { price, quantity } from '@tradewind/core/money';
import { spotInstrument } from './spot-instrument.ts';

/** What symbols of the exchange are or were priced in. */
const QUOTE_ASSETS: readonly string[] = [
  ...['USDT', 'USDC', 'FDUSD', 'BUSD', 'TUSD', 'USDP', 'USDS', 'PAX', 'DAI', 'USD1', 'USD'],
  ...['BTC', 'ETH', 'BNB', 'XRP', 'TRX', 'DOGE', 'SOL'],
  ...[
    'EUR',
    'TRY',
    'BRL',
    'GBP',
    'AUD',
    'JPY',
    'RUB',
    'UAH',
    'NGN',
    'ZAR',
    'PLN',
    'RON',
    'ARS',
    'MXN',
    'CZK',
    'COP',
  ],
  ...['EURI', 'AEUR', 'BIDR', 'BKRW', 'IDRT', 'VAI', 'GYEN', 'BVND'],
];
/** Bases by which 'BNBUSD' is BNB in USD, and not BN in BUSD. */
const FAMILIAR_BASES: readonly string[] = [
  'BTC',
  'ETH',
  'BNB',
  'XRP',
  'SOL',
  'ADA',
  'DOGE',
  'LTC',
  'TRX',
  'USDC',
  'USDT',
];

/**
 * The rules of a symbol that nobody stated, from its bars: base and quote from its name, the tick from the finest price,
 * the step from the finest volume, and no other filter.
 * @param hints  assets that are likely its quote: those that the account has
 * @returns undefined when no asset that we know to be a quote ends the symbol's name
 */
export function inferInstrument(bars: Bars, hints: readonly string[]): Instrument | undefined {
  const pair = splitSymbol(bars.symbol, hints);
  if (pair === undefined) return undefined;
  const [base, quote] = pair;
  return spotInstrument(bars.symbol, base, quote, {
    price: { tick: price(finest(bars.priceDecimals)) },
    lot: { step: quantity(finest(bars.volumeDecimals)) },
  });
}

function splitSymbol(
  symbol: string,
  hints: readonly string[],
): readonly [base: string, quote: string] | undefined {
  const fitting = (assets: readonly string[]) =>
    assets
      .filter((asset) => symbol.length > asset.length && symbol.endsWith(asset))
      .sort((a, b) => b.length - a.length);
  const quotes = fitting(QUOTE_ASSETS);
  const quote =
    fitting(hints)[0] ??
    quotes.find((asset) => FAMILIAR_BASES.includes(symbol.slice(0, -asset.length))) ??
    quotes[0];
  return quote === undefined ? undefined : [symbol.slice(0, -quote.length), quote];
}

/** 10^-decimals as text; volumes counted in tens or more (negative decimals) are counted in ones. */
const finest = (decimals: number): string => (decimals <= 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`);
