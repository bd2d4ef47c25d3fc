import type { Outcome } from './outcome.ts';

/** What one run took. Processor time counts all threads of the process, garbage collection and compilation included. */
export interface Duration {
  readonly cpuNanoseconds: number;
  readonly wallNanoseconds: number;
}

/** Runs of the same work in one process: the first is cold, as a user gets it; the others are warm. */
export interface Measurement {
  readonly name: string;
  readonly bars: number;
  readonly cold: Duration;
  readonly warm: readonly Duration[];
  readonly outcome: Outcome;
}

export const WARM_RUNS = 3;

export function measure<Result>(work: () => Result): {
  readonly result: Result;
  readonly duration: Duration;
} {
  const cpu = process.cpuUsage();
  const wall = process.hrtime.bigint();
  const result = work();
  const wallNanoseconds = Number(process.hrtime.bigint() - wall);
  const { user, system } = process.cpuUsage(cpu);
  return { result, duration: { cpuNanoseconds: (user + system) * 1000, wallNanoseconds } };
}
