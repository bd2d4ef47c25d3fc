import { type Amount, Tally } from '../money/index.ts';

/**
 * The accounts that every asset has. Ours: `free` and `locked` (behind open orders). Theirs, so that every movement has
 * two sides: `exchange` (the other side of our trades), `fees`, `funding` (deposits, withdrawals), `dust` (written off).
 */
export const Account = { free: 0, locked: 1, exchange: 2, fees: 3, funding: 4, dust: 5 } as const;
export type Account = (typeof Account)[keyof typeof Account];
export const ACCOUNT_NAMES = ['free', 'locked', 'exchange', 'fees', 'funding', 'dust'] as const;

/** Hears every movement as its two postings: -amount on `from`, +amount on `to`. The tally is only valid during the call. */
export interface PostingListener {
  posted(asset: string, from: Account, to: Account, amount: Tally): void;
}

/**
 * Double entry for one asset. Money only moves between two accounts, so the sum over all of them is zero for ever; a
 * fill, a fee or a deposit is a set of such movements.
 */
export class AssetBook {
  readonly asset: string;
  private readonly balances: readonly Tally[] = ACCOUNT_NAMES.map(() => new Tally());
  private readonly listener: PostingListener | undefined;

  constructor(asset: string, listener?: PostingListener) {
    this.asset = asset;
    this.listener = listener;
  }

  /** The balance of an account; to be read, not changed. */
  balance(account: Account): Tally {
    return this.balances[account]!;
  }

  /** Ours: free and locked together. */
  totalInto(target: Tally): void {
    target.set(this.balances[Account.free]!);
    target.add(this.balances[Account.locked]!);
  }

  /** The same as an amount; the caller names the part that the asset plays. */
  total<A extends Amount = Amount>(): A {
    const total = new Tally();
    this.totalInto(total);
    return total.toAmount<A>();
  }

  /** Takes over one half of a movement that other books have made; whoever calls this brings the other half, too. */
  post(account: Account, amount: Tally): void {
    this.balances[account]!.add(amount);
  }

  move(from: Account, to: Account, amount: Tally): void {
    this.balances[from]!.subtract(amount);
    this.balances[to]!.add(amount);
    if (this.listener !== undefined) this.listener.posted(this.asset, from, to, amount);
  }
}
