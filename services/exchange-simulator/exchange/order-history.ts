import { NameIndex } from './name-index.ts';
import type { OrderRecord } from './order-record.ts';
import { OrderRows } from './order-rows.ts';
import { MadeSequence } from './sequence.ts';

/**
 * The orders of one account on one symbol, by id: the open ones as they are, the closed ones as rows, of which a record is made when it
 * is asked for. So a closed order that was handed out is a copy.
 */
export class OrderHistory extends MadeSequence<OrderRecord> {
  readonly open = new Map<number, OrderRecord>();
  private readonly all: OrderRows;
  private readonly kept: number;
  private readonly most: number;
  private readonly isHeld: (orderListId: number) => boolean;
  private closed = 0;
  /** The order that has or had a client order id: the open one, else the latest. */
  private readonly byClientId = new NameIndex();

  /**
   * @param kept  how many closed orders
   * @param isHeld  whether a list is open, the closed orders of which are kept, too
   */
  constructor(symbol: string, account: number, kept: number, isHeld: (orderListId: number) => boolean) {
    super();
    this.all = new OrderRows(symbol, account);
    this.kept = kept;
    this.most = kept + Math.min(kept * SPARE, SPARE_MOST);
    this.isHeld = isHeld;
  }

  /** An order has its id, above all others, and is open. */
  begin(record: OrderRecord): void {
    this.all.begin(record.orderId);
    this.open.set(record.orderId, record);
    this.byClientId.set(record.clientOrderId, record.orderId);
  }

  /** An order is not open any more, and will not change. */
  end(record: OrderRecord): void {
    this.open.delete(record.orderId);
    this.all.write(this.all.rowOf(record.orderId)!, record);
    this.closed += 1;
    if (this.closed > this.most) this.forget();
  }

  isInUse(clientOrderId: string): boolean {
    const orderId = this.byClientId.get(clientOrderId);
    const record = orderId === undefined ? undefined : this.open.get(orderId);
    // An amendment has given it another one: the old one is free.
    return record?.clientOrderId === clientOrderId && record.isOpen;
  }

  /** Gives an order that has not ended another client order id; it is found under the one before, too, until that is used again. */
  rename(record: OrderRecord, clientOrderId: string): void {
    const isFree = record.isOpen || !this.isInUse(clientOrderId);
    record.rename(clientOrderId);
    if (isFree) this.byClientId.set(clientOrderId, record.orderId);
  }

  byId(orderId: number): OrderRecord | undefined {
    const open = this.open.get(orderId);
    if (open !== undefined) return open;
    const row = this.all.rowOf(orderId);
    return row === undefined ? undefined : this.all.read(row);
  }

  byName(clientOrderId: string): OrderRecord | undefined {
    const orderId = this.byClientId.get(clientOrderId);
    return orderId === undefined ? undefined : this.byId(orderId);
  }

  get length(): number {
    return this.all.rows.length;
  }

  at(index: number): OrderRecord | undefined {
    const { all, open } = this;
    const row = all.rows.rowAt(index);
    return row === undefined ? undefined : (open.get(all.orderId(row)) ?? all.read(row));
  }

  /** Takes up orders of a saved exchange, by id. */
  restore(orders: readonly OrderRecord[], names: readonly (readonly [string, number])[]): void {
    for (const record of orders) {
      this.all.begin(record.orderId);
      if (record.isOpen) this.open.set(record.orderId, record);
      else {
        this.all.write(this.all.rowOf(record.orderId)!, record);
        this.closed += 1;
      }
    }
    for (const [name, orderId] of names) {
      if (this.all.rowOf(orderId) !== undefined) this.byClientId.set(name, orderId);
    }
  }

  /** Names and order ids, for `restore`. */
  names(): (readonly [string, number])[] {
    return [...this.byClientId];
  }

  /**
   * Forgets the oldest closed orders but those of open lists, and the names that only they had. It looks at no more of the orders than
   * it has to, so that it takes a fraction of a millisecond however many are kept.
   */
  private forget(): void {
    const { all } = this;
    const { rows } = all;
    const staying: number[] = [];
    let row = rows.first;
    for (; this.closed > this.kept && row < rows.end; row++) {
      if (this.open.has(all.orderId(row)) || this.isHeld(all.orderListId(row))) staying.push(row);
      else {
        this.closed -= 1;
        this.forgetNames(row);
      }
    }
    // They close up to those behind them, the last one first, so that none is overwritten before it has moved.
    for (const stays of staying.reverse()) rows.copy(stays, --row);
    rows.drop(row - rows.first);
  }

  private forgetNames(row: number): void {
    const orderId = this.all.orderId(row);
    for (const name of this.all.names(row))
      if (this.byClientId.get(name) === orderId) this.byClientId.delete(name);
  }
}

/** How many closed orders there may be beyond those that are kept, for each of those, before the oldest go. */
const SPARE = 0.05;
/** And at most: whoever closes the last one waits for so many to go. */
const SPARE_MOST = 32;
