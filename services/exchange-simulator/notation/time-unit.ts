/** In which unit the times of an answer are (binance-spot.md section 2.4). */
export type TimeUnit = 'MILLISECOND' | 'MICROSECOND';

/** What is answered to any other unit (binance-spot.md section 7). */
export const INVALID_TIME_UNIT = {
  status: 400,
  code: -1194,
  message: 'Invalid value for time unit; expected either MICROSECOND or MILLISECOND.',
};

/** Either case is understood; undefined for anything else. */
export function readTimeUnit(text: string): TimeUnit | undefined {
  if (text === 'MILLISECOND' || text === 'millisecond') return 'MILLISECOND';
  if (text === 'MICROSECOND' || text === 'microsecond') return 'MICROSECOND';
  return undefined;
}

/** A time of the exchange, epoch ms, as an answer in `unit` states it. Special values (-1, 0) stay as they are. */
export const timeIn = (unit: TimeUnit, timeMs: number): number =>
  unit === 'MICROSECOND' && timeMs > 0 ? Math.round(timeMs * 1000) : timeMs;
