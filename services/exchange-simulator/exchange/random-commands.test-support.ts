import { fromUnits, type Price, type Quantity, type QuoteAmount } from '@tradewind/core/money';
import type { OrderType, SelfTradePrevention, Side } from '@tradewind/core/orders';
import { SeededRandom } from '@tradewind/utils';
import { entry, MODES } from './exchange.test-support.ts';
import type { Exchange, NewOrder, NewOrderList } from './index.ts';

/** Something that is done to an exchange; it is the same whichever exchange it is done to. */
export type Command = (exchange: Exchange, clock: { advance(durationMs: number): void }) => unknown;

/** A small market, so that orders meet: prices from 20 to 30, quantities of a few tenths. */
export const SMALL_MARKET = entry('BTCUSDT', {
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.5', maxPrice: '1000', tickSize: '0.5' },
    { filterType: 'LOT_SIZE', minQty: '0.1', maxQty: '100', stepSize: '0.1' },
    { filterType: 'NOTIONAL', minNotional: '3', applyMinToMarket: true, avgPriceMins: 5 },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 30 },
    { filterType: 'MAX_NUM_ORDER_AMENDS', maxNumOrderAmends: 3 },
  ],
});

/** A few by default; EXCHANGE_SEQUENCES says how many, and EXCHANGE_FIRST_SEED where they begin, so that a long run can be taken in parts. */
export const SEEDS: readonly number[] = Array.from(
  { length: Number(process.env.EXCHANGE_SEQUENCES ?? 8) },
  (_, at) => Number(process.env.EXCHANGE_FIRST_SEED ?? 1) + at,
);

export interface CommandOptions {
  readonly accounts: readonly number[];
  /** Fresh orders that rest or take, cancels and amendments only: what a simple model of a book can follow. */
  readonly isPlain?: boolean;
  /** Deposits, external locks, statuses and an outside market, too. */
  readonly hasOperator?: boolean;
}

export class RandomCommands {
  private readonly random: SeededRandom;
  private readonly options: CommandOptions;
  private count = 0;

  constructor(seed: number, options: CommandOptions) {
    this.random = new SeededRandom(seed);
    this.options = options;
  }

  next(): Command {
    this.count += 1;
    const account = this.pick(this.options.accounts);
    const kind = this.below(100);
    if (this.options.isPlain) return this.plain(account, kind);
    if (kind < 50) return this.place(account);
    if (kind < 60) return this.cancel(account);
    if (kind < 66) return this.amend(account);
    if (kind < 72) return this.cancelReplace(account);
    if (kind < 88) return this.placeList(account);
    if (kind < 90) return (exchange) => exchange.cancelAll(account, 'BTCUSDT');
    if (kind < 92 || !this.options.hasOperator) return (_exchange, clock) => clock.advance(700);
    return this.operate(account, kind);
  }

  private plain(account: number, kind: number): Command {
    if (kind < 75) {
      const order: NewOrder = {
        side: this.side(),
        type: this.below(8) === 0 ? 'MARKET' : 'LIMIT',
        quantity: this.quantity(),
      };
      const timeInForce = this.pick(['GTC', 'GTC', 'GTC', 'IOC', 'FOK'] as const);
      const whole = order.type === 'MARKET' ? order : { ...order, timeInForce, price: this.price() };
      return (exchange) => exchange.placeOrder(account, 'BTCUSDT', whole);
    }
    return kind < 92 ? this.cancel(account) : this.amend(account);
  }

  private place(account: number): Command {
    const order = this.order();
    return (exchange) => exchange.placeOrder(account, 'BTCUSDT', order);
  }

  private cancel(account: number): Command {
    const orderId = this.recentId();
    const restriction = this.pick(['NONE', 'NONE', 'ONLY_NEW', 'ONLY_PARTIALLY_FILLED'] as const);
    const request = { symbol: 'BTCUSDT', orderId, restriction, clientOrderId: `name${this.count}` };
    return (exchange) => exchange.cancelOrder(account, request);
  }

  private amend(account: number): Command {
    const request = { symbol: 'BTCUSDT', orderId: this.recentId(), quantity: this.quantity() };
    return (exchange) => exchange.amend(account, request);
  }

  private cancelReplace(account: number): Command {
    const order = this.order();
    const request = {
      symbol: 'BTCUSDT',
      mode: this.pick(['STOP_ON_FAILURE', 'ALLOW_FAILURE'] as const),
      cancelOrderId: this.recentId(),
      order,
    };
    return (exchange) => exchange.cancelReplace(account, request);
  }

  private placeList(account: number): Command {
    const list = this.list();
    return (exchange) => exchange.placeList(account, list);
  }

  private operate(account: number, kind: number): Command {
    const amount = fromUnits<Quantity>(BigInt(this.below(50)) * 10_000_000n);
    const negative = fromUnits<Quantity>(BigInt(-this.below(50)) * 10_000_000n);
    const asset = this.pick(['BTC', 'USDT']);
    const [price, size, side] = [this.price(), this.quantity(), this.side()];
    const orderId = this.recentId();
    switch (kind) {
      case 92:
        return (exchange) => exchange.transfer(account, asset, orderId % 2 === 0 ? amount : negative);
      case 93:
        return (exchange) => exchange.lockExternally(account, asset, amount);
      case 94:
        return (exchange) => exchange.lockExternally(account, asset, negative);
      case 95:
        return (exchange) => exchange.expireOrder('BTCUSDT', orderId);
      case 96:
        return (exchange) => exchange.applyTrade('BTCUSDT', price, size, side);
      case 97: {
        const bids = [{ price: fromUnits<Price>(1_500_000_000n), quantity: size }];
        const asks = [{ price: fromUnits<Price>(3_500_000_000n), quantity: size }];
        return (exchange) => exchange.applyDepth('BTCUSDT', bids, asks);
      }
      default: {
        const order = this.limit(side);
        return (exchange) => exchange.placeByHand(account, 'BTCUSDT', order);
      }
    }
  }

