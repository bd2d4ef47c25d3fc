import type { LeaseResult, Ledger } from '@tradewind/proto';
import type { Clock, Telemetry, Timer, Timers } from '@tradewind/utils';

export interface LeadershipParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  readonly ledger: Pick<Ledger, 'acquireLease' | 'releaseLease'>;
  readonly holder: string;
  readonly leaseMs: number;
  readonly marginMs: number;
  /** This instance leads from now on, with an epoch of its own. */
  readonly gained: (epoch: number) => void;
  /** The lease has been renewed: the ledger takes what is written. */
  readonly renewed: () => void;
  /** Somebody else may lead. */
  readonly lost: (why: string) => void;
}

/** So often that the lease outlasts an event loop or a disk that stands still for a second: each look may be late, and so may its answer. */
const LOOKS_PER_LEASE = 8;
const SHORTEST_PAUSE_MS = 50;

/**
 * The lease of the only writer (faults.md I9, X4). What counts is our own time from the moment at which the lease was asked for, by the
 * clock that cannot jump and by the wall, which goes on while the machine sleeps: sending ends before anybody else can have the lease,
 * whether or not the store can be reached.
 */
export class Leadership {
  private readonly parts: LeadershipParts;
  private current: number | undefined;
  private sendUntil = { elapsedMs: Number.NEGATIVE_INFINITY, wallMs: Number.NEGATIVE_INFINITY };
  private isOver = false;
  private timer: Timer | undefined;
  private holderNow: string | undefined;

  constructor(parts: LeadershipParts) {
    this.parts = parts;
  }

  get epoch(): number | undefined {
    return this.current;
  }

  /** Whether nobody else can lead yet. */
  get maySend(): boolean {
    const { clock } = this.parts;
    const { elapsedMs, wallMs } = this.sendUntil;
    return this.current !== undefined && clock.elapsedMs() < elapsedMs && clock.nowMs() < wallMs;
  }

  /** Who leads instead, as far as it is known. */
  get otherHolder(): string | undefined {
    return this.holderNow;
  }

  start(): void {
    void this.renew();
  }

  /** Gives the lease back; nothing may be sent any more. */
  async stop(): Promise<void> {
    this.isOver = true;
    this.timer?.cancel();
    const { current } = this;
    this.current = undefined;
    if (current === undefined) return;
    await this.parts.ledger.releaseLease(current).catch((error: unknown) => {
      // It ends by itself.
      this.parts.telemetry.log.write('warn', 'lease_not_released', { detail: String(error) });
    });
  }

  private async renew(): Promise<void> {
    const { clock, timers, ledger, holder, leaseMs, marginMs } = this.parts;
    const asked = { elapsedMs: clock.elapsedMs(), wallMs: clock.nowMs() };
    const result = await ledger.acquireLease({ holder, durationMs: leaseMs });
    if (this.isOver) return;
    switch (result.kind) {
      case 'held':
        this.sendUntil = {
          elapsedMs: asked.elapsedMs + leaseMs - marginMs,
          wallMs: asked.wallMs + leaseMs - marginMs,
        };
        this.holderNow = undefined;
        this.nowHeld(result.epoch);
        this.parts.renewed();
        break;
      case 'taken':
        this.holderNow = result.holder;
        this.nowLost(`the lease is held by ${result.holder}`);
        break;
      case 'failed':
        this.parts.telemetry.log.write('warn', 'lease_not_renewed', { detail: result.detail });
        break;
    }
    const tookMs = clock.elapsedMs() - asked.elapsedMs;
    this.timer = timers.after(this.pauseAfter(result, tookMs), () => void this.renew());
  }

  /** What an answer took does not put off the next question. */
  private pauseAfter(result: LeaseResult, tookMs: number): number {
    const longestMs = this.parts.leaseMs / LOOKS_PER_LEASE - tookMs;
    // Whoever has it may be dead: asked again as soon as it can be free.
    const freeInMs = result.kind === 'taken' ? result.untilMs - this.parts.clock.nowMs() + 1 : longestMs;
    return Math.max(SHORTEST_PAUSE_MS, Math.min(longestMs, freeInMs));
  }

  private nowHeld(epoch: number): void {
    if (epoch === this.current) return;
    this.nowLost('the lease was lost in between');
    this.current = epoch;
    this.parts.gained(epoch);
  }

  private nowLost(why: string): void {
    if (this.current === undefined) return;
    this.current = undefined;
    this.parts.lost(why);
  }
}
