import { type Price, priceToNumber, quantity } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import {
  type Context,
  defineStrategy,
  integer,
  type Market,
  type OpenOrder,
  type Strategy,
} from '@tradewind/core/strategy';
import { SeededRandom } from '@tradewind/utils';

const EVERY_MS = 5_000;
const OPEN_MAX = 4;
/** Small orders that fill at once, and large ones that fill in parts or pass a limit. */
const MULTIPLES = [1, 2, 10, 40, 90];

/** Orders on both sides of the price every few seconds, resting, crossing and at market, most of them canceled later. */
// biome-ignore lint/style/noDefaultExport: this is how the file of a strategy names it.
export default defineStrategy({
  name: 'quoter',
  summary: 'Keeps the order path busy, by chance from a seed.',
  symbolsMaximum: 1,
  parameters: {
    seed: integer({ default: 1, minimum: 1, maximum: 1_000_000, help: 'of its chances' }),
    steps: integer({
      default: 10,
      minimum: 1,
      maximum: 1000,
      help: 'lot steps of the smallest order, in hundreds',
    }),
  },
  warmup: () => 1,
  create: (context, { seed, steps }) => new Quoter(context, seed, steps),
});

class Quoter implements Strategy {
  private readonly context: Context;
  private readonly market: Market;
  private readonly random: SeededRandom;
  private readonly sizes;

  constructor(context: Context, seed: number, steps: number) {
    this.context = context;
    this.market = context.market();
    this.random = new SeededRandom(seed);
    this.sizes = MULTIPLES.map((multiple) => quantity(((steps * multiple) / 10_000).toFixed(4)));
  }

  onStart(): void {
    this.wait();
  }

  onTimer(): void {
    this.wait();
    const { market, random } = this;
    const last = market.lastPrice;
    if (last === undefined || !this.context.isWarm) return;
    const open = market.openOrders;
    const oldest = open[0];
    if (oldest !== undefined && (open.length >= OPEN_MAX || random.nextFraction() < 0.4))
      market.cancel(oldest.clientOrderId);
    const side = market.isHolding && random.nextFraction() < 0.5 ? 'SELL' : 'BUY';
    const choice = random.nextFraction();
    const away = (random.nextFraction() - 0.6) * 0.001;
    const price = market.priceAt(priceToNumber(last) * (side === 'BUY' ? 1 + away : 1 - away), 'floor');
    if (price === undefined || (side === 'BUY' && open.length >= OPEN_MAX)) return;
    if (side === 'SELL' && choice < 0.2) market.sellAll('all of it');
    else {
      const wanted = this.sizes[random.nextUint32() % this.sizes.length]!;
      const size = side === 'SELL' && market.sellable < wanted ? market.sellable : wanted;
      const order = side === 'BUY' ? market.buy.bind(market) : market.sell.bind(market);
      if (choice < 0.35) order({ type: 'MARKET', quantity: size });
      else {
        const timeInForce = choice < 0.55 ? 'IOC' : 'GTC';
        order({ type: 'LIMIT', timeInForce, quantity: size, price: this.ownPrice(open, side) ?? price });
      }
    }
  }

  /** Now and then that of an order of its own, so that the two meet and self-trade prevention has to act (faults.md O16). */
  private ownPrice(open: readonly OpenOrder[], side: Side): Price | undefined {
    if (this.random.nextFraction() < 0.7) return undefined;
    const other = open.find((order) => order.side !== side && order.terms.type === 'LIMIT');
    return other?.terms.type === 'LIMIT' ? other.terms.price : undefined;
  }

  private wait(): void {
    const aheadMs = EVERY_MS * (0.5 + this.random.nextFraction());
    this.context.setTimer('next', this.context.nowMs + Math.floor(aheadMs));
  }
}
