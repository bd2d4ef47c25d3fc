import { invariant, ok, type Result } from '@tradewind/core/result';
import type {
  CommitConditions,
  CommitResult,
  CommittedEvent,
  JournalQuery,
  LeaseRequest,
  LeaseResult,
  Ledger,
  LedgerState,
  TradingEvent,
} from '@tradewind/proto';
import { claimsOf, contradictionIn, distinctOf, entryOf, isName, type Stamp } from '@tradewind/proto/ledger';
import { type Log, silentTelemetry, type Timers } from '@tradewind/utils';
import { BatchWriter } from './batch-writer.ts';
import { Connection, type DatabaseAddress } from './connection.ts';
import { GroupCommit, type GroupLimits } from './group-commit.ts';
import type { HeadKeeper } from './head-keeper.ts';
import { LedgerReader } from './ledger-reader.ts';
import { checkSchema, MIGRATIONS, migrate } from './migrate.ts';
import { SignedHead } from './signed-head.ts';

export interface PostgresLedgerOptions {
  readonly address: DatabaseAddress;
  readonly timers: Timers;
  readonly stamp: Stamp;
  /** Keeps the signed end of the journal outside the database. Left out: a cut tail shows nowhere. */
  readonly headKeeper?: HeadKeeper;
  readonly log?: Log;
  /** For one statement; default 5 s. A commit is given up after three of them at most. */
  readonly limitMs?: number;
  readonly group?: GroupLimits;
}

const LIMIT_MS = 5000;
const GROUP: GroupLimits = { waitingMaximum: 50_000, batchMaximum: 500 };

/**
 * The ledger in PostgreSQL. Commits, the lease and reads have a connection each, so that none waits behind another; each is made when
 * it is needed and made anew after it was lost.
 */
export class PostgresLedger implements Ledger {
  private readonly stamp: Stamp;
  private readonly commits: Connection;
  private readonly leases: Connection;
  private readonly reader: LedgerReader;
  private readonly group: GroupCommit;
  private readonly signedHead: SignedHead | undefined;

  private constructor(options: PostgresLedgerOptions) {
    const {
      address,
      timers,
      stamp,
      headKeeper,
      limitMs = LIMIT_MS,
      group = GROUP,
      log = silentTelemetry.log,
    } = options;
    for (const part of [stamp.build, stamp.configurationHash]) {
      invariant(
        isName(part),
        'the stamp of events has a build and a configuration hash, without control characters',
      );
    }
    this.stamp = stamp;
    this.commits = new Connection({ address, timers, limitMs });
    this.leases = new Connection({ address, timers, limitMs });
    this.reader = new LedgerReader(address, timers);
    this.signedHead = headKeeper === undefined ? undefined : new SignedHead(headKeeper, timers, log);
    const writer = new BatchWriter(this.commits, stamp, (head) => this.signedHead?.moved(head));
    this.group = new GroupCommit((parts) => writer.write(parts), group);
  }

  /** Brings the schema up to date and compares the end of the journal with the one that was kept. @returns a sentence where that fails */
  static async open(options: PostgresLedgerOptions): Promise<Result<PostgresLedger, string>> {
    const ledger = new PostgresLedger(options);
    const checked = await ledger.check();
    if (checked.ok) return ok(ledger);
    await ledger.close();
    return checked;
  }

  async commit(events: readonly TradingEvent[], conditions: CommitConditions = {}): Promise<CommitResult> {
    const distinct = distinctOf(events);
    const entries = distinct.map((event) => entryOf(event, this.stamp));
    const refusal = contradictionIn(distinct, claimsOf(distinct, {}));
    if (refusal !== undefined) return { kind: 'refused', refusal };
    const result = await this.group.add({ events: distinct, entries, epoch: conditions.epoch });
    if (result.kind !== 'committed' || distinct.length === events.length) return result;
    const seqs = new Map(result.events.map(({ id, seq }) => [id, seq]));
    return { kind: 'committed', events: events.map((event) => ({ ...event, seq: seqs.get(event.id)! })) };
  }

  load(): Promise<LedgerState> {
    return this.reader.load();
  }

  read(query: JournalQuery): Promise<readonly CommittedEvent[]> {
    return this.reader.read(query);
  }

  lastSeq(): Promise<number> {
    return this.reader.lastSeq();
  }

  async acquireLease({ holder, durationMs }: LeaseRequest): Promise<LeaseResult> {
    // A newer program may have changed the schema since this one started (faults.md P13).
    const answer = await this.leases.query<{ readonly lease: StoredLease | null }>({
      name: 'lease',
      text: `SELECT CASE WHEN (SELECT count(*) FROM tradewind.migrations) = $3
        THEN tradewind.acquire_lease($1, $2) END AS lease`,
      values: [holder, durationMs, MIGRATIONS.length],
    });
    if (answer.kind !== 'done') return { kind: 'failed', detail: answer.detail };
    const { lease } = answer.rows[0]!;
    if (lease === null) {
      const schema = await checkSchema(this.leases);
      return { kind: 'failed', detail: schema.ok ? 'the schema has just changed' : schema.error };
    }
    return lease.holder === holder
      ? { kind: 'held', epoch: lease.epoch, untilMs: lease.until }
      : { kind: 'taken', holder: lease.holder, untilMs: lease.until };
  }

  /** Where the database does not answer the lease ends by itself. */
  async releaseLease(epoch: number): Promise<void> {
    await this.leases.query({
      text: 'UPDATE tradewind.head SET holder = NULL WHERE epoch = $1',
      values: [epoch],
    });
  }

  /** Writes what waits, keeps the end of the journal, and ends the connections. */
  async close(): Promise<void> {
    await this.group.drained();
    await this.signedHead?.close();
    await Promise.all([this.commits.close(), this.leases.close(), this.reader.close()]);
  }

  private async check(): Promise<Result<void, string>> {
    const migrated = await migrate(this.commits);
    if (!migrated.ok || this.signedHead === undefined) return migrated;
    return await this.signedHead.begin((statement) => this.reader.rows(statement));
  }
}

interface StoredLease {
  readonly epoch: number;
  readonly holder: string;
  readonly until: number;
}
