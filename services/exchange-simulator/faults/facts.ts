import { fieldsTest, textTest, valueAt } from './patterns.ts';
import type { EventPattern, MessagePattern, RequestPattern } from './plan-schema.ts';

/** What is known of a request without carrying it out. */
export interface RequestFacts {
  readonly api: 'rest' | 'ws';
  /** `POST /api/v3/order`, or `order.place`. */
  readonly endpoint: string;
  readonly address: string;
  /** Of the key that the request names; undefined without a key, or when the exchange does not know it. */
  readonly account: number | undefined;
  /** A parameter as text; undefined when it was not sent. */
  parameter(name: string): string | undefined;
}

export type Test<Facts> = (facts: Facts) => boolean;

export function requestTest(pattern: RequestPattern | undefined = {}): Test<RequestFacts> {
  const endpoint = textTest(pattern.endpoint);
  const symbol = textTest(pattern.symbol);
  const address = textTest(pattern.address);
  const fields = fieldsTest(pattern.fields);
  return (facts) =>
    endpoint(facts.endpoint) &&
    (pattern.api === undefined || pattern.api === facts.api) &&
    (pattern.account === undefined || pattern.account === facts.account) &&
    address(facts.address) &&
    (pattern.symbol === undefined || symbolsOf(facts).some(symbol)) &&
    fields((field) => facts.parameter(field));
}

function symbolsOf(facts: RequestFacts): string[] {
  const symbol = facts.parameter('symbol');
  if (symbol !== undefined) return [symbol];
  return (facts.parameter('symbols') ?? '').split(/[[\]",\s]+/).filter((each) => each !== '');
}

/** A user event or a message of a market stream. */
export interface MessageFacts {
  readonly event: string | undefined;
  readonly symbol: string | undefined;
  /** Undefined for what is sent to everybody. */
  readonly account: number | undefined;
  /** Undefined for user events. */
  readonly stream: string | undefined;
  /** Its JSON, parsed. */
  readonly body: () => unknown;
}

export function messageTest(pattern: (EventPattern & MessagePattern) | undefined = {}): Test<MessageFacts> {
  const stream = textTest(pattern.stream);
  const event = textTest(pattern.event);
  const symbol = textTest(pattern.symbol);
  const fields = fieldsTest(pattern.fields);
  return (facts) =>
    stream(facts.stream) &&
    event(facts.event) &&
    symbol(facts.symbol) &&
    (pattern.account === undefined || pattern.account === facts.account) &&
    (pattern.fields === undefined || fields((field) => valueAt(facts.body(), field)));
}
