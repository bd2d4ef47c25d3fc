import { type Instrument, stepOf, tickOf } from '@tradewind/core/market';
import {
  asAsset,
  fromUnits,
  isPositive,
  maximum,
  minimum,
  numberToMultiple,
  type Price,
  priceToNumber,
  type Quantity,
  type QuoteAmount,
  type Rounding,
  ratio,
  share,
  Tally,
  toMultiple,
} from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import type { ExchangePort, NewOrder, Order } from '../../exchange/index.ts';

/** What the traders of a made-up market need of the exchange. Their orders are placed past order counts, which are for clients. */
export type TradingFloor = Pick<
  ExchangePort,
  'openAccount' | 'placeByHand' | 'cancelByHand' | 'transfer' | 'bestBid' | 'bestAsk' | 'symbol' | 'listen'
>;

/** Of what an account begins with, as a multiple of its usual order. */
const FUNDS_IN_ORDERS = 100_000;

/** One account of the made-up market, trading one symbol. */
export class Desk {
  readonly account: number;
  readonly symbol: string;
  private readonly floor: TradingFloor;
  /** What an order is usually worth, in quote. */
  private readonly orderValue: number;

  /** @param price  about what the symbol costs, in quote */
  constructor(floor: TradingFloor, instrument: Instrument, price: number) {
    this.floor = floor;
    this.symbol = instrument.symbol;
    this.orderValue = usualOrderValue(instrument, price);
    const quote = amountOf(this.orderValue * FUNDS_IN_ORDERS);
    this.account = floor.openAccount({
      balances: [
        [instrument.baseAsset, asAsset(this.baseFunds(price))],
        [instrument.quoteAsset, asAsset(quote)],
      ],
    });
  }

  get tick(): number {
    return priceToNumber(tickOf(this.instrument));
  }

  /** As it is now: the exchange refuses orders that keep to rules which have changed since. */
  private get instrument(): Instrument {
    const now = this.floor.symbol(this.symbol);
    invariant(now !== undefined, 'a symbol that is traded stays on the exchange');
    return now.instrument;
  }

  /** In quote, for computing only; undefined while a side is empty. */
  get bestBid(): number | undefined {
    const best = this.floor.bestBid(this.symbol);
    return best === undefined ? undefined : priceToNumber(best.price);
  }

  get bestAsk(): number | undefined {
    const best = this.floor.bestAsk(this.symbol);
    return best === undefined ? undefined : priceToNumber(best.price);
  }

  /** A price on the grid of the symbol; undefined when there is none above zero. */
  priceNear(value: number, rounding: Rounding): Price | undefined {
    const price = numberToMultiple(value, tickOf(this.instrument), rounding);
    return price !== undefined && isPositive(price) ? price : undefined;
  }

  /** Post-only, rests; undefined when the exchange does not take it. */
  rest(side: Side, price: Price, size: number): Order | undefined {
    return this.place({ side, type: 'LIMIT_MAKER', price, quantity: this.quantityOf(size, price) });
  }

  /** Rests where it does not trade. */
  limit(side: Side, price: Price, size: number): Order | undefined {
    const quantity = this.quantityOf(size, price);
    return this.place({ side, type: 'LIMIT', timeInForce: 'GTC', price, quantity });
  }

  /** Takes what there is up to a price. */
  take(side: Side, price: Price, size: number): Order | undefined {
    const quantity = this.quantityOf(size, price);
    return this.place({ side, type: 'LIMIT', timeInForce: 'IOC', price, quantity });
  }

  cancel(orderId: number): void {
    this.floor.cancelByHand(this.account, { symbol: this.symbol, orderId });
  }

  /** @param size  as a multiple of the usual order */
  private quantityOf(size: number, price: Price): Quantity {
    const { lot, notional } = this.instrument.filters;
    const step = stepOf(this.instrument);
    let quantity = amountOf((size * this.orderValue) / priceToNumber(price));
    if (notional?.minimum !== undefined) {
      // The filter judges by an average price, which may be above this one.
      const least = 1.1 * numberOf(notional.minimum);
      quantity = maximum(quantity, amountOf(least / priceToNumber(price)));
    }
    quantity = toMultiple(quantity, step, 'ceiling');
    if (lot.minimum !== undefined) quantity = maximum(quantity, lot.minimum);
    return lot.maximum === undefined ? quantity : minimum(quantity, lot.maximum);
  }

  private place(order: NewOrder): Order | undefined {
    const placed = this.floor.placeByHand(this.account, this.symbol, order);
    if (placed.ok) return placed.value.order;
    if (placed.error.rejectReason === 'INSUFFICIENT_BALANCES') this.refill(order);
    return undefined;
  }

  /** Whoever traded all away gets as much as at the start: the market does not end because one trader was wrong. */
  private refill({ side, price }: NewOrder): void {
    const { baseAsset, quoteAsset } = this.instrument;
    if (side === 'BUY') {
      this.floor.transfer(this.account, quoteAsset, asAsset(amountOf(this.orderValue * FUNDS_IN_ORDERS)));
    } else if (price !== undefined) {
      this.floor.transfer(this.account, baseAsset, asAsset(this.baseFunds(priceToNumber(price))));
    }
  }

  /** Half of the position that the symbol allows, where it allows only so much. */
  private baseFunds(price: number): Quantity {
    const funds = amountOf((this.orderValue * FUNDS_IN_ORDERS) / price);
    const { positionMaximum } = this.instrument.filters;
    return positionMaximum === undefined ? funds : minimum(funds, share(positionMaximum, HALF, 'receive'));
  }
}

const ONE_UNIT = fromUnits<Quantity>(1n);
const amountOf = (value: number): Quantity => numberToMultiple(value, ONE_UNIT, 'ceiling') ?? ONE_UNIT;
const HALF = ratio('0.5');
/** Enough for orders that cost nothing else to say what they are usually worth. */
const VALUE_WHEN_UNKNOWN = 1000;

/** A thousand of the smallest orders that the symbol takes, in quote: 5000 USDT where 5 are the least. */
function usualOrderValue({ filters }: Instrument, price: number): number {
  const least = filters.notional?.minimum;
  if (least !== undefined) return 1000 * numberOf(least);
  return filters.lot.minimum === undefined
    ? VALUE_WHEN_UNKNOWN
    : 1000 * numberOf(filters.lot.minimum) * price;
}

const numberOf = (amount: Quantity | QuoteAmount): number => Tally.of(asAsset(amount)).toNumber();
