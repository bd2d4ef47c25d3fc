import { price, quantity } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import { defineStrategy, integer, type Market, type Strategy } from '@tradewind/core/strategy';

/** Far enough below the market that none of its orders is filled, within the collar. */
const HIGHEST = 58_500;

/** Keeps so many orders open, and always has one on its way: cancels its oldest and places another at every trade. */
// biome-ignore lint/style/noDefaultExport: this is how the file of a strategy names it.
export default defineStrategy({
  name: 'resting-orders',
  summary: 'Keeps many orders open and always one on its way.',
  symbolsMaximum: 1,
  parameters: { open: integer({ default: 50, minimum: 1, maximum: 1000, help: 'orders that rest' }) },
  inputs: ({ symbols }) => [{ kind: 'trades', symbol: symbols[0]! }],
  warmup: () => 0,
  create: (context, { open }) => new RestingOrders(context.market(), open),
});

class RestingOrders implements Strategy {
  private readonly market: Market;
  private readonly open: number;
  private placed = 0;

  constructor(market: Market, open: number) {
    this.market = market;
    this.open = open;
  }

  onTrade(): void {
    const { market } = this;
    const [oldest, ...others] = market.openOrders;
    if (oldest !== undefined && others.length >= this.open) market.cancel(oldest.clientOrderId);
    this.placed += 1;
    market.buy(this.terms());
  }

  private terms(): OrderTerms {
    const at = price(String(HIGHEST - (this.placed % 500)));
    return { type: 'LIMIT', timeInForce: 'GTC', quantity: quantity('0.001'), price: at };
  }
}
