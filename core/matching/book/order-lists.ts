import type { Lots } from '../../market/index.ts';
import {
  type ContingencyRole,
  FIRST_PHASE,
  type LegEvent,
  type ListKind,
  type ListPhase,
  reactionTo,
} from '../contingency.ts';
import type { ExpiryReason } from '../expiry.ts';
import type { MatchingListener } from './listener.ts';
import type { OrderPool } from './order-pool.ts';

/** What an order list asks to be done with its legs. */
export interface LegActions {
  /** Place a pending order when its turn comes. */
  activate(slot: number): void;
  /** The leg has left its list: nothing that happens to it comes back here. */
  cancel(slot: number): void;
  expire(slot: number, reason: ExpiryReason): void;
}

export interface OrderList {
  readonly id: number;
  readonly kind: ListKind;
  phase: ListPhase;
  /** Slots in the order of placement, the working leg first; -1 where the leg has ended. */
  readonly legs: number[];
  /** The working order and what it had executed when it was filled, for an OPO. */
  readonly workingOrderId: number;
  workingExecuted: Lots;
}

/** The open order lists. Applies the table of contingency.ts. */
export class OrderLists {
  private readonly pool: OrderPool;
  private readonly actions: LegActions;
  private readonly listener: MatchingListener;
  private readonly lists = new Map<number, OrderList>();
  lastId = 0;

  constructor(pool: OrderPool, actions: LegActions, listener: MatchingListener) {
    this.pool = pool;
    this.actions = actions;
    this.listener = listener;
  }

  get(id: number): OrderList | undefined {
    return this.lists.get(id);
  }

  /** Those that have open legs, oldest first. */
  allOpen(): Iterable<OrderList> {
    return this.lists.values();
  }

  /** A list whose legs know its id already. */
  restore(list: OrderList): void {
    this.lists.set(list.id, list);
  }

  open(kind: ListKind, legs: number[]): OrderList {
    this.lastId += 1;
    const workingOrderId = this.pool.id(legs[0] as number);
    const list = {
      id: this.lastId,
      kind,
      phase: FIRST_PHASE[kind],
      legs,
      workingOrderId,
      workingExecuted: 0 as Lots,
    };
    this.lists.set(list.id, list);
    for (const slot of legs) this.pool.setList(slot, list.id);
    return list;
  }

  /** Tells the list of a leg what happened to it; a leg that has ended is taken off its list first. */
  report(slot: number, event: LegEvent): void {
    const pool = this.pool;
    const list = this.lists.get(pool.list(slot));
    if (list === undefined) return;
    const role = roleOf(list, slot);
    const hasEnded = event === 'filled' || event === 'canceled' || event === 'expired';
    if (hasEnded) this.detach(list, slot);
    const reaction = reactionTo(list.phase, role, event);
    if (reaction === undefined) return;
    if (role === 'working') list.workingExecuted = pool.executed(slot);
    list.phase = reaction.next;
    for (const leg of list.legs) {
      if (leg === -1 || leg === slot) continue;
      if (reaction.others === 'activate') this.actions.activate(leg);
      else if (reaction.others !== 'keep') {
        this.detach(list, leg);
        if (reaction.others === 'cancel') this.actions.cancel(leg);
        else this.actions.expire(leg, reaction.reason);
      }
    }
    if (list.phase !== 'done') return;
    this.lists.delete(list.id);
    this.listener.listStatus(list.id, 'ALL_DONE');
  }

  /** The other alternative of an order that has one, which shares its quantity; -1 for all other orders. */
  twinOf(slot: number): number {
    const list = this.lists.get(this.pool.list(slot));
    if (list === undefined || roleOf(list, slot) === 'working') return -1;
    return list.legs.find((leg, at) => leg !== -1 && leg !== slot && (list.kind === 'OCO' || at > 0)) ?? -1;
  }

  private detach(list: OrderList, slot: number): void {
    list.legs[list.legs.indexOf(slot)] = -1;
    this.pool.setList(slot, 0);
  }
}

function roleOf(list: OrderList, slot: number): ContingencyRole {
  return list.kind !== 'OCO' && list.legs[0] === slot ? 'working' : 'contingent';
}
