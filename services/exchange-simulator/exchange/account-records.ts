import { fromUnits, type Quantity, unitsOf } from '@tradewind/core/money';
import type { AccountLists } from './account-lists.ts';
import { BoundedLog } from './bounded-log.ts';
import { FillLog } from './fill-log.ts';
import type { Amendment, PreventedMatch } from './model.ts';
import { OrderHistory } from './order-history.ts';
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
  readonly orders: OrderHistory;
  readonly counts = noCounts();
  readonly fills: FillLog;
  readonly prevented: BoundedLog<PreventedMatch>;
  readonly amendments: BoundedLog<Amendment>;
  private readonly total: OpenCounts;
  private buying = 0n;

  /**
   * @param total  the counts of the account over all symbols, kept along
   * @param lists  of the account: the orders of an open one are kept
   */
  constructor(symbol: string, account: number, total: OpenCounts, lists: AccountLists, kept: number) {
    this.account = account;
    this.total = total;
    this.orders = new OrderHistory(symbol, account, kept, (orderListId) => lists.open.has(orderListId));
    this.fills = new FillLog(symbol, account, kept);
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
    this.orders.begin(record);
    this.count(record, 1);
  }

  /** An order is not open any more, and will not change. */
  end(record: OrderRecord): void {
    this.orders.end(record);
    this.count(record, -1);
  }

  countLists(by: 1 | -1): void {
    this.counts.lists += by;
    this.total.lists += by;
  }

  /** Takes up orders of a saved exchange, by id. */
  restore(orders: readonly OrderRecord[], names: readonly (readonly [string, number])[]): void {
    this.orders.restore(orders, names);
    for (const record of this.orders.open.values()) {
      this.count(record, 1);
      if (record.start.side === 'BUY') this.buying += unitsOf(record.openQuantity);
    }
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
}
