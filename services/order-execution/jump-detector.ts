import { type Clock, every, type Timers } from '@tradewind/utils';

const LOOK_EVERY_MS = 1000;

/** Sees that the machine slept, or that somebody set its clock: then the two clocks go apart (faults.md C5). */
export class JumpDetector {
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly jumpMsMax: number;
  private readonly jumped: (byMs: number) => void;
  private apartMs: number;
  private endLooks: () => void = () => undefined;

  /** @param jumped  told by how much the wall clock went on while the elapsed clock did not */
  constructor(
    { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
    jumpMsMax: number,
    jumped: (byMs: number) => void,
  ) {
    this.clock = clock;
    this.timers = timers;
    this.jumpMsMax = jumpMsMax;
    this.jumped = jumped;
    this.apartMs = this.apart();
  }

  start(): void {
    this.endLooks = every(this.timers, LOOK_EVERY_MS, () => {
      const now = this.apart();
      const byMs = now - this.apartMs;
      this.apartMs = now;
      if (Math.abs(byMs) > this.jumpMsMax) this.jumped(byMs);
    });
  }

  end(): void {
    this.endLooks();
  }

  private apart(): number {
    return this.clock.nowMs() - this.clock.elapsedMs();
  }
}
