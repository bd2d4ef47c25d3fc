import { err, ok, type Result } from '@tradewind/core/result';
import type { Clock } from '@tradewind/utils';

/** One question for the venue's time: when it left and came back, on the clock that cannot jump, and what the answer said. */
export interface TimeSample {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  /** Epoch ms. */
  readonly serverTimeMs: number;
}

export interface ServerClockSettings {
  /** An answer that took longer says too little. */
  readonly roundTripMsMax: number;
  /** By how much the venue's time and ours may differ at all: beyond it one of them is nonsense. */
  readonly offsetMsMax: number;
  /** By how much a new measurement may differ from what the last one foretells; what differs more must be measured twice. */
  readonly jumpMsMax: number;
  /** How far our two clocks may drift apart before the venue's time must be asked for again (faults.md C3, C5). */
  readonly divergenceMsMax: number;
}

export const DEFAULT_SERVER_CLOCK_SETTINGS: ServerClockSettings = {
  roundTripMsMax: 2000,
  offsetMsMax: 3_600_000,
  jumpMsMax: 1000,
  divergenceMsMax: 500,
};

/** Why a measurement was not taken over. */
export type ClockRefusal =
  | { readonly reason: 'no_usable_sample' }
  /** The samples contradict one another by more than their round trips explain. */
  | { readonly reason: 'samples_disagree'; readonly byMs: number }
  | { readonly reason: 'offset_implausible'; readonly offsetMs: number }
  /** A second measurement that says the same will be believed. */
  | { readonly reason: 'jumped'; readonly byMs: number };

export interface ClockReading {
  /** How far the venue is ahead of our wall clock. */
  readonly offsetMs: number;
  /** Half of the shortest round trip: the offset is right to within this. */
  readonly uncertaintyMs: number;
}

/**
 * The venue's clock, as well as it can be known here: the midpoint of a round trip, carried on by the clock that cannot jump, so
 * that a step of the wall clock changes no signature (faults.md C3). Until it is measured it is our wall clock.
 */
export class ServerClock implements Pick<Clock, 'nowMs'> {
  private readonly clock: Clock;
  private readonly settings: ServerClockSettings;
  private anchor: Anchor | undefined;
  private suspicion: Anchor | undefined;

  constructor(clock: Clock, settings: ServerClockSettings = DEFAULT_SERVER_CLOCK_SETTINGS) {
    this.clock = clock;
    this.settings = settings;
  }

  /** Epoch ms of the venue, a whole number. */
  nowMs(): number {
    if (this.anchor === undefined) return this.clock.nowMs();
    return Math.floor(timeAt(this.anchor, this.clock.elapsedMs()));
  }

  /** Whether it has been measured, and nothing has happened since that makes the measurement doubtful. */
  isTrusted(): boolean {
    if (this.anchor === undefined) return false;
    const wall = this.clock.nowMs() - this.anchor.wallMs;
    const elapsed = this.clock.elapsedMs() - this.anchor.elapsedMs;
    return Math.abs(wall - elapsed) <= this.settings.divergenceMsMax;
  }

  /** Judges samples taken one after another, and takes over what the quickest says. */
  adjust(samples: readonly TimeSample[]): Result<ClockReading, ClockRefusal> {
    const usable = samples.filter((sample) => roundTripOf(sample) <= this.settings.roundTripMsMax);
    const [best, ...others] = usable.toSorted((a, b) => roundTripOf(a) - roundTripOf(b));
    if (best === undefined) return err({ reason: 'no_usable_sample' });
    for (const other of others) {
      const byMs = Math.abs(aheadOf(best) - aheadOf(other));
      // Each is right to within half its round trip, and the venue tells whole milliseconds.
      if (byMs > (roundTripOf(best) + roundTripOf(other)) / 2 + 1)
        return err({ reason: 'samples_disagree', byMs });
    }
    return this.takeOver(best);
  }

  private takeOver(best: TimeSample): Result<ClockReading, ClockRefusal> {
    const nowElapsedMs = this.clock.elapsedMs();
    const wallMs = this.clock.nowMs();
    const serverMs = nowElapsedMs + aheadOf(best);
    const offsetMs = serverMs - wallMs;
    if (Math.abs(offsetMs) > this.settings.offsetMsMax)
      return err({ reason: 'offset_implausible', offsetMs });
    const measured: Anchor = { serverMs, elapsedMs: nowElapsedMs, wallMs };
    const jumpMs = this.anchor === undefined ? 0 : differenceOf(measured, this.anchor);
    const isConfirmed =
      this.suspicion !== undefined &&
      Math.abs(differenceOf(measured, this.suspicion)) <= this.settings.jumpMsMax;
    if (Math.abs(jumpMs) > this.settings.jumpMsMax && !isConfirmed) {
      this.suspicion = measured;
      return err({ reason: 'jumped', byMs: jumpMs });
    }
    this.suspicion = undefined;
    this.anchor = measured;
    return ok({ offsetMs, uncertaintyMs: roundTripOf(best) / 2 });
  }
}

/** An instant on three clocks. */
interface Anchor {
  readonly serverMs: number;
  readonly elapsedMs: number;
  readonly wallMs: number;
}

const timeAt = (anchor: Anchor, elapsedMs: number): number =>
  anchor.serverMs + (elapsedMs - anchor.elapsedMs);

/** How far a measurement is from what an earlier one foretold. */
const differenceOf = (measured: Anchor, earlier: Anchor): number =>
  measured.serverMs - timeAt(earlier, measured.elapsedMs);

const roundTripOf = ({ sentAtMs, receivedAtMs }: TimeSample): number => receivedAtMs - sentAtMs;

/** How far the venue's clock is ahead of the one that cannot jump, taking the answer to have been made half-way. */
const aheadOf = ({ sentAtMs, receivedAtMs, serverTimeMs }: TimeSample): number =>
  serverTimeMs - (sentAtMs + receivedAtMs) / 2;
