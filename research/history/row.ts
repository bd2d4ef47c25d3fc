import { type DataProblemKind, FIELDS, type Field, quote } from './problem.ts';

/** The finest that prices and volumes are kept in: Binance's own 8 decimals. What lies behind them is noise of floats. */
export const DECIMALS_MAX = 8;
/** 10^0 to 10^8; `**` for every value would cost more than the rest of its reading. */
export const POWERS_OF_TEN: Float64Array = Float64Array.from(
  { length: DECIMALS_MAX + 1 },
  (_, power) => 10 ** power,
);

/** One row of a kline file in whole numbers. One object serves all rows of a file, so that reading allocates nothing. */
export interface Row {
  openTimeMs: number;
  /** open, high, low, close, volume: value x 10^decimals, below 2^53, without trailing zeros. */
  readonly mantissas: Float64Array;
  readonly decimals: Int32Array;
  /** How many values of this row had more than 8 decimals (a volume: more digits than 2^53 can count) and were rounded. */
  roundedPrices: number;
  roundedVolumes: number;
}

export const emptyRow = (): Row => ({
  openTimeMs: 0,
  mantissas: new Float64Array(5),
  decimals: new Int32Array(5),
  roundedPrices: 0,
  roundedVolumes: 0,
});

export interface RowFault {
  readonly kind: DataProblemKind;
  readonly field?: Field;
  readonly what: string;
  readonly hint?: string;
}

/**
 * Reads a row of any spelling into `row`, slowly and with care, or says what is wrong with it. The fast reader
 * (plain-row.ts) handles the plain rows itself and leaves every other one to this.
 */
export function readRowWithCare(line: string, columnCount: number, row: Row): RowFault | undefined {
  const cells = line.split(',');
  if (cells.length !== columnCount) {
    return {
      kind: 'wrong_column_count',
      what: `${cells.length} ${cells.length === 1 ? 'column' : 'columns'} instead of ${columnCount}: ${quote(line)}`,
    };
  }
  const timeFault = readTime(cells[0]!, row);
  if (timeFault !== undefined) return timeFault;
  row.roundedPrices = 0;
  row.roundedVolumes = 0;
  for (let i = 0; i < row.mantissas.length; i += 1) {
    const fault = readValue(cells[i + 1]!, i, row);
    if (fault !== undefined) return fault;
  }
  return orderFault(cells, row);
}

/** Binance writes spot klines in ms until 2024 and in µs from 2025 on: 13 or 16 digits until the year 2286. */
function readTime(text: string, row: Row): RowFault | undefined {
  const field = 'open_time';
  if (!/^\d+$/.test(text))
    return { kind: 'not_a_number', field, what: `${quote(text)} is not a time in epoch ms or µs` };
  if (text.length !== 13 && text.length !== 16) {
    const unit = UNITS[text.length] ?? `${text.length} digits`;
    return {
      kind: 'wrong_time_unit',
      field,
      what: `${quote(text)} is in ${unit}`,
      hint: 'times are epoch milliseconds (13 digits) or microseconds (16 digits)',
    };
  }
  const time = Number(text);
  if (text.length === 13) {
    row.openTimeMs = time;
    return undefined;
  }
  row.openTimeMs = Math.floor(time / 1000);
  if (time % 1000 === 0) return undefined;
  return { kind: 'off_the_grid', field, what: `${text} is not a whole millisecond, so no bar opens there` };
}

const UNITS: Readonly<Record<number, string>> = { 10: 'seconds', 19: 'nanoseconds' };
const VOLUME = 4;

