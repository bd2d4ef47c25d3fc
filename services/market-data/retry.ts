import type { Outcome } from '@tradewind/binance';
import type { Random, Timer, Timers } from '@tradewind/utils';

/** Ms before the second attempt, and the longest wait between two; it doubles in between. */
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** Waits between attempts at a call that only asks, until it is ended. */
export class Patience {
  private readonly timers: Timers;
  private readonly random: Random;
  private readonly waiting = new Map<Timer, () => void>();
  private hasEnded = false;

  constructor(timers: Timers, random: Random) {
    this.timers = timers;
    this.random = random;
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  /** @returns false when there is nothing to wait for any more */
  wait(delayMs: number): Promise<boolean> {
    if (this.hasEnded) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = this.timers.after(delayMs, () => {
        this.waiting.delete(timer);
        resolve(true);
      });
      this.waiting.set(timer, () => resolve(false));
    });
  }

  /** After so many failures in a row: 50-100 % of the delay, by chance, so that all who failed together do not come together. */
  waitAfter(failures: number): Promise<boolean> {
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 10));
    return this.wait(delayMs * (0.5 + this.random.nextFraction() / 2));
  }

  end(): void {
    this.hasEnded = true;
    for (const [timer, wake] of this.waiting) {
      timer.cancel();
      wake();
    }
    this.waiting.clear();
  }
}

/** Why a call was not done, in words. */
export function describeOutcome(outcome: Exclude<Outcome<unknown>, { readonly kind: 'done' }>): string {
  if (outcome.kind === 'unknown') {
    const { cause } = outcome;
    return 'detail' in cause ? `${cause.reason}: ${cause.detail}` : cause.reason;
  }
  const { failure } = outcome;
  switch (failure.reason) {
    case 'refused':
      return `refused with ${failure.code}: ${failure.message}`;
    case 'held_back':
      return `held back by our own limit ${failure.limiter}`;
    case 'not_sent':
      return `not sent: ${failure.detail}`;
  }
}
