import type { CommitResult, CommittedEvent, Ledger, TradingEvent } from '@tradewind/proto';
import { type BackoffTimes, type Random, type Telemetry, type Timers, Waits } from '@tradewind/utils';

/** `abandoned`: this leader's time ended before it was known whether the events are written. */
export type Written = Exclude<CommitResult, { kind: 'unknown' }> | { readonly kind: 'abandoned' };

export interface JournalParts {
  readonly ledger: Ledger;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly retry: BackoffTimes;
  readonly tell: (events: readonly CommittedEvent[]) => void;
  /** The ledger does not have any more what it has said is written. */
  readonly lostEnd: (why: string) => void;
}

/** Writes to the ledger as one leader, and tells what has been written in the order of writing. */
export class Journal {
  readonly epoch: number;
  private readonly parts: JournalParts;
  private readonly waits: Waits;
  private told: Promise<void> = Promise.resolve();
  private failing: string | undefined;
  private isOver = false;
  /** The last event that the ledger has said is written. */
  private last: CommittedEvent | undefined;
  /** Something has failed since the ledger was seen to have it: another may answer now. */
  private isDoubted = false;
  private isLooking = false;
  /** Commits of which the ledger has not said how they ended. */
  private readonly inFlight = new Set<Promise<Written>>();

  constructor(epoch: number, parts: JournalParts) {
    this.epoch = epoch;
    this.parts = parts;
    this.waits = new Waits(parts);
  }

  /** Why the last commit could not be written; undefined while the ledger works. */
  get trouble(): string | undefined {
    return this.failing;
  }

  /**
   * Whoever writes beside this journal was heard. What waits to be written here finds out by itself; whether the ledger still has what was
   * written is looked at.
   */
  worksAgain(): void {
    if (this.inFlight.size === 0) this.judge(undefined);
    if (this.last === undefined || this.isLooking || this.isOver) return;
    this.isLooking = true;
    void this.hasLost(this.last).finally(() => {
      this.isLooking = false;
    });
  }

  /** Nothing is written any more. Resolves when the ledger has answered what it was asked: what is read then is all there is. */
  async end(): Promise<void> {
    this.isOver = true;
    this.waits.end();
    await Promise.allSettled(this.inFlight);
  }

  /** Resolves when what was to be written by now has been handed over to be told, or is not written. */
  handedOver(): Promise<void> {
    return this.told;
  }

  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /** One transaction. A commit whose end nobody knows is tried again, the same events, until it is known (faults.md P6). */
  commit(events: readonly TradingEvent[]): Promise<Written> {
    const written = this.write(events);
    this.inFlight.add(written);
    this.told = this.tellAfter(this.told, written);
    return written;
  }

  private async tellAfter(before: Promise<void>, written: Promise<Written>): Promise<void> {
    let result: Written;
    try {
      result = await written;
    } finally {
      this.inFlight.delete(written);
    }
    await before;
    if (result.kind === 'committed') this.parts.tell(result.events);
  }

  /** Tried again until it is written or refused: for what has happened and must be recorded, however long that takes. */
  async record(events: readonly TradingEvent[]): Promise<Exclude<Written, { kind: 'failed' }>> {
    for (let failures = 0; ; failures += 1) {
      const written = await this.commit(events);
      if (written.kind !== 'failed') return written;
      await this.waits.backOff(this.parts.retry, failures);
    }
  }

  private async write(events: readonly TradingEvent[]): Promise<Written> {
    let isUnknown = false;
    for (let failures = 0; !this.isOver; failures += 1) {
      const before = this.last;
      const result = await this.parts.ledger.commit(events, { epoch: this.epoch });
      this.judge(result.kind === 'failed' || result.kind === 'unknown' ? result : undefined);
      if (result.kind === 'committed') {
        const { events: written } = result;
        for (const event of written) if (event.seq > (this.last?.seq ?? 0)) this.last = event;
        const isDoubtful =
          before !== undefined && (this.isDoubted || !written.some(({ seq }) => seq > before.seq));
        if (isDoubtful && (await this.hasLost(before))) break;
        return result;
      }
      if (result.kind === 'refused') return result;
      isUnknown ||= result.kind === 'unknown';
      // That a later attempt has written nothing says nothing of an earlier one.
      if (!isUnknown && result.kind === 'failed') return result;
      await this.waits.backOff(this.parts.retry, failures);
    }
    return { kind: 'abandoned' };
  }

  /**
   * A database that has failed over may have lost commits that it had acknowledged (faults.md P11): nothing is built on them. Its length
   * proves nothing, because others may have written since; what is in the place of the last event does.
   */
  private async hasLost({ seq, id }: CommittedEvent): Promise<boolean> {
    const { ledger, lostEnd } = this.parts;
    const found = await ledger.read({ afterSeq: seq - 1, limit: 1 }).catch(() => undefined);
    // One that cannot be read is asked again with the next commit.
    if (found === undefined) return false;
    this.isDoubted = false;
    if (found[0]?.id === id) return false;
    if (!this.isOver) lostEnd(`entry ${seq} of the ledger is not there any more as it was written`);
    return true;
  }

  /** @param trouble  undefined when there is none */
  private judge(trouble: Extract<CommitResult, { kind: 'failed' | 'unknown' }> | undefined): void {
    const before = this.failing;
    this.failing = trouble?.detail;
    this.isDoubted ||= trouble !== undefined;
    const { log } = this.parts.telemetry;
    if (trouble === undefined && before !== undefined) log.write('info', 'ledger_works_again');
    else if (trouble !== undefined && before === undefined)
      log.write('error', 'ledger_fails', { detail: trouble.detail, result: trouble.kind });
  }
}
