import { err, invariant, ok, type Result } from '@tradewind/core/result';
import type { CommittedEvent, ServiceName, TradingEvent } from '../contracts/event.ts';
import { isName } from './codec.ts';
import { type MalformedText, readBody, SERVICE_NAMES, writeBody } from './event-json.ts';

/** Which program wrote an event, with which settings. */
export interface Stamp {
  /** Version and commit. */
  readonly build: string;
  /** SHA-256 of the effective configuration, hex. */
  readonly configurationHash: string;
}

/** A row of the journal, as every ledger keeps it. */
export interface JournalEntry extends Stamp {
  readonly seq: number;
  readonly id: string;
  readonly atMs: number;
  readonly kind: string;
  readonly service: string;
  readonly correlationId: string;
  /** Empty where the event has no cause. */
  readonly causeId: string;
  /** What the event says beyond its head (`writeBody`). */
  readonly payload: string;
  /** SHA-256 of `chainedText`, hex. */
  readonly hash: string;
}

/** What is written of an event before it has its place in the journal. */
export type EntryText = Omit<JournalEntry, 'seq' | 'hash'>;

/** What the first entry of a journal is chained to. */
export const NO_HASH = '0'.repeat(64);

/**
 * The text whose UTF-8 bytes are hashed: one line for each part, in this order, without one after the last: hash of the entry before,
 * seq, id, atMs, kind, service, correlationId, causeId, build, configurationHash, payload. No part contains a line break (names have no
 * control characters and JSON writes them as escapes), so two different entries never have one text.
 */
export const chainedText = (previousHash: string, entry: Omit<JournalEntry, 'hash'>): string =>
  [
    previousHash,
    entry.seq,
    entry.id,
    entry.atMs,
    entry.kind,
    entry.service,
    entry.correlationId,
    entry.causeId,
    entry.build,
    entry.configurationHash,
    entry.payload,
  ].join('\n');

/** An event as it is written down; throws where the contract does not allow what it says. */
export function entryOf(event: TradingEvent, stamp: Stamp): EntryText {
  const { id, correlationId, causeId, atMs, service, kind } = event;
  for (const each of [id, correlationId, causeId ?? id]) {
    invariant(
      isName(each),
      `ids of events have letters and no control characters, not ${JSON.stringify(each)}`,
    );
  }
  invariant(Number.isSafeInteger(atMs), `the time of an event is whole milliseconds, not ${atMs}`);
  return {
    id,
    atMs,
    kind,
    service,
    correlationId,
    causeId: causeId ?? '',
    build: stamp.build,
    configurationHash: stamp.configurationHash,
    payload: writeBody(event),
  };
}

export function eventOf(
  entry: Omit<JournalEntry, 'hash' | keyof Stamp>,
): Result<CommittedEvent, MalformedText> {
  const body = readBody(entry.payload);
  if (!body.ok) return body;
  const isKnown = SERVICE_NAMES.includes(entry.service as ServiceName);
  if (body.value.kind !== entry.kind || !isKnown) {
    return err({
      reason: 'malformed',
      detail: `the kind or service of the entry (${entry.kind}, ${entry.service})`,
    });
  }
  return ok({
    seq: entry.seq,
    id: entry.id,
    correlationId: entry.correlationId,
    ...(entry.causeId === '' ? {} : { causeId: entry.causeId }),
    atMs: entry.atMs,
    service: entry.service as ServiceName,
    ...body.value,
  });
}
