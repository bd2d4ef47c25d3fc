import { type Caller, calls } from '@tradewind/binance';
import type { Instrument } from '@tradewind/core/market';
import {
  formatAmount,
  isZero,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  ratio,
  settle,
  share,
  zero,
} from '@tradewind/core/money';
import type { Fee } from '@tradewind/core/orders';
import type { MarketData } from '@tradewind/proto';
import { type Clock, doneWithin, type Timers } from '@tradewind/utils';
import type { EventMaker } from './event-maker.ts';

export interface FeeValueParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly marketData: Pick<MarketData, 'snapshot'>;
  readonly caller: Caller;
}

/** A fill whose fee is to be valued. */
export interface PaidFee {
  readonly fee: Fee;
  readonly instrument: Instrument;
  readonly quoteAmount: QuoteAmount;
}

/** How long a price that the exchange was asked for values fees, and how long it is not asked again where it had none. */
const PRICE_AGE_MS = 60_000;
/** Booking waits for a price no longer than this. */
const ASK_MS = 2_000;
/**
 * Of the turnover: several times the dearest fee of the exchange (binance-spot.md section 11). A fee that nobody can price is counted
 * as so much: too great a loss stops a strategy early, too small a one not at all (faults.md I6, I7).
 */
const LARGEST_FEE = ratio('0.01');

/**
 * What fees in a third asset are worth in quote: at market data's price, else at the exchange's average, else at the last that was
 * known. Where there has never been one it is counted as the largest fee that can be, and never as nothing (faults.md B2).
 */
export class FeeValues {
  private readonly parts: FeeValueParts;
  private readonly known = new Map<string, Price>();
  /** By symbol, when the exchange was asked, elapsed ms; assets of fees are few. */
  private readonly askedMs = new Map<string, number>();

  constructor(parts: FeeValueParts) {
    this.parts = parts;
  }

  /** @returns undefined for fees in base or quote, which need no value */
  async valueOf({ fee, instrument, quoteAmount }: PaidFee): Promise<FeeValue | undefined> {
    const { asset, amount } = fee;
    const { baseAsset, quoteAsset } = instrument;
    if (asset === baseAsset || asset === quoteAsset) return undefined;
    if (isZero(amount)) return { value: zero(), isNewGuess: false };
    const symbol = `${asset}${quoteAsset}`;
    const askedMs = this.askedMs.get(symbol);
    const price = await this.priceOf(symbol);
    if (price !== undefined)
      return { value: settle(notional(price, amount as Quantity), 'pay'), isNewGuess: false };
    return {
      value: share(quoteAmount, LARGEST_FEE, 'pay'),
      isNewGuess: askedMs !== this.askedMs.get(symbol),
    };
  }

  private async priceOf(symbol: string): Promise<Price | undefined> {
    const { clock, marketData, timers } = this.parts;
    const seen = (await Promise.resolve(marketData.snapshot(symbol)).catch(() => undefined))?.referencePrice;
    if (seen !== undefined) {
      this.known.set(symbol, seen);
      return seen;
    }
    const askedMs = this.askedMs.get(symbol);
    if (askedMs === undefined || clock.elapsedMs() - askedMs >= PRICE_AGE_MS) {
      this.askedMs.set(symbol, clock.elapsedMs());
      await doneWithin(timers, ASK_MS, this.ask(symbol));
    }
    return this.known.get(symbol);
  }

  private async ask(symbol: string): Promise<void> {
    const answer = await this.parts.caller.perform(calls.currentAveragePrice(symbol));
    if (answer.kind === 'done') this.known.set(symbol, answer.value.price);
  }
}

export interface FeeValue {
  readonly value: QuoteAmount;
  /** Nobody has ever known a price, and has just been asked in vain: somebody is to be told. */
  readonly isNewGuess: boolean;
}

/** For a person: what is wrong with the profit of a fill, and what to do. */
export const guessAlert = (
  { fee, instrument }: Pick<PaidFee, 'fee' | 'instrument'>,
  value: QuoteAmount,
  strategy: string,
  events: EventMaker,
  correlationId: string,
) => {
  const { quoteAsset, symbol } = instrument;
  const paid = formatAmount(fee.amount);
  const counted = formatAmount(value);
  return events.alert(
    'critical',
    'fee_without_price',
    `${strategy} has paid a fee of ${paid} ${fee.asset} in ${symbol}, and nobody knows what that is in ${quoteAsset}. It is counted as ` +
      `${counted} ${quoteAsset}, more than any fee can be. Add ${fee.asset}${quoteAsset} to the symbols, or have fees taken in ${quoteAsset}.`,
    { strategy, symbol, asset: fee.asset, paid, counted, quote_asset: quoteAsset },
    correlationId,
  );
};
