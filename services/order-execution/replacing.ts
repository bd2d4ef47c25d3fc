import type { CancelReplace, Half, Outcome, PlacedOrder, VenueOrder } from '@tradewind/binance';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import { isFinal } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import type { ReplaceCommand, SubmitResult } from '@tradewind/proto';
import type { CancelParts, Cancels } from './cancels.ts';
import type { OrderPath } from './order-path.ts';
import type { Unfilled } from './unfilled.ts';

/** Cancels an order and places another in one call, which is no transaction: both halves are followed (faults.md O12). */
export class Replacing {
  private readonly parts: CancelParts;
  private readonly cancels: Cancels;
  private readonly path: OrderPath;
  private readonly unfilled: Pick<Unfilled, 'giveUp'>;

  constructor(parts: CancelParts, cancels: Cancels, path: OrderPath, unfilled: Pick<Unfilled, 'giveUp'>) {
    this.parts = parts;
    this.cancels = cancels;
    this.path = path;
    this.unfilled = unfilled;
  }

  async replace({
    clientOrderId,
    replacement,
    expiresAtMs,
    correlationId,
  }: ReplaceCommand): Promise<SubmitResult> {
    const order = this.parts.orders.of(clientOrderId);
    if (order === undefined || isFinal(order.record.state))
      return { kind: 'refused', refusal: { reason: 'order_unknown', clientOrderId } };
    const { strategy, symbol, decidedAtMs } = replacement;
    const signal = {
      action: 'order',
      strategy,
      symbol,
      decidedAtMs,
      expiresAtMs,
      intent: replacement,
    } as const;
    return this.path.submit(signal, correlationId, {
      send: (approved) => (mayLeave) => this.send(clientOrderId, approved, mayLeave),
    });
  }

  private async send(
    canceledId: string,
    approved: Approved<OrderIntent> | Approved<OrderListIntent>,
    mayLeave: () => boolean,
  ): Promise<void> {
    const { clock, entry, events, orders, placements } = this.parts;
    invariant(!('kind' in approved), 'a replacement is one order');
    const { symbol, clientOrderId } = approved;
    // What is open may be about to be priced anew; its place is taken by the replacement alone.
    if (!this.cancels.isFinal(canceledId)) this.unfilled.giveUp(canceledId);
    orders.note(canceledId, 'cancel_sent');
    const beganMs = clock.elapsedMs();
    const outcome = await entry.cancelReplace(
      { symbol, clientOrderId: canceledId },
      events.nextName('c'),
      approved,
      { mode: 'STOP_ON_FAILURE', mayLeave },
    );
    placements.recordAnswer(
      'cancel_replace',
      { symbol, clientOrderId },
      outcome,
      clock.elapsedMs() - beganMs,
    );
    if (outcome.kind !== 'done') {
      this.cancels.canceled(canceledId, outcome);
      placements.notPlaced(approved, outcome);
      return;
    }
    this.tookHalves(canceledId, approved, outcome.value);
  }

  private tookHalves(
    canceledId: string,
    approved: Approved<OrderIntent>,
    { cancel, placement }: CancelReplace,
  ): void {
    const { placements, stream, inDoubt } = this.parts;
    // Not attempting the cancel does not exist at the venue; then nobody knows.
    this.cancels.canceled(canceledId, outcomeOfHalf<VenueOrder>(cancel) ?? UNTOLD);
    const placed = outcomeOfHalf<PlacedOrder>(placement);
    if (placed === undefined)
      placements.neverSent(approved.clientOrderId, 'the order to be replaced was not canceled');
    else if (placed.kind !== 'done') placements.notPlaced(approved, placed);
    else if (!stream.takePlacement(placed.value)) inDoubt.ask(approved.clientOrderId);
  }
}

const UNTOLD: Outcome<never> = {
  kind: 'unknown',
  cause: {
    reason: 'unreadable_answer',
    status: 200,
    detail: 'the answer does not say what became of the cancel',
  },
};

/** @returns undefined for a half that was not attempted */
function outcomeOfHalf<T>(half: Half<T>): Outcome<T> | undefined {
  switch (half.kind) {
    case 'done':
      return { kind: 'done', value: half.value };
    case 'failed': {
      const { code, message } = half;
      return {
        kind: 'failed',
        failure: { reason: 'refused', code, message, status: 409, retry: 'after_change' },
      };
    }
    case 'unknown':
      return { kind: 'unknown', cause: { reason: 'unreadable_answer', status: 409, detail: half.detail } };
    case 'not_attempted':
      return undefined;
  }
}
