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

/** By the engine's own thread: what one core had to do, whatever else the machine was doing. */
export const coldNanoseconds = (rounds: Rounds): number[] =>
  rounds.map(({ cold, bars }) => cold.threadNanoseconds / bars);

/** The same of the warm runs. */
export const warmNanoseconds = (rounds: Rounds): number[] => warmBy('threadNanoseconds', rounds);

/** Of each process the middle of its warm runs, so that every round counts once. */
const warmBy = (watch: keyof Duration, rounds: Rounds): number[] =>
  rounds.map(({ warm, bars }) => summarize(warm.map((duration) => duration[watch])).median / bars);

/** Millions a second. */
export const toRate = (nanoseconds: readonly number[]): number[] => nanoseconds.map((value) => 1000 / value);

export const RATE_HEADER = ['cold M bars/s', 'warm M bars/s', 'warm ns/bar: thread', 'process', 'wall'];

export const rateCells = (rounds: Rounds): string[] => [
  showSummary(summarize(toRate(coldNanoseconds(rounds))), 1),
  showSummary(summarize(toRate(warmNanoseconds(rounds))), 1),
  showSummary(summarize(warmNanoseconds(rounds)), 1),
  summarize(warmBy('cpuNanoseconds', rounds)).median.toFixed(1),
  summarize(warmBy('wallNanoseconds', rounds)).median.toFixed(1),
];
