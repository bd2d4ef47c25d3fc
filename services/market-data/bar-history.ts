import { type Caller, calls, describeOutcome } from '@tradewind/binance';
import { type Bars, BarsBuilder, decimalsOf, Grid, type Interval } from '@tradewind/core/market';
import { formatAmount, type Price } from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import type { ClosedBar, HistoryProblem } from '@tradewind/proto';
import type { Waits } from '@tradewind/utils';
import { KLINES_MAX } from './bar-backfill.ts';
import { type BarSeries, barOfKline } from './bar-series.ts';
import { RETRY } from './retry.ts';

/** As the contract of market data says. */
const BARS_MAX = 5000;
const ATTEMPTS = 5;

/** So many bars are remembered of a series of which nobody has asked for more. */
const KEPT_LEAST = 8;

/** What is remembered of one series: its last bars without a hole, as many as were ever asked for. */
interface Remembered {
  bars: ClosedBar[];
  capacity: number;
  /** The venue has no older ones. */
  isWhole: boolean;
  loading: Promise<Result<void, HistoryProblem>> | undefined;
}

/**
 * The bars before now. Of a series that is told live they end with the last one that was told, at the very moment they are handed out:
 * who has subscribed before and leaves out what is in them misses no bar and counts none twice.
 */
export class BarHistory {
  private readonly caller: Caller;
  private readonly waits: Waits;
  private readonly venueNowMs: () => number;
  private readonly remembered = new Map<BarSeries, Remembered>();

  constructor(caller: Caller, waits: Waits, venueNowMs: () => number) {
    this.caller = caller;
    this.waits = waits;
    this.venueNowMs = venueNowMs;
  }

  /** A bar of the series has been told. */
  append(series: BarSeries, bar: ClosedBar): void {
    const kept = this.of(series);
    kept.bars.push(bar);
    if (kept.loading !== undefined || kept.bars.length <= kept.capacity) return;
    kept.bars.shift();
    kept.isWhole = false;
  }

  /** @param series  undefined for an interval that is not told live */
  async read(
    symbol: string,
    interval: Interval,
    count: number,
    series: BarSeries | undefined,
  ): Promise<Result<Bars, HistoryProblem>> {
    const wanted = Math.min(count, BARS_MAX);
    if (series === undefined) {
      const asked = await this.ask(symbol, interval, interval.startOf(this.venueNowMs()), wanted);
      return asked.ok ? ok(barsOf(symbol, interval, asked.value)) : asked;
    }
    const kept = this.of(series);
    kept.capacity = Math.max(kept.capacity, wanted);
    while (kept.bars.length < wanted && !kept.isWhole) {
      kept.loading ??= this.load(series, kept, wanted - kept.bars.length).finally(() => {
        kept.loading = undefined;
      });
      const loaded = await kept.loading;
      if (!loaded.ok) return loaded;
    }
    return ok(barsOf(symbol, interval, kept.bars.slice(-wanted)));
  }

  /** Puts `count` older bars before those that are remembered. */
  private async load(
    series: BarSeries,
    kept: Remembered,
    count: number,
  ): Promise<Result<void, HistoryProblem>> {
    const { symbol, interval, toldUpToMs } = series;
    const asked = await this.ask(symbol, interval, kept.bars[0]?.openTimeMs ?? toldUpToMs, count);
    if (!asked.ok) return asked;
    kept.bars.unshift(...asked.value);
    kept.isWhole = asked.value.length < count;
    return ok(undefined);
  }

  private of(series: BarSeries): Remembered {
    let kept = this.remembered.get(series);
    if (kept === undefined) {
      kept = { bars: [], capacity: KEPT_LEAST, isWhole: false, loading: undefined };
      this.remembered.set(series, kept);
    }
    return kept;
  }

  /** The last `count` bars that opened before an instant, oldest first; fewer when the venue has no more. */
  private async ask(
    symbol: string,
    interval: Interval,
    beforeMs: number,
    count: number,
  ): Promise<Result<readonly ClosedBar[], HistoryProblem>> {
    let bars: ClosedBar[] = [];
    let failures = 0;
    while (bars.length < count) {
      const limit = Math.min(KLINES_MAX, count - bars.length);
      const endTimeMs = (bars[0]?.openTimeMs ?? beforeMs) - 1;
      const outcome = await this.caller.perform(calls.klines(symbol, interval.name, { endTimeMs, limit }));
      if (outcome.kind !== 'done') {
        failures += 1;
        const detail = describeOutcome(outcome);
        if (failures === ATTEMPTS || !(await this.waits.backOff(RETRY, failures - 1)))
          return err({ reason: 'unavailable', detail });
        continue;
      }
      const older = outcome.value
        .filter(({ openTimeMs }) => openTimeMs <= endTimeMs)
        .map((kline) => barOfKline(symbol, interval, kline));
      bars = [...older, ...bars];
      if (older.length < limit) break;
    }
    return ok(bars);
  }
}

function barsOf(symbol: string, interval: Interval, bars: readonly ClosedBar[]): Bars {
  const builder = new BarsBuilder(symbol, interval);
  for (const { openTimeMs, open, high, low, close, volume } of bars) {
    const grid = new Grid(Math.max(...[open, high, low, close].map(decimalsOf)), decimalsOf(volume));
    const lots = grid.lotsOf(volume);
    const ticks = (price: Price): number => grid.ticksOf(price)!;
    builder.append(
      openTimeMs,
      ticks(open),
      ticks(high),
      ticks(low),
      ticks(close),
      grid.priceDecimals,
      // A volume is a statistic: beyond 2^53 of its smallest parts, whole units are fine enough.
      lots ?? Math.round(Number(formatAmount(volume))),
      lots === undefined ? 0 : grid.quantityDecimals,
    );
  }
  return builder.build();
}
