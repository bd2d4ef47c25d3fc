import { fromUnits, type Quantity, unitsOf } from '@tradewind/core/money';
import { BoundedLog, firstFrom } from './bounded-log.ts';
import type { ListRecord } from './list-record.ts';
import type { Amendment, Fill, PreventedMatch } from './model.ts';
import type { OrderRecord } from './order-record.ts';

/** How many orders are open, as the MAX_NUM filters count them. */
export interface OpenCounts {
  orders: number;
  algo: number;
  iceberg: number;
  lists: number;
}
export const noCounts = (): OpenCounts => ({ orders: 0, algo: 0, iceberg: 0, lists: 0 });

/** What one account has done on one symbol. Counts and sums are kept as orders come and go, never made by looking at all of them. */
export class AccountRecords {
  readonly account: number;
  readonly open = new Map<number, OrderRecord>();
  readonly counts = noCounts();
  readonly fills: BoundedLog<Fill>;
  readonly prevented: BoundedLog<PreventedMatch>;
  readonly amendments: BoundedLog<Amendment>;
  private readonly total: OpenCounts;
  private readonly lists: AccountLists;
  private readonly kept: number;
  /** Every kept order, by id: ids count up. */
  private orders: OrderRecord[] = [];
  private closed = 0;
  /** The order that has or had a client order id: the open one, else the latest. */
  private readonly byClientId = new Map<string, OrderRecord>();
  private buying = 0n;

  /**
   * @param total  the counts of the account over all symbols, kept along
   * @param lists  of the account: the orders of an open one are kept
   */
  constructor(account: number, total: OpenCounts, lists: AccountLists, kept: number) {
    this.account = account;
    this.total = total;
    this.lists = lists;
    this.kept = kept;
    this.fills = new BoundedLog(kept);
    this.prevented = new BoundedLog(kept);
    this.amendments = new BoundedLog(kept);
  }

  /** Open quantity of all orders to buy. */
  get openBuys(): Quantity {
    return fromUnits(this.buying);
  }

  changeBuying(by: bigint): void {
    this.buying += by;
  }

  /** An order has its id and is open. */
  begin(record: OrderRecord): void {
    this.orders.push(record);
    this.byClientId.set(record.clientOrderId, record);
    this.admit(record);
  }

  /** An order is not open any more. */
  end(record: OrderRecord): void {
    this.open.delete(record.orderId);
    this.count(record, -1);
    this.closed += 1;
    if (this.closed > this.kept * SPARE) this.forget();
  }

  countLists(by: 1 | -1): void {
    this.counts.lists += by;
    this.total.lists += by;
  }

  isInUse(clientOrderId: string): boolean {
    const record = this.byClientId.get(clientOrderId);
    // An amendment has given it another one: the old one is free.
    return record?.clientOrderId === clientOrderId && record.isOpen;
  }

  /** Gives an order another client order id; it is found under the one before, too, until that is used again. */
  rename(record: OrderRecord, clientOrderId: string): void {
    record.rename(clientOrderId);
    if (record.isOpen || !this.isInUse(clientOrderId)) this.byClientId.set(clientOrderId, record);
  }

  byId(orderId: number): OrderRecord | undefined {
    const open = this.open.get(orderId);
    if (open !== undefined) return open;
    const record = this.orders[firstFrom(this.orders, orderId, idOf)];
    return record?.orderId === orderId ? record : undefined;
  }

  byName(clientOrderId: string): OrderRecord | undefined {
    return this.byClientId.get(clientOrderId);
  }

  get all(): readonly OrderRecord[] {
    return this.orders;
  }

  /** Takes up orders of a saved exchange, by id. */
  restore(orders: readonly OrderRecord[], names: readonly (readonly [string, number])[]): void {
    for (const record of orders) {
      this.orders.push(record);
      if (!record.isOpen) {
        this.closed += 1;
        continue;
      }
      this.admit(record);
      if (record.start.side === 'BUY') this.buying += unitsOf(record.openQuantity);
    }
    for (const [name, orderId] of names) {
      const record = this.byId(orderId);
      if (record !== undefined) this.byClientId.set(name, record);
    }
  }

  /** Names and order ids, for `restore`. */
  names(): [string, number][] {
    return [...this.byClientId].map(([name, record]) => [name, record.orderId]);
  }

  private admit(record: OrderRecord): void {
    this.open.set(record.orderId, record);
    this.count(record, 1);
  }

  private count(record: OrderRecord, by: 1 | -1): void {
    const { counts, total } = this;
    counts.orders += by;
    total.orders += by;
    if (record.isAlgo) {
      counts.algo += by;
      total.algo += by;
    }
    if (record.isIceberg) {
      counts.iceberg += by;
      total.iceberg += by;
    }
  }

  /**
   * Forgets the oldest closed orders but those of open lists, and the names that only they had. It looks at no more of the orders than
   * it has to, so that it takes a fraction of a millisecond however many are kept.
   */
  private forget(): void {
    const { orders } = this;
    const staying: OrderRecord[] = [];
    let seen = 0;
    for (; this.closed > this.kept && seen < orders.length; seen++) {
      const record = orders[seen]!;
      if (record.isOpen || this.lists.open.has(record.orderListId)) staying.push(record);
      else {
        this.closed -= 1;
        this.forgetNames(record);
      }
    }
    const from = seen - staying.length;
    for (const [at, record] of staying.entries()) orders[from + at] = record;
    orders.splice(0, from);
  }

  private forgetNames(record: OrderRecord): void {
    for (const name of record.names()) if (this.byClientId.get(name) === record) this.byClientId.delete(name);
  }
}

/** How many closed orders there may be for each that is kept, before the oldest go. */
const SPARE = 1.05;

const idOf = (record: OrderRecord): number => record.orderId;

/** The order lists of one account. */
export class AccountLists {
  readonly open = new Map<number, ListRecord>();
  readonly all: BoundedLog<ListRecord>;
  private readonly byClientId = new Map<string, ListRecord>();

  constructor(kept: number) {
    this.all = new BoundedLog(kept);
  }

  begin(list: ListRecord): void {
    this.all.add(list);
    this.admit(list);
  }

  /** Takes up a list that is not part of the history any more. */
  admit(list: ListRecord): void {
    this.byClientId.set(list.listClientOrderId, list);
    if (list.isOpen) this.open.set(list.orderListId, list);
  }

  /** Open lists that so many came after that the history has no place for them any more. */
  get outlived(): ListRecord[] {
    const oldest = this.all.all[0]?.orderListId ?? 0;
    return [...this.open.values()].filter(({ orderListId }) => orderListId < oldest);
  }

  end(list: ListRecord): void {
    this.open.delete(list.orderListId);
    // Names are kept as long as lists are; sweeping them only now and then keeps the cost of an end constant.
    if (this.byClientId.size > this.all.all.length * 2 + NAMES_SPARE) this.forgetNames();
  }

  isInUse(listClientOrderId: string): boolean {
    return this.byClientId.get(listClientOrderId)?.isOpen ?? false;
  }

  byName(listClientOrderId: string): ListRecord | undefined {
    return this.byClientId.get(listClientOrderId);
  }

  byId(orderListId: number): ListRecord | undefined {
    const { all } = this.all;
    const list = all[firstFrom(all, orderListId, (one) => one.orderListId)];
    return list?.orderListId === orderListId ? list : this.open.get(orderListId);
  }

  private forgetNames(): void {
    const kept = new Set(this.all.all);
    for (const [name, list] of this.byClientId)
      if (!kept.has(list) && !list.isOpen) this.byClientId.delete(name);
  }
}

const NAMES_SPARE = 100;
