import type { Instrument } from '@tradewind/core/market';
import {
  type Amount,
  add,
  asAsset,
  isPositive,
  maximum,
  minimum,
  notional,
  type Price,
  type QuoteAmount,
  quantityFor,
  settle,
  subtract,
  Tally,
  zero,
} from '@tradewind/core/money';
import { limitPriceOf, triggerOf } from '@tradewind/core/orders';
import { Account, Portfolio, type PositionState, type Posting } from '@tradewind/core/portfolio';
import type { CommittedEvent } from '@tradewind/proto';
import type { TrackedOrder } from './tracked-orders.ts';

/**
 * What a strategy owns, as its committed events tell: the books that order execution keeps, with what its open orders hold back
 * locked, as the exchange locks it. A strategy so sees in trading what it sees in a backtest.
 */
export class SubAccount {
  private readonly strategy: string;
  private readonly instruments: ReadonlyMap<string, Instrument>;
  /** A plain one: `AccountBooks` would note every movement, and locks move all the time. */
  readonly portfolio = new Portfolio();
  private locks: readonly { readonly asset: string; readonly amount: Tally }[] = [];

  constructor(strategy: string, instruments: ReadonlyMap<string, Instrument>) {
    this.strategy = strategy;
    this.instruments = instruments;
  }

  /** Sets everything as a ledger has it. */
  restore(balances: readonly Posting[], positions: readonly PositionState[]): void {
    this.post(balances);
    for (const position of positions) this.restorePosition(position);
  }

  /** Takes over the movements of an event, if it has any of this strategy. */
  apply(event: CommittedEvent): void {
    if (event.kind !== 'fill' && event.kind !== 'balance') return;
    this.post(event.postings);
    if (event.position !== undefined) this.restorePosition(event.position);
    if (event.kind === 'fill' && event.feePosition !== undefined) this.restorePosition(event.feePosition);
  }

  /** Locks what the open orders need now; what they do not need any more is free again. */
  lockFor(orders: Iterable<TrackedOrder>, lastPriceOf: (symbol: string) => Price | undefined): void {
    const { portfolio } = this;
    for (const { asset, amount } of this.locks) portfolio.unlock(portfolio.asset(asset), amount);
    const needs = new Map<string, { readonly asset: string; amount: Amount }>();
    for (const order of orders) {
      if (order.isPending) continue;
      const need = needOf(
        order,
        this.instruments.get(order.intent.symbol)!,
        lastPriceOf(order.intent.symbol),
      );
      const known = needs.get(order.group);
      if (known === undefined) needs.set(order.group, need);
      else known.amount = maximum(known.amount, need.amount);
    }
    this.locks = [...needs.values()].map(({ asset, amount }) => {
      const book = portfolio.asset(asset);
      // More than there is nobody can lock: the checks of such an order are still to come, and will refuse it.
      const free = maximum(book.balance(Account.free).toAmount(), zero());
      const locked = Tally.of(minimum(amount, free));
      portfolio.lock(book, locked);
      return { asset, amount: locked };
    });
  }

  private post(postings: readonly Posting[]): void {
    for (const { subAccount, account, asset, amount } of postings) {
      if (subAccount === this.strategy) this.portfolio.asset(asset).post(account, Tally.of(amount));
    }
  }

  private restorePosition(state: PositionState): void {
    const instrument = this.instruments.get(state.symbol);
    if (state.strategy === this.strategy && instrument !== undefined)
      this.portfolio.market(instrument).position.restore(state);
  }
}

/** What the rest of an order can still spend: at its limit, else at its stop, else at the last price. */
function needOf(
  { intent: { side, terms }, filled, filledQuote, record }: TrackedOrder,
  { baseAsset, quoteAsset }: Instrument,
  lastPrice: Price | undefined,
): { readonly asset: string; amount: Amount } {
  if (terms.quantity === undefined) {
    const left = maximum(subtract(terms.quoteAmount, filledQuote), zero<QuoteAmount>());
    if (side === 'BUY') return { asset: quoteAsset, amount: asAsset(left) };
    return {
      asset: baseAsset,
      amount: lastPrice === undefined ? zero() : asAsset(quantityFor(left, lastPrice)),
    };
  }
  const prevented = record?.preventedQuantity ?? zero();
  const left = subtract(record?.quantity ?? terms.quantity, add(filled, prevented));
  if (!isPositive(left)) return { asset: side === 'BUY' ? quoteAsset : baseAsset, amount: zero() };
  if (side === 'SELL') return { asset: baseAsset, amount: asAsset(left) };
  const price = limitPriceOf(terms) ?? triggerOf(terms)?.stopPrice ?? lastPrice;
  return {
    asset: quoteAsset,
    amount: price === undefined ? zero() : asAsset(settle(notional(price, left), 'pay')),
  };
}
