import { type Price, priceToNumber, quantity } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import { type Context, defineStrategy, integer, type Market, type Strategy } from '@tradewind/core/strategy';
import { SeededRandom } from '@tradewind/utils';

const EVERY_MS = 15_000;
const NEAR = 0.0004;
const FAR = 0.0012;

/** Enters with a stop and a target in one list, and puts a pair around what it holds without one. */
// biome-ignore lint/style/noDefaultExport: this is how the file of a strategy names it.
export default defineStrategy({
  name: 'bracket',
  summary: 'Order lists: an entry with stop and target, or a pair around a holding.',
  symbolsMaximum: 1,
  parameters: {
    seed: integer({ default: 1, minimum: 1, maximum: 1_000_000, help: 'of its chances' }),
    steps: integer({
      default: 200,
      minimum: 1,
      maximum: 10_000,
      help: 'size of an order, in ten-thousandths of the coin',
    }),
  },
  warmup: () => 1,
  create: (context, { seed, steps }) => new Bracket(context, seed, steps),
});

class Bracket implements Strategy {
  private readonly context: Context;
  private readonly market: Market;
  private readonly random: SeededRandom;
  private readonly size;

  constructor(context: Context, seed: number, steps: number) {
    this.context = context;
    this.market = context.market();
    this.random = new SeededRandom(seed);
    this.size = quantity((steps / 10_000).toFixed(4));
  }

  onStart(): void {
    this.wait();
  }

  onTimer(): void {
    this.wait();
    const { market, random } = this;
    const last = market.lastPrice;
    if (last === undefined || !this.context.isWarm) return;
    if (market.openOrders.length > 0) {
      if (random.nextFraction() < 0.15) market.cancelAll();
      return;
    }
    const above = this.near(last, 1 + FAR);
    const stop = this.near(last, 1 - FAR);
    const entry = this.near(last, random.nextFraction() < 0.5 ? 1 + NEAR : 1 - NEAR);
    if (above === undefined || stop === undefined || entry === undefined) return;
    if (market.sellable >= this.size) {
      market.oco('SELL', target(market.sellable, above), stopAt(market.sellable, stop), 'a pair');
    } else {
      const working: OrderTerms = { type: 'LIMIT', timeInForce: 'GTC', quantity: this.size, price: entry };
      market.otoco('BUY', working, target(this.size, above), stopAt(this.size, stop), 'a bracket');
    }
  }

  private near(last: Price, factor: number): Price | undefined {
    return this.market.priceAt(priceToNumber(last) * factor, 'floor');
  }

  private wait(): void {
    const aheadMs = EVERY_MS * (0.5 + this.random.nextFraction());
    this.context.setTimer('next', this.context.nowMs + Math.floor(aheadMs));
  }
}

const target = (size: OrderTerms['quantity'] & {}, price: Price): OrderTerms => ({
  type: 'LIMIT_MAKER',
  quantity: size,
  price,
});
const stopAt = (size: OrderTerms['quantity'] & {}, stopPrice: Price): OrderTerms => ({
  type: 'STOP_LOSS',
  quantity: size,
  trigger: { stopPrice },
});
