import type { CommittedEvent } from './event.ts';
import type { MarketUpdate, Subscription } from './market-data.ts';

/** What is told between services that run apart, by topic. Committed events go to the topic of their kind. */
export interface BusMessages {
  readonly 'market-data': MarketUpdate;
  readonly signals: CommittedEvent;
  readonly verdicts: CommittedEvent;
  /** Intents, order changes and exchange answers. */
  readonly orders: CommittedEvent;
  readonly fills: CommittedEvent;
  /** Balances, valuations and breaks. */
  readonly balances: CommittedEvent;
  readonly alerts: CommittedEvent;
  /** Controls, strategies, configurations and leaders. */
  readonly control: CommittedEvent;
}
export type Topic = keyof BusMessages;

/**
 * At least once, in the order of publishing within a topic. `market-data` may lose its oldest messages when a reader is slow; of the
 * others nothing is lost while the store of the bus lives, and what is lost with it can be read from the ledger (faults.md P9).
 */
export interface Bus {
  /** Resolves when the message is kept. Rejects when it cannot be: the publisher goes on, the reader finds the hole by `seq`. */
  publish<T extends Topic>(topic: T, message: BusMessages[T], correlationId: string): Promise<void>;
  /**
   * Every group hears everything once at least; of the members of a group one hears each message. A handler that throws or rejects is
   * called again, later and later, until its attempts are spent; then the message goes to the dead letters.
   */
  subscribe<T extends Topic>(
    topic: T,
    group: string,
    handler: (message: BusMessages[T], correlationId: string) => void | Promise<void>,
  ): Subscription;
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** Publishes them again and takes them off the list. @returns how many */
  replayDeadLetters(ids: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

export interface DeadLetter {
  readonly id: string;
  readonly topic: Topic;
  readonly group: string;
  readonly attempts: number;
  readonly error: string;
  readonly atMs: number;
  readonly correlationId: string;
  /** The message, as JSON text. */
  readonly text: string;
}
