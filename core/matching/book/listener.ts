import type { Lots, Ticks } from '../../market/index.ts';
import type { SelfTradePrevention, Side } from '../../orders/index.ts';
import type { ExpiryReason } from '../expiry.ts';
import type { OrderRequest } from './request.ts';

/** The order id of whoever stands on the other side of a trade with outside liquidity. */
export const OUTSIDE = 0;

/**
 * What the engine tells, in the order in which it happens, while a command runs. Plain arguments, so that telling
 * allocates nothing. A listener must not give the engine commands from within a call.
 */
export interface MatchingListener {
  /** The order is in: NEW, or PENDING_NEW when it waits for the working order of its list. `request` is what was placed. */
  accepted(orderId: number, request: OrderRequest, isPending: boolean): void;
  /** PENDING_NEW became NEW. */
  activated(orderId: number): void;
  /** A stop fired; what it becomes follows when its turn comes. */
  triggered(orderId: number): void;
  /** A trailing stop began to follow the price. */
  trailingStarted(orderId: number): void;
  /** A peg found its price in the book. */
  pegged(orderId: number, price: Ticks): void;
  /** An order placed without a quantity got one: a market order by quote amount, a pending order of an OPO. */
  sized(orderId: number, quantity: Lots): void;
  /** At the maker's price. One of the two orders may be OUTSIDE. */
  trade(
    tradeId: number,
    price: Ticks,
    quantity: Lots,
    takerSide: Side,
    takerOrderId: number,
    makerOrderId: number,
  ): void;
  /** Two orders of one owner met. `mode` is what was done, so TRANSFER only when both asked for it; zero quantities are possible. */
  prevented(
    preventedMatchId: number,
    price: Ticks,
    takerOrderId: number,
    makerOrderId: number,
    takerPrevented: Lots,
    makerPrevented: Lots,
    mode: SelfTradePrevention,
  ): void;
  /** The quantity was amended; `quantity` is the new original quantity. */
  replaced(orderId: number, quantity: Lots): void;
  canceled(orderId: number): void;
  /** Status EXPIRED. */
  expired(orderId: number, reason: ExpiryReason): void;
  /** Status EXPIRED_IN_MATCH: self-trade prevention took all that was left. */
  expiredInMatch(orderId: number): void;
  /** An order list began (EXEC_STARTED) or has no open leg any more. */
  listStatus(listId: number, status: 'EXECUTING' | 'ALL_DONE'): void;
  /** The rest of a trade of the real market that was given with `applyTrade`, without what orders of ours took of it. */
  outsideTrade?(price: Ticks, quantity: Lots, takerSide: Side): void;
  /** A step is over: the command itself, then each pending order that it activated and each stop that it fired. */
  stepEnded?(): void;
}
