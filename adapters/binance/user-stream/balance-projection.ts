import type { Balance } from '../model/account.ts';

/** What one asset's balance is known to be, and as of when by the venue's clock. */
export interface DatedBalance extends Balance {
  readonly updatedTimeMs: number;
}

/**
 * The account's balances, merged per asset by the venue's update time: an event names only the assets that it may have changed and
 * races others, so what it does not name stays (faults.md U9). Bounded by the number of the venue's assets.
 */
export class BalanceProjection {
  private readonly balances = new Map<string, DatedBalance>();

  /**
   * Of two statements of one instant the one that comes later counts. `deliver` is called with what is newer than what was known,
   * before it counts: if it throws, nothing has been taken, and the same will be new again.
   */
  merge(
    balances: readonly Balance[],
    updatedTimeMs: number,
    deliver?: (changed: readonly DatedBalance[]) => void,
  ): void {
    const heard: DatedBalance[] = [];
    const changed: DatedBalance[] = [];
    for (const balance of balances) {
      const known = this.balances.get(balance.asset);
      if (known !== undefined && known.updatedTimeMs > updatedTimeMs) continue;
      const dated = { ...balance, updatedTimeMs };
      heard.push(dated);
      if (known === undefined || known.free !== dated.free || known.locked !== dated.locked)
        changed.push(dated);
    }
    if (changed.length > 0) deliver?.(changed);
    for (const balance of heard) this.balances.set(balance.asset, balance);
  }

  of(asset: string): DatedBalance | undefined {
    return this.balances.get(asset);
  }

  get all(): readonly DatedBalance[] {
    return [...this.balances.values()];
  }
}
