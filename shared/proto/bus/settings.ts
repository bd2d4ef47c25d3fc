import type { BackoffTimes } from '@tradewind/utils';

/** What bounds a bus. The same for every topic. */
export interface BusSettings {
  /** How many messages of a topic are kept for groups that have not handled them yet. */
  readonly capacity: number;
  /** How often a handler is given a message before it goes to the dead letters. */
  readonly attemptsMaximum: number;
  /** How long after a failure a handler is given the message again; all later ones of its group wait. */
  readonly retry: BackoffTimes;
  /** How many dead letters are kept, the oldest going first: of all topics in one process, of each topic over Redis. */
  readonly deadLettersMaximum: number;
  /** How long `close` waits for handlers to end, ms. */
  readonly closeMs: number;
}

export const DEFAULT_BUS_SETTINGS: BusSettings = {
  capacity: 10_000,
  attemptsMaximum: 5,
  retry: { firstDelayMs: 50, longestDelayMs: 2_000 },
  deadLettersMaximum: 1_000,
  closeMs: 2_000,
};
