import { type Bars, BarsBuilder, Grid, type Interval } from '@tradewind/core/market';
import { type Price, price } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import { SeededRandom } from '@tradewind/utils';

export interface SyntheticOptions {
  readonly symbol: string;
  readonly interval: Interval;
  /** How many bars, or how much time they cover. */
  readonly extent: { readonly bars: number } | { readonly durationMs: number };
  /** A whole number; equal seeds and options give equal bars on every machine. */
  readonly seed: number;
  /** Epoch ms on the interval's grid; default 2024-01-01 (a Monday and the first of a month). */
  readonly startMs?: number;
  /** Above zero and a whole number of ticks; default 30000. */
  readonly startPrice?: Price;
  /** The tick is 10^-priceDecimals, 0 to 8; default 2. */
  readonly priceDecimals?: number;
  /** The step is 10^-volumeDecimals, 0 to 8; default 5. */
  readonly volumeDecimals?: number;
}

const MINUTE_MS = 60_000;
const MONTH_MS = 30 * 86_400_000;
const DEFAULT_START_MS = 1_704_067_200_000;

/** Of one minute: a deviation of 0.06 % makes about 45 % a year, as large coins have it. */
const MINUTE_DEVIATION = 0.0006;
/** How volatility clusters, GARCH(1,1): the next variance is this much of the last surprise, and of the last variance. */
const SURPRISE_WEIGHT = 0.09;
const MEMORY_WEIGHT = 0.9;
/** A trend lasts 1/chance bars on average and drifts by at most this much of a deviation a bar. */
const TREND_CHANGE_CHANCE = 1 / 500;
const TREND_MAX = 0.08;
/** The pull back to the start price, per minute, keeps years of bars within prices that a market might have. */
const MINUTE_PULL = 1e-6;
/** No bar moves further than this. */
const RETURN_MAX = 0.2;
/** Traded in an average minute, as a multiple of what is worth 100 000 in quote. */
const MINUTE_VALUE = 100_000;

/** Most bars open where the last one closed, some a tick beside it. */
const OPENING_TICKS = [0, 0, 0, 0, 0, 0, 1, -1] as const;

/**
 * Bars that behave like a market and are none: a random walk with clustered volatility, trends, long wicks in wild times
 * and volume that follows the moves. There are no gaps. The arithmetic is +, -, *, / and square root, which
 * IEEE 754 rounds alike everywhere; logarithms and powers are not.
 */
export function generateBars(options: SyntheticOptions): Bars {
  const { symbol, interval, extent, seed } = options;
  const { startMs = DEFAULT_START_MS, startPrice = price('30000') } = options;
  const { priceDecimals = 2, volumeDecimals = 5 } = options;
  const startTicks = new Grid(priceDecimals, volumeDecimals).ticksOf(startPrice);
  invariant(
    startTicks !== undefined && startTicks > 0,
    'the start price is above zero and a whole number of ticks',
  );
  invariant(interval.startOf(startMs) === startMs, "the start is on the interval's grid");
  const barsMax = 'bars' in extent ? extent.bars : Number.POSITIVE_INFINITY;
  const endMs = 'bars' in extent ? Number.POSITIVE_INFINITY : startMs + extent.durationMs;

  const minutes = (interval.lengthMs ?? MONTH_MS) / MINUTE_MS;
  const market = new SyntheticMarket(startTicks, minutes, seed);
  const lotsPerMinute = (MINUTE_VALUE * 10 ** (priceDecimals + volumeDecimals)) / startTicks;
  const builder = new BarsBuilder(symbol, interval);
  let time = startMs;
  let closeTime = interval.endOf(time);
  for (let i = 0; i < barsMax && closeTime <= endMs; i += 1) {
    market.step();
    const volume = Math.max(1, Math.round(lotsPerMinute * minutes * market.activity));
    builder.append(
      time,
      market.open,
      market.high,
      market.low,
      market.close,
      priceDecimals,
      volume,
      volumeDecimals,
    );
    time = closeTime;
    closeTime = interval.endOf(time);
  }
  return builder.build();
}

class SyntheticMarket {
  /** The bar of the last step, in ticks. */
  open: number;
  high: number;
  low: number;
  close: number;
  /** Its volume as a multiple of the average; above zero. */
  activity = 1;
  private readonly random: SeededRandom;
  private readonly startTicks: number;
  private readonly averageVariance: number;
  private readonly pull: number;
  private exact: number;
  private variance: number;
  private trend = 0;

  constructor(startTicks: number, minutes: number, seed: number) {
    this.random = new SeededRandom(seed);
    this.startTicks = startTicks;
    this.averageVariance = MINUTE_DEVIATION * MINUTE_DEVIATION * minutes;
    this.pull = MINUTE_PULL * minutes;
    this.variance = this.averageVariance;
    this.exact = startTicks;
    this.open = startTicks;
    this.high = startTicks;
    this.low = startTicks;
    this.close = startTicks;
  }

  step(): void {
    const { random } = this;
    const deviation = Math.sqrt(this.variance);
    if (random.nextFraction() < TREND_CHANGE_CHANCE) this.trend = (random.nextFraction() * 2 - 1) * TREND_MAX;
    const normal = random.nextNormal();
    const surprise = deviation * normal;
    const pull = this.pull * (this.startTicks / this.exact - 1);
    const change = within(this.trend * deviation + surprise + pull, RETURN_MAX);
    const before = this.exact;
    this.exact = before * (1 + change);

    this.open = Math.max(1, this.close + OPENING_TICKS[random.nextUint32() & 7]!);
    this.close = Math.max(1, Math.round(this.exact));
    const wick = before * Math.min(deviation, RETURN_MAX);
    const above = Math.floor(wick * random.nextSmallFraction());
    const below = Math.floor(wick * random.nextSmallFraction());
    this.high = Math.max(this.open, this.close) + above;
    this.low = Math.max(1, Math.min(this.open, this.close) - below);

    const wildness = this.variance / this.averageVariance;
    const patience = 0.3 + random.nextSmallFraction() * 3;
    this.activity = patience * (0.4 + 0.3 * Math.abs(normal) + 0.3 * wildness);
    this.variance =
      (1 - SURPRISE_WEIGHT - MEMORY_WEIGHT) * this.averageVariance +
      SURPRISE_WEIGHT * surprise * surprise +
      MEMORY_WEIGHT * this.variance;
  }
}

const within = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));
