import type { Instrument } from '@tradewind/core/market';
import {
  inverseRateOf,
  isPositive,
  type Price,
  type Ratio,
  rateOf,
  ratio,
  share,
} from '@tradewind/core/money';
import type { MarketData, MarketSnapshot } from '@tradewind/proto';
import { agoMs, type Clock, doneWithin, type Timers } from '@tradewind/utils';

export interface PricesOptions {
  readonly marketData: Pick<MarketData, 'snapshot'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly equityAsset: string;
  readonly symbols: readonly string[];
  readonly priceAgeMsMaximum: number;
}

interface Seen {
  readonly snapshot: MarketSnapshot;
  readonly elapsedMs: number;
  /** Epoch ms. */
  readonly wallMs: number;
}

/**
 * What symbols and assets are worth, as market data last said it. Market data decides what a reference price is, and by several
 * sources (faults.md M15); here its age goes on, and what is too old, paused or in doubt is no price any more (I7).
 */
export class Prices {
  private readonly options: PricesOptions;
  private readonly seen = new Map<string, Seen>();
  /** The last good price of each symbol, for valuing what the venue has stopped trading (faults.md M11). */
  private readonly lastGood = new Map<string, Price>();
  private readonly rates = new Map<string, Ratio | undefined>();
  /** Rises whenever any price changes. */
  version = 0;

  constructor(options: PricesOptions) {
    this.options = options;
  }

  /**
   * Asks for the newest price of a symbol.
   * @returns undefined when it was answered at once; else what gives up waiting after a while, to go on with what is known, which gets
   *   older
   */
  refresh(symbol: string, waitMs: number): Promise<unknown> | undefined {
    const said = this.options.marketData.snapshot(symbol);
    if (!(said instanceof Promise)) {
      if (said !== undefined) this.take(symbol, said);
      return undefined;
    }
    const taken = said.then((snapshot) => {
      if (snapshot !== undefined) this.take(symbol, snapshot);
    });
    // Where market data is away, what it said before gets older, until it is no price any more.
    return doneWithin(this.options.timers, waitMs, taken);
  }

  async refreshAll(waitMs: number): Promise<void> {
    await Promise.all(this.options.symbols.map((symbol) => this.refresh(symbol, waitMs)));
  }

  /** A price from the record, for what is not traded any more. */
  restoreGood(symbol: string, price: Price): void {
    if (!this.lastGood.has(symbol)) this.lastGood.set(symbol, price);
  }

  instrument(symbol: string): Instrument | undefined {
    return this.seen.get(symbol)?.snapshot.instrument;
  }

  /** Fit to judge an order by: fresh by market data's own judgement. */
  referencePrice(symbol: string): Price | undefined {
    const { snapshot } = this.seen.get(symbol) ?? {};
    if (snapshot === undefined || snapshot.feed.state !== 'live') return undefined;
    const price = snapshot.referencePrice;
    return price !== undefined && isPositive(price) ? price : undefined;
  }

  /**
   * Ages on our clocks from what market data said. NaN stays NaN and is refused by whoever compares.
   */
  ageMs(symbol: string): number | undefined {
    const seen = this.seen.get(symbol);
    const ageMs = seen?.snapshot.referencePriceAgeMs;
    if (seen === undefined || ageMs === undefined) return undefined;
    return ageMs < 0 ? ageMs : ageMs + agoMs(this.options.clock, seen);
  }

  /** What values a holding: a fresh price or, while the venue does not trade the symbol, the last good one. */
  valuationPrice(symbol: string): Price | undefined {
    const ageMs = this.ageMs(symbol);
    const price = this.referencePrice(symbol);
    if (price !== undefined && ageMs !== undefined && ageMs >= 0 && ageMs <= this.options.priceAgeMsMaximum)
      return price;
    return this.isFrozen(symbol) ? this.lastGood.get(symbol) : undefined;
  }

  /** Whether the venue does not trade it now: its last good price is kept. */
  isFrozen(symbol: string): boolean {
    const { snapshot } = this.seen.get(symbol) ?? {};
    return snapshot !== undefined && (snapshot.feed.state === 'paused' || snapshot.status !== 'TRADING');
  }

  /** How many units of the equity asset one unit is worth: directly, the other way round, or over one asset in between. */
  equityRate(asset: string): Ratio | undefined {
    if (asset === this.options.equityAsset) return ONE;
    if (!this.rates.has(asset)) this.rates.set(asset, this.findRate(asset));
    return this.rates.get(asset);
  }

  /** Prices age without changing: whoever values anything says so before. */
  forgetRates(): void {
    this.rates.clear();
  }

  private findRate(asset: string): Ratio | undefined {
    const { equityAsset } = this.options;
    const direct = this.rateBetween(asset, equityAsset);
    if (direct !== undefined) return direct;
    for (const { snapshot } of this.seen.values()) {
      const { baseAsset, quoteAsset } = snapshot.instrument;
      if (baseAsset !== asset && quoteAsset !== asset) continue;
      const between = baseAsset === asset ? quoteAsset : baseAsset;
      const first = this.rateBetween(asset, between);
      const second = first === undefined ? undefined : this.rateBetween(between, equityAsset);
      if (first !== undefined && second !== undefined) return share(first, second, 'pay');
    }
    return undefined;
  }

  private rateBetween(from: string, to: string): Ratio | undefined {
    for (const [symbol, { snapshot }] of this.seen) {
      const { baseAsset, quoteAsset } = snapshot.instrument;
      const isDirect = baseAsset === from && quoteAsset === to;
      if (!isDirect && !(baseAsset === to && quoteAsset === from)) continue;
      const price = this.valuationPrice(symbol);
      if (price !== undefined) return isDirect ? rateOf(price) : inverseRateOf(price, 'ceiling');
    }
    return undefined;
  }

  private take(symbol: string, snapshot: MarketSnapshot): void {
    const before = this.seen.get(symbol)?.snapshot;
    const { clock } = this.options;
    this.seen.set(symbol, { snapshot, elapsedMs: clock.elapsedMs(), wallMs: clock.nowMs() });
    const price = this.referencePrice(symbol);
    if (price !== undefined) this.lastGood.set(symbol, price);
    if (before?.referencePrice === snapshot.referencePrice && before?.feed.state === snapshot.feed.state)
      return;
    this.version += 1;
    this.rates.clear();
  }
}

const ONE = ratio('1');
