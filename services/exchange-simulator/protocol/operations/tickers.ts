import type { SymbolMarketData } from '../../market-data/index.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { INVALID_TICKER_TYPE, invalidData } from '../refusal.ts';
import { countOfSymbols } from './general.ts';
import { readTimeZone } from './market.ts';
import { type Answer, type Call, type Operation, publicQuery } from './operation.ts';
import { readSelection, type SymbolSelection } from './read-symbol.ts';

const TYPES = ['FULL', 'MINI'] as const;
/** Of the tickers that are computed for each request. */
const COMPUTED_MAX = 100;
const MINUTE_MS = 60_000;
const WINDOW = /^([0-9]{1,2})([mhd])$/;
const WINDOW_UNITS = {
  m: { ms: MINUTE_MS, maximum: 59 },
  h: { ms: 60 * MINUTE_MS, maximum: 23 },
  d: { ms: 1440 * MINUTE_MS, maximum: 7 },
} as const;

const readType = (parameters: Parameters): 'FULL' | 'MINI' =>
  parameters.choice('type', TYPES, INVALID_TICKER_TYPE) ?? 'FULL';

/** One object for one symbol, a list for several. */
function answer(call: Call, selection: SymbolSelection, ask: (data: SymbolMarketData) => unknown): Answer {
  const { parameters, marketData } = call;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const rows: unknown[] = [];
  for (const it of selection.symbols) {
    const data = marketData.symbol(it.symbol);
    if (data !== undefined) rows.push(ask(data));
  }
  return JSON.stringify(selection.isSingle ? rows[0] : rows);
}

function dayTicker(call: Call): Answer {
  const selection = readSelection(call, false);
  const isMini = readType(call.parameters) === 'MINI';
  return answer(call, selection, (data) =>
    isMini ? data.dayMiniTicker(call.unit) : data.dayTicker(call.unit),
  );
}

function tradingDayTicker(call: Call): Answer {
  const selection = readSelection(call, true, COMPUTED_MAX);
  const timeZone = readTimeZone(call.parameters);
  const isMini = readType(call.parameters) === 'MINI';
  return answer(call, selection, (data) =>
    isMini ? data.tradingDayMiniTicker(timeZone, call.unit) : data.tradingDayTicker(timeZone, call.unit),
  );
}

function rollingTicker(call: Call): Answer {
  const selection = readSelection(call, true, COMPUTED_MAX);
  const windowMs = readWindow(call.parameters);
  const isMini = readType(call.parameters) === 'MINI';
  return answer(call, selection, (data) =>
    isMini ? data.rollingMiniTicker(windowMs, call.unit) : data.rollingTicker(windowMs, call.unit),
  );
}

/** '1m' to '59m', '1h' to '23h', '1d' to '7d'. */
function readWindow(parameters: Parameters): number {
  const text = parameters.text('windowSize') ?? '1d';
  const [, digits, letter] = WINDOW.exec(text) ?? [];
  const unit = WINDOW_UNITS[letter as keyof typeof WINDOW_UNITS] as
    | { ms: number; maximum: number }
    | undefined;
  const count = Number(digits);
  if (unit === undefined || count < 1 || count > unit.maximum) {
    parameters.refuse(invalidData('windowSize'));
    return MINUTE_MS;
  }
  return count * unit.ms;
}

const priceTicker = (call: Call): Answer =>
  answer(call, readSelection(call, false), (data) => data.priceTicker());
const bookTicker = (call: Call): Answer =>
  answer(call, readSelection(call, false), (data) => data.bookTicker());

function dayWeight(parameters: Parameters): number {
  if (parameters.has('symbol')) return 2;
  if (!parameters.has('symbols')) return 80;
  const count = countOfSymbols(parameters);
  if (count <= 20) return 2;
  return count <= 100 ? 40 : 80;
}
const computedWeight = (parameters: Parameters): number =>
  parameters.has('symbols') ? Math.min(4 * Math.max(1, countOfSymbols(parameters)), 200) : 4;
const lastWeight = (parameters: Parameters): number => (parameters.has('symbol') ? 2 : 4);

/** Source: binance-spot.md section 4.2. */
export const TICKERS: readonly Operation[] = [
  publicQuery('ticker/24hr', 'ticker.24hr', dayWeight, dayTicker),
  publicQuery('ticker/tradingDay', 'ticker.tradingDay', computedWeight, tradingDayTicker),
  publicQuery('ticker/price', 'ticker.price', lastWeight, priceTicker),
  publicQuery('ticker/bookTicker', 'ticker.book', lastWeight, bookTicker),
  publicQuery('ticker', 'ticker', computedWeight, rollingTicker),
];
