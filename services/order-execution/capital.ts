import type { Instrument } from '@tradewind/core/market';
import {
  type Amount,
  absolute,
  add,
  asAsset,
  formatAmount,
  isNegative,
  isPositive,
  isZero,
  maximum,
  minimum,
  notional,
  type Quantity,
  settle,
  subtract,
  zero,
} from '@tradewind/core/money';
import { isFinal, limitPriceOf } from '@tradewind/core/orders';
import { Account, type AccountBooks, OWNER } from '@tradewind/core/portfolio';
import type { Ledger, LedgerOrder, TradingEvent } from '@tradewind/proto';
import type { EventMaker } from './event-maker.ts';
import type { Restored } from './restored.ts';
import type { ExecutionSettings } from './settings.ts';

export interface CapitalParts {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly events: EventMaker;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly settings: Pick<ExecutionSettings, 'strategies'>;
}

/** Changes of one strategy's capital that are read: a person makes one now and then. */
const CHANGES_READ = 1_000;

/**
 * Brings the capital of every configured strategy to what its configuration says: the difference to what it has been given so far moves
 * between the owner's account and its own, all of its assets or none. What a strategy has won or lost stays with it, and a strategy
 * that is configured no more keeps all that it has. Rejects when the ledger does.
 */
export async function allocateCapital(
  { ledger, events, instruments, settings }: CapitalParts,
  restored: Pick<Restored, 'books' | 'booked' | 'state'>,
): Promise<readonly TradingEvent[]> {
  const { books } = restored;
  const made: TradingEvent[] = [];
  for (const [strategy, { capital }] of settings.strategies) {
    const { given, times } = await givenTo(ledger, strategy);
    const wanted = new Map(capital.map(({ asset, amount }) => [asset, amount]));
    const changes = [...new Set([...wanted.keys(), ...given.keys()])]
      .map((asset) => ({
        asset,
        configured: wanted.get(asset) ?? zero<Amount>(),
        given: given.get(asset) ?? zero<Amount>(),
      }))
      .filter((each) => each.configured !== each.given);
    const refusals = changes.flatMap((change) => {
      const more = subtract(change.configured, change.given);
      const [from, free] = isNegative(more)
        ? [strategy, freeOf(strategy, change.asset, restored, instruments)]
        : [OWNER, balanceOf(books, OWNER, change.asset)];
      return free < absolute(more) ? [refusal(strategy, change, from, free, events)] : [];
    });
    if (refusals.length > 0) made.push(...refusals);
    else if (changes.length > 0) made.push(transfer(strategy, changes, times, books, events));
  }
  return made;
}

interface Change {
  readonly asset: string;
  readonly configured: Amount;
  readonly given: Amount;
}

/** What allocations have brought a strategy, by asset, and how many there were. */
async function givenTo(
  ledger: Pick<Ledger, 'read'>,
  strategy: string,
): Promise<{ readonly given: ReadonlyMap<string, Amount>; readonly times: number }> {
  const allocations = await ledger.read({
    afterSeq: 0,
    limit: CHANGES_READ,
    kinds: ['balance'],
    correlationId: allocationOf(strategy),
  });
  const given = new Map<string, Amount>();
  for (const event of allocations) {
    if (event.kind !== 'balance') continue;
    for (const { subAccount, account, asset, amount } of event.postings) {
      if (subAccount !== strategy || account !== Account.free) continue;
      given.set(asset, add(given.get(asset) ?? zero<Amount>(), amount));
    }
  }
  return { given, times: allocations.length };
}

const allocationOf = (strategy: string): string => `allocation ${strategy}`;

function transfer(
  strategy: string,
  changes: readonly Change[],
  times: number,
  books: AccountBooks,
  events: EventMaker,
): TradingEvent {
  const owner = books.subAccount(OWNER);
  const own = books.subAccount(strategy);
  const postings = books.book(() => {
    for (const { asset, configured, given } of changes) {
      const more = subtract(configured, given);
      const [from, to] = isNegative(more) ? [own, owner] : [owner, own];
      from.withdraw(asset, absolute(more));
      to.deposit(asset, absolute(more));
    }
  });
  const detail = changes
    .map(({ asset, configured, given }) =>
      isZero(given)
        ? `${formatAmount(configured)} ${asset}`
        : `${formatAmount(configured)} ${asset} instead of ${formatAmount(given)}`,
    )
    .join(', ');
  const correlationId = allocationOf(strategy);
  // The name says which change it is, so that none can be booked twice.
  const key = times === 0 ? correlationId : `${correlationId} ${times + 1}`;
  return events.make(
    { kind: 'balance', cause: 'allocation', postings, detail: `capital of ${strategy}: ${detail}`, key },
    { id: key, correlationId },
  );
}

/** What a strategy has of an asset beyond what its positions are and its orders may still need. */
function freeOf(
  strategy: string,
  asset: string,
  { books, booked, state }: Pick<Restored, 'books' | 'booked' | 'state'>,
  instruments: ReadonlyMap<string, Instrument>,
): Amount {
  const balance = balanceOf(books, strategy, asset);
  let bought: Amount = zero();
  for (const instrument of instruments.values())
    if (instrument.baseAsset === asset)
      bought = add(bought, asAsset(books.position(strategy, instrument).quantity));
  let spending: Amount = zero();
  let selling: Amount = zero();
  for (const order of state.orders) {
    if (order.intent.strategy !== strategy) continue;
    const instrument = instruments.get(order.intent.symbol);
    const outstanding = outstandingOf(order, booked.get(order.intent.clientOrderId) ?? zero());
    if (outstanding !== undefined && !isPositive(outstanding)) continue;
    const isSale = order.intent.side === 'SELL';
    if (instrument !== undefined && instrument[isSale ? 'baseAsset' : 'quoteAsset'] !== asset) continue;
    const price = limitPriceOf(order.intent.terms);
    // What an order at market costs nobody knows before it has ended.
    if (outstanding === undefined || (price === undefined && !isSale)) return zero();
    if (isSale) selling = add(selling, asAsset(outstanding));
    else spending = add(spending, asAsset(settle(notional(price!, outstanding), 'pay')));
  }
  // Orders sell what positions hold, or beside it: the larger of the two is surely spoken for.
  return maximum(zero(), subtract(subtract(balance, spending), maximum(bought, minimum(selling, balance))));
}

/** How much of an order may still be booked; undefined of one that states no quantity. */
function outstandingOf({ record }: LedgerOrder, booked: Quantity): Quantity | undefined {
  if (isFinal(record.state)) return subtract(record.executedQuantity, booked);
  return record.quantity === undefined ? undefined : subtract(record.quantity, booked);
}

const balanceOf = (books: AccountBooks, subAccount: string, asset: string): Amount =>
  books.subAccount(subAccount).asset(asset).balance(Account.free).toAmount();

function refusal(
  strategy: string,
  change: Change,
  from: string,
  free: Amount,
  events: EventMaker,
): TradingEvent {
  const { asset } = change;
  const wanted = formatAmount(change.configured);
  const given = formatAmount(change.given);
  const available = formatAmount(free);
  const what =
    from === OWNER
      ? `the owner has only ${available} to give. Deposit the rest or configure less`
      : `only ${available} of what it has are free of positions and open orders. Close these or configure more`;
  return events.alert(
    'critical',
    'allocation_refused',
    `The capital of ${strategy} stays ${given} ${asset}: it is configured to be ${wanted}, and ${what}, then start again.`,
    { strategy, asset, wanted, given, available },
  );
}
