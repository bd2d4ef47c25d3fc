/**
 * Why historical data cannot be used. Nothing of the data is handed out beside it: never half a result.
 * `describeProblem` makes the sentence for people.
 */
export interface DataProblem {
  readonly kind: DataProblemKind;
  /** The file as it was asked for; inside an archive of several files `archive.zip/name.csv`. */
  readonly file: string;
  /** Counted from 1, the header line included. */
  readonly line?: number;
  /** The column, by the name that Binance's own header gives it. */
  readonly field?: Field;
  /** What is wrong, with the values that show it. */
  readonly what: string;
  /** What to do about it, where that is not plain. */
  readonly hint?: string;
}

export type DataProblemKind =
  | 'no_sources'
  | 'file_missing'
  | 'file_unreadable'
  | 'folder_without_data'
  | 'archive_truncated'
  | 'archive_damaged'
  | 'archive_without_csv'
  | 'file_empty'
  | 'not_klines'
  | 'html'
  | 'wrong_column_count'
  | 'not_a_number'
  | 'too_many_digits'
  | 'price_not_above_zero'
  | 'negative_volume'
  | 'high_below_low'
  | 'outside_high_and_low'
  | 'wrong_time_unit'
  | 'time_going_backwards'
  | 'duplicate_bar'
  | 'conflicting_bars'
  | 'off_the_grid'
  | 'symbol_unknown'
  | 'symbol_not_found'
  | 'mixed_symbols'
  | 'interval_unknown'
  | 'interval_not_found'
  | 'mixed_intervals'
  | 'empty_range';

export const FIELDS = ['open_time', 'open', 'high', 'low', 'close', 'volume'] as const;
export type Field = (typeof FIELDS)[number];

/** One sentence for people: 'BTCUSDT-1m.csv line 17, field high: 12.3 is below low 12.5'. */
export function describeProblem(problem: DataProblem): string {
  const line = problem.line === undefined ? '' : ` line ${problem.line}`;
  const field = problem.field === undefined ? '' : `, field ${problem.field}`;
  const hint = problem.hint === undefined ? '' : ` (${problem.hint})`;
  return `${problem.file}${line}${field}: ${problem.what}${hint}`;
}

const FILES_NAMED_MAX = 3;

/** Several files in one sentence: the first few by name, the others by their number. */
export function nameFiles(files: readonly string[]): string {
  const named = files.slice(0, FILES_NAMED_MAX).join(', ');
  return files.length > FILES_NAMED_MAX ? `${named} and ${files.length - FILES_NAMED_MAX} more` : named;
}

const QUOTED_LENGTH_MAX = 40;

/** A piece of the file as it may be shown: on one line, without control characters, not endless. */
export function quote(text: string): string {
  const shown = text.replace(/\p{C}/gu, '?');
  return shown.length > QUOTED_LENGTH_MAX ? `"${shown.slice(0, QUOTED_LENGTH_MAX)}..."` : `"${shown}"`;
}

/** An instant (epoch ms, up to 13 digits) as people read it. */
export const formatTime = (timeMs: number): string => new Date(timeMs).toISOString();
