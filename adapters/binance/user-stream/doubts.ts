/** An order of which something was said that could not be taken. It counts as open and as filled until it is asked for. */
export interface Doubt {
  readonly symbol: string;
  readonly orderId: number;
  readonly reason:
    | 'unreadable_event'
    | 'handler_threw'
    | 'unknown_status'
    | 'fill_without_trade_id'
    | 'conflict'
    | 'not_found';
}

/** The orders in doubt, one doubt each: the first. When there are too many, `overflowed` has to end everything. */
export class Doubts {
  private readonly byOrder = new Map<string, Doubt>();
  private readonly doubtsMax: number;
  private readonly changed: (doubt: Doubt, has: 'arisen' | 'ended') => void;
  private readonly overflowed: () => void;

  constructor(
    doubtsMax: number,
    changed: (doubt: Doubt, has: 'arisen' | 'ended') => void,
    overflowed: () => void,
  ) {
    this.doubtsMax = doubtsMax;
    this.changed = changed;
    this.overflowed = overflowed;
  }

  /** @returns whether the order was not in doubt before */
  add(doubt: Doubt): boolean {
    const key = keyOf(doubt);
    if (this.byOrder.has(key)) return false;
    if (this.byOrder.size >= this.doubtsMax) {
      this.overflowed();
      return false;
    }
    this.byOrder.set(key, doubt);
    this.changed(doubt, 'arisen');
    return true;
  }

  /** The order has been asked for, and the answer was taken. */
  end(order: Pick<Doubt, 'symbol' | 'orderId'>): void {
    const doubt = this.byOrder.get(keyOf(order));
    if (doubt === undefined) return;
    this.byOrder.delete(keyOf(order));
    this.changed(doubt, 'ended');
  }

  get all(): readonly Doubt[] {
    return [...this.byOrder.values()];
  }
}

const keyOf = ({ symbol, orderId }: Pick<Doubt, 'symbol' | 'orderId'>): string => `${symbol} ${orderId}`;
