import { formatAmount, formatPrice } from '@tradewind/core/money';
import { isFinal } from '@tradewind/core/orders';
import { ACCOUNT_NAMES } from '@tradewind/core/portfolio';
import type { TradingEvent } from '@tradewind/proto';
import {
  breakBody,
  breakerStates,
  type Changes,
  type Claims,
  changesOf,
  claimsOf,
  datedValuation,
  type EntryText,
  factsOf,
  orderIntent,
  orderRecord,
  type Stamp,
  strategyBody,
  textOf,
} from '@tradewind/proto/ledger';

/** One commit as it is sent: its events that are not known to be written, and what they need to be true. */
export interface CommitPart {
  readonly events: readonly TradingEvent[];
  readonly entries: readonly EntryText[];
  readonly epoch: number | undefined;
}

type Rows = readonly object[];
/** As a list for `json_to_recordset`; NULL when it is empty, so that the database skips its statement. */
const json = (rows: Rows): string | null => (rows.length === 0 ? null : JSON.stringify(rows));

/** The arguments of `tradewind.append_events` (migrations/0001-ledger.sql) for commits that go in one transaction, in their order. */
export function appendArguments(parts: readonly CommitPart[], stamp: Stamp): readonly unknown[] {
  const events = parts.flatMap((part) => part.events);
  const entries = parts.flatMap((part) => part.entries);
  const changes = changesOf(events);
  return [
    entries.map(({ id }) => id),
    json(entries.map(entryRow(events))),
    stamp.build,
    stamp.configurationHash,
    json(events.flatMap(filedOrders)),
    ...claimRows(parts).map(json),
    ...changeRows(changes).map(json),
  ];
}

const entryRow = (events: readonly TradingEvent[]) => (entry: EntryText, index: number) => {
  const { symbol, strategy } = factsOf(events[index]!);
  const { id, atMs, kind, service, correlationId, causeId, payload } = entry;
  return {
    id,
    at: atMs,
    kind,
    service,
    correlation: correlationId,
    cause: causeId,
    symbol,
    strategy,
    payload,
  };
};

/** Which orders an event is found by. */
const filedOrders = (event: TradingEvent, index: number): Rows =>
  [...new Set(factsOf(event).clientOrderIds)].map((id) => ({ id, event: index + 1 }));

/** Epochs, ids, fills and keys, each with the index of its commit and, for what is kept, the position of its event. */
function claimRows(parts: readonly CommitPart[]): readonly [Rows, Rows, Rows, Rows] {
  const [epochs, ids, fills, keys]: [object[], object[], object[], object[]] = [[], [], [], []];
  let event = 0;
  for (const [commit, part] of parts.entries()) {
    const conditions = part.epoch === undefined ? {} : { epoch: part.epoch };
    for (const epoch of claimsOf(part.events, conditions).epochs) epochs.push({ commit, epoch });
    for (const each of part.events) {
      event += 1;
      const claims: Claims = claimsOf([each], {});
      for (const id of claims.clientOrderIds) ids.push({ commit, event, id });
      for (const fill of claims.fills) fills.push({ commit, ...fill });
      for (const key of claims.keys) keys.push({ commit, key, at: each.atMs });
    }
  }
  return [epochs, ids, fills, keys];
}

function changeRows(changes: Changes): readonly Rows[] {
  return [
    changes.orders.map(({ event, leg, order }) => ({
      id: order.intent.clientOrderId,
      list: order.listClientOrderId,
      event: event + 1,
      leg,
      strategy: order.intent.strategy,
      symbol: order.intent.symbol,
      intent: textOf(orderIntent, order.intent),
      record: textOf(orderRecord, order.record),
      state: order.record.state,
      expires: order.expiresAtMs,
      created: order.createdAtMs,
      correlation: order.correlationId,
    })),
    [...changes.records.values()].map(({ record, atMs }) => ({
      id: record.clientOrderId,
      record: textOf(orderRecord, record),
      state: record.state,
      ended: isFinal(record.state) ? atMs : null,
    })),
    changes.fills.map(({ event, fill, venueOrderId, quoteAmount, quoteAsset, realizedPnl }) => ({
      symbol: fill.symbol,
      trade: fill.tradeId,
      venue: venueOrderId,
      id: fill.clientOrderId,
      strategy: fill.strategy,
      side: fill.side,
      quantity: formatAmount(fill.quantity),
      price: formatPrice(fill.price),
      quote: formatAmount(quoteAmount),
      quote_asset: quoteAsset,
      fee: formatAmount(fill.fee.amount),
      fee_asset: fill.fee.asset,
      liquidity: fill.liquidity,
      pnl: formatAmount(realizedPnl),
      time: fill.timeMs,
      event: event + 1,
    })),
    changes.postings.map(({ event, ordinal, subAccount, account, asset, amount }) => ({
      event: event + 1,
      ordinal,
      sub: subAccount,
      account: ACCOUNT_NAMES[account],
      asset,
      amount: formatAmount(amount),
    })),
    [...changes.positions.values()].map(
      ({ strategy, symbol, quantity, cost, realizedPnl, realizedBefore }) => ({
        strategy,
        symbol,
        quantity: formatAmount(quantity),
        cost: formatAmount(cost),
        pnl: formatAmount(realizedPnl),
        before_pnl: formatAmount(realizedBefore),
      }),
    ),
    [...changes.profits.values()].map((profit) => ({
      day: profit.dayMs,
      strategy: profit.strategy,
      symbol: profit.symbol,
      quote_asset: profit.quoteAsset,
      pnl: formatAmount(profit.realizedPnl),
      fills: profit.fills,
      trips: profit.roundTrips,
      won: profit.wonRoundTrips,
    })),
    [...changes.watermarks].map(([symbol, trade]) => ({ symbol, trade })),
    [...changes.breaks].map(([name, body]) => ({
      name,
      is_open: body.state === 'opened',
      body: textOf(breakBody, body),
    })),
    [...changes.strategies].map(([strategy, body]) => ({ strategy, body: textOf(strategyBody, body) })),
    wordRows(changes),
  ];
}

function wordRows({ breakers, valuation }: Changes): Rows {
  const rows: object[] = [];
  if (breakers !== undefined) rows.push({ name: 'breakers', body: textOf(breakerStates, breakers) });
  if (valuation !== undefined) rows.push({ name: 'valuation', body: textOf(datedValuation, valuation) });
  return rows;
}
