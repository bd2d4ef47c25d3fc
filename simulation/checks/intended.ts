import { ordersOf } from '@tradewind/core/orders';
import type { CommittedEvent } from '@tradewind/proto';

/** The client order ids of all that is intended in some events, the legs of lists included. */
export const idsIntended = (events: readonly CommittedEvent[]): readonly string[] =>
  events.flatMap((event) =>
    event.kind === 'intent' ? ordersOf(event.wanted).map(({ clientOrderId }) => clientOrderId) : [],
  );
