/** Two times, because they are for two things: the wall can jump, what has elapsed cannot. */
export interface Clock {
  /** Epoch ms in UTC, a whole number: for records and signatures. */
  nowMs(): number;
  /** Milliseconds since some instant, with fractions, never going back: for timeouts and latency. */
  elapsedMs(): number;
}

/**
 * How long ago something was, by the clock that says more: the elapsed one stands still while the machine sleeps, and the wall can be set
 * back (faults.md C5).
 * @param since  what the two clocks showed then
 */
export const agoMs = (clock: Clock, since: { readonly elapsedMs: number; readonly wallMs: number }): number =>
  Math.max(clock.elapsedMs() - since.elapsedMs, clock.nowMs() - since.wallMs);

export interface Timer {
  /** After this the callback is not called any more; calling it twice, or too late, does nothing. */
  cancel(): void;
}

export interface Timers {
  /** Calls back once, `delayMs` (from 0) later, never before this call has returned. */
  after(delayMs: number, callback: () => void): Timer;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
};

/** Node's timers wait for at most 2^31 - 1 ms, and fire at once when asked for more; what is longer goes in pieces. */
const DELAY_MAX = 2 ** 31 - 1;

export const systemTimers: Timers = {
  after(delayMs, callback) {
    let left = delayMs;
    let handle: NodeJS.Timeout;
    const wait = (): void => {
      const piece = Math.min(left, DELAY_MAX);
      left -= piece;
      handle = setTimeout(left > 0 ? wait : callback, piece);
    };
    wait();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** An instant as people and records write it: ISO 8601 in UTC, with milliseconds. */
export const utcText = (epochMs: number): string => new Date(epochMs).toISOString();

/** Epoch ms of a time in UTC that is written like 2026-01-05 12:00:00; NaN for anything else. */
export const utcMsOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
