const PER_SECOND = 5;
const SECOND_MS = 1000;

/** Five messages within any second, pings and pongs of the client included. Source: binance-spot.md section 3.1. */
export class MessageLimit {
  /** When the last ones came, in a ring. */
  private readonly times: number[] = Array.from({ length: PER_SECOND }, () => Number.NEGATIVE_INFINITY);
  private next = 0;

  /** @returns false when this one is too much */
  take(elapsedMs: number): boolean {
    const isWithin = elapsedMs - this.times[this.next]! >= SECOND_MS;
    this.times[this.next] = elapsedMs;
    this.next = (this.next + 1) % PER_SECOND;
    return isWithin;
  }
}
