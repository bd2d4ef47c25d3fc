/** How far a stream may be trusted to be today's. Only `fresh` is good enough to trade on. */
export type Freshness =
  /** Not subscribed on any open connection. */
  | { readonly state: 'down' }
  /** Subscribed, and nothing has come yet. */
  | { readonly state: 'unheard'; readonly forMs: number }
  /** `lagMs`: from the venue's event time to its arrival here, by our clock; undefined for streams without event time. */
  | { readonly state: 'fresh'; readonly silentMs: number; readonly lagMs: number | undefined }
  | { readonly state: 'silent'; readonly silentMs: number }
  /** What arrives is old: the venue's own time says so. */
  | { readonly state: 'late'; readonly lagMs: number }
  /** The venue's time is ahead of ours by more than clocks differ: one of the two is wrong, and no age can be told. */
  | { readonly state: 'ahead'; readonly lagMs: number };

export interface FreshnessLimits {
  /** Longer without an arrival is `silent`. */
  readonly silentAfterMs: number;
  /** A longer way from the venue to us is `late`. */
  readonly lateAfterMs: number;
  /** An event time so far beyond our clock is `ahead`. */
  readonly aheadAfterMs: number;
}

/** The two clocks of one stream (`faults.md` M4, M8): when something last came, and what time the venue put on it. */
export class StreamHealth {
  /** Elapsed ms; NaN while the stream is down. */
  upSinceMs = Number.NaN;
  /** Elapsed ms of the last arrival; NaN before the first. */
  arrivedAtMs = Number.NaN;
  /** The venue's time of what arrived last, epoch ms; NaN for streams that have none. */
  eventTimeMs = Number.NaN;

  /**
   * @param nowMs  elapsed ms
   * @param venueNowMs  what the venue's clock should show now, epoch ms: our wall clock, corrected
   */
  judge(nowMs: number, venueNowMs: number, limits: FreshnessLimits): Freshness {
    if (Number.isNaN(this.upSinceMs)) return { state: 'down' };
    const heardAtMs = Number.isNaN(this.arrivedAtMs)
      ? this.upSinceMs
      : Math.max(this.arrivedAtMs, this.upSinceMs);
    const silentMs = nowMs - heardAtMs;
    if (silentMs > limits.silentAfterMs) return { state: 'silent', silentMs };
    // What came before the stream went down says nothing about the stream that is up now.
    if (!(this.arrivedAtMs >= this.upSinceMs)) return { state: 'unheard', forMs: silentMs };
    if (Number.isNaN(this.eventTimeMs)) return { state: 'fresh', silentMs, lagMs: undefined };
    const lagMs = venueNowMs - (nowMs - this.arrivedAtMs) - this.eventTimeMs;
    if (lagMs > limits.lateAfterMs) return { state: 'late', lagMs };
    if (lagMs < -limits.aheadAfterMs) return { state: 'ahead', lagMs };
    return { state: 'fresh', silentMs, lagMs };
  }
}
