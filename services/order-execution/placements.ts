import {
  type CallFailure,
  describeFailure,
  describeOutcome,
  describeUnknown,
  type OrderListState,
  type Outcome,
  type PlacedOrder,
  refusalReasonOf,
  type UserStream,
} from '@tradewind/binance';
import { legsOf, type OrderIntent, type OrderListIntent } from '@tradewind/core/orders';
import type { AnswerBody } from '@tradewind/proto';
import type { Clock, Counter, Telemetry } from '@tradewind/utils';
import type { Booking } from './booking.ts';
import type { EventMaker } from './event-maker.ts';
import type { InDoubt } from './in-doubt.ts';
import type { Orders } from './orders.ts';

export interface PlacementParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly stream: UserStream;
  readonly orders: Orders;
  readonly booking: Booking;
  readonly events: EventMaker;
  readonly inDoubt: InDoubt;
  /** The venue has surely refused an order, and would again. */
  readonly hardRefusal: (intent: OrderIntent, reason: string) => void;
}

/** What the answers to placements mean for the orders (faults.md O1, O2, O5, O6). Nothing here ever sends a second time. */
export class Placements {
  private readonly parts: PlacementParts;
  private readonly placed: Counter<'status' | 'symbol'>;

  constructor(parts: PlacementParts) {
    this.parts = parts;
    this.placed = parts.telemetry.metrics.counter(
      'orders_placed_total',
      'Orders by what became of their placement',
      ['status', 'symbol'],
    );
  }

  answered(intent: OrderIntent, outcome: Outcome<PlacedOrder>, latencyMs: number): void {
    this.recordAnswer('place', intent, outcome, latencyMs);
    if (outcome.kind === 'done') {
      // What could not be taken is asked for.
      if (!this.parts.stream.takePlacement(outcome.value)) this.parts.inDoubt.ask(intent.clientOrderId);
      this.count('accepted', intent);
    } else this.notPlaced(intent, outcome);
  }

  listAnswered(list: OrderListIntent, outcome: Outcome<OrderListState>, latencyMs: number): void {
    const legs = legsOf(list);
    this.recordAnswer('place_list', legs[0], outcome, latencyMs);
    if (outcome.kind === 'done') {
      const { stream, inDoubt } = this.parts;
      const reported = new Set<string>();
      for (const report of outcome.value.reports ?? [])
        if (stream.takeOrder(report, false)) reported.add(report.clientOrderId);
      for (const leg of legs) {
        if (!reported.has(leg.clientOrderId)) inDoubt.ask(leg.clientOrderId);
        this.count('accepted', leg);
      }
    } else for (const leg of legs) this.notPlaced(leg, outcome);
  }

  /** Of a placement that surely failed, or of which nobody knows. */
  notPlaced(intent: OrderIntent, outcome: Exclude<Outcome<unknown>, { kind: 'done' }>): void {
    const { clientOrderId } = intent;
    if (outcome.kind === 'unknown') {
      this.doubt(intent, describeUnknown(outcome.cause));
      return;
    }
    const { failure } = outcome;
    if (failure.reason !== 'refused') {
      this.neverSent(clientOrderId, describeFailure(failure));
      this.count('not_sent', intent);
    } else if (refusalReasonOf(failure.code, failure.message).reason === 'duplicate_order') {
      // The id is in use: whatever has it is ours to find (faults.md O5).
      this.doubt(intent, describeFailure(failure));
    } else this.refusedBy(intent, failure);
  }

  refusedBy(intent: OrderIntent, failure: Extract<CallFailure, { reason: 'refused' }>): void {
    const reason = describeFailure(failure);
    this.parts.orders.note(intent.clientOrderId, 'rejected', reason);
    this.count('rejected', intent);
    if (failure.retry !== 'later') this.parts.hardRefusal(intent, reason);
  }

  /** It was recorded, and surely no byte of it has left. */
  neverSent(clientOrderId: string, reason: string): void {
    this.parts.orders.forget(clientOrderId, reason);
  }

  doubt(intent: OrderIntent, reason: string): void {
    this.parts.orders.note(intent.clientOrderId, 'timed_out', reason);
    this.parts.inDoubt.doubt(intent.clientOrderId);
    this.count('unknown', intent);
  }

  recordAnswer(
    call: AnswerBody['call'],
    { symbol, clientOrderId }: Pick<OrderIntent, 'symbol' | 'clientOrderId'>,
    outcome: Outcome<unknown>,
    latencyMs: number,
  ): void {
    const { booking, events, orders } = this.parts;
    const correlationId = orders.of(clientOrderId)?.correlationId ?? clientOrderId;
    const body: AnswerBody = {
      kind: 'answer',
      call,
      symbol,
      clientOrderId,
      outcome: outcome.kind,
      ...codeOf(outcome),
      ...(outcome.kind === 'done' ? {} : { detail: describeOutcome(outcome) }),
      latencyMs,
    };
    const event = events.make(body, { correlationId });
    booking.add(() => [event]);
  }

  private count(status: string, { symbol, side, strategy, clientOrderId }: OrderIntent): void {
    this.placed.add({ status, symbol });
    const { orders, telemetry } = this.parts;
    const fields = { status, symbol, side, strategy, order_id: clientOrderId };
    telemetry.log.write('info', 'order_placed', fields, orders.of(clientOrderId)?.correlationId);
  }
}

function codeOf(outcome: Outcome<unknown>): { readonly code?: number } {
  if (outcome.kind === 'failed' && outcome.failure.reason === 'refused')
    return { code: outcome.failure.code };
  if (
    outcome.kind === 'unknown' &&
    outcome.cause.reason === 'server_error' &&
    outcome.cause.code !== undefined
  )
    return { code: outcome.cause.code };
  return {};
}
