import { ok } from 'node:assert';
import { readUserEvent } from '../model/read-user-event.ts';
import type { ExecutionReport, UserEvent } from '../model/user-event.ts';
import examples from './user-event-examples.json' with { type: 'json' };

/** An execution report as the venue sends it: the documents' own example with what the test is about changed. */
export const rawReport = (changes: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...examples.executionReport.event,
  s: 'BTCUSDT',
  c: 'mine-1',
  i: 7,
  q: '3.00000000',
  ...changes,
});

export function report(changes: Readonly<Record<string, unknown>>): ExecutionReport {
  const event = eventOf(rawReport(changes));
  ok(event.kind === 'execution_report');
  return event;
}

export function eventOf(raw: unknown): UserEvent {
  const reading = readUserEvent(raw);
  ok(reading.ok, 'the test makes up an event that can be read');
  return reading.value;
}
