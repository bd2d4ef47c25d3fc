import { ok, type Result } from '@tradewind/core/result';
import type { EventKind, JournalQuery } from '@tradewind/proto';
import { EVENT_KINDS } from '@tradewind/proto/ledger';
import { badInput, type Complaint, nearest } from '../complaint.ts';
import { readTime } from '../read-values.ts';

/** What `ledger show` and `ledger export` are asked for, as it was typed. */
export interface TypedLedgerFilter {
  readonly from?: string;
  readonly to?: string;
  readonly kind?: readonly string[];
  readonly correlation?: string;
  readonly order?: string;
  readonly symbol?: string;
  readonly strategy?: string;
}

export function readLedgerFilter(typed: TypedLedgerFilter): Result<Omit<JournalQuery, 'limit'>, Complaint> {
  const unknown = typed.kind?.find((kind) => !EVENT_KINDS.includes(kind as EventKind));
  if (unknown !== undefined) {
    return badInput(
      `--kind ${unknown}: there is no such kind${nearest(unknown, EVENT_KINDS)}; there are ${EVENT_KINDS.join(', ')}`,
    );
  }
  const from = typed.from === undefined ? ok(undefined) : readTime('--from', typed.from);
  if (!from.ok) return from;
  const to = typed.to === undefined ? ok(undefined) : readTime('--to', typed.to);
  if (!to.ok) return to;
  if (from.value !== undefined && to.value !== undefined && from.value >= to.value) {
    return badInput(`--from ${typed.from} --to ${typed.to}: nothing lies between them`);
  }
  return ok({
    afterSeq: 0,
    ...(typed.kind === undefined ? {} : { kinds: typed.kind as readonly EventKind[] }),
    ...(from.value === undefined ? {} : { fromMs: from.value }),
    ...(to.value === undefined ? {} : { toMs: to.value }),
    ...(typed.correlation === undefined ? {} : { correlationId: typed.correlation }),
    ...(typed.order === undefined ? {} : { clientOrderId: typed.order }),
    ...(typed.symbol === undefined ? {} : { symbol: typed.symbol }),
    ...(typed.strategy === undefined ? {} : { strategy: typed.strategy }),
  });
}
