import type { Instrument } from '@tradewind/core/market';
import { price, quantity, quoteAmount } from '@tradewind/core/money';
import { spotInstrument } from './spot-instrument.ts';

type Row = readonly [
  base: string,
  quote: string,
  tick: string,
  step: string,
  largest: string,
  minimum: string,
];

/**
 * Well-known symbols with their PRICE_FILTER tick, LOT_SIZE step (which is the least quantity, too) and largest quantity,
 * and least NOTIONAL. Facts of the exchange: exchangeInfo of 2024-09-08; the symbols in BUSD, which has gone since, of
 * 2021-10-12. Filters that follow the market (PERCENT_PRICE_BY_SIDE, MARKET_LOT_SIZE) are left out: read a real
 * exchangeInfo where they matter.
 */
const ROWS: readonly Row[] = [
  ['BTC', 'USDT', '0.01', '0.00001', '9000', '5'],
  ['ETH', 'USDT', '0.01', '0.0001', '9000', '5'],
  ['BNB', 'USDT', '0.1', '0.001', '900000', '5'],
  ['XRP', 'USDT', '0.0001', '1', '9222449', '5'],
  ['SOL', 'USDT', '0.01', '0.001', '90000', '5'],
  ['ADA', 'USDT', '0.0001', '0.1', '900000', '5'],
  ['DOGE', 'USDT', '0.00001', '1', '9000000', '1'],
  ['LTC', 'USDT', '0.01', '0.001', '90000', '5'],
  ['TRX', 'USDT', '0.0001', '0.1', '9000000', '5'],
  ['LINK', 'USDT', '0.01', '0.01', '90000', '5'],
  ['DOT', 'USDT', '0.001', '0.01', '90000', '5'],
  ['AVAX', 'USDT', '0.01', '0.01', '90000', '5'],
  ['BCH', 'USDT', '0.1', '0.001', '90000', '5'],
  ['XLM', 'USDT', '0.0001', '1', '9000000', '5'],
  ['BTC', 'USDC', '0.01', '0.00001', '9000', '5'],
  ['ETH', 'USDC', '0.01', '0.0001', '9000', '5'],
  ['BNB', 'USDC', '0.1', '0.001', '900000', '5'],
  ['BTC', 'FDUSD', '0.01', '0.00001', '9000', '5'],
  ['ETH', 'FDUSD', '0.01', '0.0001', '9000', '5'],
  ['BTC', 'EUR', '0.01', '0.00001', '9000', '5'],
  ['ETH', 'EUR', '0.01', '0.0001', '90000', '5'],
  ['ETH', 'BTC', '0.00001', '0.0001', '100000', '0.0001'],
  ['BNB', 'BTC', '0.000001', '0.001', '100000', '0.0001'],
  ['SOL', 'BTC', '0.0000001', '0.001', '90000000', '0.0001'],
  ['XRP', 'BTC', '0.00000001', '1', '90000000', '0.0001'],
  ['LTC', 'BTC', '0.000001', '0.001', '100000', '0.0001'],
  ['BNB', 'ETH', '0.0001', '0.001', '9000000', '0.001'],
  ['BTC', 'BUSD', '0.01', '0.00001', '9000', '10'],
  ['ETH', 'BUSD', '0.01', '0.0001', '90000', '10'],
  ['BNB', 'BUSD', '0.1', '0.001', '900000', '10'],
];

/** The same for every symbol of the table. */
const LARGEST_NOTIONAL = quoteAmount('9000000');

/** undefined for a symbol that is not in the table. */
export function knownInstrument(symbol: string): Instrument | undefined {
  const row = ROWS.find(([base, quote]) => base + quote === symbol);
  if (row === undefined) return undefined;
  const [baseAsset, quoteAsset, tick, step, largest, minimum] = row;
  return spotInstrument(symbol, baseAsset, quoteAsset, {
    price: { tick: price(tick), minimum: price(tick) },
    lot: { step: quantity(step), minimum: quantity(step), maximum: quantity(largest) },
    notional: {
      minimum: quoteAmount(minimum),
      minimumAppliesToMarket: true,
      maximum: LARGEST_NOTIONAL,
      maximumAppliesToMarket: false,
      averageMinutes: 5,
    },
  });
}
