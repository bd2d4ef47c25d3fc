import { ORDER_TYPES, SELF_TRADE_PREVENTION_MODES } from '../orders/index.ts';
import { type FieldProblem, FieldReader, type Fields, isFields } from './field-reader.ts';
import { readExchangeFilters, readFilters } from './filter-reader.ts';
import type { ExchangeFilters, Instrument, SymbolStatus } from './instrument.ts';

/** One symbol as read; without an instrument when even its name or its assets are missing. */
export interface InstrumentReading {
  readonly instrument: Instrument | undefined;
  readonly problems: readonly FieldProblem[];
}

/** A whole exchangeInfo body as read. */
export interface ExchangeInfo {
  /** By symbol, in the order of the body. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly exchangeFilters: ExchangeFilters;
  /** Names of filters over all symbols that we do not know. */
  readonly unknownExchangeFilters: readonly string[];
  /** Everything that was not as we know it; empty for a body without surprises. */
  readonly problems: readonly FieldProblem[];
}

/**
 * Reads the body of GET exchangeInfo (binance-spot.md section 4.1), after JSON.parse. Never throws: what it does not
 * understand is left out and reported, and where that hides a rule the symbol is blocked.
 */
export function readExchangeInfo(body: unknown): ExchangeInfo {
  const problems: FieldProblem[] = [];
  const instruments = new Map<string, Instrument>();
  const reader = new FieldReader('exchange', problems, isFields(body) ? body : {});
  for (const [index, entry] of (reader.list('symbols') ?? []).entries()) {
    const reading = readInstrument(entry, `symbols[${index}]`);
    problems.push(...reading.problems);
    if (reading.instrument === undefined) continue;
    const { symbol } = reading.instrument;
    if (instruments.has(symbol)) new FieldReader(symbol, problems).note('symbol', 'duplicate', symbol);
    else instruments.set(symbol, reading.instrument);
  }
  const exchange = readExchangeFilters(reader.list('exchangeFilters') ?? []);
  problems.push(...exchange.problems);
  return {
    instruments,
    exchangeFilters: exchange.filters,
    unknownExchangeFilters: exchange.unknownFilters,
    problems,
  };
}

/**
 * Reads one entry of `symbols[]`.
 * @param place  what problems call the entry when it has no name
 */
export function readInstrument(entry: unknown, place = 'symbol'): InstrumentReading {
  const fields: Fields = isFields(entry) ? entry : {};
  const problems: FieldProblem[] = [];
  const name = typeof fields.symbol === 'string' && fields.symbol !== '' ? fields.symbol : place;
  const reader = new FieldReader(name, problems, fields);
  const symbol = reader.text('symbol');
  const baseAsset = reader.text('baseAsset');
  const quoteAsset = reader.text('quoteAsset');
  if (symbol === undefined || baseAsset === undefined || quoteAsset === undefined) {
    return { instrument: undefined, problems };
  }
  const status = readStatus(reader);
  const orderTypes = knownOf(reader, 'orderTypes', ORDER_TYPES);
  const filters = readFilters(symbol, reader.list('filters') ?? []);
  problems.push(...filters.problems);
  const instrument: Instrument = {
    symbol,
    baseAsset,
    quoteAsset,
    status,
    orderTypes,
    filters: filters.filters,
    unknownFilters: filters.unknownFilters,
    blockers: [...blockersOf(status, fields), ...filters.blockers],
    icebergAllowed: reader.permission('icebergAllowed'),
    ocoAllowed: reader.permission('ocoAllowed'),
    otoAllowed: reader.permission('otoAllowed'),
    opoAllowed: reader.permission('opoAllowed'),
    quoteAmountMarketAllowed: reader.permission('quoteOrderQtyMarketAllowed'),
    trailingStopAllowed: reader.permission('allowTrailingStop'),
    cancelReplaceAllowed: reader.permission('cancelReplaceAllowed'),
    amendAllowed: reader.permission('amendAllowed'),
    pegAllowed: reader.permission('pegInstructionsAllowed'),
    ...readSelfTradePrevention(reader),
  };
  return { instrument, problems };
}

const STATUSES: ReadonlySet<string> = new Set<string>([
  'TRADING',
  'HALT',
  'BREAK',
  'END_OF_DAY',
  'CANCEL_ONLY',
] satisfies SymbolStatus[]);

function readStatus(reader: FieldReader): SymbolStatus {
  const status = reader.text('status') ?? '';
  if (STATUSES.has(status)) return status as SymbolStatus;
  if (status !== '') reader.note('status', 'unknown', status);
  return { unknown: status };
}

function blockersOf(status: SymbolStatus, fields: Fields): string[] {
  const blockers: string[] = [];
  if (typeof status !== 'string') blockers.push(`its status is unknown: ${status.unknown || 'none'}`);
  // Leveraged tokens, for accounts with a permission of their own.
  if (fields.isSpotTradingAllowed === false) blockers.push('spot trading of it is not allowed');
  return blockers;
}

/** Bodies from before 2022 know no self-trade prevention, which is what 'NONE' says. */
function readSelfTradePrevention(
  reader: FieldReader,
): Pick<Instrument, 'selfTradePreventionModes' | 'defaultSelfTradePrevention'> {
  const modes = reader.has('allowedSelfTradePreventionModes')
    ? knownOf(reader, 'allowedSelfTradePreventionModes', SELF_TRADE_PREVENTION_MODES)
    : [];
  const name = reader.has('defaultSelfTradePreventionMode')
    ? reader.text('defaultSelfTradePreventionMode')
    : undefined;
  const mode = SELF_TRADE_PREVENTION_MODES.find((known) => known === name);
  if (name !== undefined && mode === undefined)
    reader.note('defaultSelfTradePreventionMode', 'unknown', name);
  return { selfTradePreventionModes: modes, defaultSelfTradePrevention: mode ?? 'NONE' };
}

/** The values of a list that we know, in its order; the others are reported. */
function knownOf<T extends string>(reader: FieldReader, name: string, known: readonly T[]): T[] {
  return (reader.list(name) ?? []).flatMap((value) => {
    const found = known.find((each) => each === value);
    if (found === undefined) reader.note(name, 'unknown', value);
    return found ?? [];
  });
}
