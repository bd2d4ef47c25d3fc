import type { Trade } from '@tradewind/core/market';
import { price, quantity } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import {
  defineStrategy,
  integer,
  type Market,
  type Strategy,
  type StrategyDefinition,
} from '@tradewind/core/strategy';
import { ASK, BID } from './venue.ts';

/** The house trades another one, so that a trade tells whose it is. */
const SIZE = quantity('0.001');

const limit = (at: string): OrderTerms => ({
  type: 'LIMIT',
  timeInForce: 'IOC',
  quantity: SIZE,
  price: price(at),
});
/** Within the collar, and so far below the market that nothing of it is filled: it ends at once. */
const UNFILLED = limit('58000');
const BUYING = limit(ASK);
const SELLING = limit(BID);

/** Wants an order at every so many trades of the house that it hears. */
export const orderAtTrades: StrategyDefinition = defineStrategy({
  name: 'order-at-trades',
  summary: 'Orders at every so many trades.',
  symbolsMaximum: 1,
  parameters: {
    every: integer({ default: 1, minimum: 1, maximum: 1_000_000, help: 'trades for an order' }),
    phase: integer({ default: 0, minimum: 0, maximum: 999_999, help: 'which of so many trades' }),
    filled: integer({ default: 0, minimum: 0, maximum: 1, help: 'whether its orders are filled' }),
  },
  inputs: ({ symbols }) => [{ kind: 'trades', symbol: symbols[0]! }],
  warmup: () => 0,
  create: (context, { every, phase, filled }) =>
    new OrderAtTrades(context.market(), every, phase, filled === 1),
}) as unknown as StrategyDefinition;

class OrderAtTrades implements Strategy {
  private readonly market: Market;
  private readonly every: number;
  private readonly phase: number;
  private readonly isFilled: boolean;

  constructor(market: Market, every: number, phase: number, isFilled: boolean) {
    this.market = market;
    this.every = every;
    this.phase = phase;
    this.isFilled = isFilled;
  }

  onTrade({ id, quantity: size }: Trade): void {
    // What it trades itself is heard, too: to answer that with an order would make as many more as are filled.
    if (size === SIZE || id % this.every !== this.phase) return;
    const { market } = this;
    if (!this.isFilled) market.buy(UNFILLED);
    else if (market.isHolding) market.sell(SELLING);
    else market.buy(BUYING);
  }
}

export interface Ears {
  trade(symbol: string, id: number): void;
  quote(updateId: number): void;
  book(symbol: string, updateId: number): void;
}

/** Hears everything of its symbol, and tells somebody. */
export const looker = (ears: Ears): StrategyDefinition =>
  defineStrategy({
    name: 'looker',
    summary: 'Hears every trade, quote and book.',
    symbolsMaximum: 1,
    parameters: {},
    inputs: ({ symbols: [symbol] }) =>
      (['trades', 'quotes', 'book'] as const).map((kind) => ({ kind, symbol: symbol! })),
    warmup: () => 0,
    create: (context) => {
      const { symbol } = context.market();
      return {
        onTrade: ({ id }) => ears.trade(symbol, id),
        onQuote: ({ updateId }) => ears.quote(updateId),
        onBook: ({ lastUpdateId }) => ears.book(symbol, lastUpdateId),
      };
    },
  }) as unknown as StrategyDefinition;
