import { type Amount, add, Tally, unitsOf } from '@tradewind/core/money';
import { Account, AssetBook } from '@tradewind/core/portfolio';
import { invariant } from '@tradewind/core/result';
import type { Balance } from './model.ts';

/** One asset of one account: double entry, and who holds what of the locked part. */
export class Wallet {
  readonly asset: string;
  readonly book: AssetBook;
  /** The part of `locked` that no order holds. */
  readonly heldOutside = new Tally();
  isTouched = false;
  private readonly changed: (wallet: Wallet) => void;

  /** @param changed  hears of the first change of a balance since `isTouched` was cleared */
  constructor(asset: string, changed: (wallet: Wallet) => void) {
    this.asset = asset;
    this.book = new AssetBook(asset);
    this.changed = changed;
  }

  move(from: Account, to: Account, amount: Tally): void {
    this.book.move(from, to, amount);
    if (this.isTouched) return;
    this.isTouched = true;
    this.changed(this);
  }

  /** Whether it can hold so much more than it has. */
  holds(more: Amount): boolean {
    return Tally.holds(more) && Tally.holds(add(this.book.total(), more));
  }

  has(amount: Tally): boolean {
    return !this.book.balance(Account.free).isLessThan(amount);
  }

  view(): Balance {
    return {
      asset: this.asset,
      free: this.book.balance(Account.free).toAmount<Amount<'base'>>(),
      locked: this.book.balance(Account.locked).toAmount<Amount<'base'>>(),
    };
  }
}

/** What a lock knows of an order that it is for. */
export interface LockingOrder {
  readonly orderId: number;
  isReserved: boolean;
  /** What it has to have locked. */
  need(): Amount;
}

/**
 * What open orders hold of one asset: one order for itself, or two alternatives together, which lock the larger need.
 * Source: binance-spot.md section 15.
 */
export class Lock {
  readonly wallet: Wallet;
  readonly orders: readonly LockingOrder[];
  readonly amount = new Tally();

  /** @param orders  one, or two alternatives */
  constructor(wallet: Wallet, orders: readonly LockingOrder[]) {
    this.wallet = wallet;
    this.orders = orders;
  }

  /** Locks what the orders need; false, and nothing done, when not enough is free. */
  require(): boolean {
    const { amount, wallet } = this;
    const difference = NEEDED;
    const need = this.need();
    // More than can be counted is more than anybody has.
    if (!Tally.holds(need)) return false;
    difference.setAmount(need);
    if (!amount.isLessThan(difference)) return true;
    difference.subtract(amount);
    if (!wallet.has(difference)) return false;
    wallet.move(Account.free, Account.locked, difference);
    amount.add(difference);
    return true;
  }

  /** Frees what the orders do not need any more. */
  release(): void {
    const { amount, wallet } = this;
    const difference = NEEDED;
    difference.setAmount(this.need());
    if (!difference.isLessThan(amount)) return;
    const surplus = SURPLUS;
    surplus.set(amount);
    surplus.subtract(difference);
    wallet.move(Account.locked, Account.free, surplus);
    amount.subtract(surplus);
  }

  /** Pays out of what is locked. */
  spend(amount: Tally): void {
    invariant(!this.amount.isLessThan(amount), 'an order pays no more than it has locked');
    this.amount.subtract(amount);
    this.wallet.move(Account.locked, Account.exchange, amount);
  }

  private need(): Amount {
    let largest = this.orders[0]!.need();
    for (let at = 1; at < this.orders.length; at++) {
      const other = this.orders[at]!.need();
      if (unitsOf(other) > unitsOf(largest)) largest = other;
    }
    return largest;
  }
}

/** Used within one call only. */
const NEEDED = new Tally();
const SURPLUS = new Tally();
