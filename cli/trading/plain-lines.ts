import { describeEvent } from '@tradewind/gateway';
import type { Bus, CommittedEvent, EventKind, Topic } from '@tradewind/proto';
import { utcText } from '@tradewind/utils';

const TOPICS: readonly Exclude<Topic, 'market-data'>[] = [
  'signals',
  'verdicts',
  'fills',
  'balances',
  'alerts',
  'control',
];
const TOLD: ReadonlySet<EventKind> = new Set([
  'signal',
  'verdict',
  'fill',
  'balance',
  'break',
  'alert',
  'control',
  'strategy',
]);

/** What happens, a line each, for who reads it as it comes. */
export function tellEvents(bus: Bus, print: (line: string) => void): void {
  for (const topic of TOPICS) {
    bus.subscribe(topic, 'plain-lines', (event) => {
      if (isTold(event)) print(`${utcText(event.atMs)}  ${describeEvent(event)}`);
    });
  }
}

/** Verdicts that say yes and strategies that are saved happen all the time, and what follows from them is told. */
function isTold(event: CommittedEvent): boolean {
  if (event.kind === 'verdict') return !event.isApproved;
  if (event.kind === 'strategy') return event.action !== 'saved';
  return TOLD.has(event.kind);
}
