import {
  type Amount,
  fromUnits,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  settle,
  unitsOf,
} from '@tradewind/core/money';
import type { OrderType, SelfTradePrevention, Side, TimeInForce } from '@tradewind/core/orders';
import type { ExpiryReason, Order, OrderStatus, PegPriceType } from './model.ts';
import type { Lock } from './wallet.ts';

/** What an order record begins with. */
export interface OrderStart {
  readonly symbol: string;
  readonly account: number;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: Price;
  readonly quantity: Quantity | undefined;
  readonly quoteOrderQuantity: QuoteAmount;
  readonly stopPrice: Price;
  readonly icebergQuantity: Quantity;
  readonly trailingDelta: number;
  readonly strategyId: number | undefined;
  readonly strategyType: number | undefined;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly pegPriceType: PegPriceType | undefined;
  readonly pegOffsetLevels: number | undefined;
  readonly tradeGroup: number;
  readonly createdAtMs: number;
  /** Placed by the operator: not counted as unfilled. */
  readonly isByHand: boolean;
}

const NOTHING = fromUnits<Quantity>(0n);
const NO_QUOTE = fromUnits<QuoteAmount>(0n);
const NO_NAMES: readonly string[] = [];

/** An order as the exchange keeps it, from its acceptance on. */
export class OrderRecord {
  readonly start: OrderStart;
  orderId = -1;
  orderListId = -1;
  clientOrderId: string;
  quantity: Quantity | undefined;
  icebergQuantity: Quantity;
  executedQuantity: Quantity = NOTHING;
  executedQuote: QuoteAmount = NO_QUOTE;
  preventedQuantity: Quantity = NOTHING;
  preventedMatchId: number | undefined = undefined;
  status: OrderStatus = 'NEW';
  expiryReason: ExpiryReason = 'NONE';
  peggedPrice: Price | undefined = undefined;
  trailingTimeMs = -1;
  updatedAtMs: number;
  workingTimeMs = -1;
  amendments = 0;
  /** Client order ids between the first and the present one. */
  formerNames: readonly string[] = NO_NAMES;
  /** False while it waits for the working order of its list, for which nothing is locked. */
  isReserved = true;
  /** What a market order to buy may still spend. */
  reserve: QuoteAmount | undefined = undefined;
  /** The price at which a stop to buy without any price of its own locks. */
  reservePrice: Price | undefined = undefined;
  lock: Lock | undefined = undefined;
  /** A market order by quote amount for which the book does not suffice: it ends as EXPIRED, whatever it trades. */
  isShort = false;

  constructor(start: OrderStart) {
    this.start = start;
    this.clientOrderId = start.clientOrderId;
    this.quantity = start.quantity;
    this.icebergQuantity = start.icebergQuantity;
    this.updatedAtMs = start.createdAtMs;
  }

  get isOpen(): boolean {
    return this.status === 'NEW' || this.status === 'PARTIALLY_FILLED' || this.status === 'PENDING_NEW';
  }

  get isAlgo(): boolean {
    return isStopKind(this.start.type);
  }

  get isIceberg(): boolean {
    return unitsOf(this.start.icebergQuantity) > 0n;
  }

  get isWorking(): boolean {
    return this.workingTimeMs !== -1;
  }

  rename(clientOrderId: string): void {
    if (this.clientOrderId !== this.start.clientOrderId)
      this.formerNames = [...this.formerNames, this.clientOrderId];
    this.clientOrderId = clientOrderId;
  }

  /** Every client order id that it has or had. */
  names(): readonly string[] {
    return [this.start.clientOrderId, ...this.formerNames, this.clientOrderId];
  }

  /** Still to be traded. */
  get openQuantity(): Quantity {
    if (!this.isOpen || this.quantity === undefined) return NOTHING;
    return fromUnits(
      unitsOf(this.quantity) - unitsOf(this.executedQuantity) - unitsOf(this.preventedQuantity),
    );
  }

  /** What it has to have locked: base of a SELL, quote of a BUY at the most that it can cost, rounded up. */
  need(): Amount {
    if (!this.isReserved || !this.isOpen) return NOTHING;
    if (this.start.side === 'SELL') return this.openQuantity;
    if (this.reserve !== undefined) return this.reserve;
    return settle(notional(this.lockPrice(), this.openQuantity), 'pay');
  }

  /** The price at which it could trade now: the peg's, its own, or where it would become a market order. */
  private lockPrice(): Price {
    if (this.peggedPrice !== undefined) return this.peggedPrice;
    if (unitsOf(this.start.price) !== 0n) return this.start.price;
    return this.reservePrice ?? this.start.stopPrice;
  }

  view(): Order {
    const { start } = this;
    return {
      symbol: start.symbol,
      account: start.account,
      orderId: this.orderId,
      orderListId: this.orderListId,
      clientOrderId: this.clientOrderId,
      placedClientOrderId: start.clientOrderId,
      side: start.side,
      type: start.type,
      timeInForce: start.timeInForce,
      price: start.price,
      quantity: this.quantity,
      quoteOrderQuantity: start.quoteOrderQuantity,
      executedQuantity: this.executedQuantity,
      executedQuote: this.executedQuote,
      status: this.status,
      stopPrice: start.stopPrice,
      icebergQuantity: this.icebergQuantity,
      trailingDelta: start.trailingDelta,
      trailingTimeMs: this.trailingTimeMs,
      strategyId: start.strategyId,
      strategyType: start.strategyType,
      selfTradePrevention: start.selfTradePrevention,
      pegPriceType: start.pegPriceType,
      pegOffsetLevels: start.pegOffsetLevels,
      peggedPrice: this.peggedPrice,
      preventedMatchId: this.preventedMatchId,
      preventedQuantity: this.preventedQuantity,
      tradeGroup: start.tradeGroup === 0 ? undefined : start.tradeGroup,
      createdAtMs: start.createdAtMs,
      updatedAtMs: this.updatedAtMs,
      workingTimeMs: this.workingTimeMs,
      isWorking: this.isWorking,
      expiryReason: this.expiryReason,
    };
  }
}

/** Whether an order can stand in the book: the others end with their taker phase. */
export const canRest = ({ type, timeInForce }: OrderStart): boolean =>
  timeInForce === 'GTC' && type !== 'MARKET' && type !== 'STOP_LOSS' && type !== 'TAKE_PROFIT';

/** Whether an order buys or sells at any price once it works. */
export const isMarketKind = (type: OrderType): boolean =>
  type === 'MARKET' || type === 'STOP_LOSS' || type === 'TAKE_PROFIT';

export const isStopKind = (type: OrderType): boolean =>
  type !== 'MARKET' && type !== 'LIMIT' && type !== 'LIMIT_MAKER';
