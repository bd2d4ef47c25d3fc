import { describeCheck, describeEvent, describePostings } from '@tradewind/gateway';
import type { CommittedEvent } from '@tradewind/proto';
import { utcText } from '@tradewind/utils';
import type { Paint } from './table.ts';

/**
 * The way of one order from the journal alone: what was seen, what was wanted, each check with its numbers, the intent, what the
 * exchange answered, fills and postings.
 * @param events  everything of its correlation id, in the order of `seq`
 */
export function explanationOf(events: readonly CommittedEvent[], paint: Paint): readonly string[] {
  const [first] = events;
  if (first === undefined) return [];
  return [
    `${paint('bold', 'because of')} ${describeCorrelation(first.correlationId)}`,
    ...events.flatMap((event) => [
      `${paint('dim', `#${event.seq}`)} ${utcText(event.atMs)} ${paint('cyan', event.service)}  ${describeEvent(event)}`,
      ...detailsOf(event).map((line) => `        ${line}`),
    ]),
  ];
}

function detailsOf(event: CommittedEvent): readonly string[] {
  if (event.kind === 'verdict') return event.checks.map(describeCheck);
  if (event.kind === 'fill') return [`postings: ${describePostings(event.postings)}`];
  return [];
}

const UPDATES: Readonly<Record<string, string>> = { t: 'trade', q: 'quote', d: 'book update' };

/** BTCUSDT-t4711 is a trade, BTCUSDT-b1m-1700000000000 a bar (see `correlationIdOf`). */
function describeCorrelation(id: string): string {
  const [, symbol, interval, openTime] = /^([A-Z0-9]+)-b(\d+\w+)-(\d+)$/.exec(id) ?? [];
  if (symbol !== undefined)
    return `the ${interval} bar of ${symbol} that opened at ${utcText(Number(openTime))}`;
  const [, market, kind, number] = /^([A-Z0-9]+)-([tqd])(\d+)$/.exec(id) ?? [];
  return market === undefined ? id : `${UPDATES[kind ?? '']} ${number} of ${market}`;
}

/**
 * Why nothing was bought or sold: the decisions of each strategy around an instant, and the wishes that were refused.
 * @param events  evaluations, signals and verdicts about the symbol, in the order of `seq`
 */
export function decisionsNotToTrade(events: readonly CommittedEvent[]): readonly string[] {
  return events
    .filter((event) => event.kind === 'evaluation' || (event.kind === 'verdict' && !event.isApproved))
    .map((event) => `${utcText(event.atMs)}  ${describeEvent(event)}`);
}
