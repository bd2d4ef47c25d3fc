import { type Clock, forgetOldest } from '@tradewind/utils';
import type { RequestFacts } from './facts.ts';
import { editJson } from './json-edit.ts';
import type { AnswerChange } from './plan-schema.ts';
import type { RequestFate } from './request-fate.ts';

/** Answers kept for `stale_answer`; when there are more the oldest is forgotten. */
const KEPT_MAX = 1000;

interface Kept {
  readonly body: string;
  readonly atMs: number;
}

/** Changes what is in answers: the parsed body over HTTP, `result` or `error` over a socket. */
export class AnswerChanges {
  private readonly clock: Clock;
  private readonly kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @param body  parsed; it may be changed and returned */
  apply({ changes }: RequestFate, facts: RequestFacts, body: unknown): unknown {
    return changes.reduce((changed, { name, fault }) => this.change(name, fault, facts, changed), body);
  }

  private change(name: string, fault: AnswerChange, facts: RequestFacts, body: unknown): unknown {
    switch (fault.fault) {
      case 'edit_answer':
        return editJson(body, fault);
      case 'stale_answer':
        return this.stale(name, fault.ms, facts, body);
      case 'cross_book_answer':
        return crossed(body);
    }
  }

  /** The first answer of its kind comes again until it is `ms` old. */
  private stale(name: string, ms: number, facts: RequestFacts, body: unknown): unknown {
    const { api, endpoint, account } = facts;
    const about = ['symbol', 'symbols', 'limit', 'orderId', 'origClientOrderId'].map((each) =>
      facts.parameter(each),
    );
    const key = JSON.stringify([name, api, endpoint, account, about]);
    const kept = this.kept.get(key);
    const atMs = this.clock.elapsedMs();
    if (kept !== undefined && atMs - kept.atMs < ms) return JSON.parse(kept.body);
    this.kept.delete(key);
    this.kept.set(key, { body: JSON.stringify(body), atMs });
    forgetOldest(this.kept, KEPT_MAX);
    return body;
  }
}

/** A book whose best bid is above its best ask: the two have changed places. What has no two sides stays as it is. */
export function crossed(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(crossed);
  if (typeof body !== 'object' || body === null) return body;
  const book = body as Record<string, unknown>;
  for (const [bid, ask] of TOPS) {
    if (bid in book && ask in book) [book[bid], book[ask]] = [book[ask], book[bid]];
  }
  for (const [bids, asks] of SIDES) {
    const [bid, ask] = [book[bids], book[asks]];
    if (!Array.isArray(bid) || !Array.isArray(ask) || bid.length === 0 || ask.length === 0) continue;
    [bid[0], ask[0]] = [ask[0], bid[0]];
  }
  return book;
}

/** `bookTicker` of REST and of the stream: prices with their quantities. */
const TOPS = [
  ['bidPrice', 'askPrice'],
  ['bidQty', 'askQty'],
] as const;
/** Books of REST and of partial depth streams. */
const SIDES = [['bids', 'asks']] as const;
