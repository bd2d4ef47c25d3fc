import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { DepthSnapshot } from '../model/market.ts';
import { type Outcome, unknown } from '../outcome.ts';
import type { SnapshotSource } from './snapshot-source.ts';

export interface SnapshotQueueOptions {
  readonly source: SnapshotSource;
  readonly clock: Clock;
  readonly timers: Timers;
  /** How many snapshots may be asked for within any 60 s; the weight that books may use, over that of one snapshot. */
  readonly perMinute?: number;
  /** An answer that has not come by then is given up, so that the next book has its turn. */
  readonly timeoutMs?: number;
}

/** A place in the queue. */
export interface SnapshotTicket {
  /** The answer is not wanted any more, and will not be told. */
  cancel(): void;
}

interface Waiting {
  readonly symbol: string;
  readonly answer: (outcome: Outcome<DepthSnapshot>) => void;
}

/**
 * The one place where books get their snapshots, one after the other and never more than the weight budget allows
 * (`faults.md` M2): all books of an IP need one at the same time after a cut. A book that has no valid levels goes before one
 * that only wants to be checked. Whoever asks has at most one ticket, so that the queue is as long as there are books.
 */
export class SnapshotQueue {
  private readonly options: Required<SnapshotQueueOptions>;
  private readonly urgent: Waiting[] = [];
  private readonly patient: Waiting[] = [];
  private inFlight: Waiting | undefined;
  /** When the latest snapshots were asked for, elapsed ms, oldest first; no more than `perMinute`. */
  private readonly askedAtMs: number[] = [];
  private pause: Timer | undefined;

  constructor(options: SnapshotQueueOptions) {
    this.options = { perMinute: DEFAULT_PER_MINUTE, timeoutMs: DEFAULT_TIMEOUT_MS, ...options };
  }

  /** @param answer  called once, never before this call has returned, unless the ticket is canceled */
  ask(
    symbol: string,
    urgency: 'urgent' | 'patient',
    answer: (outcome: Outcome<DepthSnapshot>) => void,
  ): SnapshotTicket {
    const queue = urgency === 'urgent' ? this.urgent : this.patient;
    let isWanted = true;
    const waiting: Waiting = { symbol, answer: (outcome) => isWanted && answer(outcome) };
    queue.push(waiting);
    this.next();
    return {
      cancel: () => {
        isWanted = false;
        const at = queue.indexOf(waiting);
        if (at !== -1) queue.splice(at, 1);
      },
    };
  }

  private next(): void {
    if (this.inFlight !== undefined || this.pause !== undefined) return;
    if (this.urgent.length + this.patient.length === 0) return;
    const { clock, timers, perMinute } = this.options;
    const now = clock.elapsedMs();
    while (this.askedAtMs.length > 0 && now - this.askedAtMs[0]! >= MINUTE) this.askedAtMs.shift();
    if (this.askedAtMs.length >= perMinute) {
      this.pause = timers.after(this.askedAtMs[0]! + MINUTE - now, () => {
        this.pause = undefined;
        this.next();
      });
      return;
    }
    this.askedAtMs.push(now);
    this.fetch(this.urgent.shift() ?? this.patient.shift()!);
  }

  private fetch(waiting: Waiting): void {
    this.inFlight = waiting;
    const settle = (outcome: Outcome<DepthSnapshot>): void => {
      // Whichever of the answer and the end of patience comes first.
      if (this.inFlight !== waiting) return;
      this.inFlight = undefined;
      patience.cancel();
      waiting.answer(outcome);
      this.next();
    };
    const patience = this.options.timers.after(this.options.timeoutMs, () =>
      settle(unknown({ reason: 'timed_out' })),
    );
    void this.options.source.depth(waiting.symbol).then(settle);
  }
}

const MINUTE = 60_000;
/** 8 x 250 = 2000 of the 6000 that an IP has in a minute (binance-spot.md section 3.1). */
const DEFAULT_PER_MINUTE = 8;
const DEFAULT_TIMEOUT_MS = 15_000;
