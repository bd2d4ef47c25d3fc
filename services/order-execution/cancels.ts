import {
  describeFailure,
  describeUnknown,
  type OrderEntry,
  type Outcome,
  refusalReasonOf,
  type UserStream,
  type VenueOrder,
} from '@tradewind/binance';
import { isFinal } from '@tradewind/core/orders';
import type { AmendCommand, CancelAllResult, CommandResult, LedgerOrder } from '@tradewind/proto';
import type { Clock } from '@tradewind/utils';
import type { EventMaker } from './event-maker.ts';
import type { InDoubt } from './in-doubt.ts';
import type { Orders } from './orders.ts';
import type { Placements } from './placements.ts';
import type { Proofs } from './proofs.ts';

export interface CancelParts {
  readonly clock: Clock;
  readonly entry: OrderEntry;
  readonly stream: UserStream;
  readonly orders: Orders;
  readonly placements: Placements;
  readonly inDoubt: InDoubt;
  readonly events: EventMaker;
  readonly proofs: Proofs;
  readonly cancelProofMs: number;
}

/** Cancels at the same time when everything is canceled. */
const AT_ONCE = 10;

/**
 * Cancels and amendments. They need no approval and do not wait for the ledger: they go out while it is down, too (faults.md P4). What
 * the venue says of them decides; 'unknown order' only means that one must ask (faults.md O9-O11).
 */
export class Cancels {
  private readonly parts: CancelParts;

  constructor(parts: CancelParts) {
    this.parts = parts;
  }

  /** Of an order, or of a list by its id. */
  async cancel(symbol: string, clientOrderId: string): Promise<CommandResult> {
    const { orders } = this.parts;
    const order = orders.of(clientOrderId);
    if (order !== undefined) return this.cancelOrder(order);
    const legs = orders.legsOf(clientOrderId);
    if (legs.length === 0) return { kind: 'refused', reason: 'order_unknown', detail: clientOrderId };
    return this.cancelList(symbol, clientOrderId, legs);
  }

  /** Lowers the quantity; the order keeps its place and its name (faults.md O13). */
  async amend({ symbol, clientOrderId, newQuantity }: AmendCommand): Promise<CommandResult> {
    const { clock, entry, inDoubt, orders, placements, stream } = this.parts;
    const order = orders.of(clientOrderId);
    if (order === undefined) return { kind: 'refused', reason: 'order_unknown', detail: clientOrderId };
    const { quantity } = order.record;
    if (isFinal(order.record.state))
      return { kind: 'refused', reason: 'order_final', detail: order.record.state };
    if (quantity === undefined || newQuantity >= quantity)
      return { kind: 'refused', reason: 'not_smaller', detail: 'an amendment can only lower the quantity' };
    const beganMs = clock.elapsedMs();
    const outcome = await entry.amend({ symbol, clientOrderId }, newQuantity, clientOrderId);
    placements.recordAnswer('amend', order.record, outcome, clock.elapsedMs() - beganMs);
    if (outcome.kind === 'done') {
      if (!stream.takeOrder(outcome.value.order, false)) inDoubt.ask(clientOrderId);
      return { kind: 'done' };
    }
    // Until the answer it counts with the larger size.
    inDoubt.ask(clientOrderId);
    return resultOf(outcome);
  }

  /**
   * Cancels orders, a list of which some are legs at once, and waits for the proof. A cancel that overtook its own placement was in vain:
   * what is known to be open when that time is over is canceled once more.
   */
  async cancelAll(targets: readonly LedgerOrder[]): Promise<CancelAllResult> {
    const { cancelProofMs, orders, proofs } = this.parts;
    const ids = targets.map(({ intent }) => intent.clientOrderId);
    await this.cancelEach(targets);
    let unproven = await proofs.untilFinal(ids, cancelProofMs);
    const open = unproven.map((id) => orders.of(id)).filter(isKnownOpen);
    if (open.length > 0) {
      await this.cancelEach(open);
      unproven = await proofs.untilFinal(ids, cancelProofMs);
    }
    return { canceled: ids.filter((id) => !unproven.includes(id)), unproven };
  }

