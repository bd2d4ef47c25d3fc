import { type Bus, topicOf } from '@tradewind/proto';
import type { Telemetry } from '@tradewind/utils';
import type { Publish } from './make-services.ts';

/** Of those that wait for the bus; some minutes of a busy system. */
const WAITING_MAX = 10_000;

/**
 * Publishes one after the other, so that a topic has the order of the ledger. What is lost here, because the bus fails or too many
 * wait for it, is found by `seq`.
 */
export function publisherOver(bus: Bus, { log }: Telemetry): Publish {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let isFull = false;
  return (events) => {
    for (const event of events) {
      if (waiting === WAITING_MAX) {
        // Once for all that are lost until there is room again.
        if (!isFull)
          log.write('warn', 'not_published', { detail: `${waiting} events wait` }, event.correlationId);
        isFull = true;
        continue;
      }
      isFull = false;
      waiting += 1;
      last = last
        .then(() => bus.publish(topicOf(event), event, event.correlationId))
        .catch((error: unknown) =>
          log.write('warn', 'not_published', { detail: String(error) }, event.correlationId),
        )
        .finally(() => {
          waiting -= 1;
        });
    }
  };
}
