import type { Clock } from '@tradewind/utils';
import type { CommissionRates } from './commands.ts';
import type { ExchangePort, SavedExchange } from './port.ts';

export interface ExchangeOptions {
  readonly clock: Clock;
  /** The body of GET exchangeInfo, parsed: symbols, filters, rate limits. */
  readonly exchangeInfo: unknown;
  /** Of accounts that are opened without: 0.1 % maker and taker. */
  readonly standardCommission?: CommissionRates;
  /** What the discount multiplies the standard commission with; 0.75. */
  readonly discount?: string;
  /** BNB. */
  readonly discountAsset?: string;
  /** How much the first fill of a maker takes off the unfilled-order count; 5. */
  readonly makerFirstFillDecrement?: number;
  /** Public trades kept per symbol; 50 000. */
  readonly tradesKept?: number;
  /** Closed orders, fills, prevented matches and amendments kept per account and symbol, each; 100 000. */
  readonly recordsKept?: number;
}

/** The exchange without the wire: synchronous and pure. */
export declare class Exchange {
  constructor(options: ExchangeOptions);
  /** @throws RangeError when the state is of another version or of other symbols */
  static load(options: ExchangeOptions, saved: SavedExchange): Exchange;
}
export interface Exchange extends ExchangePort {}
