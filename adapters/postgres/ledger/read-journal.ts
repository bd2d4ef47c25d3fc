import type { JournalQuery } from '@tradewind/proto';
import { type JournalEntry, READ_LIMIT_MAXIMUM } from '@tradewind/proto/ledger';
import type { Statement } from './connection.ts';

/** A row of the journal as the database gives it: 64-bit numbers are texts. */
export interface StoredEntry extends Omit<JournalEntry, 'seq' | 'atMs'> {
  readonly seq: string;
  readonly atMs: string;
  readonly previousHash: string;
  readonly symbol: string | null;
  readonly strategy: string | null;
}

export const ENTRY_COLUMNS = `j.seq, j.id, j.at_ms AS "atMs", j.kind, j.service, j.correlation_id AS "correlationId",
  j.cause_id AS "causeId", j.build, j.configuration_hash AS "configurationHash", j.symbol, j.strategy, j.payload,
  j.previous_hash AS "previousHash", j.hash`;

export const entryOfRow = ({ seq, atMs, ...rest }: StoredEntry): JournalEntry => ({
  ...rest,
  seq: Number(seq),
  atMs: Number(atMs),
});

/** The events that a query asks for, in its order. */
export function journalStatement(query: JournalQuery): Statement {
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const conditions: string[] = [];
  const where = (value: unknown, condition: (parameter: string) => string): void => {
    if (value !== undefined) conditions.push(condition(given(value)));
  };
  const isReversed = query.isReversed === true;
  if (!isReversed) where(query.afterSeq, (after) => `j.seq > ${after}`);
  else if (query.afterSeq !== 0) where(query.afterSeq, (before) => `j.seq < ${before}`);
  where(query.kinds, (kinds) => `j.kind = ANY (${kinds})`);
  where(query.correlationId, (id) => `j.correlation_id = ${id}`);
  where(query.symbol, (symbol) => `j.symbol = ${symbol}`);
  where(query.strategy, (strategy) => `j.strategy = ${strategy}`);
  where(query.fromMs, (from) => `j.at_ms >= ${from}`);
  where(query.toMs, (to) => `j.at_ms < ${to}`);
  where(
    query.clientOrderId,
    (id) => `j.seq IN (SELECT o.seq FROM tradewind.journal_orders AS o WHERE o.client_order_id = ${id})`,
  );
  const limit = given(Math.min(query.limit, READ_LIMIT_MAXIMUM));
  return {
    text: `SELECT ${ENTRY_COLUMNS} FROM tradewind.journal AS j
      ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
      ORDER BY j.seq ${isReversed ? 'DESC' : 'ASC'} LIMIT ${limit}`,
    values,
  };
}
