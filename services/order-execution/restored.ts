import type { Instrument } from '@tradewind/core/market';
import { add, type Quantity, zero } from '@tradewind/core/money';
import { isFinal } from '@tradewind/core/orders';
import { AccountBooks } from '@tradewind/core/portfolio';
import type { CommittedEvent, Ledger, LedgerOrder, LedgerState } from '@tradewind/proto';
import { type BookedTrade, keyOfFill, tradeBookedIn } from './fills.ts';

type CommittedFill = Extract<CommittedEvent, { kind: 'fill' }>;

/** What the ledger knows at a start, brought into the form that order execution works with. */
export interface Restored {
  readonly state: LedgerState;
  readonly books: AccountBooks;
  /** By client order id: what of an order is in fills. */
  readonly booked: ReadonlyMap<string, Quantity>;
  /** Of fills that may be told once more. */
  readonly fillKeys: readonly string[];
  /** From where on the trades of a symbol are asked for again. */
  readonly bookedThrough: ReadonlyMap<string, number>;
  /** When the account's books were opened, epoch ms; undefined when they have not been. */
  readonly openedAtMs: number | undefined;
}

/** So many of the newest fills and movements are looked at. */
const FILLS_READ = 2000;
/** Of a symbol that has none among these; what is older has been settled long ago. */
const OLDER_READ = 100;
/** Trades of orders that we did not send are movements of the owner's money. */
const KINDS = ['fill', 'balance'] as const;
/**
 * Trades are read again from so long before the newest booked one on: one of an earlier instant may not have been booked when a
 * later one was, and the watermark of the ledger does not know.
 */
const READ_AGAIN_MS = 600_000;

export async function restore(
  ledger: Pick<Ledger, 'load' | 'read'>,
  instruments: ReadonlyMap<string, Instrument>,
): Promise<Restored> {
  const state = await ledger.load();
  const recent = await ledger.read({ afterSeq: 0, limit: FILLS_READ, kinds: KINDS, isReversed: true });
  const trades = await bookedTrades(ledger, recent, instruments);
  const [opening] = await ledger.read({ afterSeq: 0, limit: 1, kinds: ['balance'] });
  const books = new AccountBooks();
  for (const balance of state.balances) books.restoreBalance(balance);
  for (const position of state.positions) {
    const instrument = instruments.get(position.symbol);
    // A symbol that is not traded any more keeps its position in the ledger.
    if (instrument !== undefined) books.restorePosition(position, instrument);
  }
  return {
    state,
    books,
    booked: await bookedByOrder(ledger, state.orders, recent),
    fillKeys: trades.map(keyOfFill),
    bookedThrough: watermarksOf(trades, recent.length < FILLS_READ),
    openedAtMs: opening?.atMs,
  };
}

/** Ours and those of others, the newest first: of every symbol that has any, some. */
async function bookedTrades(
  ledger: Pick<Ledger, 'read'>,
  recent: readonly CommittedEvent[],
  instruments: ReadonlyMap<string, Instrument>,
): Promise<readonly BookedTrade[]> {
  const trades = recent.flatMap(tradeBookedIn);
  if (recent.length < FILLS_READ) return trades;
  const seen = new Set(trades.map(({ symbol }) => symbol));
  for (const symbol of instruments.keys()) {
    if (seen.has(symbol)) continue;
    const older = await ledger.read({
      afterSeq: 0,
      limit: OLDER_READ,
      kinds: KINDS,
      symbol,
      isReversed: true,
    });
    trades.push(...older.flatMap(tradeBookedIn));
  }
  return trades;
}

async function bookedByOrder(
  ledger: Pick<Ledger, 'read'>,
  orders: readonly LedgerOrder[],
  recent: readonly CommittedEvent[],
): Promise<ReadonlyMap<string, Quantity>> {
  const booked = new Map<string, Quantity>();
  const count = ({ fill }: CommittedFill): void => {
    booked.set(fill.clientOrderId, add(booked.get(fill.clientOrderId) ?? zero<Quantity>(), fill.quantity));
  };
  for (const event of recent) if (event.kind === 'fill') count(event);
  const isEverything = recent.length < FILLS_READ;
  const readSinceMs = isEverything ? Number.NEGATIVE_INFINITY : (recent.at(-1)?.atMs ?? 0);
  for (const { intent, record, createdAtMs } of orders) {
    if (createdAtMs > readSinceMs) continue;
    const { clientOrderId } = intent;
    if (isFinal(record.state)) {
      // It has ended long before the newest fills; the sweeps of those days have settled it.
      booked.set(clientOrderId, record.executedQuantity);
      continue;
    }
    booked.delete(clientOrderId);
    const own = await ledger.read({ afterSeq: 0, limit: FILLS_READ, kinds: ['fill'], clientOrderId });
    for (const fill of own as readonly CommittedFill[]) count(fill);
  }
  return booked;
}

/**
 * @param trades  the newest first
 * @param isEverything  whether there are no older ones
 */
function watermarksOf(trades: readonly BookedTrade[], isEverything: boolean): ReadonlyMap<string, number> {
  const through = new Map<string, number>();
  for (const [symbol, ofSymbol] of Map.groupBy(trades, (trade) => trade.symbol)) {
    const newestMs = Math.max(...ofSymbol.map(({ timeMs }) => timeMs));
    const old = ofSymbol.find(({ timeMs }) => timeMs <= newestMs - READ_AGAIN_MS);
    // Without an old one all is read again since the books were opened, or since the oldest that was looked at.
    const from = old ?? (isEverything ? undefined : ofSymbol.at(-1));
    if (from !== undefined) through.set(symbol, from.tradeId);
  }
  return through;
}
