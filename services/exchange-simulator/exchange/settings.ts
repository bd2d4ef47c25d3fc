import { type Ratio, ratio } from '@tradewind/core/money';
import type { Clock } from '@tradewind/utils';
import type { CommissionRates } from './commands.ts';

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
  /** Closed orders, fills, prevented matches and amendments kept per account and symbol, each; 20 000. */
  readonly recordsKept?: number;
}

export interface ExchangeSettings {
  readonly standardCommission: CommissionRates;
  readonly discount: Ratio;
  readonly discountAsset: string;
  readonly makerFirstFillDecrement: number;
  readonly tradesKept: number;
  readonly recordsKept: number;
}

const DEFAULT_RATE = ratio('0.001');
const NO_RATE = ratio('0');

/** The options with what is left out of them. */
export function settingsOf(options: ExchangeOptions): ExchangeSettings {
  return {
    standardCommission: options.standardCommission ?? {
      maker: DEFAULT_RATE,
      taker: DEFAULT_RATE,
      buyer: NO_RATE,
      seller: NO_RATE,
    },
    discount: ratio(options.discount ?? '0.75'),
    discountAsset: options.discountAsset ?? 'BNB',
    makerFirstFillDecrement: options.makerFirstFillDecrement ?? 5,
    tradesKept: options.tradesKept ?? 50_000,
    recordsKept: options.recordsKept ?? 20_000,
  };
}
