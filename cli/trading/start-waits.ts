import { type Caller, patientCaller } from '@tradewind/binance';
import type { VenueConnection } from '@tradewind/trading-system';
import { type Log, type Random, systemTimers, Waits } from '@tradewind/utils';

/** Longer than the shortest bans and every window of weight; a ban of hours is left to whoever starts it again. */
const LONGEST_MS = 900_000;

export interface StartWaitsOptions {
  readonly random: Random;
  readonly log: Log;
  /** Tells whoever looks why nothing happens yet. */
  readonly tell: (sentence: string) => void;
}

/** How a start waits for the end of a limit or a ban: for a stated time at most, said aloud, and no longer than it is wanted (faults.md R2). */
export class StartWaits {
  private readonly options: StartWaitsOptions;
  private readonly waits: Waits;

  constructor(options: StartWaitsOptions) {
    this.options = options;
    this.waits = new Waits({ timers: systemTimers, random: options.random });
  }

  /** For the questions without whose answer nothing starts. */
  callerOf({ rest, serverClock }: VenueConnection): Caller {
    const { log, tell } = this.options;
    return patientCaller({
      caller: rest,
      venueClock: serverClock,
      waits: this.waits,
      longestMs: LONGEST_MS,
      told: (sentence) => {
        log.write('warn', 'start_waits', { detail: sentence });
        tell(sentence);
      },
    });
  }

  /** Nobody wants it to start any more. */
  end(): void {
    this.waits.end();
  }
}
