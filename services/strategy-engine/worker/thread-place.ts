import type { Timer, Timers } from '@tradewind/utils';
import type { HostingInput, HostingOutput, HostingSettings } from '../hosting/messages.ts';
import type { StrategyPlace } from '../hosting/place.ts';
import type { Thread, ThreadStarter } from '../options.ts';

/**
 * A strategy on a thread of its own. While it has something to do it is pinged; when it does not answer for too long it is blocked,
 * and its thread is ended. Nobody else notices.
 */
export class ThreadPlace implements StrategyPlace {
  private readonly thread: Thread;
  private readonly timers: Timers;
  private readonly hear: (output: HostingOutput) => void;
  private limit: Timer | undefined;
  /** What it has been told since the last ping. */
  private unpinged = 0;
  private isBegun = false;
  private isEnded = false;

  constructor(
    { threads, timers }: { readonly threads: ThreadStarter; readonly timers: Timers },
    module: string,
    settings: HostingSettings,
    hear: (output: HostingOutput) => void,
  ) {
    this.timers = timers;
    this.hear = hear;
    this.thread = threads({ module, settings }, (output) => {
      if (this.isEnded) return;
      hear(output);
    });
  }

  post(input: HostingInput): void {
    if (this.isEnded) return;
    this.thread.post(input);
    this.unpinged += 1;
    if (this.limit === undefined) this.ping(this.isBegun ? ANSWER_MS : BEGIN_MS);
    else if (this.unpinged > UNANSWERED_MAXIMUM) this.block(`it is ${this.unpinged} messages behind`);
  }

  end(): void {
    this.isEnded = true;
    this.limit?.cancel();
    this.thread.terminate();
  }

  private ping(limitMs: number): void {
    this.unpinged = 0;
    this.limit = this.timers.after(limitMs, () => this.block(`it has not answered for ${limitMs} ms`));
    this.thread.ping(() => {
      this.isBegun = true;
      this.limit?.cancel();
      this.limit = undefined;
      if (this.unpinged > 0 && !this.isEnded) this.ping(ANSWER_MS);
    });
  }

  private block(detail: string): void {
    if (this.isEnded) return;
    this.end();
    this.hear({ kind: 'failed', cause: 'blocked', detail });
  }
}

/** A thread starts, loads its strategy and shows it its history within this, on a busy machine, too. */
const BEGIN_MS = 30_000;
const ANSWER_MS = 5000;
const UNANSWERED_MAXIMUM = 50_000;
