import type { CommitResult, CommittedEvent, JournalQuery, Ledger, TradingEvent } from '@tradewind/proto';
import { committed } from '@tradewind/proto/ledger';

/** Whoever follows the journal looks now and then whether its latest entries are still there. */
const KEPT = 1_000;

/**
 * A ledger that from `begin` on only numbers what it is given and soon forgets it: what deciding costs without the write. Before that it
 * is the one inside, so that a system can be started on it.
 */
export class NumberingLedger implements Ledger {
  readonly load: Ledger['load'];
  readonly acquireLease: Ledger['acquireLease'];
  readonly releaseLease: Ledger['releaseLease'];
  private readonly inner: Ledger;
  private seq: number | undefined;
  private readonly latest: CommittedEvent[] = [];

  constructor(inner: Ledger) {
    this.inner = inner;
    this.load = () => inner.load();
    this.acquireLease = (request) => inner.acquireLease(request);
    this.releaseLease = (epoch) => inner.releaseLease(epoch);
  }

  async begin(): Promise<void> {
    this.seq = await this.inner.lastSeq();
  }

  async commit(events: readonly TradingEvent[], ...conditions: [object?]): Promise<CommitResult> {
    if (this.seq === undefined) return this.inner.commit(events, ...conditions);
    const numbered = events.map((event) => {
      this.seq! += 1;
      return committed(event, this.seq!);
    });
    this.latest.push(...numbered);
    if (this.latest.length > 2 * KEPT) this.latest.splice(0, this.latest.length - KEPT);
    return { kind: 'committed', events: numbered };
  }

  async read(query: JournalQuery): Promise<readonly CommittedEvent[]> {
    const { afterSeq, limit } = query;
    const isKept = (this.latest[0]?.seq ?? Number.POSITIVE_INFINITY) <= afterSeq + 1;
    return isKept ? this.latest.filter(({ seq }) => seq > afterSeq).slice(0, limit) : this.inner.read(query);
  }

  async lastSeq(): Promise<number> {
    return this.seq ?? this.inner.lastSeq();
  }
}
