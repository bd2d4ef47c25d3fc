import { describeEvent } from '@tradewind/gateway';
import type { EventBody } from '@tradewind/proto';
import { eventOf, factsOf, type JournalEntry } from '@tradewind/proto/ledger';
import { utcText } from '@tradewind/utils';

/** All that is recorded of an entry, as one JSON object; decimals are texts. */
export function jsonLine(entry: JournalEntry): string {
  const { seq, id, atMs, service, correlationId, causeId, build, configurationHash, hash, payload } = entry;
  const head = {
    seq,
    id,
    at: utcText(atMs),
    service,
    correlationId,
    ...(causeId === '' ? {} : { causeId }),
    build,
    configurationHash,
    // Not `hash`: what is recorded of a configuration has one of its own.
    entryHash: hash,
  };
  return `${JSON.stringify({ ...head, ...(JSON.parse(payload) as object) })}\n`;
}

/** For people: number, time, who, what. */
export function textLine(entry: JournalEntry): string {
  const event = eventOf(entry);
  const what = event.ok ? whatHappened(event.value) : `cannot be read: ${event.error.detail}`;
  return `${String(entry.seq).padStart(8)}  ${utcText(entry.atMs)}  ${entry.service.padEnd(15)}  ${entry.kind.padEnd(13)}  ${what}\n`;
}

/** With the orders that it is about: here nothing else says which. */
function whatHappened(event: EventBody): string {
  const { clientOrderIds } = factsOf(event);
  return `${describeEvent(event)}${clientOrderIds.length === 0 ? '' : ` [${clientOrderIds.join(', ')}]`}`;
}

export const CSV_HEADER = [
  ...['seq', 'at', 'kind', 'service', 'symbol', 'strategy', 'correlationId', 'causeId', 'id', 'build'],
  ...['configurationHash', 'hash', 'payload'],
]
  .join(',')
  .concat('\n');

/** A row as RFC 4180 has it, with line ends as on Unix; the payload is JSON. */
export function csvRow(entry: JournalEntry): string {
  const event = eventOf(entry);
  const { symbol = '', strategy = '' } = event.ok ? factsOf(event.value) : {};
  const { seq, atMs, kind, service, correlationId, causeId, id, build, configurationHash, hash, payload } =
    entry;
  const cells = [
    ...[String(seq), utcText(atMs), kind, service, symbol, strategy, correlationId, causeId, id, build],
    ...[configurationHash, hash, payload],
  ];
  return `${cells.map(quoted).join(',')}\n`;
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
