import { type Clock, ClockGap, every, type Timers } from '@tradewind/utils';

const LOOK_EVERY_MS = 1000;

/** Sees that the machine slept, or that somebody set its clock: then the two clocks go apart (faults.md C5). */
export class JumpDetector {
  private readonly clockGap: ClockGap;
  private readonly timers: Timers;
  private readonly jumpMsMax: number;
  private readonly jumped: (byMs: number) => void;
  private endLooks: () => void = () => undefined;

  /** @param jumped  told by how much the wall clock went on while the elapsed clock did not */
  constructor(
    { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
    jumpMsMax: number,
    jumped: (byMs: number) => void,
  ) {
    this.clockGap = new ClockGap(clock);
    this.timers = timers;
    this.jumpMsMax = jumpMsMax;
    this.jumped = jumped;
  }

  start(): void {
    this.endLooks = every(this.timers, LOOK_EVERY_MS, () => {
      const byMs = this.clockGap.sinceLastLook();
      if (Math.abs(byMs) > this.jumpMsMax) this.jumped(byMs);
    });
  }

  end(): void {
    this.endLooks();
  }
}
