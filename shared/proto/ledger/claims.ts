import { type Amount, add, isZero, zero } from '@tradewind/core/money';
import type { TradingEvent } from '../contracts/event.ts';
import type { CommitConditions, CommitRefusal } from '../contracts/ledger.ts';
import { idsOf } from './facts.ts';
import { type BookedFillKey, fillKey } from './projections.ts';

/** What a commit needs to be free or true, and what refuses it otherwise. */
export interface Claims {
  /** Each must be that of the running lease: that of the conditions, then those of the intents (faults.md I9, X4). */
  readonly epochs: readonly number[];
  readonly clientOrderIds: readonly string[];
  readonly fills: readonly BookedFillKey[];
  readonly keys: readonly string[];
}

export function claimsOf(events: readonly TradingEvent[], conditions: CommitConditions): Claims {
  const epochs = conditions.epoch === undefined ? [] : [conditions.epoch];
  const clientOrderIds: string[] = [];
  const fills: BookedFillKey[] = [];
  const keys: string[] = [];
  for (const event of events) {
    if (event.kind === 'intent') {
      epochs.push(event.epoch);
      clientOrderIds.push(...idsOf(event.wanted));
    } else if (event.kind === 'fill') {
      const { symbol, tradeId } = event.fill;
      fills.push({ symbol, tradeId, venueOrderId: event.venueOrderId });
    } else if (event.kind === 'balance' && event.key !== undefined) keys.push(event.key);
  }
  return { epochs, clientOrderIds, fills, keys };
}

/** What is wrong with events whatever the ledger holds: something claimed twice, or postings that do not sum to zero. */
export const contradictionIn = (events: readonly TradingEvent[], claims: Claims): CommitRefusal | undefined =>
  repetitionIn(claims) ?? unbalancedIn(events);

function repetitionIn(claims: Claims): CommitRefusal | undefined {
  const clientOrderId = firstRepeated(claims.clientOrderIds);
  if (clientOrderId !== undefined) return { reason: 'client_order_id_used', clientOrderId };
  const fill = claims.fills[indexOfRepeated(claims.fills.map(fillKey))];
  if (fill !== undefined) return { reason: 'fill_booked', ...fill };
  const key = firstRepeated(claims.keys);
  return key === undefined ? undefined : { reason: 'key_booked', key };
}

const firstRepeated = (values: readonly string[]): string | undefined => values[indexOfRepeated(values)];
function indexOfRepeated(values: readonly string[]): number {
  const seen = new Set<string>();
  return values.findIndex((value) => seen.size === seen.add(value).size);
}

/** The first asset, in the order of the postings, of which an event moves more to one side than to the other. */
function unbalancedIn(events: readonly TradingEvent[]): CommitRefusal | undefined {
  for (const event of events) {
    if (event.kind !== 'fill' && event.kind !== 'balance') continue;
    const sums = new Map<string, Amount>();
    for (const { asset, amount } of event.postings)
      sums.set(asset, add(sums.get(asset) ?? zero<Amount>(), amount));
    for (const [asset, sum] of sums) {
      if (!isZero(sum)) return { reason: 'postings_unbalanced', eventId: event.id, asset, sum };
    }
  }
  return undefined;
}

/** Each event once, the first of an id. */
export function distinctOf(events: readonly TradingEvent[]): readonly TradingEvent[] {
  const seen = new Set<string>();
  return events.filter(({ id }) => seen.size !== seen.add(id).size);
}
