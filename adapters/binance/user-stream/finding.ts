import { isPositive, type Price, type Quantity, type QuoteAmount } from '@tradewind/core/money';
import {
  eventOfQueriedStatus,
  eventOfStatus,
  type Fee,
  type Liquidity,
  type OrderEvent,
  type Side,
} from '@tradewind/core/orders';
import type { VenueTrade } from '../model/account.ts';
import { isKnown, type Kept, type OrderStatus } from '../model/enums.ts';
import type { OrderFill, PlacedOrder, VenueOrder } from '../model/order.ts';
import { type ExecutionReport, NO_ORDER_ID } from '../model/user-event.ts';

/** One match of an order of the account, from whichever source; named for ever by symbol, trade id and order. */
export interface VenueFill {
  readonly symbol: string;
  readonly tradeId: number;
  readonly orderId: number;
  readonly side: Kept<Side>;
  readonly price: Price;
  readonly quantity: Quantity;
  /** undefined where the source does not say it; it is price times quantity. */
  readonly quoteAmount: QuoteAmount | undefined;
  /** undefined when nothing was charged. */
  readonly fee: Fee | undefined;
  readonly liquidity: Liquidity;
  readonly timeMs: number;
}

/** What one event, answer or row proves of one order: every source is brought to this, so that all are booked in one way. */
export interface Finding {
  readonly symbol: string;
  readonly orderId: number;
  /** The ids that may name it, the most telling first: of a cancel, the original's, then the cancel's own (faults.md O11). */
  readonly clientOrderIds: readonly string[];
  /** What it proves of state and figures. */
  readonly event: OrderEvent;
  readonly fills: readonly VenueFill[];
  /** Rises with the events of a symbol; undefined where the source is no event. */
  readonly executionId: number | undefined;
  /** It answers a query that began after any doubt: a doubt about the order ends with it. */
  readonly isQueried: boolean;
  /** Something in it is beyond what we know how to book. */
  readonly doubt: FindingDoubt | undefined;
}

export type FindingDoubt =
  | { readonly reason: 'unknown_status'; readonly status: string }
  /** A match of smart order routing: it has an allocation id and no trade id, and is not in the trade list. */
  | { readonly reason: 'fill_without_trade_id' };

export function findingOfReport(report: ExecutionReport): Finding {
  const { symbol, orderId, clientOrderId, originalClientOrderId, tradeId, executionType, lastQuantity } =
    report;
  // Nothing trades when self-trade prevention acts: the last quantity is zero then (binance-spot.md section 9.3).
  const isFill = executionType === 'TRADE' && isPositive(lastQuantity);
  const proven = eventOf(report.status, eventOfStatus);
  return {
    symbol,
    orderId,
    clientOrderIds: namesOf(originalClientOrderId, clientOrderId),
    event: {
      // What ends the order by it says so with its status.
      kind: executionType === 'TRADE_PREVENTION' && OPEN.has(proven.kind) ? 'prevented' : proven.kind,
      ...(orderId === NO_ORDER_ID ? {} : { venueOrderId: orderId }),
      ...figuresOf(report),
      ...(report.prevention?.quantity === undefined ? {} : { preventedQuantity: report.prevention.quantity }),
    },
    fills: isFill && tradeId !== undefined ? [fillOfReport(report, tradeId)] : [],
    executionId: report.executionId,
    isQueried: false,
    doubt: isFill && tradeId === undefined ? { reason: 'fill_without_trade_id' } : proven.doubt,
  };
}

const OPEN: ReadonlySet<OrderEvent['kind']> = new Set(['accepted', 'filled_in_part']);