  private order(): NewOrder {
    const side = this.side();
    const common = { side, selfTradePrevention: this.pick(MODES) as SelfTradePrevention };
    switch (this.below(8)) {
      case 0:
        return { ...common, type: 'MARKET', quantity: this.quantity() };
      case 1: {
        const quoteOrderQuantity = fromUnits<QuoteAmount>(BigInt(this.below(9000)) * 1_000_000n);
        return { ...common, type: 'MARKET', quoteOrderQuantity };
      }
      case 2:
        return { ...common, type: 'LIMIT_MAKER', price: this.price(), quantity: this.quantity() };
      case 3:
      case 4:
        return { ...common, ...this.stop() };
      case 5: {
        const pegPriceType = this.pick(['PRIMARY_PEG', 'MARKET_PEG'] as const);
        return { ...common, type: 'LIMIT', quantity: this.quantity(), pegPriceType };
      }
      default:
        return { ...common, ...this.limit(side) };
    }
  }

  private limit(side: Side): NewOrder {
    const timeInForce = this.pick(['GTC', 'GTC', 'GTC', 'IOC', 'FOK'] as const);
    const order: NewOrder = {
      side,
      type: 'LIMIT',
      timeInForce,
      price: this.price(),
      quantity: this.quantity(),
    };
    if (timeInForce !== 'GTC' || this.below(3) > 0) return order;
    return { ...order, quantity: fromUnits(200_000_000n), icebergQuantity: fromUnits(50_000_000n) };
  }

  private stop(): Pick<
    NewOrder,
    'type' | 'quantity' | 'price' | 'stopPrice' | 'trailingDelta' | 'timeInForce'
  > {
    const type: OrderType = this.pick(['STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT']);
    const limit = type.endsWith('LIMIT') ? { price: this.price(), timeInForce: 'GTC' as const } : {};
    const quantity = this.quantity();
    switch (this.below(3)) {
      case 0:
        return { type, quantity, ...limit, trailingDelta: 100 + this.below(900) };
      case 1:
        return { type, quantity, ...limit, stopPrice: this.price(), trailingDelta: 100 + this.below(900) };
      default:
        return { type, quantity, ...limit, stopPrice: this.price() };
    }
  }

  private list(): NewOrderList {
    const side = this.side();
    const quantity = this.quantity();
    const working = {
      ...this.limit(side),
      quantity,
      timeInForce: 'GTC' as const,
      icebergQuantity: undefined,
    };
    const [above, below] = this.alternatives(this.side(), quantity);
    const [sellAbove, sellBelow] = this.alternatives('SELL', undefined);
    const symbol = 'BTCUSDT';
    switch (this.below(5)) {
      case 0:
        return { symbol, kind: 'OTO', working, pending: this.order() };
      case 1:
        return { symbol, kind: 'OTOCO', working, pendingAbove: above, pendingBelow: below };
      case 2: {
        const pending: NewOrder = { side: 'SELL', type: 'LIMIT', price: this.price() };
        return { symbol, kind: 'OPO', working: { ...working, side: 'BUY' }, pending };
      }
      case 3: {
        const pair = { pendingAbove: sellAbove, pendingBelow: sellBelow };
        return { symbol, kind: 'OPOCO', working: { ...working, side: 'BUY' }, ...pair };
      }
      default:
        return { symbol, kind: 'OCO', above, below };
    }
  }

  private alternatives(side: Side, quantity: Quantity | undefined): [NewOrder, NewOrder] {
    const [high, low] = [26 + this.below(4), 21 + this.below(4)].map((price) =>
      fromUnits<Price>(BigInt(price) * 100_000_000n),
    ) as [Price, Price];
    const [profit, loss] = side === 'SELL' ? [high, low] : [low, high];
    const limit: NewOrder = { side, type: 'LIMIT_MAKER', price: profit, quantity };
    const isLimited = this.below(2) === 0;
    const stop: NewOrder = isLimited
      ? { side, type: 'STOP_LOSS_LIMIT', stopPrice: loss, price: loss, timeInForce: 'GTC', quantity }
      : { side, type: 'STOP_LOSS', stopPrice: loss, quantity };
    return side === 'SELL' ? [limit, stop] : [stop, limit];
  }

  /** Of an order that may be open; not always there, and often somebody else's. */
  private recentId(): number {
    return Math.max(1, Math.floor(this.count * 0.8) - this.below(25));
  }

  private price(): Price {
    return fromUnits(BigInt(40 + this.below(21)) * 50_000_000n);
  }

  private quantity(): Quantity {
    return fromUnits(BigInt(1 + this.below(30)) * 10_000_000n);
  }

  private side(): Side {
    return this.below(2) === 0 ? 'BUY' : 'SELL';
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  private below(limit: number): number {
    return Math.floor(this.random.nextFraction() * limit);
  }
}
