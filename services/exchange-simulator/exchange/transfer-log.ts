import type { Amount } from '@tradewind/core/money';

/** Money that came into an account from outside, or left it. */
export interface Transfer {
  /** Of this account, counting up from 1. */
  readonly id: number;
  readonly asset: string;
  /** Below zero for a withdrawal. */
  readonly delta: Amount;
  readonly timeMs: number;
}

/** The oldest are forgotten: the histories tell no more than so many at once. */
const KEPT_MAX = 1000;

/** What the deposit and withdrawal histories of an account are made of. */
export class TransferLog {
  private transfers: Transfer[] = [];
  private made = 0;

  add(asset: string, delta: Amount, timeMs: number): void {
    this.made += 1;
    this.transfers.push({ id: this.made, asset, delta, timeMs });
    if (this.transfers.length > KEPT_MAX) this.transfers.shift();
  }

  /** Oldest first. */
  get all(): readonly Transfer[] {
    return this.transfers;
  }

  restore(transfers: readonly Transfer[]): void {
    this.transfers = [...transfers];
    this.made = transfers.at(-1)?.id ?? 0;
  }
}
