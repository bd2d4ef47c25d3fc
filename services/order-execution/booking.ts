import { invariant } from '@tradewind/core/result';
import type { CommittedEvent, TradingEvent } from '@tradewind/proto';
import type { Journal } from './journal.ts';

/** Makes events, and moves the books to what they say. Called when everything before it has been made. */
export type Bookable = () => readonly TradingEvent[] | Promise<readonly TradingEvent[]>;

export interface BookingParts {
  readonly journal: Pick<Journal, 'record'>;
  /** The last event that the books were made of. */
  readonly throughSeq: number;
  /** What waits at most. */
  readonly waitingMax: number;
  /** The books do not fit the ledger any more, or too much waits: all has to be read anew (faults.md P5). */
  readonly lost: (why: string) => void;
}

/** So many at a time become one commit: decisions share its transaction, and booking must not fall behind them on a slow disk. */
const BATCH_MAX = 1000;

/**
 * The one way into the books, whoever told (faults.md U7): one after another, what is ready together in one transaction. What the
 * ledger cannot take now is tried again until it can.
 */
export class Booking {
  private readonly parts: BookingParts;
  private waiting: Bookable[] = [];
  private isBusy = false;
  private isOver = false;
  private waiters: { readonly upTo: number; readonly resolve: () => void }[] = [];
  private count = 0;
  private booked = 0;
  private throughSeq: number;

  constructor(parts: BookingParts) {
    this.parts = parts;
    this.throughSeq = parts.throughSeq;
  }

  add(bookable: Bookable): void {
    if (this.isOver) return;
    if (this.waiting.length >= this.parts.waitingMax) {
      this.lose(`more than ${this.parts.waitingMax} changes wait to be booked`);
      return;
    }
    this.waiting.push(bookable);
    this.count += 1;
    if (!this.isBusy) void this.work();
  }

  /** Whether nothing waits. */
  get isIdle(): boolean {
    return !this.isBusy && this.waiting.length === 0;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  /** How many there have been: what has been compared is only good while this stays. */
  get version(): number {
    return this.count;
  }

  /** Whether what is not booked yet never will be by this. */
  get hasEnded(): boolean {
    return this.isOver;
  }

  /** Resolves when everything that waits now is booked, whatever comes meanwhile; or when booking has ended. */
  settled(): Promise<void> {
    const upTo = this.count;
    return this.isIdle || this.isOver
      ? Promise.resolve()
      : new Promise((resolve) => this.waiters.push({ upTo, resolve }));
  }

  end(): void {
    this.isOver = true;
    this.waiting = [];
    this.release(Number.POSITIVE_INFINITY);
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0 && !this.isOver) {
      const batch = this.waiting.splice(0, BATCH_MAX);
      const events: TradingEvent[] = [];
      for (const make of batch) events.push(...(await make()));
      if (events.length > 0) await this.write(events);
      this.release(batch.length);
    }
    this.isBusy = false;
  }

  private async write(events: readonly TradingEvent[]): Promise<void> {
    const written = await this.parts.journal.record(events);
    if (written.kind === 'committed') this.wasWritten(written.events);
    if (written.kind !== 'refused') return;
    const { refusal } = written;
    invariant(refusal.reason !== 'postings_unbalanced', 'the postings of an event sum to zero');
    this.lose(`the ledger has refused: ${refusal.reason}`);
  }

  /** What the ledger takes as written because it has it already is twice in the books (faults.md I3). */
  private wasWritten(events: readonly CommittedEvent[]): void {
    for (const { id, seq } of events) {
      if (seq <= this.throughSeq) return this.lose(`${id} was booked before, as event ${seq}`);
      this.throughSeq = seq;
    }
  }

  private lose(why: string): void {
    if (this.isOver) return;
    this.end();
    this.parts.lost(why);
  }

  /** So many more are booked: who waited for no others waits no longer. */
  private release(more: number): void {
    this.booked += more;
    const { waiters, booked } = this;
    this.waiters = waiters.filter(({ upTo }) => upTo > booked);
    for (const { upTo, resolve } of waiters) if (upTo <= booked) resolve();
  }
}
