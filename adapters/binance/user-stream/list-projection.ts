import { forgetOldest } from '@tradewind/utils';
import type { ListStatus } from '../model/user-event.ts';

/** Where an order list stands. `done` and `rejected` are final; `unknown` is a status that is in no document. */
export type ListState = 'unknown' | 'executing' | 'done' | 'rejected';

export interface ListRecord {
  readonly symbol: string;
  readonly orderListId: number;
  readonly listClientOrderId: string;
  readonly state: ListState;
  /** The venue's ids of its legs, ascending; their own reports tell what became of them. */
  readonly orderIds: readonly number[];
}

const LISTS_MAX = 10_000;

/** Order lists, monotone: an event that comes late or twice takes nothing back (faults.md O15). */
export class ListProjection {
  private readonly lists = new Map<string, ListRecord>();
  private readonly finalsMax: number;
  /** Final lists, those that ended first at the front; executing ones are bounded by the venue's own filter. */
  private readonly finals = new Set<string>();

  constructor(finalsMax: number = LISTS_MAX) {
    this.finalsMax = finalsMax;
  }

  /** `deliver` is called when the event says anything new of the list, before it counts: if it throws, nothing has been taken. */
  merge(event: ListStatus, deliver?: (list: ListRecord) => void): void {
    const key = `${event.symbol} ${event.orderListId}`;
    const known = this.lists.get(key);
    const heard = stateOf(event);
    const orderIds = new Set([...(known?.orderIds ?? []), ...event.legs.map(({ orderId }) => orderId)]);
    const record: ListRecord = {
      symbol: event.symbol,
      orderListId: event.orderListId,
      listClientOrderId: event.listClientOrderId,
      state: known === undefined || RANK[heard] > RANK[known.state] ? heard : known.state,
      orderIds: [...orderIds].sort((a, b) => a - b),
    };
    if (record.state !== known?.state || record.orderIds.length !== known.orderIds.length) deliver?.(record);
    this.lists.set(key, record);
    if (RANK[record.state] === FINAL_RANK) this.letGo(key);
  }

  of(symbol: string, orderListId: number): ListRecord | undefined {
    return this.lists.get(`${symbol} ${orderListId}`);
  }

  private letGo(key: string): void {
    this.finals.add(key);
    const oldest = forgetOldest(this.finals, this.finalsMax);
    if (oldest === undefined) return;
    this.lists.delete(oldest);
  }
}

function stateOf({ listOrderStatus }: ListStatus): ListState {
  switch (listOrderStatus) {
    case 'EXECUTING':
      return 'executing';
    case 'ALL_DONE':
      return 'done';
    case 'REJECT':
      return 'rejected';
    default:
      return 'unknown';
  }
}

const FINAL_RANK = 2;
const RANK: Readonly<Record<ListState, number>> = {
  unknown: 0,
  executing: 1,
  done: FINAL_RANK,
  rejected: FINAL_RANK,
};
