import { Interval } from '@tradewind/core/market';

/** What the name of a data file says about the bars in it. */
export interface NamedSeries {
  readonly symbol?: string;
  /** Whether the name is spelled like Binance's own (symbol and interval), so that its symbol is no guess. */
  readonly isSymbolCertain: boolean;
  readonly interval?: Interval;
}

/** Symbols are in capitals, or in a script that has none: Binance lists Chinese names. */
const SYMBOL = /^(?=.*\p{L})[\p{Lu}\p{Lo}\p{N}]{2,}$/u;
const LONE_SYMBOL = /^((?=.*\p{L})[\p{Lu}\p{Lo}\p{N}]{5,})(?:[-_. ].*)?$/u;
const WITH_INTERVAL = new RegExp(`^(.+?)[-_](${[...Interval.names, '1mo'].join('|')})(?:[-_].*)?$`, 'u');

/**
 * Reads names like Binance's: 'BTCUSDT-1m-2021-01.zip', 'BTCUSDT-1m-2025-05-20_2025-08-18.csv.gz'; also 'BTCUSDT.csv'.
 * @param names  the names a text has, the closest first: the first that says anything counts
 */
export function readFileNames(names: readonly string[]): NamedSeries {
  for (const name of names) {
    const stem = name.replace(/(\.csv)?(\.gz|\.zip)?$/i, '').normalize('NFC');
    const [, before, intervalName] = WITH_INTERVAL.exec(stem) ?? [];
    if (before !== undefined && intervalName !== undefined) {
      const interval = Interval.parse(intervalName)!;
      return SYMBOL.test(before)
        ? { symbol: before, isSymbolCertain: true, interval }
        : { isSymbolCertain: false, interval };
    }
    const [, symbol] = LONE_SYMBOL.exec(stem) ?? [];
    if (symbol !== undefined) return { symbol, isSymbolCertain: false };
  }
  return { isSymbolCertain: false };
}
