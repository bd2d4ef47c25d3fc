import type { EngineLine } from '../variants/engine.ts';
import type { VariantOptions } from '../variants/options.ts';
import { runFresh } from './child.ts';
import type { Duration, Measurement } from './measure.ts';
import { showSummary, summarize } from './summary.ts';

export const runVariant = <Line = EngineLine>(
  variant: string,
  options: Partial<VariantOptions>,
  nodeOptions: readonly string[] = [],
): Promise<Line> => {
  const all = { strategies: ['ema-cross'], listFills: false, ...options };
  return runFresh('bench/variant.ts', [variant, JSON.stringify(all)], nodeOptions);
};

/** One variant as several processes measured it, one measurement a round. */
export type Rounds = readonly Measurement[];

export const coldNanoseconds = (rounds: Rounds): number[] =>
  rounds.map(({ cold, bars }) => cold.cpuNanoseconds / bars);

/** Of each process the middle of its warm runs, so that every round counts once. */
export const warmNanoseconds = (rounds: Rounds): number[] =>
  rounds.map(({ warm, bars }) => medianOf(warm, 'cpuNanoseconds') / bars);

const warmWallNanoseconds = (rounds: Rounds): number[] =>
  rounds.map(({ warm, bars }) => medianOf(warm, 'wallNanoseconds') / bars);

const medianOf = (durations: readonly Duration[], field: keyof Duration): number =>
  summarize(durations.map((duration) => duration[field])).median;

/** Millions a second. */
export const toRate = (nanoseconds: readonly number[]): number[] => nanoseconds.map((value) => 1000 / value);

export const RATE_HEADER = ['cold M bars/s', 'warm M bars/s', 'warm ns/bar', 'wall ns/bar'];

export const rateCells = (rounds: Rounds): string[] => [
  showSummary(summarize(toRate(coldNanoseconds(rounds))), 1),
  showSummary(summarize(toRate(warmNanoseconds(rounds))), 1),
  showSummary(summarize(warmNanoseconds(rounds)), 1),
  summarize(warmWallNanoseconds(rounds)).median.toFixed(1),
];
