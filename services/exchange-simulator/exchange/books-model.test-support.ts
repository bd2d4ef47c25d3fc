import { unitsOf } from '@tradewind/core/money';
import type { BookChange, Exchange, ExecutionReport, Fill, Order } from './index.ts';

/*
 * The slow and obvious model: it looks at everything again after every command and knows only what the exchange has told or
 * shows, never how it came to it.
 */

const PRICE_ONE = 100_000_000n;
const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** What balances should be from the start and every fill since, per account and asset: free and locked together. */
export class ExpectedTotals {
  private readonly totals = new Map<string, bigint>();
  readonly charged = new Map<string, bigint>();

  add(account: number, asset: string, by: bigint): void {
    const key = `${account} ${asset}`;
    this.totals.set(key, (this.totals.get(key) ?? 0n) + by);
  }

  fill(fill: Fill): void {
    const sign = fill.isBuyer ? 1n : -1n;
    this.add(fill.account, 'BTC', sign * unitsOf(fill.quantity));
    this.add(fill.account, 'USDT', -sign * unitsOf(fill.quoteQuantity));
    this.add(fill.account, fill.commissionAsset, -unitsOf(fill.commission));
    const charged = this.charged.get(fill.commissionAsset) ?? 0n;
    this.charged.set(fill.commissionAsset, charged + unitsOf(fill.commission));
  }

  /** TRANSFER moves base and notional without a trade: told by the taker's TRADE_PREVENTION and its counterpart's. */
  prevention({ order, prevention }: ExecutionReport): void {
    if (prevention?.mode !== 'TRANSFER') return;
    const sign = order.side === 'BUY' ? 1n : -1n;
    this.add(order.account, 'BTC', sign * unitsOf(prevention.quantity));
    this.add(order.account, 'USDT', -sign * unitsOf(prevention.quoteQuantity));
  }

  of(account: number, asset: string): bigint {
    return this.totals.get(`${account} ${asset}`) ?? 0n;
  }
}

/** What an open order has to have locked; a market order never stays open. */
function needOf(order: Order): bigint {
  if (order.status === 'PENDING_NEW' || order.quantity === undefined) return 0n;
  const open = unitsOf(order.quantity) - unitsOf(order.executedQuantity) - unitsOf(order.preventedQuantity);
  if (order.side === 'SELL') return open;
  const price = order.peggedPrice ?? (unitsOf(order.price) === 0n ? order.stopPrice : order.price);
  return ceilDivide(unitsOf(price) * open, PRICE_ONE);
}

/**
 * What orders of an account on one symbol lock of its base or quote asset: of a list whose open orders are alternatives the larger need, else every need; and
 * what the working order of a list that pays for its pending orders has brought.
 */
export function lockedByOrders(
  exchange: Exchange,
  account: number,
  asset: string,
  symbol = 'BTCUSDT',
): bigint {
  const open = exchange.openOrders(account, symbol);
  if (!open.ok) throw new Error(open.error.msg);
  const isBase = symbol.startsWith(asset);
  const ofAsset = open.value.filter(({ side }) => (side === 'SELL') === isBase);
  const byList = new Map<number, bigint>();
  let sum = 0n;
  for (const order of ofAsset) {
    const need = needOf(order);
    if (order.orderListId === -1) sum += need;
    else {
      const larger = byList.get(order.orderListId) ?? 0n;
      byList.set(order.orderListId, need > larger ? need : larger);
    }
  }
  for (const need of byList.values()) sum += need;
  return isBase ? sum + proceedsHeld(exchange, account, open.value) : sum;
}

/** Without commissions: all that the working order bought, as long as it works. */
function proceedsHeld(exchange: Exchange, account: number, open: readonly Order[]): bigint {
  let held = 0n;
  for (const list of exchange.openOrderLists(account)) {
    if (list.kind !== 'OPO' && list.kind !== 'OPOCO') continue;
    const working = open.find(({ orderId }) => orderId === list.orders[0]!.orderId);
    if (working !== undefined) held += unitsOf(working.executedQuantity);
  }
  return held;
}

/** The book as a client builds it from changes. */
export class RebuiltBook {
  readonly levels = { BUY: new Map<bigint, bigint>(), SELL: new Map<bigint, bigint>() };
  lastUpdateId = 0;
  gaps = 0;

  apply({ side, price, quantity, updateId }: BookChange): void {
    if (updateId !== this.lastUpdateId + 1) this.gaps += 1;
    this.lastUpdateId = updateId;
    if (unitsOf(quantity) === 0n) this.levels[side].delete(unitsOf(price));
    else this.levels[side].set(unitsOf(price), unitsOf(quantity));
  }

  sorted(side: 'BUY' | 'SELL'): [bigint, bigint][] {
    const worse = side === 'BUY' ? -1 : 1;
    return [...this.levels[side]].sort(([one], [other]) => (one < other ? -worse : worse));
  }
}