/** @param isQueried  the answer to a query that began after any doubt arose, which proves more than the answer to an order */
export function findingOfOrder(order: VenueOrder, isQueried: boolean): Finding {
  const { symbol, orderId, clientOrderId, originalClientOrderId, preventedQuantity } = order;
  const proven = eventOf(order.status, isQueried ? eventOfQueriedStatus : eventOfStatus);
  const fills = order.fills ?? [];
  return {
    symbol,
    orderId,
    clientOrderIds: namesOf(originalClientOrderId, clientOrderId),
    event: {
      kind: proven.kind,
      venueOrderId: orderId,
      ...figuresOf(order),
      ...(preventedQuantity === undefined ? {} : { preventedQuantity }),
    },
    fills: fills.flatMap((fill) =>
      fill.tradeId === undefined ? [] : [fillOfAnswer(order, fill, fill.tradeId)],
    ),
    executionId: undefined,
    isQueried,
    doubt: fills.some(({ tradeId }) => tradeId === undefined)
      ? { reason: 'fill_without_trade_id' }
      : proven.doubt,
  };
}

/** A bare acknowledgement proves that the order was accepted, and nothing of what became of it since. */
export function findingOfPlacement(placed: PlacedOrder): Finding {
  if (placed.order !== undefined) return findingOfOrder(placed.order, false);
  const { symbol, orderId, clientOrderId } = placed;
  const event: OrderEvent = { kind: 'accepted', venueOrderId: orderId };
  return {
    symbol,
    orderId,
    clientOrderIds: [clientOrderId],
    event,
    fills: [],
    executionId: undefined,
    isQueried: false,
    doubt: undefined,
  };
}

/** A row of the trade list: a fill, and so an order that was accepted and has traded; how much in all, it does not say. */
export const findingOfTrade = (trade: VenueTrade): Finding => ({
  symbol: trade.symbol,
  orderId: trade.orderId,
  clientOrderIds: [],
  event: { kind: 'filled_in_part', venueOrderId: trade.orderId },
  fills: [trade],
  executionId: undefined,
  isQueried: false,
  doubt: undefined,
});

/** A status that is in no document moves no state, which is what `amended` says; the figures beside it count all the same. */
function eventOf(
  status: Kept<OrderStatus>,
  read: typeof eventOfStatus,
): { readonly kind: OrderEvent['kind']; readonly doubt: FindingDoubt | undefined } {
  const proven = read(isKnown(status) ? status : status.unknown);
  return proven.ok ? { kind: proven.value, doubt: undefined } : { kind: 'amended', doubt: proven.error };
}

const namesOf = (original: string | undefined, own: string): readonly string[] =>
  original === undefined || original === own ? [own] : [original, own];

const figuresOf = (figures: {
  readonly quantity: Quantity | undefined;
  readonly executedQuantity: Quantity;
  readonly executedQuoteAmount: QuoteAmount | undefined;
}): Pick<OrderEvent, 'quantity' | 'executedQuantity' | 'executedQuoteAmount'> => ({
  ...(figures.quantity === undefined ? {} : { quantity: figures.quantity }),
  executedQuantity: figures.executedQuantity,
  ...(figures.executedQuoteAmount === undefined ? {} : { executedQuoteAmount: figures.executedQuoteAmount }),
});

const fillOfReport = (report: ExecutionReport, tradeId: number): VenueFill => ({
  symbol: report.symbol,
  tradeId,
  orderId: report.orderId,
  side: report.side,
  price: report.lastPrice,
  quantity: report.lastQuantity,
  quoteAmount: report.lastQuoteAmount,
  fee: report.fee,
  liquidity: report.isMaker ? 'MAKER' : 'TAKER',
  timeMs: report.transactTimeMs,
});

/** The answer to a placement tells what the order matched on arrival, so all of it was taken. */
const fillOfAnswer = (order: VenueOrder, fill: OrderFill, tradeId: number): VenueFill => ({
  symbol: order.symbol,
  tradeId,
  orderId: order.orderId,
  side: order.side,
  price: fill.price,
  quantity: fill.quantity,
  quoteAmount: undefined,
  fee: fill.fee,
  liquidity: 'TAKER',
  timeMs: order.transactTimeMs ?? order.updatedTimeMs ?? 0,
});
