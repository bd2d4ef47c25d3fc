import { aggregateBars, type Bars, Interval } from '@tradewind/core/market';
import { type Err, ok, type Result } from '@tradewind/core/result';
import {
  type DataProblem,
  describeProblem,
  fingerprintOf,
  generateBars,
  type LoadedSeries,
  type LoadOptions,
  loadBars,
} from '@tradewind/research/history';
import type { BacktestRequest } from './backtest-options.ts';
import { badInput, type Complaint } from './complaint.ts';

/** The bars of one symbol as the run uses them. */
export interface Series {
  readonly bars: Bars;
  /** The files it was read from; none when it was generated. */
  readonly files: readonly string[];
  /** SHA-256 of the bars as they were read, before they were made coarser. */
  readonly sha256: string;
  /** The interval they were read in, when it is finer. */
  readonly madeFrom: Interval | undefined;
  readonly roundedValues: number;
  readonly warnings: readonly string[];
}

/** What generated bars are called: a market that everybody knows, so that its rules are known too. */
const SYNTHETIC_SYMBOL = 'BTCUSDT';
const MINUTE = Interval.parse('1m')!;

/** The bars that were asked for: one series for each symbol, in the order they were named. */
export async function loadSeries(request: BacktestRequest): Promise<Result<Series[], Complaint>> {
  const { data, symbols } = request;
  if (data.kind === 'synthetic') return generateSeries(data, request);
  const all: Series[] = [];
  for (const symbol of symbols.length === 0 ? [undefined] : symbols) {
    const asked = symbol === undefined ? { onlyOneSymbol: true } : { symbol };
    const read = await readFinest(data.sources, { ...rangeOf(request), ...asked }, request.interval);
    if (!read.ok) return badInput(describeProblem(read.error));
    const series = seriesOf(read.value.series[0]!, request.interval);
    if (!series.ok) return series;
    const shared = findShared(series.value, all);
    if (shared !== undefined) return shared;
    all.push(series.value);
  }
  return ok(all);
}

/**
 * The bars of one more symbol, for its prices alone.
 * @param others  series that were read already
 * @returns undefined when the data do not hold it
 */
export async function loadPrices(
  symbol: string,
  others: readonly Series[],
  request: BacktestRequest,
): Promise<Result<Series | undefined, Complaint>> {
  const { data, interval } = request;
  if (data.kind === 'synthetic') return ok(undefined);
  const read = await readFinest(data.sources, { ...rangeOf(request), symbol }, interval);
  if (!read.ok) {
    return read.error.kind === 'symbol_not_found' ? ok(undefined) : badInput(describeProblem(read.error));
  }
  const series = seriesOf(read.value.series[0]!, interval);
  return series.ok ? (findShared(series.value, others) ?? series) : series;
}

/** Finer bars of a symbol for the path inside its bars; undefined when the files hold none of it. */
export async function loadDetail(
  sources: readonly string[],
  bars: Bars,
): Promise<Result<Series | undefined, Complaint>> {
  const read = await loadBars(sources, { symbol: bars.symbol });
  if (!read.ok) {
    if (read.error.kind === 'symbol_not_found') return ok(undefined);
    return badInput(`--detail ${describeProblem(read.error)}`);
  }
  const detail = seriesOf(read.value.series[0]!, undefined);
  if (!detail.ok) return detail;
  const { interval } = detail.value.bars;
  if (interval !== bars.interval && interval.nestsIn(bars.interval)) return detail;
  return badInput(
    `--detail ${sources.join(', ')}: ${interval.name} bars are not finer than the ${bars.interval.name} bars of the run`,
  );
}

/** A file whose name says no symbol is taken for any that is asked for, but not for two. */
function findShared({ files }: Series, others: readonly Series[]): Err<Complaint> | undefined {
  const taken = new Set(others.flatMap((other) => other.files));
  const file = files.find((each) => taken.has(each));
  if (file === undefined) return undefined;
  return badInput(
    `${file}: its name does not say which of the symbols it holds; name it like BTCUSDT-1m.csv`,
  );
}

