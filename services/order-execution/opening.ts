import { type AccountState, type Caller, calls } from '@tradewind/binance';
import { add, formatAmount, isZero } from '@tradewind/core/money';
import { type AccountBooks, OWNER } from '@tradewind/core/portfolio';
import type { TradingEvent } from '@tradewind/proto';
import type { EventMaker } from './event-maker.ts';

export interface Opened {
  readonly events: readonly TradingEvent[];
  /** By symbol: the last trade that the balances hold already. */
  readonly bookedThrough: ReadonlyMap<string, number>;
}

const ATTEMPTS = 5;

/**
 * The very first start: everything that the account holds is the owner's. Balances and last trades must be of one instant, so both
 * trades before and after must be the same.
 * @returns undefined when the venue did not answer, or traded too much meanwhile
 */
export async function openBooks(
  caller: Caller,
  symbols: readonly string[],
  books: AccountBooks,
  events: EventMaker,
): Promise<Opened | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await lastTradesOf(caller, symbols);
    const account = await caller.perform(calls.account());
    const after = await lastTradesOf(caller, symbols);
    if (before === undefined || after === undefined || account.kind !== 'done') return undefined;
    if (symbols.every((symbol) => before.get(symbol) === after.get(symbol)))
      return { events: openingOf(account.value, books, events), bookedThrough: after };
  }
  return undefined;
}

async function lastTradesOf(
  caller: Caller,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, number> | undefined> {
  const last = new Map<string, number>();
  for (const symbol of symbols) {
    const trades = await caller.perform(calls.myTrades({ symbol, limit: 1 }));
    if (trades.kind !== 'done') return undefined;
    // Ids begin above zero: what has no trade yet has all of them to come.
    last.set(symbol, trades.value.at(-1)?.tradeId ?? -1);
  }
  return last;
}

function openingOf(
  { balances }: AccountState,
  books: AccountBooks,
  events: EventMaker,
): readonly TradingEvent[] {
  const held = balances
    .map(({ asset, free, locked }) => ({ asset, amount: add(free, locked) }))
    .filter(({ amount }) => !isZero(amount));
  const owner = books.subAccount(OWNER);
  const postings = books.book(() => {
    for (const { asset, amount } of held) owner.deposit(asset, amount);
  });
  const detail = held.map(({ asset, amount }) => `${formatAmount(amount)} ${asset}`).join(', ') || 'nothing';
  return [
    events.make(
      { kind: 'balance', cause: 'opening', postings, detail, key: 'opening' },
      { id: 'opening', correlationId: 'opening' },
    ),
  ];
}
