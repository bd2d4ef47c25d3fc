import { err, ok, type Result } from '@tradewind/core/result';
import type { Clock, Timers } from '@tradewind/utils';
import type { Feed } from '../../exchange/index.ts';
import { Player, type ReplayCounts } from './player.ts';
import type { Recording } from './recording.ts';
import { DamagedRecording, type RecordingProblem } from './recording-files.ts';

export interface ReplayedMarketOptions {
  readonly feed: Feed;
  readonly recording: Recording;
  readonly symbols: readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  /** 1 is as it happened; Infinity as fast as the machine can. */
  readonly speed: number;
  /** Called once, when the recording has ended or cannot be read further; the market then stays as it is. */
  readonly onEnd?: (outcome: Result<ReplayCounts, RecordingProblem>) => void;
}

/** A recorded market around the orders of the exchange's clients: paper trading on real prices. */
export class ReplayedMarket {
  private readonly options: ReplayedMarketOptions;
  private readonly player: Player;

  constructor(options: ReplayedMarketOptions) {
    this.options = options;
    this.player = new Player(options);
  }

  /** Once. */
  start(): void {
    void this.play();
  }

  stop(): void {
    this.player.stop();
  }

  /** What has become of the events so far. */
  get counts(): ReplayCounts {
    return this.player.counts;
  }

  private async play(): Promise<void> {
    const { recording, onEnd } = this.options;
    try {
      const counts = await this.player.play(recording.events());
      onEnd?.(ok(counts));
    } catch (error) {
      // Anything else is a broken assumption, and goes on to end the process.
      if (!(error instanceof DamagedRecording)) throw error;
      onEnd?.(err({ kind: 'cannot_read', path: error.path, detail: error.message }));
    }
  }
}
