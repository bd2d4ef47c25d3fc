import { type Caller, calls, isKnown, type VenueOrder } from '@tradewind/binance';
import { add, maximum, type Quantity, subtract, zero } from '@tradewind/core/money';
import type { OpenCounts, SymbolLoad } from '@tradewind/core/risk';

const NOTHING: OpenCounts = { orders: 0, algoOrders: 0, icebergOrders: 0, orderLists: 0 };

/** Open orders of the account that are none of ours: placed by hand or by another program. They count in the venue's own limits. */
export class OutsideOrders {
  private readonly caller: Caller;
  private readonly isOurs: (clientOrderId: string) => boolean;
  private open: readonly VenueOrder[] | undefined;

  constructor(caller: Caller, isOurs: (clientOrderId: string) => boolean) {
    this.caller = caller;
    this.isOurs = isOurs;
  }

  /** @returns what went wrong; what was known before stays known */
  async ask(): Promise<string | undefined> {
    const outcome = await this.caller.perform(calls.openOrders());
    if (outcome.kind !== 'done')
      return outcome.kind === 'failed' ? outcome.failure.reason : outcome.cause.reason;
    this.open = outcome.value;
    return undefined;
  }

  get hasAnswered(): boolean {
    return this.open !== undefined;
  }

  /** undefined until the exchange has answered once. */
  counts(): OpenCounts | undefined {
    return this.open === undefined ? undefined : countsOf(this.outside());
  }

  /** @param held  all that the account has of the base */
  load(symbol: string, held: Quantity): SymbolLoad | undefined {
    if (this.open === undefined) return undefined;
    const orders = this.outside().filter((order) => order.symbol === symbol);
    let buying = zero<Quantity>();
    for (const order of orders) if (order.side === 'BUY') buying = add(buying, remainingOf(order));
    return { ...countsOf(orders), held: add(held, buying) };
  }

  private outside(): readonly VenueOrder[] {
    return (this.open ?? []).filter(
      ({ clientOrderId, originalClientOrderId }) =>
        !this.isOurs(clientOrderId) &&
        (originalClientOrderId === undefined || !this.isOurs(originalClientOrderId)),
    );
  }
}

const remainingOf = ({ quantity, executedQuantity }: VenueOrder): Quantity =>
  maximum(subtract(quantity ?? zero(), executedQuantity), zero());

/** An order of a type that we do not know counts as one that waits for its price. */
function countsOf(orders: readonly VenueOrder[]): OpenCounts {
  if (orders.length === 0) return NOTHING;
  const lists = new Set<number>();
  let algoOrders = 0;
  let icebergOrders = 0;
  for (const { type, icebergQuantity, orderListId } of orders) {
    if (!isKnown(type) || !PLAIN_TYPES.has(type)) algoOrders += 1;
    if (icebergQuantity !== undefined) icebergOrders += 1;
    if (orderListId !== undefined) lists.add(orderListId);
  }
  return { orders: orders.length, algoOrders, icebergOrders, orderLists: lists.size };
}
const PLAIN_TYPES: ReadonlySet<string> = new Set(['LIMIT', 'MARKET', 'LIMIT_MAKER']);
