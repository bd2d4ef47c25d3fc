import { type Amount, add, isPositive, type QuoteAmount, zero } from '@tradewind/core/money';
import { type Fill, newOrderRecord, type OrderRecord, ordersOf } from '@tradewind/core/orders';
import type { PositionState, Posting } from '@tradewind/core/portfolio';
import { unreachable } from '@tradewind/core/result';
import type { BreakerStates } from '@tradewind/core/risk';
import type {
  BreakBody,
  EventBody,
  EventHead,
  FillBody,
  IntentBody,
  StrategyBody,
  TradingEvent,
  ValuationBody,
} from '../contracts/event.ts';
import type { DailyProfit, LedgerOrder } from '../contracts/ledger.ts';
import { idsOf } from './facts.ts';

/**
 * What a run of events changes in everything that is projected from the journal. Where a later event replaces what an earlier one says,
 * only the later is here; sums are summed up. A ledger writes it in the transaction of the events; written from the first event on, in
 * pieces of any size, it gives the same projections again. `event` is the index of the event that something comes from.
 */
export interface Changes {
  /** Every id of an intent, of lists, too: none may have been used before. */
  readonly clientOrderIds: string[];
  readonly orders: NewOrder[];
  /** By client order id: what is known after the events. Of orders without an intent in the ledger nothing is kept. */
  readonly records: Map<string, ChangedRecord>;
  readonly fills: BookedFillRow[];
  readonly postings: (Posting & { readonly event: number; readonly ordinal: number })[];
  readonly balances: Map<string, Posting>;
  readonly positions: Map<string, PositionState>;
  readonly profits: Map<string, DailyProfit>;
  /** By symbol: the highest trade id among the fills. */
  readonly watermarks: Map<string, number>;
  readonly keys: { readonly key: string; readonly atMs: number }[];
  /** By name. */
  readonly breaks: Map<string, BreakBody>;
  /** By name of the strategy. */
  readonly strategies: Map<string, StrategyBody>;
  breakers: BreakerStates | undefined;
  valuation: (ValuationBody & { readonly atMs: number }) | undefined;
}

export interface NewOrder {
  readonly event: number;
  /** Of a list, in the order in which the venue places them, from 0. */
  readonly leg: number;
  readonly order: LedgerOrder;
}

export interface ChangedRecord {
  readonly record: OrderRecord;
  /** Of the event. */
  readonly atMs: number;
}

export interface BookedFillRow {
  readonly event: number;
  readonly fill: Fill;
  readonly venueOrderId: number;
  readonly quoteAmount: QuoteAmount;
  readonly quoteAsset: string;
  readonly realizedPnl: QuoteAmount;
}

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** How long what has ended is loaded at a start: fills of ended orders may still come. */
export const ENDED_ORDERS_MS = 24 * HOUR_MS;
export const BOOKED_KEYS_MS = 7 * DAY_MS;
export const PROFITS_MS = 7 * DAY_MS;

export function changesOf(events: readonly TradingEvent[]): Changes {
  const changes: Changes = {
    clientOrderIds: [],
    orders: [],
    records: new Map(),
    fills: [],
    postings: [],
    balances: new Map(),
    positions: new Map(),
    profits: new Map(),
    watermarks: new Map(),
    keys: [],
    breaks: new Map(),
    strategies: new Map(),
    breakers: undefined,
    valuation: undefined,
  };
  for (const [index, event] of events.entries()) note(changes, event, index);
  return changes;
}

function note(changes: Changes, event: TradingEvent, index: number): void {
  const { atMs } = event;
  switch (event.kind) {
    case 'intent':
      noteIntent(changes, event, index);
      break;
    case 'order':
      if (event.isOurs) changes.records.set(event.record.clientOrderId, { record: event.record, atMs });
      break;
    case 'fill':
      notePostings(changes, event.postings, index);
      noteFill(changes, event, index);
      break;
    case 'balance':
      notePostings(changes, event.postings, index);
      if (event.position !== undefined) notePosition(changes, event.position);
      if (event.key !== undefined) changes.keys.push({ key: event.key, atMs });
      break;
    case 'control':
      changes.breakers = event.breakers;
      break;
    case 'valuation':
      changes.valuation = { ...bodyOf(event), atMs };
      break;
    case 'break':
      changes.breaks.set(event.name, bodyOf(event));
      break;
    case 'strategy':
      changes.strategies.set(event.strategy, bodyOf(event));
      break;
    case 'evaluation':
    case 'signal':
    case 'verdict':
    case 'answer':
    case 'configuration':
    case 'leader':
    case 'alert':
      break;
    default:
      unreachable(event);
  }
}