function readValue(text: string, index: number, row: Row): RowFault | undefined {
  const field = FIELDS[index + 1]!;
  const isVolume = index === VOLUME;
  const value = readDecimal(text, isVolume);
  if (value === 'not a number')
    return { kind: 'not_a_number', field, what: `${quote(text)} is not a number` };
  if (value === 'too many digits') {
    return {
      kind: 'too_many_digits',
      field,
      what: `${quote(text)} has more digits than can be kept exactly`,
    };
  }
  if (isVolume && value.mantissa < 0) {
    return { kind: 'negative_volume', field, what: `${text} is below zero` };
  }
  if (!isVolume && value.mantissa <= 0) {
    return { kind: 'price_not_above_zero', field, what: `${text} is not above zero` };
  }
  row.mantissas[index] = value.mantissa;
  row.decimals[index] = value.decimals;
  if (value.isRounded && isVolume) row.roundedVolumes += 1;
  else if (value.isRounded) row.roundedPrices += 1;
  return undefined;
}

function orderFault(cells: readonly string[], row: Row): RowFault | undefined {
  const [, open = '', high = '', low = '', close = ''] = cells;
  const scale = Math.max(...row.decimals.subarray(0, VOLUME));
  const [openTicks, highTicks, lowTicks, closeTicks] = Array.from(
    row.mantissas.subarray(0, VOLUME),
    (mantissa, i) => {
      return BigInt(mantissa) * 10n ** BigInt(scale - row.decimals[i]!);
    },
  ) as [bigint, bigint, bigint, bigint];
  if (highTicks > BigInt(Number.MAX_SAFE_INTEGER)) {
    return {
      kind: 'too_many_digits',
      field: 'high',
      what: `${high} has more digits than can be kept exactly`,
    };
  }
  if (highTicks < lowTicks)
    return { kind: 'high_below_low', field: 'high', what: `${high} is below low ${low}` };
  for (const [field, text, ticks] of [
    ['open', open, openTicks],
    ['close', close, closeTicks],
  ] as const) {
    if (ticks > highTicks)
      return { kind: 'outside_high_and_low', field, what: `${text} is above high ${high}` };
    if (ticks < lowTicks) return { kind: 'outside_high_and_low', field, what: `${text} is below low ${low}` };
  }
  return undefined;
}

interface Decimal {
  readonly mantissa: number;
  readonly decimals: number;
  readonly isRounded: boolean;
}

/** The lengths bound the work that a hostile file can ask for. */
const DECIMAL = /^(-?)(\d{1,40})(?:\.(\d{1,80}))?(?:[eE]([+-]?\d{1,3}))?$/;
const MANTISSA_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Reads plain and exponent notation, rounded half away from zero to 8 decimals. A volume is a statistic: where its digits
 * pass 2^53 it keeps fewer decimals, while a price refuses.
 */
function readDecimal(text: string, isVolume: boolean): Decimal | 'not a number' | 'too many digits' {
  const match = DECIMAL.exec(text);
  if (match === null) return 'not a number';
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  for (let decimals = DECIMALS_MAX; decimals >= 0; decimals -= 1) {
    const units = countIn(digits, scale, decimals);
    if (units <= MANTISSA_MAX) {
      const isRounded = countIn(units, decimals, scale) !== digits;
      const { mantissa, needed } = withoutTrailingZeros(Number(units), decimals);
      // 0 - mantissa and not -mantissa: '-0' is plain zero.
      return { mantissa: sign === '-' ? 0 - mantissa : mantissa, decimals: needed, isRounded };
    }
    if (!isVolume && units % 10n !== 0n) return 'too many digits';
  }
  return 'too many digits';
}

/** digits x 10^-scale as a count of 10^-decimals, rounded half up. */
function countIn(digits: bigint, scale: number, decimals: number): bigint {
  if (decimals >= scale) return digits * 10n ** BigInt(decimals - scale);
  const divisor = 10n ** BigInt(scale - decimals);
  return (digits * 2n + divisor) / (divisor * 2n);
}

function withoutTrailingZeros(mantissa: number, decimals: number): { mantissa: number; needed: number } {
  let needed = decimals;
  while (needed > 0 && mantissa % 10 === 0) {
    mantissa /= 10;
    needed -= 1;
  }
  return { mantissa, needed };
}
