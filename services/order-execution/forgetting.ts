import { type Caller, calls, type OrderEntry, type Outcome, refusalReasonOf } from '@tradewind/binance';
import { isFinal } from '@tradewind/core/orders';
import type { CommandResult, ForgetCommand, LedgerOrder } from '@tradewind/proto';
import { type Clock, pause, type Timers } from '@tradewind/utils';
import type { Orders } from './orders.ts';
import type { Protection } from './protection.ts';
import type { InDoubtSettings } from './settings.ts';

export interface ForgettingParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly orders: Orders;
  readonly entry: Pick<OrderEntry, 'query' | 'openOrders'>;
  readonly caller: Caller;
  readonly protection: Pick<Protection, 'giveUp'>;
  readonly settings: InDoubtSettings;
}

/** So often the venue must deny an order, as for an absence (faults.md O3). */
const NEGATIVES = 3;
/** A younger order may only not be shown yet, and one that was never admitted is proven absent without a person. */
const LEAST_AGE_MS = 120_000;

/**
 * Ends an order that the venue had and does not know any more, such as after a testnet was wiped: by a person's command, and only while
 * order query, open orders and trades all deny it (faults.md I4). It ends as expired, with the proof as its reason.
 */
export class Forgetting {
  private readonly parts: ForgettingParts;
  private isOver = false;

  constructor(parts: ForgettingParts) {
    this.parts = parts;
  }

  /** What is found out from now on is written nowhere. */
  end(): void {
    this.isOver = true;
  }

  async forget({ clientOrderId, by, why }: ForgetCommand): Promise<CommandResult> {
    const { clock, orders, protection, settings, timers } = this.parts;
    for (let negatives = 0; negatives < NEGATIVES; negatives += 1) {
      if (negatives > 0) await pause(timers, settings.negativesApartMs);
      const order = orders.of(clientOrderId);
      if (order === undefined) return refused('order_unknown', clientOrderId);
      if (isFinal(order.record.state)) return refused('order_final', order.record.state);
      if (clock.nowMs() - order.createdAtMs < LEAST_AGE_MS)
        return refused('order_too_young', `it is not older than ${LEAST_AGE_MS / 1000} s`);
      const objection = await this.objectionTo(order);
      if (objection !== undefined) return objection;
    }
    if (this.isOver) return { kind: 'unknown', detail: 'it was interrupted: look whether the order is open' };
    const order = orders.of(clientOrderId);
    if (order === undefined || isFinal(order.record.state)) return refused('order_final', clientOrderId);
    // Who says that the venue has lost it does not want another one for it.
    protection.giveUp([order]);
    const proof = `order query, open orders and trades of the exchange do not know it, asked ${NEGATIVES} times`;
    orders.note(clientOrderId, 'expired', `${proof}; ${by}: ${why}`);
    return { kind: 'done' };
  }

  /** What speaks for it that the venue still has it, or keeps that from being known. */
  private async objectionTo({ record }: LedgerOrder): Promise<CommandResult | undefined> {
    const { caller, entry } = this.parts;
    const { symbol, clientOrderId, venueOrderId } = record;
    const found = await entry.query(
      venueOrderId === undefined ? { symbol, clientOrderId } : { symbol, orderId: venueOrderId },
      'exit',
    );
    if (found.kind === 'done')
      return refused('order_known', `the exchange knows it: ${JSON.stringify(found.value.status)}`);
    if (!isNotFound(found)) return unanswered('the order');
    const open = await entry.openOrders(symbol, 'exit');
    if (open.kind !== 'done') return unanswered('open orders');
    const isOpen = open.value.some(
      (each) => each.clientOrderId === clientOrderId || each.orderId === venueOrderId,
    );
    if (isOpen) return refused('order_known', 'it is among the open orders of the exchange');
    if (venueOrderId === undefined) return undefined;
    const trades = await caller.perform(calls.myTrades({ symbol, orderId: venueOrderId }, 'exit'));
    if (trades.kind !== 'done') return unanswered('its trades');
    return trades.value.length === 0 ? undefined : refused('order_known', 'the exchange has trades of it');
  }
}

const refused = (reason: string, detail: string): CommandResult => ({ kind: 'refused', reason, detail });

const unanswered = (what: string): CommandResult =>
  refused('exchange_unavailable', `the exchange was asked for ${what}, and did not answer`);

const isNotFound = (outcome: Outcome<unknown>): boolean =>
  outcome.kind === 'failed' &&
  outcome.failure.reason === 'refused' &&
  refusalReasonOf(outcome.failure.code, outcome.failure.message).reason === 'no_such_order';
