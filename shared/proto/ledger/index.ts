export { BOOKED_KEYS_MS, type Changes, changesOf, DAY_MS, ENDED_ORDERS_MS, PROFITS_MS } from './changes.ts';
export { claimsOf, contradictionIn, distinctOf } from './claims.ts';
export { type Codec, isName } from './codec.ts';
export { committed } from './committed.ts';
export {
  chainedText,
  type EntryText,
  entryOf,
  eventOf,
  type JournalEntry,
  NO_HASH,
  type Stamp,
} from './entry.ts';
export {
  breakBody,
  breakerStates,
  datedValuation,
  EVENT_KINDS,
  type MalformedText,
  parsedOf,
  readBody,
  strategyBody,
  textOf,
  writeBody,
} from './event-json.ts';
export { type EventFacts, factsOf } from './facts.ts';
export { CHAIN_BEGINNING, type ChainEnd, followingEvent } from './follow.ts';
export { JournalFollower, type JournalFollowerOptions } from './journal-follower.ts';
export { MemoryLedger, type MemoryLedgerOptions, READ_LIMIT_MAXIMUM } from './memory-ledger.ts';
export { orderIntent, orderRecord, position, posting, profit } from './order-codecs.ts';
export { type BookedFillKey, fillKey, inOrder, Projections } from './projections.ts';
