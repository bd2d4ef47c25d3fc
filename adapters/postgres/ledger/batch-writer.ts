import type { CommitRefusal, CommitResult } from '@tradewind/proto';
import type { Stamp } from '@tradewind/proto/ledger';
import { appendArguments, type CommitPart, conflictArguments } from './batch.ts';
import type { Answer, Connection } from './connection.ts';

/** The end of the journal, after a transaction of ours. */
export interface Head {
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
}

const places = (count: number): string =>
  Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ');
const APPEND = `SELECT tradewind.append_events(${places(18)}) AS answer`;
const CONFLICT = `SELECT tradewind.conflict_of(${places(5)}) AS answer`;

interface Appended {
  readonly written: number;
  readonly hash: string;
}
type Conflict =
  | { readonly known: readonly (readonly [id: string, seq: number])[] }
  /** Of each commit that is refused the first reason. */
  | { readonly refused: readonly { readonly commit: number; readonly refusal: CommitRefusal }[] };

interface Said<What> {
  readonly answer: What | null;
}

const UNIQUE_VIOLATION = '23505';

/** Serialization failure and deadlock: the database chose this transaction as the one to begin again (faults.md P7). */
const TRANSIENT = new Set(['40001', '40P01']);
const TRANSIENT_MAXIMUM = 5;
/** After a lost connection the same events are sent once more: if they were written, the ledger says so (faults.md P6). */
const LOST_MAXIMUM = 2;

/** Writes commits that go together: one transaction and one way to the database, unless something is refused or fails. */
export class BatchWriter {
  private readonly connection: Pick<Connection, 'query'>;
  private readonly stamp: Stamp;
  private readonly written: (head: Head) => void;

  /** @param written  hears of the new end of the journal */
  constructor(connection: Pick<Connection, 'query'>, stamp: Stamp, written: (head: Head) => void) {
    this.connection = connection;
    this.stamp = stamp;
    this.written = written;
  }

  /**
   * Sends until every commit has its result. Each round writes all that are left, or settles all of them that are known or refused.
   * @returns the results in the order of the commits
   */
  async write(commits: readonly CommitPart[]): Promise<readonly CommitResult[]> {
    const seqs = new Map<string, number>();
    const results: (CommitResult | undefined)[] = commits.map(() => undefined);
    let [transients, losses] = [0, 0];
    for (;;) {
      for (const [index, { events }] of commits.entries()) {
        if (results[index] === undefined && events.every(({ id }) => seqs.has(id)))
          results[index] = {
            kind: 'committed',
            events: events.map((event) => ({ ...event, seq: seqs.get(event.id)! })),
          };
      }
      const open = [...results.keys()].filter((index) => results[index] === undefined);
      if (open.length === 0) return results as readonly CommitResult[];
      const parts = open.map((index) => freshPart(commits[index]!, seqs));
      const answer = await this.append(parts);
      const settle = (result: CommitResult): void => {
        for (const index of open) results[index] = result;
      };
      if (answer.kind === 'done') {
        const said = answer.rows[0]!.answer;
        if (said === null && transients < TRANSIENT_MAXIMUM) transients += 1;
        else if (said === null)
          settle({ kind: 'failed', detail: 'it is refused, and nothing stands in its way' });
        else if ('refused' in said) {
          for (const { commit, refusal } of said.refused)
            results[open[commit]!] = { kind: 'refused', refusal };
        } else if ('known' in said) for (const [id, seq] of said.known) seqs.set(id, seq);
        else this.number(parts, said, seqs);
      } else if (answer.kind === 'lost') {
        losses += 1;
        if (losses === LOST_MAXIMUM) settle({ kind: 'unknown', detail: answer.detail });
      } else if (losses > 0) {
        settle({ kind: 'unknown', detail: answer.detail });
      } else if (answer.kind === 'rejected' && TRANSIENT.has(answer.code) && transients < TRANSIENT_MAXIMUM) {
        transients += 1;
      } else if (answer.kind === 'rejected' && open.length > 1 && !isOutOfRoom(answer.code)) {
        // One of them is what the database cannot take, and the others shall not suffer for it.
        for (const index of open) [results[index]] = await this.write([commits[index]!]);
      } else {
        settle({ kind: 'failed', detail: answer.detail });
      }
    }
  }

  /** @returns null where something stood in the way and stands there no more */
  private async append(parts: readonly CommitPart[]): Promise<Answer<Said<Appended | Conflict>>> {
    const values = appendArguments(parts, this.stamp);
    const answer = await this.connection.query<Said<Appended>>({ name: 'append', text: APPEND, values });
    const isInTheWay =
      answer.kind === 'done'
        ? answer.rows[0]!.answer === null
        : answer.kind === 'rejected' && answer.code === UNIQUE_VIOLATION;
    if (!isInTheWay) return answer;
    return this.connection.query<Said<Conflict>>({ text: CONFLICT, values: conflictArguments(parts) });
  }

  private number(
    parts: readonly CommitPart[],
    head: { readonly written: number; readonly hash: string },
    seqs: Map<string, number>,
  ): void {
    const ids = parts.flatMap(({ events }) => events.map(({ id }) => id));
    for (const [index, id] of ids.entries()) seqs.set(id, head.written - ids.length + 1 + index);
    this.written({ seq: head.written, hash: head.hash });
  }
}

const freshPart = (
  { events, entries, epoch }: CommitPart,
  seqs: ReadonlyMap<string, number>,
): CommitPart => ({
  events: events.filter(({ id }) => !seqs.has(id)),
  entries: entries.filter(({ id }) => !seqs.has(id)),
  epoch,
});

/** Disk full, out of memory, too many connections (class 53), canceled by a time limit: no matter of one commit. */
const isOutOfRoom = (code: string): boolean => code.startsWith('53') || code === '57014';
