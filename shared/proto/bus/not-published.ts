import type { Topic } from '../contracts/bus.ts';

/**
 * Why a message was not kept. full: a group that is being read is too far behind. closed: by us. unavailable: the store of the bus does not
 * answer; it may have kept the message nevertheless, which readers take twice as once.
 */
export class NotPublished extends Error {
  override readonly name = 'NotPublished';
  readonly topic: Topic;
  readonly reason: 'full' | 'closed' | 'unavailable';

  constructor(topic: Topic, reason: NotPublished['reason'], detail: string, options?: ErrorOptions) {
    super(`a message for '${topic}' was not kept, the bus is ${reason}: ${detail}`, options);
    this.topic = topic;
    this.reason = reason;
  }
}
