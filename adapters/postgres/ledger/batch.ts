import { formatAmount, formatPrice } from '@tradewind/core/money';
import { isFinal } from '@tradewind/core/orders';
import { ACCOUNT_NAMES } from '@tradewind/core/portfolio';
import type { TradingEvent } from '@tradewind/proto';
import {
  type BookedFillKey,
  breakBody,
  breakerStates,
  type Changes,
  changesOf,
  claimsOf,
  datedValuation,
  type EntryText,
  type EventFacts,
  factsOf,
  orderIntent,
  orderRecord,
  type Stamp,
  strategyBody,
  textOf,
} from '@tradewind/proto/ledger';
import { type Row, rowsText } from './row-text.ts';

/** One commit as it is sent: its events that are not known to be written, and what they need to be true. */
export interface CommitPart {
  readonly events: readonly TradingEvent[];
  readonly entries: readonly EntryText[];
  readonly epoch: number | undefined;
}

/** The arguments of `tradewind.append_events` (migrations/0002-faster-append.sql) for commits of one transaction, in their order. */
export function appendArguments(parts: readonly CommitPart[], stamp: Stamp): readonly unknown[] {
  const events = parts.flatMap((part) => part.events);
  const entries = parts.flatMap((part) => part.entries);
  const facts = events.map(factsOf);
  const claims = claimsOfParts(parts);
  return [
    stamp.build,
    stamp.configurationHash,
    claims.epochs.length === 0 ? null : claims.epochs.map(({ epoch }) => epoch),
    rowsText(entries.map((entry, index) => entryRow(entry, facts[index]!, index))),
    entries.map(({ payload }) => payload).join('\n'),
    rowsText(
      facts.flatMap(({ clientOrderIds }, index) => [...new Set(clientOrderIds)].map((id) => [id, index + 1])),
    ),
    rowsText(claims.ids.map(({ id, event }) => [id, event])),
    ...changeRows(changesOf(events), claims.keys).map(rowsText),
  ];
}

/** The arguments of `tradewind.conflict_of`, after `appendArguments` of the same commits were not taken. */
export function conflictArguments(parts: readonly CommitPart[]): readonly unknown[] {
  const { epochs, ids, fills, keys } = claimsOfParts(parts);
  const eventIds = parts.flatMap(({ events }) => events.map(({ id }) => id));
  return [eventIds, ...[epochs, ids, fills, keys].map((claims) => JSON.stringify(claims))];
}

/** What commits claim, each with the index of its commit and, for what is kept, the position of its event from 1. */
function claimsOfParts(parts: readonly CommitPart[]) {
  const epochs: { readonly commit: number; readonly epoch: number }[] = [];
  const ids: { readonly commit: number; readonly event: number; readonly id: string }[] = [];
  const fills: ({ readonly commit: number } & BookedFillKey)[] = [];
  const keys: { readonly commit: number; readonly key: string; readonly atMs: number }[] = [];
  let event = 0;
  for (const [commit, part] of parts.entries()) {
    if (part.epoch !== undefined) epochs.push({ commit, epoch: part.epoch });
    for (const each of part.events) {
      event += 1;
      const claims = claimsOf([each], {});
      for (const epoch of claims.epochs) epochs.push({ commit, epoch });
      for (const id of claims.clientOrderIds) ids.push({ commit, event, id });
      for (const fill of claims.fills) fills.push({ commit, ...fill });
      for (const key of claims.keys) keys.push({ commit, key, atMs: each.atMs });
    }
  }
  return { epochs, ids, fills, keys };
}

const entryRow = (
  { id, atMs, kind, service, correlationId, causeId }: EntryText,
  { symbol, strategy }: EventFacts,
  index: number,
): Row => {
  // Build, configuration, payload and hashes are given apart or made by the database.
  const made = null;
  const head = [index + 1, id, atMs, kind, service, correlationId, causeId, made, made];
  return [...head, symbol ?? null, strategy ?? null, made, made, made];
};

/** Rows of the tables, in the order of their columns and of the arguments; a seq is the position of the event. */
function changeRows(
  changes: Changes,
  keys: readonly { readonly key: string; readonly atMs: number }[],
): readonly (readonly Row[])[] {
  return [
    changes.orders.map(({ event, leg, order }) => [
      order.intent.clientOrderId,
      order.listClientOrderId ?? null,
      event + 1,
      leg,
      order.intent.strategy,
      order.intent.symbol,
      textOf(orderIntent, order.intent),
      textOf(orderRecord, order.record),
      order.record.state,
      null,
      order.expiresAtMs,
      order.createdAtMs,
      order.correlationId,
    ]),
    [...changes.records.values()].map(({ record, atMs }) => {
      const text = textOf(orderRecord, record);
      const endedAtMs = isFinal(record.state) ? atMs : null;
      const { clientOrderId, state } = record;
      return [clientOrderId, null, null, null, null, null, null, text, state, endedAtMs, null, null, null];
    }),
    changes.fills.map(({ event, fill, venueOrderId, quoteAmount, quoteAsset, realizedPnl }) => [
      fill.symbol,
      fill.tradeId,
      venueOrderId,
      fill.clientOrderId,
      fill.strategy,
      fill.side,
      formatAmount(fill.quantity),
      formatPrice(fill.price),
      formatAmount(quoteAmount),
      quoteAsset,
      formatAmount(fill.fee.amount),
      fill.fee.asset,
      fill.liquidity,
      formatAmount(realizedPnl),
      fill.timeMs,
      event + 1,
    ]),
    keys.map(({ key, atMs }) => [key, atMs]),
    changes.postings.map(({ event, ordinal, subAccount, account, asset, amount }) => [
      event + 1,
      ordinal,
      subAccount,
      ACCOUNT_NAMES[account],
      asset,
      formatAmount(amount),
    ]),
    [...changes.positions.values()].map(
      ({ strategy, symbol, quantity, cost, realizedPnl, realizedBefore }) => [
        strategy,
        symbol,
        formatAmount(quantity),
        formatAmount(cost),
        formatAmount(realizedPnl),
        formatAmount(realizedBefore),
      ],
    ),
    [...changes.profits.values()].map((profit) => [
      profit.dayMs,
      profit.strategy,
      profit.symbol,
      profit.quoteAsset,
      formatAmount(profit.realizedPnl),
      profit.fills,
      profit.roundTrips,
      profit.wonRoundTrips,
    ]),
    [...changes.watermarks],
    [...changes.breaks].map(([name, body]) => [name, body.state === 'opened', textOf(breakBody, body)]),
    [...changes.strategies].map(([strategy, body]) => [strategy, textOf(strategyBody, body)]),
    wordRows(changes),
  ];
}

function wordRows({ breakers, valuation }: Changes): readonly Row[] {
  const rows: Row[] = [];
  if (breakers !== undefined) rows.push(['breakers', textOf(breakerStates, breakers)]);
  if (valuation !== undefined) rows.push(['valuation', textOf(datedValuation, valuation)]);
  return rows;
}
