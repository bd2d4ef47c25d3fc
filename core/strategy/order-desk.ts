import type { OrderIntent, OrderListIntent } from '../orders/index.ts';

/** Where a strategy's wishes go: the simulated exchange in a backtest; risk and execution in trading. */
export interface OrderDesk {
  submit(intent: OrderIntent): void;
  submitList(list: OrderListIntent): void;
  cancel(symbol: string, clientOrderId: string): void;
  openOrders(symbol: string): readonly OrderIntent[];
}
