import type { Bus } from '@tradewind/proto';
import type { Random } from '@tradewind/utils';

/** How the bus is at present; changed by what happens to the world. */
export interface BusConditions {
  /** Nothing can be published. */
  isDown: boolean;
  /** Probabilities: of a message that is lost after it was taken, as with a store that is flushed, and of one that comes twice. */
  loss: number;
  redelivery: number;
  /** Where it is a Redis: how much longer than usual each way takes, ms, at least and by chance up to so much more. */
  latencyMs: number;
  jitterMs: number;
}

export const GOOD_BUS: BusConditions = { isDown: false, loss: 0, redelivery: 0, latencyMs: 0, jitterMs: 0 };

/** A bus as it is when its store fails: it keeps its contract for all that it still has. */
export const unreliableBus = (bus: Bus, conditions: BusConditions, random: Random): Bus => ({
  publish: async (topic, message, correlationId) => {
    if (conditions.isDown) throw new Error('connection refused');
    if (random.nextFraction() < conditions.loss) return;
    await bus.publish(topic, message, correlationId);
    if (random.nextFraction() < conditions.redelivery) await bus.publish(topic, message, correlationId);
  },
  subscribe: (topic, group, handler) => bus.subscribe(topic, group, handler),
  deadLetters: (limit) => bus.deadLetters(limit),
  replayDeadLetters: (ids) => bus.replayDeadLetters(ids),
  close: () => bus.close(),
});
