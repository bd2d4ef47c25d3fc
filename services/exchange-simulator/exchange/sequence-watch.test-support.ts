import { unitsOf } from '@tradewind/core/money';
import { ExpectedTotals, lockedByOrders, RebuiltBook } from './books-model.test-support.ts';
import golden from './golden-vectors.json' with { type: 'json' };
import type { BookLevel, Exchange, ExecutionReport } from './index.ts';

/** What may follow what, from the documents; an order that is first told of may have any of the first statuses. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  ...(golden.orderStatusTransitions as unknown as Record<string, readonly string[]>),
  FILLED: [],
  CANCELED: [],
  EXPIRED: [],
  EXPIRED_IN_MATCH: [],
};

const OPEN: readonly string[] = ['NEW', 'PARTIALLY_FILLED', 'PENDING_NEW'];
const ASSETS = ['BTC', 'USDT'] as const;

/**
 * Hears all that an exchange tells and says, when it is asked, what of it does not agree with what the exchange shows. It compares by
 * itself and in units: an assertion of the test runner for each number would take many times as long as the exchange.
 */
export class SequenceWatch {
  private readonly exchange: Exchange;
  private readonly accounts: readonly number[];
  private readonly isAlone: boolean;
  private readonly totals = new ExpectedTotals();
  private readonly book = new RebuiltBook();
  private readonly statuses = new Map<number, string>();
  private breach: string | undefined = undefined;

  /**
   * @param start  units of each asset that every account begins with
   * @param isAlone  nobody charges commissions, and no operator or outside market does anything: locks are known to the last unit
   */
  constructor(
    exchange: Exchange,
    accounts: readonly number[],
    start: Readonly<Record<'BTC' | 'USDT', bigint>>,
    isAlone: boolean,
  ) {
    this.exchange = exchange;
    this.accounts = accounts;
    this.isAlone = isAlone;
    for (const account of accounts) for (const asset of ASSETS) this.totals.add(account, asset, start[asset]);
    exchange.listen({
      executionReport: (report) => {
        if (report.fill !== undefined) this.totals.fill(report.fill);
        this.totals.prevention(report);
        this.noteStatus(report);
      },
      balanceUpdate: ({ account, asset, delta }) => this.totals.add(account, asset, unitsOf(delta)),
      bookChange: (change) => this.book.apply(change),
    });
  }

  /** What of the statuses, balances, locks and the book does not agree now, the first of it. */
  disagreement(): string | undefined {
    return this.breach ?? this.ofAccounts() ?? this.ofBook();
  }

  /** What of the records does not: every order has traded what its fills say, and both sides of a public trade are fills. */
  disagreementOfRecords(): string | undefined {
    const { oracle } = this.exchange;
    const traded = new Map<number, bigint>();
    const sides = new Map<number, number>();
    for (const { orderId, tradeId, quantity } of oracle.fills('BTCUSDT')) {
      traded.set(orderId, (traded.get(orderId) ?? 0n) + unitsOf(quantity));
      sides.set(tradeId, (sides.get(tradeId) ?? 0) + 1);
    }
    for (const { orderId, executedQuantity } of oracle.orders('BTCUSDT'))
      if (unitsOf(executedQuantity) !== (traded.get(orderId) ?? 0n)) return `order ${orderId}: other fills`;
    const trades = oracle.trades('BTCUSDT');
    for (const [at, { id }] of trades.entries()) if (id !== at + 1) return `trade ${id} is number ${at + 1}`;
    for (const [tradeId, count] of sides)
      if (count > 2 || trades[tradeId - 1] === undefined) return `trade ${tradeId} has ${count} fills`;
    for (const account of this.accounts) {
      const open = this.exchange.openOrders(account);
      const ended = open.ok && open.value.find(({ status }) => !OPEN.includes(status));
      if (ended) return `order ${ended.orderId} is open and ${ended.status}`;
    }
    return undefined;
  }

  private noteStatus({ order: { orderId, status } }: ExecutionReport): void {
    if (orderId === -1) return;
    const before = this.statuses.get(orderId);
    const isSame = before === status && (NEXT[status] ?? []).length > 0;
    if (before !== undefined && !isSame && !NEXT[before]!.includes(status))
      this.breach ??= `order ${orderId} goes from ${before} to ${status}`;
    this.statuses.set(orderId, status);
  }

  private ofAccounts(): string | undefined {
    const { exchange } = this;
    for (const account of this.accounts) {
      const balances = exchange.balances(account);
      const knowsLocks = this.isAlone && !hidesItsLock(exchange, account);
      for (const asset of ASSETS) {
        const balance = balances.find((one) => one.asset === asset)!;
        const [free, locked] = [unitsOf(balance.free), unitsOf(balance.locked)];
        const total = this.totals.of(account, asset);
        const name = `account ${account}, ${asset}`;
        if (free + locked !== total) return `${name}: ${free} and ${locked} are not ${total}`;
        if (free < 0n || locked < 0n) return `${name}: ${free} free, ${locked} locked`;
        const expected = knowsLocks ? lockedByOrders(exchange, account, asset) : locked;
        if (locked !== expected) return `${name}: ${locked} locked, orders lock ${expected}`;
      }
    }
    return undefined;
  }

  private ofBook(): string | undefined {
    const { book } = this;
    const { lastUpdateId, bids, asks } = this.exchange.depth('BTCUSDT', 1000);
    if (book.gaps > 0) return 'changes of the book are missing';
    if (lastUpdateId !== book.lastUpdateId)
      return `the book is at ${lastUpdateId}, told until ${book.lastUpdateId}`;
    if (!isTold(bids, book.sorted('BUY'))) return 'bids differ from what was told';
    if (!isTold(asks, book.sorted('SELL'))) return 'asks differ from what was told';
    // With an outside market the book may be crossed where it shows again what had been traded with (`Feed`).
    const [bid, ask] = [bids[0], asks[0]];
    const isCrossed = bid !== undefined && ask !== undefined && unitsOf(bid.price) >= unitsOf(ask.price);
    return this.isAlone && isCrossed ? 'the book is crossed' : undefined;
  }
}

const isTold = (levels: readonly BookLevel[], told: readonly (readonly [bigint, bigint])[]): boolean =>
  levels.length === told.length &&
  levels.every(({ price, quantity }, at) => {
    const [toldPrice, toldQuantity] = told[at]!;
    return unitsOf(price) === toldPrice && unitsOf(quantity) === toldQuantity;
  });

/** A stop that only trails has no price of its own, and a stop to buy at the market is locked for at its stop price or at what it costs. */
function hidesItsLock(exchange: Exchange, account: number): boolean {
  const open = exchange.openOrders(account, 'BTCUSDT');
  return (
    open.ok &&
    open.value.some(
      ({ side, stopPrice, price, trailingDelta, peggedPrice }) =>
        side === 'BUY' &&
        peggedPrice === undefined &&
        unitsOf(price) === 0n &&
        unitsOf(stopPrice) === 0n &&
        trailingDelta !== 0,
    )
  );
}