/** What an event says beyond its head and its place. */
function bodyOf<B extends EventBody>(event: EventHead & B & { readonly seq?: number }): B {
  const {
    id: _id,
    correlationId: _correlation,
    causeId: _cause,
    atMs: _at,
    service: _service,
    seq: _seq,
    ...body
  } = event;
  return body as unknown as B;
}

function noteIntent(changes: Changes, event: TradingEvent & IntentBody, index: number): void {
  const { wanted, expiresAtMs, atMs: createdAtMs, correlationId } = event;
  changes.clientOrderIds.push(...idsOf(wanted));
  const list = 'kind' in wanted ? { listClientOrderId: wanted.listClientOrderId } : {};
  for (const [leg, intent] of ordersOf(wanted).entries()) {
    const { clientOrderId, symbol, terms } = intent;
    const size = terms.quantity === undefined ? {} : { quantity: terms.quantity };
    const record = newOrderRecord({ clientOrderId, symbol, ...size });
    // What was said of an order before its intent is not kept, as it is not where the two come in two pieces.
    changes.records.delete(clientOrderId);
    const order = { intent, ...list, record, expiresAtMs, createdAtMs, correlationId };
    changes.orders.push({ event: index, leg, order });
  }
}

function noteFill(changes: Changes, event: TradingEvent & FillBody, index: number): void {
  const { fill, venueOrderId, quoteAmount, quoteAsset, realizedPnl, roundTripPnl } = event;
  const { symbol, strategy, tradeId } = fill;
  changes.fills.push({ event: index, fill, venueOrderId, quoteAmount, quoteAsset, realizedPnl });
  notePosition(changes, event.position);
  if (event.feePosition !== undefined) notePosition(changes, event.feePosition);
  changes.watermarks.set(symbol, Math.max(tradeId, changes.watermarks.get(symbol) ?? tradeId));
  const dayMs = Math.floor(event.atMs / DAY_MS) * DAY_MS;
  const isClosed = roundTripPnl !== undefined;
  addProfit(changes.profits, {
    dayMs,
    strategy,
    symbol,
    quoteAsset,
    realizedPnl,
    fills: 1,
    roundTrips: Number(isClosed),
    wonRoundTrips: Number(isClosed && isPositive(roundTripPnl)),
  });
}

function notePostings(changes: Changes, postings: readonly Posting[], event: number): void {
  for (const [ordinal, posting] of postings.entries()) {
    changes.postings.push({ ...posting, event, ordinal });
    addBalance(changes.balances, posting);
  }
}

const notePosition = (changes: Changes, position: PositionState): void => {
  changes.positions.set(positionKey(position), position);
};

const positionKey = ({ strategy, symbol }: Pick<PositionState, 'strategy' | 'symbol'>): string =>
  `${strategy}\n${symbol}`;

/** Adds to what is held under the same names. */
export function addBalance(
  balances: Map<string, Posting>,
  { subAccount, account, asset, amount }: Posting,
): void {
  const key = `${subAccount}\n${asset}\n${account}`;
  const sum = add(balances.get(key)?.amount ?? zero<Amount>(), amount);
  balances.set(key, { subAccount, account, asset, amount: sum });
}

export function addProfit(profits: Map<string, DailyProfit>, added: DailyProfit): void {
  const key = `${added.dayMs}\n${added.strategy}\n${added.symbol}\n${added.quoteAsset}`;
  const known = profits.get(key);
  profits.set(
    key,
    known === undefined
      ? added
      : {
          ...added,
          realizedPnl: add(known.realizedPnl, added.realizedPnl),
          fills: known.fills + added.fills,
          roundTrips: known.roundTrips + added.roundTrips,
          wonRoundTrips: known.wonRoundTrips + added.wonRoundTrips,
        },
  );
}
