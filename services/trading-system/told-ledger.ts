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
import { JournalFollower, type JournalFollowerOptions } from '@tradewind/proto/ledger';

/**
 * A ledger that several services of one process write to, and that tells what was committed, each event once and in the order of `seq`.
 * So nobody in the process sees a hole where another service has written in between. What another process has written, or a commit
 * of which nobody heard the end, is read from the ledger.
 */
export class ToldLedger implements Ledger {
  private readonly inner: Ledger;
  private readonly follower: JournalFollower;

  /**
   * `hear` is told what was committed, and must not throw. When the ledger has lost its end it is also told what stands in the place of an
   * event that it knows: who has heard that one from here has no other way to notice (faults.md P11).
   */
  constructor(options: JournalFollowerOptions & { readonly ledger: Ledger }) {
    this.inner = options.ledger;
    this.follower = new JournalFollower({
      ...options,
      lostEnd: (detail, instead) => {
        options.lostEnd(detail, instead);
        if (instead !== undefined) options.hear([instead]);
      },
    });
  }

  /** From now on what comes after the present last event is told. */
  async begin(): Promise<void> {
    this.follower.begin(await this.inner.lastSeq());
  }

  /** Nothing is told any more. */
  end(): void {
    this.follower.end();
  }

  async commit(
    ...given: [events: Parameters<Ledger['commit']>[0], conditions?: CommitConditions]
  ): Promise<CommitResult> {
    const result = await this.inner.commit(...given);
    if (result.kind === 'committed') this.follower.take(result.events);
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
}
