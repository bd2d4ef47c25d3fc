import { type Instrument, stepOf } from '@tradewind/core/market';
import {
  isFinal,
  type OrderIntent,
  type OrderRecord,
  type OrderState,
  ordersOf,
} from '@tradewind/core/orders';
import type { CommittedEvent, JournalQuery, Ledger, LedgerOrder } from '@tradewind/proto';
import { isHeld, isProtective } from './protection.ts';
import type { Restored } from './restored.ts';
import type { StrategyExecution } from './settings.ts';

export interface LastStopsParts {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly strategies: ReadonlyMap<string, StrategyExecution>;
}

/** What the journal says of protection when a session begins (faults.md O14). */
export interface LastStops {
  /** Of positions that were left without their stop, and not on purpose: the stop of each. */
  readonly ended: readonly LedgerOrder[];
  /** Client order ids of open orders that a command cancels for good. */
  readonly givenUp: readonly string[];
}

type CommittedIntent = Extract<CommittedEvent, { kind: 'intent' }>;
type CommittedOrder = Extract<CommittedEvent, { kind: 'order' }>;

const PAGE = 1_000;
/** Of one strategy in one symbol, the newest wishes that are looked through for its stop. */
const INTENTS_READ = 1_000;
const CANCELING: ReadonlySet<OrderState> = new Set(['cancel_in_flight', 'cancel_unknown']);

/**
 * Finds the positions whose stop ended before the process did, and which nobody has given it back: the time in which that is done may
 * have been cut off. Rejects when the ledger does.
 */
export async function findLastStops(
  { ledger, instruments, strategies }: LastStopsParts,
  { books, state }: Pick<Restored, 'books' | 'state'>,
): Promise<LastStops> {
  const ended: LedgerOrder[] = [];
  const open = new Set(
    state.orders.filter(({ record }) => !isFinal(record.state)).map(({ record }) => record.clientOrderId),
  );
  for (const [strategy, { keepsProtection }] of strategies) {
    if (!keepsProtection) continue;
    for (const instrument of instruments.values()) {
      if (!isHeld(books, strategy, instrument)) continue;
      const stop = await lastStopOf(ledger, strategy, instrument, open);
      if (stop !== undefined) ended.push(stop);
    }
  }
  const givenUp: string[] = [];
  for (const { intent, record } of state.orders) {
    if (!CANCELING.has(record.state)) continue;
    if ((await lastChangeOf(ledger, intent.clientOrderId))?.isGivenUp === true)
      givenUp.push(intent.clientOrderId);
  }
  return { ended, givenUp };
}

/**
 * The stop that was wanted last of those that have ended without being filled decides; those that are open protect what they protect.
 * @param open  client order ids
 */
async function lastStopOf(
  ledger: Pick<Ledger, 'read'>,
  strategy: string,
  instrument: Instrument,
  open: ReadonlySet<string>,
): Promise<LedgerOrder | undefined> {
  const position = { strategy, symbol: instrument.symbol, isReversed: true };
  const intents = await ledger.read({ ...position, afterSeq: 0, limit: INTENTS_READ, kinds: ['intent'] });
  const protecting = (intents as readonly CommittedIntent[]).filter(({ wanted }) => {
    const legs = ordersOf(wanted);
    return legs.some(isProtective) && !legs.some(({ clientOrderId }) => open.has(clientOrderId));
  });
  for (const intent of protecting) {
    const legs = ordersOf(intent.wanted);
    const { clientOrderId } = legs.find(isProtective)!;
    const changes = await changesOf(ledger, legs);
    const own = changes.findLast(({ record }) => record.clientOrderId === clientOrderId);
    if (own === undefined) continue;
    // News may come of what has ended: the first end is when it did.
    const ends = changes.filter(({ record }) => isFinal(record.state)).map(({ seq }) => seq);
    const endedSeq = Math.min(own.seq, ...ends);
    const isOver =
      (await wasGivenUpSince(ledger, strategy, instrument, endedSeq)) ||
      (await wasClosed(ledger, strategy, instrument, intent.seq, endedSeq));
    if (isOver) return undefined;
    // Beside one that was filled an older one may have protected what is left.
    if (own.record.state !== 'filled') return orderOf(intent, clientOrderId, own.record);
  }
  return undefined;
}

/** Leg by leg, in the order in which they were written. */
async function changesOf(
  ledger: Pick<Ledger, 'read'>,
  legs: readonly OrderIntent[],
): Promise<readonly CommittedOrder[]> {
  const changes: CommittedOrder[] = [];
  for (const { clientOrderId } of legs)
    for await (const page of pagesOf(ledger, { afterSeq: 0, kinds: ['order'], clientOrderId }))
      changes.push(...(page as readonly CommittedOrder[]));
  return changes;
}

/** Whether a command ended it, or canceled everything there when it had ended. */
async function wasGivenUpSince(
  ledger: Pick<Ledger, 'read'>,
  strategy: string,
  { symbol }: Instrument,
  seq: number,
): Promise<boolean> {
  for await (const page of pagesOf(ledger, { afterSeq: seq - 1, kinds: ['order'], strategy, symbol }))
    if ((page as readonly CommittedOrder[]).some(({ isGivenUp }) => isGivenUp === true)) return true;
  return false;
}

async function* pagesOf(
  ledger: Pick<Ledger, 'read'>,
  query: Omit<JournalQuery, 'limit'>,
): AsyncGenerator<readonly CommittedEvent[]> {
  for (let { afterSeq } = query; ; ) {
    const page = await ledger.read({ ...query, afterSeq, limit: PAGE });
    yield page;
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    afterSeq = last.seq;
  }
}

async function lastChangeOf(
  ledger: Pick<Ledger, 'read'>,
  clientOrderId: string,
): Promise<CommittedOrder | undefined> {
  const query: JournalQuery = { afterSeq: 0, limit: 1, kinds: ['order'], clientOrderId, isReversed: true };
  const [change] = await ledger.read(query);
  return change as CommittedOrder | undefined;
}

/**
 * Whether the position was closed when the stop ended, as by the other leg of its list, or has been since: then what is held now is another
 * one, which that stop was not meant for.
 */
async function wasClosed(
  ledger: Pick<Ledger, 'read'>,
  strategy: string,
  instrument: Instrument,
  wantedSeq: number,
  endedSeq: number,
): Promise<boolean> {
  const { symbol } = instrument;
  const moves = { afterSeq: wantedSeq, kinds: ['fill', 'balance'], strategy, symbol } as const;
  let isClosed = false;
  for await (const page of pagesOf(ledger, moves))
    for (const event of page) {
      const position = event.kind === 'fill' || event.kind === 'balance' ? event.position : undefined;
      if (position === undefined) continue;
      if (event.seq > endedSeq && isClosed) return true;
      isClosed = position.quantity < stepOf(instrument);
    }
  return isClosed;
}

function orderOf(
  { wanted, expiresAtMs, atMs, correlationId }: CommittedIntent,
  clientOrderId: string,
  record: OrderRecord,
): LedgerOrder {
  const intent = ordersOf(wanted).find((each) => each.clientOrderId === clientOrderId)!;
  return { intent, record, expiresAtMs, createdAtMs: atMs, correlationId };
}
