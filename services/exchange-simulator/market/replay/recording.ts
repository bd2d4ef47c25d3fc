import { type Instrument, stepOf, tickOf } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import { describeProblem, type LoadedSeries, loadBars } from '@tradewind/research/history';
import { CaptureReader } from './capture-reader.ts';
import type { ReplayEvent } from './event.ts';
import { mergeByTime } from './merge.ts';
import { findRecordings, linesOf, type RecordingFile, type RecordingProblem } from './recording-files.ts';
import { eventsOfBars, eventsOfTradeRow, type Increments } from './trade-events.ts';

/** What was found in files: it can be played any number of times. */
export interface Recording {
  readonly files: readonly RecordingFile[];
  /** The bars that were found, for who wants to follow their prices instead of playing them. */
  readonly bars: readonly LoadedSeries[];
  /** In the order of time. Rejects with `DamagedRecording` when a file cannot be read to its end. */
  events(): AsyncIterable<ReplayEvent>;
  /** Lines of captures and rows of trades that could not be understood, in what has been played. */
  readonly malformed: () => number;
}

/**
 * Opens recordings: kline files (.csv, .csv.gz, .zip), trades and aggregate trades (.csv, .csv.gz) and captures of streams and
 * depth snapshots (.txt, .jsonl, also .gz), told apart by their first line; of a folder all of these.
 * @param instrumentOf  the rules of a symbol of the exchange; undefined for symbols that it does not have
 * @param symbol  whose market it is where a file's name does not say
 */
export async function openRecording(
  sources: readonly string[],
  instrumentOf: (symbol: string) => Instrument | undefined,
  symbol?: string,
): Promise<Result<Recording, RecordingProblem>> {
  const found = await findRecordings(sources);
  if (!found.ok) return found;
  const files = found.value.map((file) => ({ ...file, symbol: file.symbol ?? symbol }));
  const nameless = files.find((file) => file.symbol === undefined && file.kind.endsWith('trades'));
  if (nameless !== undefined) return err({ kind: 'symbol_unknown', path: nameless.path });
  const klines = files.filter((file) => file.kind === 'klines').map((file) => file.path);
  const loaded =
    klines.length === 0 ? ok({ series: [] }) : await loadBars(klines, symbol === undefined ? {} : { symbol });
  if (!loaded.ok) return err({ kind: 'klines_refused', detail: describeProblem(loaded.error) });
  const { series } = loaded.value;
  const count = { malformed: 0 };
  const incrementsOf = (name: string): Increments | undefined => {
    const instrument = instrumentOf(name);
    return instrument === undefined ? undefined : { tick: tickOf(instrument), step: stepOf(instrument) };
  };
  return ok({
    files,
    bars: series,
    malformed: () => count.malformed,
    events: () =>
      mergeByTime([
        ...files
          .filter((file) => file.kind !== 'klines')
          .map((file) => eventsOfFile(file, incrementsOf, count)),
        ...series.map(({ bars }) => eventsOfSeries(bars, incrementsOf(bars.symbol))),
      ]),
  });
}

/** What cannot be played and what to do about it, in one sentence. */
export function describeRecordingProblem(problem: RecordingProblem): string {
  switch (problem.kind) {
    case 'cannot_read':
      return `${problem.path}: cannot be read (${problem.detail})`;
    case 'unknown_kind':
      return `${problem.path}: is none of the recordings that can be played: klines, trades, aggregate trades (CSV), captures of streams`;
    case 'nothing_recorded':
      return `${problem.path}: holds no recording`;
    case 'symbol_unknown':
      return `${problem.path}: its name does not begin with a symbol (BTCUSDT-…), so nobody knows whose trades these are`;
    case 'klines_refused':
      return problem.detail;
  }
}

async function* eventsOfFile(
  file: RecordingFile,
  incrementsOf: (symbol: string) => Increments | undefined,
  count: { malformed: number },
): AsyncGenerator<ReplayEvent> {
  if (file.kind === 'capture') {
    const reader = new CaptureReader(file.symbol);
    for await (const line of linesOf(file.path)) {
      const before = reader.malformed;
      const event = reader.read(line);
      count.malformed += reader.malformed - before;
      if (event !== undefined) yield event;
    }
    return;
  }
  const symbol = file.symbol!;
  const increments = incrementsOf(symbol);
  if (increments === undefined) return;
  let isFirst = true;
  for await (const line of linesOf(file.path)) {
    const events = eventsOfTradeRow(line, symbol, file.kind === 'aggregate_trades', increments);
    if (events !== undefined) yield* events;
    // A header is no row, and no damage either.
    else if (!isFirst && line.trim() !== '') count.malformed += 1;
    isFirst = false;
  }
}

async function* eventsOfSeries(
  bars: LoadedSeries['bars'],
  increments: Increments | undefined,
): AsyncGenerator<ReplayEvent> {
  if (increments === undefined) return;
  for (const events of eventsOfBars(bars, increments)) yield* events;
}
