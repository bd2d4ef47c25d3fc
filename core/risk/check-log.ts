import type { Amount } from '../money/index.ts';
import type { LimitScope } from './refusal.ts';

/** One check as it was made. Amounts and prices are exact, with 8 decimals; counts and milliseconds are numbers. */
export interface CheckMade {
  /** 'order_notional', 'account_exposure': one name for what one limit binds. */
  readonly check: string;
  readonly isPassed: boolean;
  /** What was measured; left out where nothing is measured, or a value for it was missing. */
  readonly was?: Amount | number;
  /** What it was held against; 'none' where the limits say so. */
  readonly limit?: Amount | number | 'none';
  /** The asset or unit of both: 'USDT', 'BTC', 'orders', 'ms'. */
  readonly unit?: string;
}

/** Takes down the checks of one review, in their order: for the record of a verdict. A review without one does not measure more. */
export class CheckLog {
  readonly made: CheckMade[] = [];
  private endedAt = 0;

  measured(
    check: string,
    isPassed: boolean,
    was: Amount | number,
    limit: Amount | number,
    unit: string,
  ): void {
    this.made.push({ check, isPassed, was, limit, unit });
  }

  unlimited(check: string): undefined {
    this.made.push({ check, isPassed: true, limit: 'none' });
    return undefined;
  }

  /** A check is over: it is taken down by its own name where it has measured nothing, or refuses for another reason than what it measured. */
  ended(check: string, isPassed: boolean): void {
    const last = this.made.length > this.endedAt ? this.made.at(-1) : undefined;
    if (last === undefined || last.isPassed !== isPassed) this.made.push({ check, isPassed });
    this.endedAt = this.made.length;
  }
}

type ScopedNames = Readonly<Record<LimitScope['kind'], string>>;

/** What a check is called by the scope that it is about: made once, because each order has nine such names. */
const scoped = (check: string): ScopedNames => ({
  account: `account_${check}`,
  strategy: `strategy_${check}`,
  symbol: `symbol_${check}`,
  asset: `asset_${check}`,
});
export const ORDER_RATE = scoped('order_rate');
export const OPEN_ORDERS = scoped('open_orders');
export const EXPOSURE = scoped('exposure');
