import type { Timer, Timers } from '@tradewind/utils';
import type { CommittedEvent } from '../contracts/event.ts';
import type { Ledger } from '../contracts/ledger.ts';

export interface JournalFollowerOptions {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly timers: Timers;
  /** Is given every event once, in the order of `seq`; what can be given together comes together. */
  readonly hear: (events: readonly CommittedEvent[]) => void;
  /** What is missing cannot be read now, and is asked for again. */
  readonly troubled: (detail: string) => void;
  /**
   * The ledger does not have any more what was heard of it (faults.md P11). Said once.
   * @param instead  what stands in its place, where that is known
   */
  readonly lostEnd: (detail: string, instead?: CommittedEvent) => void;
}

/** Commits of one process, and topics of a bus, arrive apart by this much at most, as a rule; what is still missing then is read. */
const HOLE_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const DOUBLINGS_MAX = 10;
/** Events that wait behind a hole; beyond them they are read from the ledger. */
const WAITING_MAX = 10_000;
/** So many of the last events are known by their id. */
const KNOWN_MAX = 1_000;
const PAGE = 1_000;

/**
 * Follows the journal without holes, whatever order its events are told in and however often. What nobody tells soon is read from the
 * ledger: at once where somebody waits for it.
 */
export class JournalFollower {
  private readonly options: JournalFollowerOptions;
  private readonly waiting = new Map<number, CommittedEvent>();
  /** By `seq`, the ids of the last events. */
  private readonly known = new Map<number, string>();
  /** The last event that was handed on. */
  private heardSeq = 0;
  private toldSeq = 0;
  private phase: 'idle' | 'following' | 'over' = 'idle';
  private isReading = false;
  private hasLostEnd = false;
  private failures = 0;
  private timer: Timer | undefined;
  private listeners: (() => void)[] = [];

  constructor(options: JournalFollowerOptions) {
    this.options = options;
  }

  /** There are events that have not been handed on. */
  get isBehind(): boolean {
    return this.heardSeq < this.toldSeq;
  }

  /** @param seq  the event up to which everything is known from elsewhere */
  begin(seq: number): void {
    this.phase = 'following';
    this.heardSeq = seq;
    this.toldSeq = Math.max(this.toldSeq, seq);
    for (const early of this.waiting.keys()) if (early <= seq) this.waiting.delete(early);
    this.handOn();
  }

  /** Nothing is handed on any more. */
  end(): void {
    this.phase = 'over';
    this.timer?.cancel();
    this.release();
  }

  /** Takes events from wherever they come; what comes before `begin` waits for it. */
  take(events: readonly CommittedEvent[]): void {
    if (this.phase === 'over') return;
    if (this.phase === 'following' && this.waiting.size === 0 && this.isNext(events)) {
      this.toldSeq = Math.max(this.toldSeq, this.heardSeq + events.length);
      this.hear(events);
    } else for (const event of events) this.keep(event);
    this.handOn();
  }

  /** Asks the ledger whether it has more than was told, and whether it still has the last of it. */
  async look(): Promise<void> {
    if (this.phase !== 'following' || this.isReading) return;
    const page = await this.readOn();
    if (page !== undefined) this.take(page);
  }

  /** Resolves when nothing is missing any more, or after `waitMs`. */
  async caughtUp(waitMs: number): Promise<void> {
    if (!this.isBehind) return;
    void this.fill();
    await new Promise<void>((resolve) => {
      const timer = this.options.timers.after(waitMs, resolve);
      this.listeners.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  private isNext(events: readonly CommittedEvent[]): boolean {
    return events.every((event, place) => event.seq === this.heardSeq + 1 + place);
  }

  private keep(event: CommittedEvent): void {
    const { seq, id } = event;
    this.toldSeq = Math.max(this.toldSeq, seq);
    if (seq > this.heardSeq) {
      if (this.waiting.size < WAITING_MAX || seq === this.heardSeq + 1) this.waiting.set(seq, event);
    } else if (this.known.has(seq) && this.known.get(seq) !== id) this.nowLost(seq, event);
  }

  private handOn(): void {
    if (this.phase !== 'following') return;
    const next: CommittedEvent[] = [];
    for (
      let event = this.waiting.get(this.heardSeq + 1);
      event !== undefined;
      event = this.waiting.get(event.seq + 1)
    ) {
      this.waiting.delete(event.seq);
      next.push(event);
    }
    this.hear(next);
    if (this.isBehind) return this.fillLater();
    this.failures = 0;
    this.timer?.cancel();
    this.timer = undefined;
    this.release();
  }

  private hear(events: readonly CommittedEvent[]): void {
    if (events.length === 0) return;
    for (const { seq, id } of events) {
      this.known.set(seq, id);
      this.known.delete(seq - KNOWN_MAX);
    }
    this.heardSeq += events.length;
    this.options.hear(events);
  }

  private fillLater(): void {
    const waitMs = Math.min(HOLE_WAIT_MS * 2 ** Math.min(this.failures, DOUBLINGS_MAX), LONGEST_WAIT_MS);
    this.timer ??= this.options.timers.after(waitMs, () => {
      this.timer = undefined;
      void this.fill();
    });
  }

  /** Reads what is missing; what cannot be read now is asked for again, later and later. */
  private async fill(): Promise<void> {
    if (this.isReading || this.phase !== 'following') return;
    this.isReading = true;
    while (this.isBehind) {
      const before = this.heardSeq;
      const page = await this.readOn();
      if (page === undefined) break;
      for (const event of page) if (event.seq > this.heardSeq) this.waiting.set(event.seq, event);
      this.handOn();
      if (this.heardSeq === before) break;
      this.failures = 0;
    }
    this.isReading = false;
    if (this.isBehind && this.phase === 'following') {
      this.failures += 1;
      this.fillLater();
    }
  }

  /**
   * Reads what comes after the last event that was heard, and that one once more: a ledger that has lost it may have grown beyond it again.
   * @returns undefined when it cannot be read, or this has ended meanwhile
   */
  private async readOn(): Promise<readonly CommittedEvent[] | undefined> {
    const seq = this.heardSeq;
    const page = await this.read(Math.max(seq - 1, 0));
    if (page === undefined || this.phase !== 'following') return undefined;
    if (seq > 0) this.compare(seq, page[0]);
    return page;
  }

  private async read(afterSeq: number): Promise<readonly CommittedEvent[] | undefined> {
    try {
      return await this.options.ledger.read({ afterSeq, limit: PAGE });
    } catch (error) {
      this.options.troubled(String(error));
      return undefined;
    }
  }

  /** @param found  what the ledger has from there on; of an event that was heard by its number alone it says which one it is */
  private compare(seq: number, found: CommittedEvent | undefined): void {
    if (found?.seq !== seq) this.nowLost(seq);
    else if (!this.known.has(seq)) this.known.set(seq, found.id);
    else if (this.known.get(seq) !== found.id) this.nowLost(seq, found);
  }

  private nowLost(seq: number, instead?: CommittedEvent): void {
    if (this.hasLostEnd) return;
    this.hasLostEnd = true;
    this.options.lostEnd(`entry ${seq} of the ledger is not there any more as it was heard`, instead);
  }

  private release(): void {
    const waiting = this.listeners;
    this.listeners = [];
    for (const each of waiting) each();
  }
}
