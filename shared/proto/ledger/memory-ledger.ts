import { invariant } from '@tradewind/core/result';
import type { Clock } from '@tradewind/utils';
import type { CommittedEvent, TradingEvent } from '../contracts/event.ts';
import type {
  CommitConditions,
  CommitRefusal,
  CommitResult,
  JournalQuery,
  LeaseRequest,
  LeaseResult,
  Ledger,
  LedgerState,
} from '../contracts/ledger.ts';
import { changesOf } from './changes.ts';
import { type Claims, claimsOf, contradictionIn, distinctOf } from './claims.ts';
import { committed } from './committed.ts';
import {
  chainedText,
  type EntryText,
  entryOf,
  eventOf,
  type JournalEntry,
  NO_HASH,
  type Stamp,
} from './entry.ts';
import { type EventFacts, factsOf, isAskedFor } from './facts.ts';
import { Projections } from './projections.ts';

/** No reader is given more at once. */
export const READ_LIMIT_MAXIMUM = 10_000;

export interface MemoryLedgerOptions {
  readonly clock: Clock;
  readonly stamp?: Stamp;
  /** Of the UTF-8 bytes of a text, as hex. Left out: entries are not chained, and their hashes are empty. */
  readonly sha256?: (text: string) => string;
}

/**
 * The ledger of simulations and tests. It keeps entries as the text that a store would keep, and reads them back from it: what is wrong
 * with an event shows here, too. It grows with every event and forgets nothing.
 */
export class MemoryLedger implements Ledger {
  private readonly clock: Clock;
  private readonly stamp: Stamp;
  private readonly sha256: (text: string) => string;
  private journal: Kept[] = [];
  private readonly seqById = new Map<string, number>();
  private projections = new Projections();
  private lease: Lease = { epoch: 0, holder: undefined, untilMs: 0 };

  constructor({ clock, stamp, sha256 }: MemoryLedgerOptions) {
    this.clock = clock;
    this.stamp = stamp ?? { build: '', configurationHash: '' };
    this.sha256 = sha256 ?? (() => '');
  }

  async commit(events: readonly TradingEvent[], conditions: CommitConditions = {}): Promise<CommitResult> {
    const distinct = distinctOf(events);
    const fresh = distinct.filter(({ id }) => !this.seqById.has(id));
    const entries = fresh.map((event) => entryOf(event, this.stamp));
    const refusal = contradictionIn(distinct, claimsOf(distinct, {})) ?? this.refusalOf(fresh, conditions);
    if (refusal !== undefined) return { kind: 'refused', refusal };
    for (const [index, event] of fresh.entries()) this.append(event, entries[index]!);
    this.projections.apply(changesOf(fresh));
    return {
      kind: 'committed',
      events: events.map((event) => committed(event, this.seqById.get(event.id)!)),
    };
  }

  async load(): Promise<LedgerState> {
    return this.projections.state({ seq: this.journal.length, atMs: this.last?.entry.atMs ?? 0 });
  }

  async read(query: JournalQuery): Promise<readonly CommittedEvent[]> {
    const limit = Math.min(query.limit, READ_LIMIT_MAXIMUM);
    const { journal } = this;
    const found: CommittedEvent[] = [];
    const step = query.isReversed === true ? -1 : 1;
    const reversedFrom = query.afterSeq === 0 ? journal.length - 1 : query.afterSeq - 2;
    const first = step === 1 ? query.afterSeq : Math.min(reversedFrom, journal.length - 1);
    for (let index = first; found.length < limit && index >= 0 && index < journal.length; index += step) {
      const { entry, facts, kind } = journal[index]!;
      if (isAskedFor(query, { ...entry, kind }, facts)) found.push(readBack(entry));
    }
    return found;
  }

  async lastSeq(): Promise<number> {
    return this.journal.length;
  }

  async acquireLease({ holder, durationMs }: LeaseRequest): Promise<LeaseResult> {
    const nowMs = this.clock.nowMs();
    const { lease } = this;
    const isRunning = lease.holder !== undefined && lease.untilMs > nowMs;
    if (isRunning && lease.holder !== holder) {
      return { kind: 'taken', holder: lease.holder!, untilMs: lease.untilMs };
    }
    const epoch = isRunning ? lease.epoch : lease.epoch + 1;
    const untilMs = nowMs + durationMs;
    this.lease = { epoch, holder, untilMs };
    return { kind: 'held', epoch, untilMs };
  }

  async releaseLease(epoch: number): Promise<void> {
    if (this.lease.epoch === epoch) this.lease = { ...this.lease, holder: undefined };
  }

  /** Comes back without what was written after an entry, as a store does whose replica had not heard of it (faults.md P11). */
  loseAfter(seq: number): void {
    this.journal = this.journal.slice(0, seq);
    this.projections = new Projections();
    this.projections.apply(changesOf(this.journal.map(({ entry }) => readBack(entry))));
    for (const [id, at] of this.seqById) if (at > seq) this.seqById.delete(id);
  }

  /** The hash of the last entry, which stands for all of them. */
  get headHash(): string {
    return this.last?.entry.hash ?? NO_HASH;
  }

  /** As it is kept, for whoever verifies the chain. @param seq  from 1 on */
  entry(seq: number): JournalEntry | undefined {
    return this.journal[seq - 1]?.entry;
  }

  /** The lease that runs now; undefined while nobody holds it. */
  get runningLease(): { readonly epoch: number; readonly holder: string } | undefined {
    const { epoch, holder, untilMs } = this.lease;
    return holder === undefined || untilMs <= this.clock.nowMs() ? undefined : { epoch, holder };
  }

  private get last(): Kept | undefined {
    return this.journal.at(-1);
  }

  private append(event: TradingEvent, written: EntryText): void {
    const entry = { ...written, seq: this.journal.length + 1 };
    const hash = this.sha256(chainedText(this.headHash, entry));
    this.journal.push({ entry: { ...entry, hash }, facts: factsOf(event), kind: event.kind });
    this.seqById.set(event.id, entry.seq);
  }

  private refusalOf(fresh: readonly TradingEvent[], conditions: CommitConditions): CommitRefusal | undefined {
    if (fresh.length === 0) return undefined;
    const claims = claimsOf(fresh, conditions);
    return this.staleEpochOf(claims) ?? this.usedBy(claims);
  }

  private staleEpochOf({ epochs }: Claims): CommitRefusal | undefined {
    const running = this.runningLease;
    const epoch = epochs.find((each) => each !== running?.epoch);
    return epoch === undefined ? undefined : { reason: 'stale_epoch', epoch, current: this.lease.epoch };
  }

  private usedBy({ clientOrderIds, fills, keys }: Claims): CommitRefusal | undefined {
    const { projections } = this;
    const clientOrderId = clientOrderIds.find((id) => projections.hasClientOrderId(id));
    if (clientOrderId !== undefined) return { reason: 'client_order_id_used', clientOrderId };
    const fill = fills.find((each) => projections.hasFill(each));
    if (fill !== undefined) return { reason: 'fill_booked', ...fill };
    const key = keys.find((each) => projections.hasKey(each));
    return key === undefined ? undefined : { reason: 'key_booked', key };
  }
}

interface Kept {
  readonly entry: JournalEntry;
  readonly kind: TradingEvent['kind'];
  readonly facts: EventFacts;
}
interface Lease {
  readonly epoch: number;
  readonly holder: string | undefined;
  readonly untilMs: number;
}

function readBack(entry: JournalEntry): CommittedEvent {
  const event = eventOf(entry);
  invariant(event.ok, `an entry can be read back: ${event.ok ? '' : event.error.detail}`);
  return event.value;
}
