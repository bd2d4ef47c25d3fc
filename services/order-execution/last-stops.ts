import { type Instrument, stepOf } from '@tradewind/core/market';
import { isFinal, type OrderRecord, type OrderState, ordersOf } from '@tradewind/core/orders';
import type { AccountBooks } from '@tradewind/core/portfolio';
import type { CommittedEvent, JournalQuery, Ledger, LedgerOrder } from '@tradewind/proto';
import { isProtective } from './protection.ts';
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

const isHeld = (books: AccountBooks, strategy: string, instrument: Instrument): boolean =>
  books.position(strategy, instrument).quantity >= stepOf(instrument);

/**
 * The newest stop that has ended decides; those that are open protect what they protect.
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
  const intent = await lastEnded(ledger, position, protecting);
  if (intent === undefined) return undefined;
  const legs = ordersOf(intent.wanted);
  const stop = legs.find(isProtective)!;
  const changes: (CommittedOrder | undefined)[] = [];
  for (const { clientOrderId } of legs) changes.push(await lastChangeOf(ledger, clientOrderId));
  const own = changes.find((change) => change?.record.clientOrderId === stop.clientOrderId);
  const isOver = own?.record.state === 'filled' || changes.some((change) => change?.isGivenUp === true);
  if (own === undefined || isOver) return undefined;
  if (await wasClosedSince(ledger, strategy, instrument, own.seq)) return undefined;
  return orderOf(intent, stop.clientOrderId, own.record);
}

/** @returns the intent of which a leg has ended last; an older intent may end after a newer one */
async function lastEnded(
  ledger: Pick<Ledger, 'read'>,
  position: Pick<JournalQuery, 'strategy' | 'symbol' | 'isReversed'>,
  intents: readonly CommittedIntent[],
): Promise<CommittedIntent | undefined> {
  const oldest = intents.at(-1);
  if (oldest === undefined) return undefined;
  const byLeg = new Map(
    intents.flatMap((intent) =>
      ordersOf(intent.wanted).map(({ clientOrderId }) => [clientOrderId, intent] as const),
    ),
  );
  for (let beforeSeq = 0; ; ) {
    const page = await ledger.read({ ...position, afterSeq: beforeSeq, limit: PAGE, kinds: ['order'] });
    for (const { record } of page as readonly CommittedOrder[])
      if (isFinal(record.state) && byLeg.has(record.clientOrderId)) return byLeg.get(record.clientOrderId);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined || last.seq < oldest.seq) return undefined;
    beforeSeq = last.seq;
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

/** Then what is held now is another position, which that stop was not meant for. */
async function wasClosedSince(
  ledger: Pick<Ledger, 'read'>,
  strategy: string,
  instrument: Instrument,
  seq: number,
): Promise<boolean> {
  const { symbol } = instrument;
  for (let afterSeq = seq; ; ) {
    const page = await ledger.read({ afterSeq, limit: PAGE, kinds: ['fill', 'balance'], strategy, symbol });
    for (const event of page) {
      const position = event.kind === 'fill' || event.kind === 'balance' ? event.position : undefined;
      if (position !== undefined && position.quantity < stepOf(instrument)) return true;
    }
    if (page.length < PAGE) return false;
    afterSeq = page.at(-1)!.seq;
  }
}

function orderOf(
  { wanted, expiresAtMs, atMs, correlationId }: CommittedIntent,
  clientOrderId: string,
  record: OrderRecord,
): LedgerOrder {
  const intent = ordersOf(wanted).find((each) => each.clientOrderId === clientOrderId)!;
  return { intent, record, expiresAtMs, createdAtMs: atMs, correlationId };
}
