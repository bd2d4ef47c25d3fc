import type { ExecutionReport } from '@tradewind/exchange-simulator';

type VenueOrder = ExecutionReport['order'];

/** The orders of our account as the exchange itself has them, by the id that each was placed with; no wire lies in between. */
export class VenueOrders {
  private readonly byId = new Map<string, VenueOrder>();

  take({ order }: ExecutionReport): void {
    if (isAnOrder(order)) this.byId.set(order.placedClientOrderId, order);
  }

  of(clientOrderId: string): VenueOrder | undefined {
    return this.byId.get(clientOrderId);
  }
}

/** What the exchange has refused has no number. */
export const isAnOrder = ({ orderId }: VenueOrder): boolean => orderId >= 0;

export const isOpen = ({ status }: VenueOrder): boolean =>
  status === 'NEW' || status === 'PENDING_NEW' || status === 'PARTIALLY_FILLED';
