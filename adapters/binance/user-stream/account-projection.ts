import { InvariantViolation, unreachable } from '@tradewind/core/result';
import type { Clock } from '@tradewind/utils';
import type { AccountState } from '../model/account.ts';
import { type BalanceUpdate, type ExternalLock, NO_ORDER_ID, type UserEvent } from '../model/user-event.ts';
import { BalanceProjection } from './balance-projection.ts';
import { type Doubt, Doubts } from './doubts.ts';
import { type Finding, findingOfReport } from './finding.ts';
import { ListProjection } from './list-projection.ts';
import { OrderProjection } from './order-projection.ts';
import { Quarantine, type Quarantined } from './quarantine.ts';
import { RecentKeys } from './recent-keys.ts';
import type { StopReason, UserStreamListener } from './user-stream-listener.ts';

export interface ProjectionLimits {
  readonly doubtsMax: number;
  /** Single fills remembered between sweeps that settle them. */
  readonly fillsMax: number;
  /** So many handlers that throw within `throwsWithinMs` end everything. */
  readonly throwsMax: number;
  readonly throwsWithinMs: number;
}

/** What the projection asks of the stream that feeds it. */
export interface ProjectionOwner {
  /** Something was not understood or not taken: the venue should be asked soon. */
  askSoon(): void;
  end(reason: StopReason): void;
}

/**
 * What the account's events, and answers of the venue, make of orders, lists and balances. Every source goes one way, so that what
 * two of them carry counts once. An event that cannot be read, or whose handler throws, costs itself and no other: it is kept for
 * a look, its order is in doubt, and the rest goes on (faults.md U11).
 */
export class AccountProjection {
  readonly orders = new OrderProjection();
  readonly lists = new ListProjection();
  readonly balances = new BalanceProjection();
  readonly quarantine = new Quarantine();
  readonly doubts: Doubts;
  private readonly clock: Clock;
  private readonly limits: ProjectionLimits;
  private readonly listener: UserStreamListener;
  private readonly owner: ProjectionOwner;
  private readonly movements = new RecentKeys();
  /** When handlers threw lately, on the elapsed clock. */
  private readonly throws: number[] = [];

  constructor(clock: Clock, limits: ProjectionLimits, listener: UserStreamListener, owner: ProjectionOwner) {
    this.clock = clock;
    this.limits = limits;
    this.listener = listener;
    this.owner = owner;
    this.doubts = new Doubts(
      limits.doubtsMax,
      (doubt, has) => listener.doubtChanged?.(doubt, has),
      () => owner.end('too_many_doubts'),
    );
  }

  /** @param text  the frame it came in, for the quarantine */
  apply(event: UserEvent, text: string): void {
    switch (event.kind) {
      case 'execution_report':
        this.take(findingOfReport(event), text);
        if (this.orders.rememberedFills > this.limits.fillsMax) this.owner.end('too_many_unsettled_fills');
        return;
      case 'list_status':
        this.guard(text, () => this.lists.merge(event, (list) => this.listener.listChanged?.(list)));
        return;
      case 'account_position':
        if (!this.takeBalances(event, text)) this.owner.askSoon();
        return;
      case 'balance_update':
        return this.move(keyOfMovement(event, event.clearTimeMs), text, () =>
          this.listener.capitalMoved?.(event),
        );
      case 'external_lock':
        return this.move(keyOfMovement(event, event.transactTimeMs), text, () =>
          this.listener.externallyLocked?.(event),
        );
      case 'unknown_event':
        return this.isolate('unknown_event', event.name, text);
      case 'stream_terminated':
      case 'server_shutdown':
        return;
      default:
        return unreachable(event);
    }
  }

  /** @returns false when it could not be taken; the same finding will be new again */
  take(finding: Finding, text: string): boolean {
    const { symbol, orderId, doubt, isQueried } = finding;
    let isConflict = false;
    const isTaken = this.guard(text, () =>
      this.orders.merge(finding, (change) => {
        isConflict = change.conflict !== undefined;
        this.listener.orderChanged(change);
      }),
    );
    if (!isTaken) this.suspect({ symbol, orderId, reason: 'handler_threw' });
    else if (doubt !== undefined) this.suspect({ symbol, orderId, reason: doubt.reason });
    else if (isConflict) this.suspect({ symbol, orderId, reason: 'conflict' });
    else if (isQueried) this.doubts.end({ symbol, orderId });
    return isTaken;
  }

  /** @returns false when the balances could not be taken; the same will be new again */
  takeAccount(account: AccountState): boolean {
    return this.takeBalances(account, 'the account');
  }

  /** An event that is beyond us: its order, if even that can be read, is in doubt; otherwise any order may be. */
  unreadable(event: unknown, text: string, detail: string): void {
    this.isolate('unreadable', detail, text);
    const order = orderNamedIn(event);
    if (order === undefined) this.owner.askSoon();
    else this.suspect({ ...order, reason: 'unreadable_event' });
  }

  private takeBalances(
    { balances, updatedTimeMs }: Pick<AccountState, 'balances' | 'updatedTimeMs'>,
    text: string,
  ): boolean {
    return this.guard(text, () =>
      this.balances.merge(balances, updatedTimeMs, (changed) => this.listener.balancesChanged?.(changed)),
    );
  }

  private move(key: string, text: string, tell: () => void): void {
    if (!this.movements.has(key) && this.guard(text, tell)) this.movements.add(key);
  }

  private suspect(doubt: Doubt): void {
    // What has no id cannot be asked for by it; what is in doubt already has been asked for, or is about to be.
    if (doubt.orderId === NO_ORDER_ID || this.doubts.add(doubt)) this.owner.askSoon();
  }

  private guard(text: string, handle: () => void): boolean {
    try {
      handle();
      return true;
    } catch (error) {
      this.isolate('handler_threw', error instanceof Error ? error.message : String(error), text);
      // A broken assumption is not for us to carry on with.
      if (error instanceof InvariantViolation) throw error;
      const now = this.clock.elapsedMs();
      this.throws.push(now);
      while ((this.throws[0] as number) < now - this.limits.throwsWithinMs) this.throws.shift();
      if (this.throws.length >= this.limits.throwsMax) this.owner.end('handlers_throw');
      return false;
    }
  }

  private isolate(reason: Quarantined['reason'], detail: string, text: string): void {
    const kept = this.quarantine.add({ atMs: this.clock.nowMs(), reason, detail, text });
    this.listener.quarantined?.(kept);
  }
}

/** A movement has no id of its own: two that agree in all of this are one, told over two connections. */
const keyOfMovement = (movement: BalanceUpdate | ExternalLock, timeMs: number): string =>
  [movement.kind, movement.asset, movement.delta, timeMs, movement.eventTimeMs].join(' ');

/** Which order an event is about that cannot be read otherwise; undefined when not even that can. */
function orderNamedIn(event: unknown): { readonly symbol: string; readonly orderId: number } | undefined {
  if (typeof event !== 'object' || event === null) return undefined;
  const { s: symbol, i: orderId } = event as { readonly s?: unknown; readonly i?: unknown };
  if (typeof symbol !== 'string' || symbol === '') return undefined;
  return Number.isSafeInteger(orderId) && (orderId as number) >= 0
    ? { symbol, orderId: orderId as number }
    : undefined;
}
