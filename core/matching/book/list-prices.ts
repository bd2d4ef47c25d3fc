import { waitsAbove } from '../../orders/index.ts';
import type { OrderRequest } from './request.ts';

/**
 * Whether of two alternatives one lies above the other, and the last price between them when they are placed now.
 * @param lastPrice  0 before the first trade, and for alternatives that wait for a working order
 */
export function isWellOrdered(alternatives: readonly OrderRequest[], lastPrice: number): boolean {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (const request of alternatives) {
    const price = isLimit(request) ? request.price : request.stopPrice;
    if (price === 0) continue;
    if (liesAbove(request)) lowest = Math.min(lowest, price);
    else highest = Math.max(highest, price);
  }
  const isAroundLast = lastPrice === 0 || (highest < lastPrice && lastPrice < lowest);
  return highest < lowest && isAroundLast;
}

const isLimit = ({ type }: OrderRequest): boolean => type === 'LIMIT' || type === 'LIMIT_MAKER';

/** A limit to sell lies above the market, a limit to buy below. */
function liesAbove(request: OrderRequest): boolean {
  switch (request.type) {
    case 'STOP_LOSS':
    case 'STOP_LOSS_LIMIT':
    case 'TAKE_PROFIT':
    case 'TAKE_PROFIT_LIMIT':
      return waitsAbove(request.type, request.side);
    default:
      return request.side === 'SELL';
  }
}
