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

/** How many events may wait for one before them; beyond, what is missing is left to be read from the ledger. */
const WAITING_MAX = 10_000;

/**
 * A ledger that several services of one process write to, and that tells what was committed, each event once and in the order of `seq`.
 * So nobody in the process sees a hole where another service has written in between.
 */
export class ToldLedger implements Ledger {
  private readonly inner: Ledger;
  private readonly tell: (events: readonly CommittedEvent[]) => void;
  private readonly waiting = new Map<number, CommittedEvent>();
  /** The last that was told; undefined until `begin`. */
  private told: number | undefined;

  /** @param tell  must not throw */
  constructor(inner: Ledger, tell: (events: readonly CommittedEvent[]) => void) {
    this.inner = inner;
    this.tell = tell;
  }

  /** From now on what comes after the present last event is told. */
  async begin(): Promise<void> {
    this.told = await this.inner.lastSeq();
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
    // Another process has written what is missing here, or it was lost on its way: who needs it reads the ledger.
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
  }
}
