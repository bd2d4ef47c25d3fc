import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Bars, Interval } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import { type CsvText, openTexts } from './archive.ts';
import { type BarSink, KlineCsvReader } from './csv.ts';
import { fingerprintOf } from './fingerprint.ts';
import { BarsJoiner } from './join-bars.ts';
import { outsideProblem } from './outside-problem.ts';
import { type DataProblem, formatTime, nameFiles } from './problem.ts';
import { chooseSeries, type SeriesTexts } from './series-texts.ts';

export interface LoadOptions {
  /** Only this symbol: files named after another are left out, and files that name none are taken as this one. */
  readonly symbol?: string;
  /** Only this interval, likewise. */
  readonly interval?: Interval;
  /** Only bars that open in [fromMs, toMs), epoch ms. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Refuse files of several symbols. */
  readonly onlyOneSymbol?: boolean;
}

export interface LoadedBars {
  /** One per symbol, in the order of their names; at least one. */
  readonly series: readonly LoadedSeries[];
}

export interface LoadedSeries {
  readonly bars: Bars;
  /** The files it was read from, in the order of their names. */
  readonly files: readonly string[];
  /** SHA-256 of the content; see `fingerprintOf`. */
  readonly fingerprint: string;
  /** Whether the interval was neither given nor named by a file but taken from the smallest spacing of the bars. */
  readonly isIntervalInferred: boolean;
  /** How many values had more than 8 decimals (noise of floats) and were rounded half up. */
  readonly roundedValues: { readonly prices: number; readonly volumes: number };
  /** How many bars came again, the same, in a further file. */
  readonly repeatedBars: number;
}

/**
 * Reads historical bars from kline files.
 * @param sources  files (.csv, .csv.gz, .zip) and folders, of which all such files count
 * @returns all bars that were asked for, or the first problem
 */
export async function loadBars(
  sources: readonly string[],
  options: LoadOptions = {},
): Promise<Result<LoadedBars, DataProblem>> {
  const texts = await textsOf(sources);
  if (!texts.ok) return texts;
  const chosen = chooseSeries(texts.value, options);
  if (!chosen.ok) return chosen;
  const series: LoadedSeries[] = [];
  for (const seriesTexts of chosen.value) {
    const loaded = await loadSeries(seriesTexts, options);
    if (!loaded.ok) return loaded;
    series.push(loaded.value);
  }
  return ok({ series });
}

async function textsOf(sources: readonly string[]): Promise<Result<CsvText[], DataProblem>> {
  const paths = new Map<string, string>();
  for (const source of sources) {
    const files = await filesOf(source);
    if (!files.ok) return files;
    for (const file of files.value) paths.set(resolve(file), file);
  }
  const texts: CsvText[] = [];
  for (const path of paths.values()) {
    const inFile = await openTexts(path);
    if (!inFile.ok) return inFile;
    texts.push(...inFile.value);
  }
  return ok(texts);
}

async function filesOf(source: string): Promise<Result<string[], DataProblem>> {
  try {
    if (!(await stat(source)).isDirectory()) return ok([source]);
    const entries = await readdir(source, { withFileTypes: true });
    const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
    const files = names.filter((name) => /^[^.].*\.(csv|csv\.gz|zip)$/i.test(name)).sort();
    if (files.length > 0) return ok(files.map((name) => join(source, name)));
    const what = 'the folder holds no .csv, .csv.gz or .zip file';
    return err({ kind: 'folder_without_data', file: source, what });
  } catch (error) {
    return err(outsideProblem(source, error));
  }
}

