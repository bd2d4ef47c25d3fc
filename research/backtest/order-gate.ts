import type { Price, Quantity } from '@tradewind/core/money';
import type { OrderIntent, OrderListIntent } from '@tradewind/core/orders';

/** What may stand between the strategy and the simulated exchange, and then must hear what becomes of every order. */
export interface OrderGate {
  /** Why an order may not be sent; undefined when it may, and then what it needs is reserved. */
  refusalOf(intent: OrderIntent): string | undefined;
  listRefusalOf(list: OrderListIntent): string | undefined;
  /** A fill is booked; it fills its order whole. `place` is that of its market among the markets of the run. */
  filled(place: number, intent: OrderIntent, quantity: Quantity, price: Price): void;
  /** An order has left without a fill, or was never taken. */
  ended(intent: OrderIntent): void;
}
