import type { UserEvent } from '../../user-events/index.ts';

/** A connection that is subscribed to accounts. */
export interface Hearer {
  deliver(event: UserEvent): void;
}

/** Which connections hear of which account; asked for every event of every account, most of which nobody hears. */
export class Hearers {
  private readonly byAccount = new Map<number, Set<Hearer>>();

  add(account: number, hearer: Hearer): void {
    const hearers = this.byAccount.get(account);
    if (hearers === undefined) this.byAccount.set(account, new Set([hearer]));
    else hearers.add(hearer);
  }

  remove(account: number, hearer: Hearer): void {
    const hearers = this.byAccount.get(account);
    hearers?.delete(hearer);
    if (hearers?.size === 0) this.byAccount.delete(account);
  }

  isHeard(account: number): boolean {
    return this.byAccount.has(account);
  }

  deliver(event: UserEvent): void {
    const hearers = this.byAccount.get(event.account);
    if (hearers === undefined) return;
    for (const hearer of hearers) hearer.deliver(event);
  }
}
