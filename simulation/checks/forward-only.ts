import type { OrderRecord, OrderState } from '@tradewind/core/orders';
import type { MakeCheck } from './check.ts';

const ENDED = ['filled', 'canceled', 'expired', 'expired_in_match', 'rejected', 'absent'] as const;
const AT_VENUE = ['pending', 'working', 'cancel_in_flight', 'cancel_unknown'] as const;

/** Where an order may go from where it stands (style.md section 6): nothing comes back from its end, or from the exchange. */
const NEXT: ReadonlyMap<OrderState, readonly OrderState[]> = new Map<OrderState, readonly OrderState[]>([
  ['created', ['created', 'in_flight', 'unknown', ...AT_VENUE, ...ENDED]],
  ['in_flight', ['in_flight', 'unknown', ...AT_VENUE, ...ENDED]],
  // Of an order that may not have arrived a cancel may be sent, and be in doubt as well.
  ['unknown', ['unknown', ...AT_VENUE, ...ENDED]],
  ['pending', [...AT_VENUE, ...ENDED]],
  ['working', [...AT_VENUE, ...ENDED]],
  ['cancel_in_flight', ['unknown', ...AT_VENUE, ...ENDED]],
  ['cancel_unknown', ['unknown', ...AT_VENUE, ...ENDED]],
  ...ENDED.map((state) => [state, [state]] as const),
]);

/** I10: what has ended stays ended, what is filled stays filled, and an order stays the order that it is. */
export const forwardOnly: MakeCheck = (_, fail) => {
  const records = new Map<string, OrderRecord>();
  return {
    name: 'I10 orders only go forward',
    committed(events) {
      for (const event of events) {
        if (event.kind !== 'order' || !event.isOurs) continue;
        const now = event.record;
        const before = records.get(now.clientOrderId);
        records.set(now.clientOrderId, now);
        if (before === undefined) continue;
        const problem = problemBetween(before, now);
        if (problem !== undefined) fail(`order ${now.clientOrderId} ${problem}`);
      }
    },
  };
};

function problemBetween(before: OrderRecord, now: OrderRecord): string | undefined {
  if (NEXT.get(before.state)?.includes(now.state) !== true)
    return `goes from ${before.state} to ${now.state}`;
  if (before.venueOrderId !== undefined && before.venueOrderId !== now.venueOrderId)
    return `was ${before.venueOrderId} at the exchange, and is ${now.venueOrderId}`;
  for (const figure of ['executedQuantity', 'executedQuoteAmount', 'preventedQuantity'] as const)
    if (now[figure] < before[figure])
      return `has its ${figure} fall from ${before[figure]} to ${now[figure]}`;
  if (before.quantity !== undefined && (now.quantity ?? 0n) > before.quantity)
    return `grows from ${before.quantity} to ${now.quantity}`;
  return undefined;
}
