import type { Topic } from '../contracts/bus.ts';
import type { EventKind, TradingEvent } from '../contracts/event.ts';

const TOPIC_OF_KIND = {
  evaluation: 'signals',
  signal: 'signals',
  verdict: 'verdicts',
  intent: 'orders',
  order: 'orders',
  answer: 'orders',
  fill: 'fills',
  balance: 'balances',
  valuation: 'balances',
  break: 'balances',
  alert: 'alerts',
  control: 'control',
  strategy: 'control',
  configuration: 'control',
  leader: 'control',
} as const satisfies Readonly<Record<EventKind, Topic>>;

/** What committed events are told on. */
export const EVENT_TOPICS = [
  'signals',
  'verdicts',
  'orders',
  'fills',
  'balances',
  'alerts',
  'control',
] as const satisfies readonly Topic[];

export const TOPICS = ['market-data', ...EVENT_TOPICS] as const satisfies readonly Topic[];

/** Where a committed event is told. */
export const topicOf = (event: TradingEvent): Exclude<Topic, 'market-data'> => TOPIC_OF_KIND[event.kind];

/** Old prices are worth nothing to who is behind with them; everything else must not be lost without anybody knowing. */
export const mayLoseOldest = (topic: Topic): boolean => topic === 'market-data';
