import type { CommittedEvent, Ledger } from '@tradewind/proto';
import type { BackoffTimes, Timers, Waits } from '@tradewind/utils';

export interface FollowerOptions {
  readonly ledger: Pick<Ledger, 'read' | 'lastSeq'>;
  readonly timers: Timers;
  readonly waits: Waits;
  readonly retry: BackoffTimes;
  /** Is given every event once, in the order of `seq`. */
  readonly apply: (event: CommittedEvent) => void;
  readonly troubled: (detail: string) => void;
}

/** Events that wait behind a hole; beyond them they are read from the ledger. */
const WAITING_MAX = 10_000;
const PAGE = 1_000;

/** Follows the journal: what is told is applied at once, a hole is filled from the ledger, and until then it is behind. */
export class Follower {
  private readonly options: FollowerOptions;
  private readonly waiting = new Map<number, CommittedEvent>();
  private appliedSeq = 0;
  private knownSeq = 0;
  private isStarted = false;
  private isReading = false;
  private isStopped = false;
  private failures = 0;
  private listeners: (() => void)[] = [];

  constructor(options: FollowerOptions) {
    this.options = options;
  }

  get seq(): number {
    return this.appliedSeq;
  }

  /** There are events that have not been applied. */
  get isBehind(): boolean {
    return this.appliedSeq < this.knownSeq;
  }

  /** @param seq  the event up to which everything is known from elsewhere */
  startAfter(seq: number): void {
    this.appliedSeq = seq;
    this.knownSeq = Math.max(this.knownSeq, seq);
    this.isStarted = true;
    this.drain();
  }

  stop(): void {
    this.isStopped = true;
    this.release();
  }

  take(events: readonly CommittedEvent[]): void {
    for (const event of events) {
      this.knownSeq = Math.max(this.knownSeq, event.seq);
      if (this.isStarted && event.seq === this.appliedSeq + 1) this.apply(event);
      else if (event.seq > this.appliedSeq && this.waiting.size < WAITING_MAX)
        this.waiting.set(event.seq, event);
    }
    this.drain();
  }

  /** Asks the ledger whether there is more than was told. */
  async look(): Promise<void> {
    try {
      this.knownSeq = Math.max(this.knownSeq, await this.options.ledger.lastSeq());
    } catch (error) {
      this.options.troubled(String(error));
      return;
    }
    this.drain();
  }

  /** Resolves when nothing is missing any more, or after `waitMs`. */
  async caughtUp(waitMs: number): Promise<void> {
    if (!this.isBehind) return;
    await new Promise<void>((resolve) => {
      const timer = this.options.timers.after(waitMs, resolve);
      this.listeners.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  private apply(event: CommittedEvent): void {
    this.appliedSeq = event.seq;
    this.waiting.delete(event.seq);
    this.options.apply(event);
  }

  private drain(): void {
    if (!this.isStarted) return;
    for (let next = this.next(); next !== undefined; next = this.next()) this.apply(next);
    if (!this.isBehind) this.release();
    else if (!this.isReading) void this.read();
  }

  private next(): CommittedEvent | undefined {
    return this.waiting.get(this.appliedSeq + 1);
  }

  private release(): void {
    const waiting = this.listeners;
    this.listeners = [];
    for (const each of waiting) each();
  }

  private async read(): Promise<void> {
    this.isReading = true;
    while (this.isBehind && !this.isStopped) {
      const found = await this.readPage();
      if (found) this.failures = 0;
      else {
        await this.options.waits.backOff(this.options.retry, this.failures);
        this.failures += 1;
      }
    }
    this.isReading = false;
    this.drain();
  }

  private async readPage(): Promise<boolean> {
    const { ledger, troubled } = this.options;
    let page: readonly CommittedEvent[];
    try {
      page = await ledger.read({ afterSeq: this.appliedSeq, limit: PAGE });
    } catch (error) {
      troubled(String(error));
      return false;
    }
    for (const event of page) if (event.seq === this.appliedSeq + 1) this.apply(event);
    for (let next = this.next(); next !== undefined; next = this.next()) this.apply(next);
    for (const seq of this.waiting.keys()) if (seq <= this.appliedSeq) this.waiting.delete(seq);
    return page.length > 0;
  }
}
