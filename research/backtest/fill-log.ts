import type { Lots, Ticks } from '@tradewind/core/market';
import { type Amount, Tally } from '@tradewind/core/money';
import type { Liquidity, Side } from '@tradewind/core/orders';
import { doubled } from './doubled.ts';

/** One fill as it is read back; price and quantity are counted in the grid of its market. */
export interface LoggedFill {
  readonly timeMs: number;
  /** The place of its market in the run. */
  readonly market: number;
  readonly side: Side;
  readonly lots: Lots;
  readonly price: Ticks;
  readonly fee: Amount;
  readonly feeAsset: string;
  readonly liquidity: Liquidity;
  readonly tag: string;
}

/** The fills of a run in columns: in a long run it is retained objects that cost time and memory. */
export class FillLog {
  length = 0;
  private times = new Float64Array(FIRST_CAPACITY);
  private lots = new Float64Array(FIRST_CAPACITY);
  private prices = new Float64Array(FIRST_CAPACITY);
  private feeCounts = new Float64Array(FIRST_CAPACITY);
  private feeRests = new Uint32Array(FIRST_CAPACITY);
  private feeAssets = new Uint16Array(FIRST_CAPACITY);
  private tags = new Uint16Array(FIRST_CAPACITY);
  private markets = new Uint16Array(FIRST_CAPACITY);
  private flags = new Uint8Array(FIRST_CAPACITY);
  private readonly assets = new Words();
  private readonly words = new Words();

  append(
    timeMs: number,
    market: number,
    side: Side,
    lots: Lots,
    price: Ticks,
    fee: Tally,
    feeAsset: string,
    liquidity: Liquidity,
    tag: string,
  ): void {
    const at = this.length;
    if (at === this.times.length) this.grow();
    this.times[at] = timeMs;
    this.lots[at] = lots;
    this.prices[at] = price;
    fee.storeAt(this.feeCounts, this.feeRests, at);
    this.feeAssets[at] = this.assets.placeOf(feeAsset);
    this.tags[at] = this.words.placeOf(tag);
    this.markets[at] = market;
    this.flags[at] = (side === 'BUY' ? BUY : 0) | (liquidity === 'MAKER' ? MAKER : 0);
    this.length = at + 1;
  }

  *[Symbol.iterator](): Generator<LoggedFill> {
    const fee = new Tally();
    for (let i = 0; i < this.length; i += 1) {
      fee.loadFrom(this.feeCounts, this.feeRests, i);
      yield {
        timeMs: this.times[i]!,
        market: this.markets[i]!,
        side: this.flags[i]! & BUY ? 'BUY' : 'SELL',
        lots: this.lots[i]! as Lots,
        price: this.prices[i]! as Ticks,
        fee: fee.toAmount(),
        feeAsset: this.assets.at(this.feeAssets[i]!),
        liquidity: this.flags[i]! & MAKER ? 'MAKER' : 'TAKER',
        tag: this.words.at(this.tags[i]!),
      };
    }
  }

  private grow(): void {
    this.times = doubled(this.times);
    this.lots = doubled(this.lots);
    this.prices = doubled(this.prices);
    this.feeCounts = doubled(this.feeCounts);
    this.feeRests = doubled(this.feeRests);
    this.feeAssets = doubled(this.feeAssets);
    this.tags = doubled(this.tags);
    this.markets = doubled(this.markets);
    this.flags = doubled(this.flags);
  }
}

/** Few different words, said many times. Past what a column can name, all further ones become '(other)'. */
class Words {
  private readonly words: string[] = ['(other)'];
  private readonly places = new Map<string, number>();

  placeOf(word: string): number {
    const known = this.places.get(word);
    if (known !== undefined) return known;
    if (this.words.length > WORDS_MAX) return 0;
    this.places.set(word, this.words.length);
    return this.words.push(word) - 1;
  }

  at(place: number): string {
    return this.words[place]!;
  }
}

const FIRST_CAPACITY = 256;
const WORDS_MAX = 65_535;
const BUY = 1;
const MAKER = 2;
