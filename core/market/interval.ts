const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const FIXED = {
  '1s': SECOND,
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
  '3d': 3 * DAY,
  '1w': 7 * DAY,
} as const;

/** Binance's kline intervals. Case matters: '1m' is a minute and '1M' a month. */
export type IntervalName = keyof typeof FIXED | '1M';

/** Where the exchange's buckets begin, beyond the epoch itself: weeks on Monday; 3d bars as its own history has them. */
const OFFSETS: Partial<Record<IntervalName, number>> = { '3d': DAY, '1w': 4 * DAY };

/** A kline interval: which bucket of UTC time an instant falls into, and where that bucket ends. One object per name. */
export class Interval {
  readonly name: IntervalName;
  /** The length in ms; undefined for months, which differ. */
  readonly lengthMs: number | undefined;
  private readonly offsetMs: number;

  private constructor(name: IntervalName) {
    this.name = name;
    this.lengthMs = name === '1M' ? undefined : FIXED[name];
    this.offsetMs = OFFSETS[name] ?? 0;
  }

  /** Knows Binance's names, and '1mo' as its archives spell the month; undefined for anything else. */
  static parse(text: string): Interval | undefined {
    return Interval.known.get(text === '1mo' ? '1M' : text);
  }

  /** The interval whose bars are this long; undefined when none is. Months have no one length. */
  static ofLength(lengthMs: number): Interval | undefined {
    for (const [name, length] of Object.entries(FIXED)) if (length === lengthMs) return Interval.parse(name);
    return undefined;
  }

  /** From the shortest to the longest. */
  static readonly names: readonly IntervalName[] = [...(Object.keys(FIXED) as IntervalName[]), '1M'];

  private static readonly known: ReadonlyMap<string, Interval> = new Map(
    Interval.names.map((name) => [name, new Interval(name)]),
  );

  /** The opening time of the bucket that holds an instant (epoch ms). */
  startOf(timeMs: number): number {
    if (this.lengthMs === undefined) {
      const { year, month } = monthOf(timeMs);
      return monthStart(year, month);
    }
    return Math.floor((timeMs - this.offsetMs) / this.lengthMs) * this.lengthMs + this.offsetMs;
  }

  /** The opening time of the bucket after the one that opens at `openTimeMs`: the instant at which that bar is closed. */
  endOf(openTimeMs: number): number {
    if (this.lengthMs !== undefined) return openTimeMs + this.lengthMs;
    const { year, month } = monthOf(openTimeMs);
    return month === 12 ? monthStart(year + 1, 1) : monthStart(year, month + 1);
  }

  /** Whether each bucket of a coarser interval (or of this one) is made of whole buckets of this one: 5m in 1h, not 3d in 1w. */
  nestsIn(coarser: Interval): boolean {
    if (this.lengthMs === undefined) return coarser.lengthMs === undefined;
    // Months begin at midnight and have any number of days.
    const coarserLengthMs = coarser.lengthMs ?? DAY;
    return coarserLengthMs % this.lengthMs === 0 && (coarser.offsetMs - this.offsetMs) % this.lengthMs === 0;
  }
}

/** Civil calendar arithmetic on epoch days, since core has no `Date`. Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
function monthOf(timeMs: number): { year: number; month: number } {
  const shifted = Math.floor(timeMs / DAY) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month };
}

function monthStart(year: number, month: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * DAY;
}
