import { type Clock, utcText, type Waits } from '@tradewind/utils';
import type { Call, Caller } from '../calls/call.ts';
import type { CallFailure, Outcome } from '../outcome.ts';

export interface PatientCallerOptions {
  readonly caller: Caller;
  /** The venue's, by which limits and bans end. */
  readonly venueClock: Pick<Clock, 'nowMs'>;
  readonly waits: Waits;
  /** Of one call, how long it may be put off altogether, ms. */
  readonly longestMs: number;
  /** Told before each wait, as a sentence for people. */
  readonly told: (sentence: string) => void;
}

/** Where the end of a limit has just passed, or nobody says when it is. */
const SHORTEST_MS = 1_000;
/** HTTP 429 and 418: the venue itself refuses for its limits, and the gate knows from then on until when (binance-spot.md section 3). */
const FOR_LIMITS: ReadonlySet<number> = new Set([418, 429]);

/**
 * For the questions of a start: what a limit or a ban holds back is asked once more when that has ended, instead of ending the start,
 * which a supervisor would only begin again (faults.md R2). What would have to wait for longer fails as it does elsewhere.
 */
export function patientCaller(options: PatientCallerOptions): Caller {
  const { caller, venueClock, waits, longestMs, told } = options;
  return {
    async perform<T>(call: Call<T>): Promise<Outcome<T>> {
      for (let waitedMs = 0; ; ) {
        const outcome = await caller.perform(call);
        const untilMs = outcome.kind === 'failed' ? allowedAgainMs(outcome.failure) : undefined;
        if (untilMs === undefined) return outcome;
        const waitMs = Math.max(SHORTEST_MS, untilMs - venueClock.nowMs());
        waitedMs += waitMs;
        if (waitedMs > longestMs) return outcome;
        told(
          `the exchange may not be asked before ${utcText(venueClock.nowMs() + waitMs)}, because of its limits; the start waits ` +
            `for ${Math.ceil(waitMs / 1000)} s`,
        );
        if (!(await waits.wait(waitMs))) return outcome;
      }
    },
  };
}

/** @returns epoch ms of the venue's clock; undefined for what no limit holds back */
function allowedAgainMs(failure: CallFailure): number | undefined {
  if (failure.reason === 'held_back') return failure.retryAtMs;
  return failure.reason === 'refused' && FOR_LIMITS.has(failure.status) ? 0 : undefined;
}
