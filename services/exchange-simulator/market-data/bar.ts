import { ExactSum } from './exact-sum.ts';

/** What was traded in a span of time; prices and amounts count 10^-8. Filled anew again and again. */
export class Bar {
  /** Epoch ms. */
  openTime = 0;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  /** Trades; with none the prices mean nothing. */
  count = 0;
  firstId = -1;
  lastId = -1;
  readonly volume = new ExactSum();
  readonly quoteVolume = new ExactSum();
  /** What takers bought. */
  readonly takerVolume = new ExactSum();
  readonly takerQuoteVolume = new ExactSum();

  begin(openTime: number): void {
    this.openTime = openTime;
    this.count = 0;
    this.firstId = -1;
    this.lastId = -1;
    this.volume.clear();
    this.quoteVolume.clear();
    this.takerVolume.clear();
    this.takerQuoteVolume.clear();
  }

  addTrade(id: number, price: number, quantity: bigint, quoteQuantity: bigint, takerBuys: boolean): void {
    if (this.count === 0) {
      this.open = price;
      this.high = price;
      this.low = price;
      this.firstId = id;
    } else if (price > this.high) this.high = price;
    else if (price < this.low) this.low = price;
    this.close = price;
    this.lastId = id;
    this.count += 1;
    this.volume.add(quantity);
    this.quoteVolume.add(quoteQuantity);
    if (takerBuys) {
      this.takerVolume.add(quantity);
      this.takerQuoteVolume.add(quoteQuantity);
    }
  }

  /** Adds a later bar to this one. */
  merge(later: Bar): void {
    if (later.count === 0) return;
    if (this.count === 0) {
      this.open = later.open;
      this.high = later.high;
      this.low = later.low;
      this.firstId = later.firstId;
    } else {
      if (later.high > this.high) this.high = later.high;
      if (later.low < this.low) this.low = later.low;
    }
    this.close = later.close;
    this.lastId = later.lastId;
    this.count += later.count;
    this.volume.addSum(later.volume);
    this.quoteVolume.addSum(later.quoteVolume);
    this.takerVolume.addSum(later.takerVolume);
    this.takerQuoteVolume.addSum(later.takerQuoteVolume);
  }
}
