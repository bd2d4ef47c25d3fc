export { type Changes, changesOf } from './changes.ts';
export { type Claims, claimsOf, contradictionIn, distinctOf } from './claims.ts';
export { type Codec, type Json, name, text, whole } from './codec.ts';
export { chainedText, entryOf, eventOf, type JournalEntry, NO_HASH, type Stamp } from './entry.ts';
export { EVENT_KINDS, type MalformedText, parsedOf, readBody, textOf, writeBody } from './event-json.ts';
export { type EventFacts, factsOf } from './facts.ts';
export { MemoryLedger, type MemoryLedgerOptions, READ_LIMIT_MAXIMUM } from './memory-ledger.ts';
export { inOrder, Projections } from './projections.ts';
