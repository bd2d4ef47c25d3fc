import type { RiskDesk } from '@tradewind/core/risk';
import type { JournalFollower } from '@tradewind/proto/ledger';
import type { Clock, Telemetry, Timer, Timers } from '@tradewind/utils';
import type { Accounts } from './accounts.ts';
import { nextDayOf } from './equity-day.ts';
import { type EventMaker, throughSuffix } from './event-maker.ts';
import type { LedgerWriter } from './ledger-writer.ts';
import type { Prices } from './prices.ts';
import type { Reservations } from './reservations.ts';
import type { RiskManagerSettings } from './settings.ts';
import { ITSELF, type Stops } from './stops.ts';

export interface ValuationsParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  readonly settings: Pick<RiskManagerSettings, 'verdictWaitMs' | 'recordValueEveryMs'>;
  readonly desk: RiskDesk;
  readonly prices: Prices;
  readonly accounts: Accounts;
  readonly reservations: Reservations;
  readonly stops: Stops;
  readonly events: EventMaker;
  readonly writer: LedgerWriter;
  readonly follower: JournalFollower;
  readonly isRestored: () => boolean;
  /** What is known here is not what the ledger has. */
  readonly isStandingStill: () => boolean;
  /** Up to where events have been applied. */
  readonly throughSeq: () => number;
}

/** Values everything again and again: the breakers of the account look at it, and now and then it is recorded. */
export class Valuations {
  private readonly parts: ValuationsParts;
  private midnight: Timer | undefined;
  private isStopped = false;
  /** When the writing of the last valuation began, elapsed ms. */
  private recordedAtMs = NEVER;
  private isRecording = false;

  constructor(parts: ValuationsParts) {
    this.parts = parts;
  }

  stop(): void {
    this.isStopped = true;
    this.midnight?.cancel();
  }

  async value(): Promise<void> {
    const { accounts, clock, follower, isRestored, isStandingStill, prices, reservations, settings } =
      this.parts;
    await prices.refreshAll(settings.verdictWaitMs);
    if (!isRestored() || follower.isBehind || isStandingStill()) return;
    reservations.valueAgain();
    const hasBegun = this.observe();
    accounts.showMetrics();
    if (hasBegun) this.recordedAtMs = NEVER;
    const isDue = clock.elapsedMs() - this.recordedAtMs >= settings.recordValueEveryMs;
    if (isDue && !this.isRecording) void this.record();
  }

  /** The equity of midnight is that of midnight itself. */
  awaitMidnight(): void {
    const { clock, timers } = this.parts;
    const nowMs = clock.nowMs();
    // By the clock: the running day does not end while nobody knows what everything is worth.
    this.midnight = timers.after(nextDayOf(nowMs) - nowMs, () => {
      void this.value().then(() => {
        if (!this.isStopped) this.awaitMidnight();
      });
    });
  }

  /**
   * The breakers of the account look at what everything is worth now; where that is not known they say nothing, and new risk waits.
   * @returns whether a new day has begun
   */
  observe(): boolean {
    const { accounts, clock, desk, stops } = this.parts;
    const { equity, hasBegun } = accounts.observe();
    const { dayStart, peak } = accounts.day;
    if (equity !== undefined && dayStart !== undefined && peak !== undefined) {
      const atMs = clock.nowMs();
      this.judge({ equity, dayStartEquity: dayStart, atMs });
      stops.change({ action: 'breaker', scope: { kind: 'account' }, by: ITSELF, why: 'drawdown' }, () =>
        desk.drawdownChanged({ equity, peakEquity: peak, atMs }),
      );
    }
    return hasBegun;
  }

  /** The breaker of the daily loss looks at a day: this one, or the one before when that has changed (faults.md K3). */
  judge(day: Parameters<RiskDesk['equityChanged']>[0]): void {
    const { desk, stops } = this.parts;
    stops.change({ action: 'breaker', scope: { kind: 'account' }, by: ITSELF, why: 'daily loss' }, () =>
      desk.equityChanged(day),
    );
  }

  /** A valuation that could not be written does not wait: it is made anew, of what is known then. */
  private async record(): Promise<void> {
    this.isRecording = true;
    const { accounts, clock, events, follower, isStandingStill, settings, telemetry, throughSeq, writer } =
      this.parts;
    const nowMs = clock.elapsedMs();
    // Another instance may have recorded already what the day began with.
    await follower.look();
    await follower.caughtUp(settings.verdictWaitMs);
    // What is not known to be what the ledger has trips nothing, and is no beginning of a day.
    const isSound = !follower.isBehind && !isStandingStill() && !this.isStopped;
    // Midnight may have passed meanwhile.
    if (isSound) this.observe();
    const valuation = isSound ? accounts.valuation() : undefined;
    if (valuation !== undefined) {
      const { startMs } = accounts.day;
      const event = events.make(valuation, undefined, throughSuffix(throughSeq()));
      const problem = await writer.writeNow(event);
      if (problem !== undefined) telemetry.log.write('warn', 'ledger_not_written', { detail: problem });
      else if (startMs === accounts.day.startMs) this.recordedAtMs = nowMs;
    }
    this.isRecording = false;
  }
}

const NEVER = Number.NEGATIVE_INFINITY;
