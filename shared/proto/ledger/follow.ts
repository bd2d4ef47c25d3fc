import { err, ok, type Result } from '@tradewind/core/result';
import type { CommittedEvent } from '../contracts/event.ts';
import { chainedText, eventOf, type JournalEntry, NO_HASH } from './entry.ts';

/** The entry that another one follows: how many there are up to it, and what the next one is chained to. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}
/** What the first entry follows. */
export const CHAIN_BEGINNING: ChainEnd = { seq: 0, hash: NO_HASH };

/**
 * What an entry says that should follow another one, or as a sentence why it is not what was written there.
 * @param previousHash  the hash that is kept beside the entry as that of the one before it, where one is
 * @param sha256  of the UTF-8 bytes of a text, as hex
 */
export function followingEvent(
  entry: JournalEntry,
  previous: ChainEnd,
  sha256: (text: string) => string,
  previousHash: string = previous.hash,
): Result<CommittedEvent, string> {
  const seq = previous.seq + 1;
  if (entry.seq !== seq) return err(`Entry ${seq} is missing: the next one is ${entry.seq}.`);
  if (previousHash !== previous.hash)
    return err(`Entry ${seq} does not follow the entry before it: it names another hash.`);
  if (sha256(chainedText(previous.hash, entry)) !== entry.hash)
    return err(`Entry ${seq} is not what was written: its hash is another.`);
  const event = eventOf(entry);
  return event.ok ? ok(event.value) : err(`Entry ${seq} cannot be read: ${event.error.detail}.`);
}
