import type { Interval } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import type { CsvText } from './archive.ts';
import { readFileNames } from './file-name.ts';
import { type DataProblem, nameFiles } from './problem.ts';

/** The texts of one symbol and interval, in the order of their names. */
export interface SeriesTexts {
  readonly symbol: string;
  /** undefined when no name says it. */
  readonly interval: Interval | undefined;
  readonly texts: readonly CsvText[];
}

interface Wanted {
  readonly symbol?: string;
  readonly interval?: Interval;
  readonly onlyOneSymbol?: boolean;
}

interface NamedText {
  readonly symbol: string;
  readonly interval: Interval | undefined;
  readonly text: CsvText;
}

/** Sorts texts by symbol and picks those that are wanted; the result is in the order of the symbols' names. */
export function chooseSeries(texts: readonly CsvText[], wanted: Wanted): Result<SeriesTexts[], DataProblem> {
  const file = nameFiles(texts.map((text) => text.file));
  if (texts.length === 0)
    return err({ kind: 'no_sources', file: 'data', what: 'no file or folder was given' });
  const named = nameTexts(texts, wanted.symbol);
  if (!named.ok) return named;
  const ofSymbol = named.value.filter(
    ({ symbol }) => wanted.symbol === undefined || symbol === wanted.symbol,
  );
  if (ofSymbol.length === 0) {
    const what = `no file of ${wanted.symbol}, only of ${listOf(named.value.map(({ symbol }) => symbol))}`;
    return err({ kind: 'symbol_not_found', file, what });
  }
  const chosen = ofSymbol.filter(
    ({ interval }) =>
      wanted.interval === undefined || interval === undefined || interval.name === wanted.interval.name,
  );
  if (chosen.length === 0) {
    const what = `no file of ${wanted.interval?.name} bars, only of ${listOf(ofSymbol.map(intervalName))}`;
    return err({ kind: 'interval_not_found', file, what });
  }
  const symbols = [...new Set(chosen.map(({ symbol }) => symbol))].sort();
  if (wanted.onlyOneSymbol && symbols.length > 1) {
    const what = `the files are of ${listOf(symbols)}, and only one symbol can be used here`;
    return err({ kind: 'mixed_symbols', file, what, hint: 'choose one with --symbol' });
  }
  const series: SeriesTexts[] = [];
  for (const symbol of symbols) {
    const ofOne = seriesOf(
      symbol,
      chosen.filter((text) => text.symbol === symbol),
      wanted.interval,
    );
    if (!ofOne.ok) return ofOne;
    series.push(ofOne.value);
  }
  return ok(series);
}

function nameTexts(
  texts: readonly CsvText[],
  wantedSymbol: string | undefined,
): Result<NamedText[], DataProblem> {
  const named: NamedText[] = [];
  for (const text of texts) {
    const { symbol: guess, isSymbolCertain, interval } = readFileNames(text.names);
    const symbol = isSymbolCertain ? guess : (wantedSymbol ?? guess);
    if (symbol === undefined) {
      const what = 'the name of the file does not say which symbol it holds';
      return err({ kind: 'symbol_unknown', file: text.file, what, hint: 'name it with --symbol' });
    }
    named.push({ symbol, interval, text });
  }
  return ok(named);
}

function seriesOf(
  symbol: string,
  named: readonly NamedText[],
  wanted: Interval | undefined,
): Result<SeriesTexts, DataProblem> {
  const texts = named.map(({ text }) => text).sort(byName);
  const intervals = new Map(named.map(({ interval }) => [interval?.name, interval]));
  intervals.delete(undefined);
  if (wanted === undefined && intervals.size > 1) {
    const file = nameFiles(texts.map((text) => text.file));
    const what = `the files of ${symbol} hold ${listOf(named.map(intervalName))} bars`;
    return err({ kind: 'mixed_intervals', file, what, hint: 'choose one with --interval' });
  }
  return ok({ symbol, interval: wanted ?? [...intervals.values()][0], texts });
}

/** Binance's names carry the date, so that this is the order of time too. */
function byName(a: CsvText, b: CsvText): number {
  if (a.names[0] === b.names[0]) return 0;
  return a.names[0]! < b.names[0]! ? -1 : 1;
}

const intervalName = ({ interval }: NamedText): string => interval?.name ?? 'unknown';

const listOf = (names: readonly string[]): string => [...new Set(names)].sort().join(', ');
