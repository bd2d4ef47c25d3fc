import { formatAmount } from '@tradewind/core/money';
import { ACCOUNT_NAMES, type Posting } from '@tradewind/core/portfolio';
import type { CommittedEvent } from '@tradewind/proto';
import {
  CHAIN_BEGINNING,
  changesOf,
  factsOf,
  followingEvent,
  type JournalEntry,
  NO_HASH,
  Projections,
} from '@tradewind/proto/ledger';
import type { HeadKeeper } from './head-keeper.ts';
import type { LedgerReader } from './ledger-reader.ts';
import { ENTRY_COLUMNS, entryOfRow, type StoredEntry } from './read-journal.ts';
import { sha256 } from './sha256.ts';
import { compareHead } from './signed-head.ts';
import { differenceOf } from './state-difference.ts';

export type Verification =
  | {
      readonly kind: 'whole';
      readonly entries: number;
      /** Of the last entry. */
      readonly hash: string;
      /** Up to which entry a signed end of the journal vouches; undefined when none is kept, and a cut tail would not show. */
      readonly signedSeq: number | undefined;
    }
  /** `seq` is the first entry that is not as it was written; 0 when it is no entry. `what` is a sentence. */
  | { readonly kind: 'broken'; readonly seq: number; readonly what: string };

const PAGE = 2000;

/**
 * Goes over the whole ledger as it is at one instant: every entry and its hash, its postings and what it is found by; the end of the
 * journal against the signed one; and the projections against those that the journal gives.
 */
