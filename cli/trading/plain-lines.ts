import { describeEvent, isNews } from '@tradewind/gateway';
import type { Bus, Topic } from '@tradewind/proto';
import { utcText } from '@tradewind/utils';

const TOPICS: readonly Exclude<Topic, 'market-data'>[] = [
  'signals',
  'verdicts',
  'fills',
  'balances',
  'alerts',
  'control',
];
/** What happens, a line each, for who reads it as it comes. */
export function tellEvents(bus: Bus, print: (line: string) => void): void {
  for (const topic of TOPICS) {
    bus.subscribe(topic, 'plain-lines', (event) => {
      if (isNews(event)) print(`${utcText(event.atMs)}  ${describeEvent(event)}`);
    });
  }
}
