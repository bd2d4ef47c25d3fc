import type { FeedStatus } from '@tradewind/proto';
import type { MarketDataSettings } from './settings.ts';

/** The streams that a symbol is followed by. */
export type FeedStream = 'trade' | 'bookTicker' | 'depth';
const STREAMS = 3;

/** What the venue's rules say of a symbol now. */
export interface Standing {
  /** Why it is not traded; undefined while it is. */
  readonly pausedBecause: string | undefined;
}

/** How far one symbol can be trusted (faults.md M4, M8, M9): by what is connected, by what has come, and by both clocks. */
export class FeedHealth {
  /** Elapsed ms of the last arrival; NaN before the first since the streams are up. */
  heardAtMs = Number.NaN;
  /** From the venue's event time to its arrival, by the venue's clock; NaN before the first event with a time. */
  lagMs = Number.NaN;
  /** The book is proven to be the venue's. */
  isBookProven = false;
  status: FeedStatus;
  private readonly symbol: string;
  private readonly settings: MarketDataSettings;
  private readonly up = new Set<FeedStream>();
  private upSinceMs = Number.NaN;
  private gap: string | undefined;

  /** @param wallMs  epoch ms */
  constructor(symbol: string, settings: MarketDataSettings, wallMs: number) {
    this.symbol = symbol;
    this.settings = settings;
    this.status = { symbol, state: 'down', sinceMs: wallMs, detail: 'not connected yet' };
  }

  /** @param nowMs  elapsed ms */
  rise(stream: FeedStream, nowMs: number): void {
    this.up.add(stream);
    if (this.up.size < STREAMS) return;
    this.upSinceMs = nowMs;
    this.lagMs = Number.NaN;
  }

  fall(stream: FeedStream): void {
    this.up.delete(stream);
  }

  /** Something is missing: that is a gap, until `settle`. */
  miss(detail: string): void {
    this.gap = detail;
  }

  /** What is missing has been heard of by everybody, and is being asked for. */
  settle(): void {
    this.gap = undefined;
  }

  /** Whether what has just come may have changed the status. */
  get needsJudging(): boolean {
    return this.status.state !== 'live' || this.isOffTime;
  }

  private get isOffTime(): boolean {
    return this.lagMs > this.settings.lateAfterMs || this.lagMs < -this.settings.aheadAfterMs;
  }

  /**
   * @param nowMs  elapsed ms
   * @param wallMs  epoch ms
   * @returns the status, when it is another than before
   */
  judge(nowMs: number, wallMs: number, standing: Standing): FeedStatus | undefined {
    const [state, detail] = this.verdict(nowMs, standing);
    if (state === this.status.state) return undefined;
    this.status = { symbol: this.symbol, state, sinceMs: wallMs, detail };
    return this.status;
  }

  private verdict(nowMs: number, { pausedBecause }: Standing): readonly [FeedStatus['state'], string] {
    const { gap } = this;
    if (pausedBecause !== undefined) return ['paused', pausedBecause];
    if (this.up.size < STREAMS) return ['down', 'the streams are not connected'];
    if (gap !== undefined) return ['gap', gap];
    if (!this.isBookProven) return ['gap', 'the book is being built'];
    const { staleAfterMs } = this.settings;
    if (!(this.heardAtMs >= this.upSinceMs)) return ['stale', 'nothing has come yet'];
    if (nowMs - this.heardAtMs > staleAfterMs) return ['stale', `nothing has come for ${staleAfterMs} ms`];
    if (this.isOffTime) {
      const side = this.lagMs > 0 ? 'behind' : 'ahead of';
      return ['stale', `its events are ${Math.abs(Math.round(this.lagMs))} ms ${side} the clock`];
    }
    return ['live', ''];
  }
}
