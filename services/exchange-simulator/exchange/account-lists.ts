import { BoundedLog } from './bounded-log.ts';
import type { ListRecord } from './list-record.ts';
import { firstFrom } from './sequence.ts';

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
