import type { CommitResult, Ledger, TradingEvent } from '@tradewind/proto';

/**
 * A ledger that from `begin` on only numbers what it is given and keeps nothing of it: what deciding costs without the write. Before
 * that it is the one inside, so that a system can be started on it.
 */
export class NumberingLedger implements Ledger {
  readonly load: Ledger['load'];
  readonly read: Ledger['read'];
  readonly acquireLease: Ledger['acquireLease'];
  readonly releaseLease: Ledger['releaseLease'];
  private readonly inner: Ledger;
  private seq: number | undefined;

  constructor(inner: Ledger) {
    this.inner = inner;
    this.load = () => inner.load();
    this.read = (query) => inner.read(query);
    this.acquireLease = (request) => inner.acquireLease(request);
    this.releaseLease = (epoch) => inner.releaseLease(epoch);
  }

  async begin(): Promise<void> {
    this.seq = await this.inner.lastSeq();
  }

  async commit(events: readonly TradingEvent[], ...conditions: [object?]): Promise<CommitResult> {
    if (this.seq === undefined) return this.inner.commit(events, ...conditions);
    return {
      kind: 'committed',
      events: events.map((event) => {
        this.seq! += 1;
        return { ...event, seq: this.seq! };
      }),
    };
  }

  async lastSeq(): Promise<number> {
    return this.seq ?? this.inner.lastSeq();
  }
}
