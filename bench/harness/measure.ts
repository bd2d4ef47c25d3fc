import type { Outcome } from './outcome.ts';

/**
 * What one run took, by three watches. The thread's is the processor time of the thread that did the work; the process's
 * counts the threads beside it, too, which compile and collect; the wall's is the clock, with all the waiting for a core.
 */
export interface Duration {
  readonly threadNanoseconds: number;
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
  const thread = process.threadCpuUsage();
  const cpu = process.cpuUsage();
  const wall = process.hrtime.bigint();
  const result = work();
  const wallNanoseconds = Number(process.hrtime.bigint() - wall);
  return {
    result,
    duration: {
      threadNanoseconds: nanosecondsOf(process.threadCpuUsage(thread)),
      cpuNanoseconds: nanosecondsOf(process.cpuUsage(cpu)),
      wallNanoseconds,
    },
  };
}

const nanosecondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) * 1000;
