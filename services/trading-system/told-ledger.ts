import type {
  CommitConditions,
  CommitResult,
  CommittedEvent,
  JournalQuery,
  LeaseRequest,
  LeaseResult,
  Ledger,
  LedgerState,
} from '@tradewind/proto';
import type { Timer, Timers } from '@tradewind/utils';

/** How many events may wait for one before them; beyond, what is missing is left to be read by who needs it. */
const WAITING_MAX = 10_000;
/** Commits of this process come back apart by this much at most, as a rule; what is still missing then is read. */
const HOLE_WAIT_MS = 250;
const PAGE = 1_000;

/**
 * A ledger that several services of one process write to, and that tells what was committed, each event once and in the order of `seq`.
 * So nobody in the process sees a hole where another service has written in between. What another process has written, or a commit
 * of which nobody heard the end, is read from the ledger.
 */
export class ToldLedger implements Ledger {
  private readonly inner: Ledger;
  private readonly tell: (events: readonly CommittedEvent[]) => void;
  private readonly waiting = new Map<number, CommittedEvent>();
  /** The last that was told; undefined until `begin`. */
  private told: number | undefined;
  private readonly timers: Timers;
  private holeTimer: Timer | undefined;

  /** @param tell  must not throw */
  constructor(inner: Ledger, timers: Timers, tell: (events: readonly CommittedEvent[]) => void) {
    this.inner = inner;
    this.timers = timers;
    this.tell = tell;
  }

  /** From now on what comes after the present last event is told. */
  async begin(): Promise<void> {
    this.told = await this.inner.lastSeq();
  }

  /** Nothing is told any more. */
  end(): void {
    this.told = undefined;
    this.holeTimer?.cancel();
  }

  async commit(
    ...given: [events: Parameters<Ledger['commit']>[0], conditions?: CommitConditions]
  ): Promise<CommitResult> {
    const result = await this.inner.commit(...given);
    if (result.kind === 'committed') this.take(result.events);
    return result;
  }

  load(): Promise<LedgerState> {
    return this.inner.load();
  }

  read(query: JournalQuery): Promise<readonly CommittedEvent[]> {
    return this.inner.read(query);
  }

  lastSeq(): Promise<number> {
    return this.inner.lastSeq();
  }

  acquireLease(request: LeaseRequest): Promise<LeaseResult> {
    return this.inner.acquireLease(request);
  }

  releaseLease(epoch: number): Promise<void> {
    return this.inner.releaseLease(epoch);
  }

  private take(events: readonly CommittedEvent[]): void {
    if (this.told === undefined) return;
    for (const event of events) if (event.seq > this.told) this.waiting.set(event.seq, event);
    if (this.waiting.size > WAITING_MAX) this.told = Math.min(...this.waiting.keys()) - 1;
    const next: CommittedEvent[] = [];
    for (
      let event = this.waiting.get(this.told + 1);
      event !== undefined;
      event = this.waiting.get(this.told + 1)
    ) {
      this.waiting.delete(event.seq);
      this.told = event.seq;
      next.push(event);
    }
    if (next.length > 0) this.tell(next);
    if (this.waiting.size > 0)
      this.holeTimer ??= this.timers.after(HOLE_WAIT_MS, () => void this.readMissing(this.told ?? 0));
  }

  private async readMissing(afterSeq: number): Promise<void> {
    const events = await this.inner.read({ afterSeq, limit: PAGE }).catch(() => []);
    this.holeTimer = undefined;
    this.take(events);
  }
}
