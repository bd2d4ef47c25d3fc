import type { Lots, Ticks } from '../../market/index.ts';
import type { SelfTradePrevention, Side } from '../../orders/index.ts';
import type { ExpiryReason } from '../expiry.ts';
import type { MatchingListener } from './listener.ts';
import { type EngineOptions, MatchingEngine } from './matching-engine.ts';
import type { OrderRequest } from './request.ts';

/** Plain numbers and words, so that tables of orders need no casts. */
type Loose = Readonly<Partial<Record<keyof OrderRequest, number | string | undefined>>>;

/** A limit order to buy 10 at 100, good till canceled, of account 1, except for what is given. */
export function order(given: Loose): OrderRequest {
  const whole = {
    account: 1,
    tradeGroup: 0,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    selfTradePrevention: 'NONE',
    quantity: 10,
    price: 100,
    quoteAmount: 0,
    stopPrice: 0,
    trailingDeltaBps: 0,
    icebergQuantity: 0,
    pegPriceType: 'NONE',
    pegOffsetLevels: 0,
    ...given,
  };
  return whole as unknown as OrderRequest;
}

/** Writes down what the engine tells, a line per event. */
export class Recorder implements MatchingListener {
  private lines: string[] = [];

  /** The lines since the last call. */
  take(): string[] {
    const lines = this.lines;
    this.lines = [];
    return lines;
  }

  accepted(orderId: number, _request: OrderRequest, isPending: boolean): void {
    this.lines.push(`${orderId} ${isPending ? 'pending' : 'new'}`);
  }
  activated(orderId: number): void {
    this.lines.push(`${orderId} activated`);
  }
  triggered(orderId: number): void {
    this.lines.push(`${orderId} triggered`);
  }
  trailingStarted(orderId: number): void {
    this.lines.push(`${orderId} trailing`);
  }
  pegged(orderId: number, price: Ticks): void {
    this.lines.push(`${orderId} pegged at ${price}`);
  }
  sized(orderId: number, quantity: Lots): void {
    this.lines.push(`${orderId} sized ${quantity}`);
  }
  trade(tradeId: number, price: Ticks, quantity: Lots, side: Side, taker: number, maker: number): void {
    this.lines.push(`trade ${tradeId}: ${taker} ${side} ${quantity} @ ${price} from ${maker}`);
  }
  prevented(
    id: number,
    price: Ticks,
    taker: number,
    maker: number,
    takerQuantity: Lots,
    makerQuantity: Lots,
    mode: SelfTradePrevention,
  ): void {
    this.lines.push(
      `prevented ${id}: ${taker}-${takerQuantity} ${maker}-${makerQuantity} @ ${price} ${mode}`,
    );
  }
  replaced(orderId: number, quantity: Lots): void {
    this.lines.push(`${orderId} replaced ${quantity}`);
  }
  canceled(orderId: number): void {
    this.lines.push(`${orderId} canceled`);
  }
  expired(orderId: number, reason: ExpiryReason): void {
    this.lines.push(`${orderId} expired ${reason}`);
  }
  expiredInMatch(orderId: number): void {
    this.lines.push(`${orderId} expired in match`);
  }
  listStatus(listId: number, status: string): void {
    this.lines.push(`list ${listId} ${status}`);
  }
}

/** An engine with its recorder, and short ways to give it commands. */
export class Venue {
  readonly recorder = new Recorder();
  readonly engine: MatchingEngine;

  constructor(options?: EngineOptions) {
    this.engine = new MatchingEngine(this.recorder, options);
  }

  /** Places an order and returns what came of it. */
  place(given: Loose): string[] {
    const placed = this.engine.place(order(given));
    return typeof placed === 'string' ? [...this.recorder.take(), `refused ${placed}`] : this.recorder.take();
  }

  /** Two strangers trade, so that there is a last price; leaves nothing behind and uses two order ids. */
  tradeAt(price: number): void {
    this.engine.place(order({ account: 98, side: 'SELL', price, quantity: 1 }));
    this.engine.place(order({ account: 99, price, quantity: 1 }));
    this.recorder.take();
  }

  /** The events of a command. */
  events(command: () => unknown): string[] {
    command();
    return this.recorder.take();
  }
}

export const ticks = (count: number): Ticks => count as Ticks;
export const lots = (count: number): Lots => count as Lots;