async function loadSeries(
  series: SeriesTexts,
  options: LoadOptions,
): Promise<Result<LoadedSeries, DataProblem>> {
  const { symbol, texts } = series;
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = options;
  const interval = series.interval === undefined ? await inferInterval(texts) : ok(series.interval);
  if (!interval.ok) return interval;
  const joiner = new BarsJoiner(symbol, interval.value, fromMs, toMs);
  const roundedValues = { prices: 0, volumes: 0 };
  for (const [index, text] of texts.entries()) {
    const reader = await readText(text, interval.value, joiner);
    if (!reader.ok) return reader;
    roundedValues.prices += reader.value.roundedPrices;
    roundedValues.volumes += reader.value.roundedVolumes;
    const conflict = joiner.endFile();
    if (conflict !== undefined)
      return err(await conflictProblem(texts.slice(0, index), text, conflict.openTimeMs));
  }
  const bars = joiner.build();
  const files = texts.map((text) => text.file);
  if (bars.length === 0) return err(emptyRange(files, joiner));
  return ok({
    bars,
    files,
    fingerprint: fingerprintOf(bars),
    isIntervalInferred: series.interval === undefined,
    roundedValues,
    repeatedBars: joiner.repeatedBars,
  });
}

/** Reads to the end even behind a strange row: a damaged archive explains it better than the row does. */
async function readText(
  text: CsvText,
  interval: Interval | undefined,
  sink: BarSink,
): Promise<Result<KlineCsvReader, DataProblem>> {
  const reader = new KlineCsvReader(text.file, interval, sink);
  let problem: DataProblem | undefined;
  for await (const piece of text.read()) {
    if (!piece.ok) return piece;
    problem ??= reader.push(piece.value);
  }
  problem ??= reader.finish();
  return problem === undefined ? ok(reader) : err(problem);
}

const DAY_MS = 86_400_000;

/** Reads the files once more beforehand, only for their times. */
async function inferInterval(texts: readonly CsvText[]): Promise<Result<Interval, DataProblem>> {
  let smallest = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    let previous = Number.NEGATIVE_INFINITY;
    const append = (openTimeMs: number): boolean => {
      smallest = Math.min(smallest, openTimeMs - previous);
      previous = openTimeMs;
      return true;
    };
    const read = await readText(text, undefined, { append });
    if (!read.ok) return read;
  }
  const isMonth = smallest >= 28 * DAY_MS && smallest <= 31 * DAY_MS;
  const interval = isMonth ? Interval.parse('1M') : Interval.ofLength(smallest);
  if (interval !== undefined) return ok(interval);
  const spacing = `the smallest spacing of its bars, ${smallest / 1000} s, is no interval of Binance`;
  const what = Number.isFinite(smallest) ? spacing : 'a single bar does not show its interval';
  return err({ kind: 'interval_unknown', file: texts[0]!.file, what, hint: 'name it with --interval' });
}

/** Reads the files again to name the lines, which only this rare problem needs. */
async function conflictProblem(
  earlier: readonly CsvText[],
  text: CsvText,
  openTimeMs: number,
): Promise<DataProblem> {
  const places: string[] = [];
  for (const other of earlier) {
    const line = await lineOf(other, openTimeMs);
    if (line !== undefined) places.push(`${other.file} line ${line}`);
  }
  const line = await lineOf(text, openTimeMs);
  return {
    kind: 'conflicting_bars',
    file: text.file,
    ...(line === undefined ? {} : { line }),
    field: 'open_time',
    what: `the bar of ${formatTime(openTimeMs)} differs from the one in ${places.join(' and ')}`,
  };
}

async function lineOf(text: CsvText, openTimeMs: number): Promise<number | undefined> {
  let line: number | undefined;
  const append = (timeMs: number): boolean => {
    if (timeMs === openTimeMs) line = reader.line;
    return true;
  };
  const reader = new KlineCsvReader(text.file, undefined, { append });
  for await (const piece of text.read()) if (piece.ok) reader.push(piece.value);
  reader.finish();
  return line;
}

const emptyRange = (files: readonly string[], { firstTimeMs, lastTimeMs }: BarsJoiner): DataProblem => ({
  kind: 'empty_range',
  file: nameFiles(files),
  what: `no bar opens in the range asked for; the data goes from ${formatTime(firstTimeMs)} to ${formatTime(lastTimeMs)}`,
});
