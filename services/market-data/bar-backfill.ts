import { type Caller, calls, describeOutcome, type Kline } from '@tradewind/binance';
import type { Log, Waits } from '@tradewind/utils';
import type { BarSeries } from './bar-series.ts';
import { RETRY } from './retry.ts';

/** As many bars as one answer has (binance-spot.md section 4.2). */
export const KLINES_MAX = 1000;
/** So often, a second apart, the venue must leave out the newest bar before it is believed that there is none: its bars lag. */
const ABSENCES = 3;
const AGAIN_AFTER_MS = 1_000;

/** Asks the venue for the bars that could not be made from trades: one question at a time for each series, for as long as it takes. */
export class BarBackfill {
  private readonly caller: Caller;
  private readonly waits: Waits;
  private readonly log: Log;
  private readonly running = new Set<BarSeries>();

  constructor(caller: Caller, waits: Waits, log: Log) {
    this.caller = caller;
    this.waits = waits;
    this.log = log;
  }

  /** Whether the series waits for an answer. */
  isRunning(series: BarSeries): boolean {
    return this.running.has(series);
  }

  /** Does nothing while a run for the series is under way, which takes up what has become missing meanwhile. */
  start(series: BarSeries): void {
    if (this.running.has(series)) return;
    this.running.add(series);
    void this.run(series).finally(() => this.running.delete(series));
  }

  private async run(series: BarSeries): Promise<void> {
    let failures = 0;
    let absences = 0;
    for (let range = series.missingRange; range !== undefined; range = series.missingRange) {
      if (this.waits.isOver) return;
      const { fromMs, toMs } = range;
      const { symbol, interval } = series;
      const call = calls.klines(symbol, interval.name, {
        startTimeMs: fromMs,
        endTimeMs: toMs - 1,
        limit: KLINES_MAX,
      });
      const outcome = await this.caller.perform(call);
      if (outcome.kind !== 'done') {
        failures += 1;
        this.log.write('warn', 'bars_not_answered', {
          symbol,
          interval: interval.name,
          detail: describeOutcome(outcome),
        });
        if (!(await this.waits.backOff(RETRY, failures - 1))) return;
        continue;
      }
      failures = 0;
      const klines = outcome.value.filter(({ openTimeMs }) => openTimeMs < toMs);
      const isLastThere = endsAt(series, klines, toMs);
      absences = isLastThere || klines.length === KLINES_MAX ? 0 : absences + 1;
      // The range may have grown since: then the answer is all of a part of it.
      const isAll = (isLastThere || absences >= ABSENCES) && series.missingRange?.toMs === toMs;
      series.backfill(klines, isAll);
      if (absences > 0 && !isAll && !(await this.waits.wait(AGAIN_AFTER_MS))) return;
    }
  }
}

function endsAt({ interval }: BarSeries, klines: readonly Kline[], toMs: number): boolean {
  const last = klines.at(-1);
  return last !== undefined && interval.endOf(last.openTimeMs) === toMs;
}