function seriesOf(loaded: LoadedSeries, interval: Interval | undefined): Result<Series, Complaint> {
  const { bars, files, fingerprint, roundedValues, isIntervalInferred } = loaded;
  const warnings: string[] = [];
  if (isIntervalInferred) {
    warnings.push(
      `no file name says the interval of ${bars.symbol}; its bars stand ${bars.interval.name} apart`,
    );
  }
  const rounded = roundedValues.prices + roundedValues.volumes;
  if (rounded > 0)
    warnings.push(`${rounded} values of ${bars.symbol} have more than 8 decimals and were rounded`);
  const series = { bars, files, sha256: fingerprint, madeFrom: undefined, roundedValues: rounded, warnings };
  return makeCoarser(series, interval);
}

/** Files of the interval that was asked for, or, where there are none, the coarsest that can be made into it. */
async function readFinest(
  sources: readonly string[],
  options: LoadOptions,
  wanted: Interval | undefined,
): ReturnType<typeof loadBars> {
  const read = await loadBars(sources, options);
  if (read.ok || wanted === undefined) return read;
  if (read.error.kind === 'interval_unknown') return loadBars(sources, { ...options, interval: wanted });
  if (read.error.kind !== 'mixed_intervals') return read;
  const finer = Interval.names.map((name) => Interval.parse(name)!).filter((each) => each.nestsIn(wanted));
  let latest: Awaited<ReturnType<typeof loadBars>> = read;
  for (const interval of finer.reverse()) {
    latest = await loadBars(sources, { ...options, interval });
    if (latest.ok || !isAbsent(latest.error)) return latest;
  }
  return latest;
}

const isAbsent = ({ kind }: DataProblem): boolean => kind === 'interval_not_found';

/** Whole bars of the interval of the run: one belongs to the range when it opens inside. */
function rangeOf({ interval, fromMs, toMs }: BacktestRequest): Pick<LoadOptions, 'fromMs' | 'toMs'> {
  const toGrid = (timeMs: number): number => {
    if (interval === undefined || interval.startOf(timeMs) === timeMs) return timeMs;
    return interval.endOf(interval.startOf(timeMs));
  };
  return {
    ...(fromMs === undefined ? {} : { fromMs: toGrid(fromMs) }),
    ...(toMs === undefined ? {} : { toMs: toGrid(toMs) }),
  };
}

function generateSeries(
  { bars: count, seed }: { readonly bars: number; readonly seed: number },
  { symbols, interval, fromMs, toMs }: BacktestRequest,
): Result<Series[], Complaint> {
  const [symbol = SYNTHETIC_SYMBOL, another] = symbols;
  if (another !== undefined)
    return badInput('--synthetic makes one symbol: give --symbol once or not at all');
  if (fromMs !== undefined || toMs !== undefined) {
    return badInput('--from and --to choose among bars of files; --synthetic says itself how many it makes');
  }
  const bars = generateBars({ symbol, interval: MINUTE, extent: { bars: count }, seed });
  const sha256 = fingerprintOf(bars);
  const made = makeCoarser(
    { bars, files: [], sha256, madeFrom: undefined, roundedValues: 0, warnings: [] },
    interval,
  );
  return made.ok ? ok([made.value]) : made;
}

function makeCoarser(series: Series, interval: Interval | undefined): Result<Series, Complaint> {
  const { bars } = series;
  if (interval === undefined || interval === bars.interval) return ok(series);
  const made = aggregateBars(bars, interval);
  if (!made.ok) {
    return badInput(
      `--interval ${interval.name}: the ${bars.interval.name} bars of ${bars.symbol} do not make it`,
    );
  }
  if (made.value.bars.length === 0) {
    return badInput(
      `--interval ${interval.name}: the bars of ${bars.symbol} do not fill one ${interval.name} bar`,
    );
  }
  const { leadingPartial, unfinished } = made.value;
  const warnings = [...series.warnings];
  const of = `${interval.name} bar of ${bars.symbol}`;
  if (leadingPartial !== undefined) warnings.push(`the first ${of} begins inside: it lacks what came before`);
  if (unfinished !== undefined) warnings.push(`the last ${of} is not complete and left out`);
  return ok({ ...series, bars: made.value.bars, madeFrom: bars.interval, warnings });
}
