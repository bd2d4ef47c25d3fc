import { InvariantViolation, ok, type Result } from '@tradewind/core/result';
import type { CommittedEvent, JournalQuery, LedgerState } from '@tradewind/proto';
import { eventOf, type JournalEntry } from '@tradewind/proto/ledger';
import type { Timers } from '@tradewind/utils';
import { Connection, type DatabaseAddress, type Statement } from './connection.ts';
import { LOAD_STATE, type StoredState, stateOf } from './load-state.ts';
import { checkSchema } from './migrate.ts';
import { entryOfRow, journalStatement, type StoredEntry } from './read-journal.ts';

/** Reading is not possible now: the database does not answer, or refuses. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/** Reads may be long: a start after months, an export. */
const LIMIT_MS = 60_000;
const PAGE = 2000;

/** Reads a ledger that is there, and changes nothing. */
export class LedgerReader {
  private readonly connection: Connection;

  constructor(address: DatabaseAddress, timers: Timers) {
    this.connection = new Connection({ address, timers, limitMs: LIMIT_MS });
  }

  /** @returns a sentence where there is no ledger, or one that this program does not know */
  static async open(address: DatabaseAddress, timers: Timers): Promise<Result<LedgerReader, string>> {
    const reader = new LedgerReader(address, timers);
    const schema = await checkSchema(reader.connection);
    if (schema.ok) return ok(reader);
    await reader.close();
    return schema;
  }

  async load(): Promise<LedgerState> {
    const [row] = await this.rows<{ readonly state: StoredState }>({ text: LOAD_STATE });
    return stateOf(row!.state);
  }

  async read(query: JournalQuery): Promise<readonly CommittedEvent[]> {
    return (await this.entries(query)).map(readBack);
  }

  /** The same as it is written down. */
  async entries(query: JournalQuery): Promise<readonly JournalEntry[]> {
    return (await this.rows<StoredEntry>(journalStatement(query))).map(entryOfRow);
  }

  /** All that a query asks for, however many; its `limit` is not looked at. */
  async *allEntries(query: Omit<JournalQuery, 'limit'>): AsyncGenerator<JournalEntry> {
    for (let afterSeq = query.afterSeq; ; ) {
      const page = await this.entries({ ...query, afterSeq, limit: PAGE });
      yield* page;
      if (page.length < PAGE) return;
      afterSeq = page.at(-1)!.seq;
    }
  }

  async lastSeq(): Promise<number> {
    const [row] = await this.rows<{ readonly seq: string }>({ text: 'SELECT seq FROM tradewind.head' });
    return Number(row!.seq);
  }

  /** @throws LedgerUnavailable */
  async rows<Row extends object>(statement: Statement): Promise<readonly Row[]> {
    const answer = await this.connection.query<Row>(statement);
    if (answer.kind === 'done') return answer.rows;
    throw new LedgerUnavailable(`The ledger cannot be read now: ${answer.detail}`);
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

function readBack(entry: JournalEntry): CommittedEvent {
  const event = eventOf(entry);
  if (event.ok) return event.value;
  throw new InvariantViolation(`entry ${entry.seq} is what was written: ${event.error.detail}`);
}