  private async cancelEach(targets: readonly LedgerOrder[]): Promise<void> {
    const names = new Set(
      targets.map(({ intent, listClientOrderId }) => listClientOrderId ?? intent.clientOrderId),
    );
    const waiting = [...names];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const symbol = targets.find(isNamed(next))?.intent.symbol ?? '';
        await this.cancel(symbol, next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  private async cancelOrder(order: LedgerOrder): Promise<CommandResult> {
    const { clock, entry, events, orders, placements } = this.parts;
    const { clientOrderId, symbol, state, venueOrderId } = order.record;
    if (isFinal(state)) return { kind: 'refused', reason: 'order_final', detail: state };
    const reference =
      venueOrderId === undefined ? { symbol, clientOrderId } : { symbol, orderId: venueOrderId };
    orders.note(clientOrderId, 'cancel_sent');
    const beganMs = clock.elapsedMs();
    const outcome = await entry.cancel(reference, events.nextName('c'));
    placements.recordAnswer('cancel', order.record, outcome, clock.elapsedMs() - beganMs);
    return this.canceled(clientOrderId, outcome);
  }

  /** What the answer to the cancel of an order means for it. */
  canceled(clientOrderId: string, outcome: Outcome<VenueOrder>): CommandResult {
    if (outcome.kind !== 'done') return this.notCanceled(clientOrderId, outcome);
    if (!this.parts.stream.takeOrder(outcome.value, false)) this.parts.inDoubt.ask(clientOrderId);
    return { kind: 'done' };
  }

  private async cancelList(
    symbol: string,
    listClientOrderId: string,
    legs: readonly LedgerOrder[],
  ): Promise<CommandResult> {
    const { clock, entry, events, inDoubt, orders, placements, stream } = this.parts;
    for (const { intent } of legs) orders.note(intent.clientOrderId, 'cancel_sent');
    const beganMs = clock.elapsedMs();
    const outcome = await entry.cancelList({ symbol, listClientOrderId }, events.nextName('c'));
    const named = { symbol, clientOrderId: listClientOrderId };
    placements.recordAnswer('cancel_list', named, outcome, clock.elapsedMs() - beganMs);
    if (outcome.kind === 'done') {
      for (const report of outcome.value.reports ?? []) stream.takeOrder(report, false);
      for (const { intent } of legs)
        if (!this.isFinal(intent.clientOrderId)) inDoubt.ask(intent.clientOrderId);
      return { kind: 'done' };
    }
    for (const { intent } of legs) this.notCanceled(intent.clientOrderId, outcome);
    return resultOf(outcome);
  }

  /** It may rest, be canceled or be filled: asked for, and not blindly tried again. */
  private notCanceled(
    clientOrderId: string,
    outcome: Exclude<Outcome<unknown>, { kind: 'done' }>,
  ): CommandResult {
    const { inDoubt, orders } = this.parts;
    if (outcome.kind === 'unknown') orders.note(clientOrderId, 'timed_out', describeUnknown(outcome.cause));
    else orders.note(clientOrderId, 'cancel_refused', describeFailure(outcome.failure));
    inDoubt.doubtCancel(clientOrderId);
    return resultOf(outcome);
  }

  isFinal(clientOrderId: string): boolean {
    const order = this.parts.orders.of(clientOrderId);
    return order === undefined || isFinal(order.record.state);
  }
}

/** The exchange has shown it, and no cancel of it is unanswered. */
const isKnownOpen = (order: LedgerOrder | undefined): order is LedgerOrder =>
  order?.record.state === 'working' || order?.record.state === 'pending';

const isNamed =
  (name: string) =>
  ({ intent, listClientOrderId }: LedgerOrder): boolean =>
    intent.clientOrderId === name || listClientOrderId === name;

function resultOf(outcome: Exclude<Outcome<unknown>, { kind: 'done' }>): CommandResult {
  if (outcome.kind === 'unknown') return { kind: 'unknown', detail: describeUnknown(outcome.cause) };
  const { failure } = outcome;
  const isUnknownOrder =
    failure.reason === 'refused' && refusalReasonOf(failure.code, failure.message).reason === 'unknown_order';
  return isUnknownOrder
    ? { kind: 'unknown', detail: 'the exchange does not have it open; it is asked what became of it' }
    : { kind: 'refused', reason: failure.reason, detail: describeFailure(failure) };
}
