import { asAsset, averagePrice, type Price, type Quantity, type QuoteAmount, Tally } from '../money/index.ts';

/**
 * The base that a strategy holds in one symbol and what it cost, by the average-cost method. The quantity is net of fees
 * taken in base; the cost includes what was paid for them. Never below zero on spot.
 */
export class Position {
  readonly quantity = new Tally();
  /** What the open quantity cost, in quote, fees included. */
  readonly cost = new Tally();
  /** Profit of all sells so far, after fees, in quote. */
  readonly realized = new Tally();
  private readonly earned = new Tally();
  private readonly kept = new Tally();
  private readonly released = new Tally();

  /** @param received  base that arrived, net of a fee in base  @param paid  quote that left, with a fee in quote or the value of a fee in a third asset */
  buy(received: Tally, paid: Tally): void {
    this.quantity.add(received);
    this.cost.add(paid);
  }

  /**
   * What is sold beyond the open quantity was deposited, not bought: it has no cost, and its part of the proceeds is capital
   * that has changed its asset, not profit.
   * @param sold  base that left, with a fee in base
   * @param proceeds  quote that arrived, net of fees
   */
  sell(sold: Tally, proceeds: Tally): void {
    const { earned, quantity, realized } = this;
    if (quantity.isLessThan(sold)) earned.setProportion(proceeds, quantity, sold, false);
    else earned.set(proceeds);
    this.releaseCost(sold);
    realized.add(earned);
    realized.subtract(this.released);
  }

  /** Takes base out of the position with its share of the cost as a loss: dust written off. */
  writeOff(quantity: Tally): void {
    this.releaseCost(quantity);
    this.realized.subtract(this.released);
  }

  /** Takes base out of the position at what it cost: neither profit nor loss. */
  takeOut(quantity: Tally): void {
    this.releaseCost(quantity);
  }

  /** Stands where it stood when it was kept. */
  restore(kept: {
    readonly quantity: Quantity;
    readonly cost: QuoteAmount;
    readonly realizedPnl: QuoteAmount;
  }): void {
    this.quantity.setAmount(asAsset(kept.quantity));
    this.cost.setAmount(asAsset(kept.cost));
    this.realized.setAmount(asAsset(kept.realizedPnl));
  }

  /** undefined when nothing is held. Rounded up: what we hold never looks cheaper than it was. */
  averageEntryPrice(): Price | undefined {
    if (this.quantity.isZero) return undefined;
    return averagePrice(this.cost.toAmount<QuoteAmount>(), this.quantity.toAmount<Quantity>(), 'ceiling');
  }

  /**
   * Takes `quantity`, or all there is, out and its part of the cost into `released`: cost x quantity / open, rounded up
   * (against us). What is kept is then cost x rest / open rounded down, the very same number; the smaller of the two
   * quantities is the one multiplied, because after a full exit the rest is dust and its product stays small.
   */
  private releaseCost(quantity: Tally): void {
    const { kept, released, cost } = this;
    if (!quantity.isLessThan(this.quantity)) {
      released.set(cost);
      cost.clear();
      this.quantity.clear();
      return;
    }
    kept.set(this.quantity);
    kept.subtract(quantity);
    if (kept.isLessThan(quantity)) {
      kept.setProportion(cost, kept, this.quantity, false);
      released.set(cost);
      released.subtract(kept);
    } else {
      released.setProportion(cost, quantity, this.quantity, true);
    }
    cost.subtract(released);
    this.quantity.subtract(quantity);
  }
}
