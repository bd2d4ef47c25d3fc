import type { Bars, ExchangeInfo, Instrument } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import { inferInstrument } from './infer-instrument.ts';
import { knownInstrument } from './known-symbols.ts';
import type { InstrumentProblem } from './problem.ts';

/** Where the rules of a symbol come from. */
export type InstrumentSource = 'exchange_info' | 'built_in' | 'inferred';

export interface ChosenInstrument {
  readonly instrument: Instrument;
  readonly source: InstrumentSource;
  /** What a person should know of these rules: sentences. */
  readonly warnings: readonly string[];
}

/**
 * The rules of the symbol of some bars: as the exchange stated them, else from the built-in table, else from the bars.
 * @param stated  the exchange's own words, which then must name the symbol
 * @param hints  assets that the account has, of which one may be the quote
 */
export function chooseInstrument(
  bars: Bars,
  stated: { readonly file: string; readonly info: ExchangeInfo } | undefined,
  hints: readonly string[],
): Result<ChosenInstrument, InstrumentProblem> {
  const { symbol } = bars;
  if (stated !== undefined) return statedInstrument(symbol, stated.file, stated.info);
  const known = knownInstrument(symbol);
  if (known !== undefined) return ok({ instrument: known, source: 'built_in', warnings: [] });
  const inferred = inferInstrument(bars, hints);
  if (inferred === undefined) {
    const what = `which asset ${symbol} is priced in is not known; state its rules with --exchange-info FILE`;
    return err({ kind: 'quote_unknown', what });
  }
  const warning =
    `the rules of ${symbol} are inferred from its bars (tick and step as fine as the finest price and volume, ` +
    'no least notional); --exchange-info FILE states them';
  return ok({ instrument: inferred, source: 'inferred', warnings: [warning] });
}

function statedInstrument(
  symbol: string,
  file: string,
  info: ExchangeInfo,
): Result<ChosenInstrument, InstrumentProblem> {
  const instrument = info.instruments.get(symbol);
  if (instrument === undefined) {
    return err({ kind: 'symbol_missing', file, what: `it has no symbol ${symbol}` });
  }
  if (instrument.blockers.length > 0) {
    return err({
      kind: 'not_tradable',
      file,
      what: `${symbol} cannot be traded: ${instrument.blockers.join('; ')}`,
    });
  }
  const warnings: string[] = [];
  if (instrument.unknownFilters.length > 0) {
    warnings.push(
      `${symbol} has filters that are not known and not checked: ${instrument.unknownFilters.join(', ')}`,
    );
  }
  const { status } = instrument;
  if (status === 'TRADING') return ok({ instrument, source: 'exchange_info', warnings });
  // A status is of the day the file was saved; in the days of the bars the symbol traded.
  warnings.push(`${symbol} has status ${status} in the exchange info; for the bars it is taken as TRADING`);
  return ok({ instrument: { ...instrument, status: 'TRADING' }, source: 'exchange_info', warnings });
}
