import { formatPrice, type Price, priceToNumber, quantity } from '@tradewind/core/money';
import { type Bar, defineStrategy, type Market, type Strategy } from '@tradewind/core/strategy';

/** Keeps the order path busy on every bar: limit orders around the price, some of which are canceled, and a market order now and then. */
// biome-ignore lint/style/noDefaultExport: this is how the file of a strategy names it.
export default defineStrategy({
  name: 'busy',
  summary: 'Orders on every bar, for tests.',
  symbolsMaximum: 1,
  parameters: {},
  warmup: () => 2,
  create: (context) => new Busy(context.market()),
});

const SIZE = quantity('0.002');
const OPEN_MAX = 8;

class Busy implements Strategy {
  private readonly market: Market;
  private bars = 0;

  constructor(market: Market) {
    this.market = market;
  }

  onBar({ closePrice }: Bar): void {
    this.bars += 1;
    const { market } = this;
    const open = market.openOrders;
    if (open.length >= OPEN_MAX) for (const order of open.slice(0, 4)) market.cancel(order.clientOrderId);
    if (this.bars % 5 === 0) market.buy({ type: 'MARKET', quantity: SIZE });
    if (this.bars % 7 === 0 && market.isHolding) market.sellAll();
    else if (open.length < OPEN_MAX) this.quoteAround(closePrice);
  }

  private quoteAround(price: Price): void {
    const near = priceToNumber(price);
    const bid = this.market.priceAt(near * 0.9999, 'floor');
    const ask = this.market.priceAt(near * 1.0001, 'ceiling');
    if (bid !== undefined) this.market.buy({ type: 'LIMIT', timeInForce: 'GTC', quantity: SIZE, price: bid });
    if (ask !== undefined && this.market.sellable >= SIZE) {
      this.market.sell({ type: 'LIMIT', timeInForce: 'GTC', quantity: SIZE, price: ask }, formatPrice(ask));
    }
  }
}