export async function verifyLedger(reader: LedgerReader, keeper?: HeadKeeper): Promise<Verification> {
  await reader.rows({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' });
  try {
    return await verifySnapshot(reader, keeper);
  } finally {
    await reader.rows({ text: 'COMMIT' });
  }
}

async function verifySnapshot(reader: LedgerReader, keeper: HeadKeeper | undefined): Promise<Verification> {
  const projections = new Projections();
  let last: StoredEntry | undefined;
  for (;;) {
    const page = await pageAfter(reader, Number(last?.seq ?? 0));
    for (const row of page.rows) {
      const what = wrongWith(row, last, page);
      if (what !== undefined) return { kind: 'broken', seq: Number(last?.seq ?? 0) + 1, what };
      last = row;
    }
    projections.apply(changesOf([...page.events.values()]));
    if (page.rows.length < PAGE) break;
  }
  const end = { seq: Number(last?.seq ?? 0), atMs: Number(last?.atMs ?? 0), hash: last?.hash ?? NO_HASH };
  const tail = await wrongAtEnd(reader, end);
  if (tail !== undefined) return tail;
  const head =
    keeper === undefined
      ? { kind: 'absent' as const }
      : await compareHead(keeper, (each) => reader.rows(each));
  if (head.kind === 'broken') return head;
  const projected = await wrongInProjections(reader, projections, end);
  if (projected !== undefined) return { kind: 'broken', seq: 0, what: projected };
  const signedSeq = head.kind === 'agrees' ? head.seq : undefined;
  return { kind: 'whole', entries: end.seq, hash: end.hash, signedSeq };
}

/** A piece of the journal with what other tables hold of it, by seq. */
interface Page {
  readonly rows: readonly StoredEntry[];
  readonly events: Map<number, CommittedEvent>;
  readonly orders: ReadonlyMap<number, readonly string[]>;
  readonly postings: ReadonlyMap<number, readonly string[]>;
}

async function pageAfter(reader: LedgerReader, afterSeq: number): Promise<Page> {
  const rows = await reader.rows<StoredEntry>({
    text: `SELECT ${ENTRY_COLUMNS} FROM tradewind.journal AS j WHERE j.seq > $1 ORDER BY j.seq LIMIT ${PAGE}`,
    values: [afterSeq],
  });
  const values = [afterSeq, Number(rows.at(-1)?.seq ?? afterSeq)];
  const orders = await reader.rows<Line>({
    text: `SELECT o.seq, o.client_order_id AS line FROM tradewind.journal_orders AS o
      WHERE o.seq > $1 AND o.seq <= $2 ORDER BY o.seq, o.client_order_id COLLATE "C"`,
    values,
  });
  const postings = await reader.rows<Line>({
    text: `SELECT seq, concat_ws(E'\\n', sub_account, account, asset, trim_scale(amount)) AS line FROM tradewind.postings
      WHERE seq > $1 AND seq <= $2 ORDER BY seq, ordinal`,
    values,
  });
  return { rows, events: new Map(), orders: linesBySeq(orders), postings: linesBySeq(postings) };
}

interface Line {
  readonly seq: string;
  readonly line: string;
}
function linesBySeq(lines: readonly Line[]): ReadonlyMap<number, readonly string[]> {
  const bySeq = new Map<number, string[]>();
  for (const { seq, line } of lines) {
    const known = bySeq.get(Number(seq));
    if (known === undefined) bySeq.set(Number(seq), [line]);
    else known.push(line);
  }
  return bySeq;
}

/** What is wrong with an entry that should follow `previous`, as a sentence; puts what it says into the page when nothing is. */
function wrongWith(row: StoredEntry, previous: StoredEntry | undefined, page: Page): string | undefined {
  const entry = entryOfRow(row);
  const end = previous === undefined ? CHAIN_BEGINNING : { seq: Number(previous.seq), hash: previous.hash };
  const event = followingEvent(entry, end, sha256, row.previousHash);
  if (!event.ok) return event.error;
  page.events.set(entry.seq, event.value);
  return wrongBeside(row, entry, event.value, page);
}

function wrongBeside(
  row: StoredEntry,
  { seq }: JournalEntry,
  event: CommittedEvent,
  page: Page,
): string | undefined {
  const { symbol, strategy, clientOrderIds } = factsOf(event);
  const isIndexed =
    row.symbol === (symbol ?? null) &&
    row.strategy === (strategy ?? null) &&
    isSame(page.orders.get(seq) ?? [], [...new Set(clientOrderIds)].sort());
  if (!isIndexed) return `Entry ${seq} is filed under a symbol, strategy or order that it is not about.`;
  const postings = 'postings' in event ? event.postings.map(lineOf) : [];
  if (!isSame(page.postings.get(seq) ?? [], postings))
    return `The postings of entry ${seq} are not what it says.`;
  return undefined;
}

const lineOf = ({ subAccount, account, asset, amount }: Posting): string =>
  [subAccount, ACCOUNT_NAMES[account], asset, formatAmount(amount)].join('\n');

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);

interface End {
  readonly seq: number;
  readonly atMs: number;
  readonly hash: string;
}

async function wrongAtEnd(reader: LedgerReader, end: End): Promise<Verification | undefined> {
  const [head] = await reader.rows<{ readonly seq: string; readonly hash: string }>({
    text: 'SELECT seq, hash FROM tradewind.head',
  });
  const seq = Number(head?.seq ?? 0);
  if (seq === end.seq && head?.hash === end.hash) return undefined;
  const what =
    seq > end.seq
      ? `The journal ends with entry ${end.seq}, and ${seq} were written: its tail is cut off.`
      : `The journal ends with entry ${end.seq}, and its head says that it is another (${seq}).`;
  return { kind: 'broken', seq: Math.min(seq, end.seq) + 1, what };
}

async function wrongInProjections(
  reader: LedgerReader,
  projections: Projections,
  end: End,
): Promise<string | undefined> {
  const part = differenceOf(await reader.load(), projections.state(end));
  if (part !== undefined)
    return `The journal is whole, but the ${part} that are kept beside it are not those that it gives.`;
  const [counts] = await reader.rows<Record<keyof Projections['counts'], number>>({
    text: `SELECT (SELECT count(*)::int FROM tradewind.client_order_ids) AS "clientOrderIds",
      (SELECT count(*)::int FROM tradewind.fills) AS fills, (SELECT count(*)::int FROM tradewind.booked_keys) AS keys`,
  });
  const { clientOrderIds, fills, keys } = projections.counts;
  if (counts!.clientOrderIds !== clientOrderIds)
    return 'The journal is whole, but used order ids are missing or added beside it.';
  if (counts!.fills !== fills)
    return 'The journal is whole, but booked fills are missing or added beside it.';
  if (counts!.keys !== keys)
    return 'The journal is whole, but keys of booked movements are missing or added beside it.';
  return undefined;
}
