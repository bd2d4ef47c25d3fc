import type { Timer, Timers } from '@tradewind/utils';
import type { Connection } from '../sockets/index.ts';

export interface SubscriptionListener {
  /** The venue has acknowledged these names on this connection. */
  confirmed(names: readonly string[]): void;
  /** They are not subscribed any more: unsubscribed, or found missing. */
  lost(names: readonly string[]): void;
  /** The venue will not have these names. They are not asked for again on this connection. */
  refused(names: readonly string[], refusal: SubscriptionRefusal): void;
  /** The venue's own list shows what is wanted, no more and no less. */
  verified(): void;
}

export interface SubscriptionRefusal {
  readonly code: number;
  readonly message: string;
}

type Method = 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'LIST_SUBSCRIPTIONS';

interface Request {
  readonly method: Method;
  readonly names: readonly string[];
  readonly patience: Timer;
}

/**
 * What one connection is subscribed to (binance-spot.md section 8.2). An acknowledgement that does not come, or a list that
 * stays wrong, ends the connection: its successor starts with everything anew.
 */
export class ConnectionSubscriptions {
  private readonly connection: Connection;
  private readonly timers: Timers;
  private readonly listener: SubscriptionListener;
  private readonly confirmed = new Set<string>();
  private readonly requests = new Map<number, Request>();
  private requestCount = 0;
  /** How often in a row the venue's list was not what it should be. */
  private wrongLists = 0;

  constructor(connection: Connection, timers: Timers, listener: SubscriptionListener) {
    this.connection = connection;
    this.timers = timers;
    this.listener = listener;
  }

  has(name: string): boolean {
    return this.confirmed.has(name);
  }

  subscribe(names: readonly string[]): void {
    for (const batch of batchesOf(names)) this.send('SUBSCRIBE', batch);
  }

  unsubscribe(names: readonly string[]): void {
    const there = names.filter((name) => this.confirmed.delete(name));
    if (there.length > 0) this.listener.lost(there);
    for (const batch of batchesOf(names)) this.send('UNSUBSCRIBE', batch);
  }

  /** Asks the venue what it thinks. The answer is a sign of life too. */
  verify(): void {
    for (const { method } of this.requests.values()) if (method === 'LIST_SUBSCRIPTIONS') return;
    this.send('LIST_SUBSCRIPTIONS', []);
  }

  /** @returns false when the message answers nothing that was asked here */
  takeReply(message: unknown): boolean {
    if (typeof message !== 'object' || message === null) return false;
    const { id, result, code, msg, error } = message as Record<string, unknown>;
    const request = typeof id === 'number' ? this.requests.get(id) : undefined;
    if (request === undefined) return false;
    this.requests.delete(id as number);
    request.patience.cancel();
    const refusal = refusalIn(error) ?? refusalIn({ code, msg });
    if (refusal !== undefined) this.listener.refused(request.names, refusal);
    else if (request.method === 'SUBSCRIBE') this.confirm(request.names);
    else if (request.method === 'LIST_SUBSCRIPTIONS') this.compare(result);
    // What was listed in between could not be judged.
    if (request.method !== 'LIST_SUBSCRIPTIONS' && !this.isChanging()) this.verify();
    return true;
  }

  /** The connection has gone. @returns what was subscribed on it */
  end(): string[] {
    for (const { patience } of this.requests.values()) patience.cancel();
    this.requests.clear();
    const names = [...this.confirmed];
    this.confirmed.clear();
    return names;
  }

  private send(method: Method, names: readonly string[]): void {
    this.requestCount += 1;
    const id = this.requestCount;
    const text = JSON.stringify(
      method === 'LIST_SUBSCRIPTIONS' ? { method, id } : { method, params: names, id },
    );
    const patience = this.timers.after(ANSWER_WITHIN_MS, () => {
      this.connection.abandon(`no answer to ${method} within ${ANSWER_WITHIN_MS} ms`);
    });
    this.requests.set(id, { method, names, patience });
    // A connection that is not open any more says so by itself.
    if (this.connection.send(text) === 'queue_full') this.connection.abandon('too many requests wait');
  }

  private confirm(names: readonly string[]): void {
    const ending = new Set<string>();
    for (const request of this.requests.values())
      if (request.method === 'UNSUBSCRIBE') for (const name of request.names) ending.add(name);
    // What has been taken back since is not there any more when this answer arrives.
    const lasting = names.filter((name) => !ending.has(name));
    for (const name of lasting) this.confirmed.add(name);
    this.listener.confirmed(lasting);
  }

  private compare(result: unknown): void {
    // While something is asked for, the list is on its way from one state to another.
    if (this.isChanging()) return;
    const listed = new Set(Array.isArray(result) ? (result as unknown[]) : []);
    const missing = [...this.confirmed].filter((name) => !listed.has(name));
    const surplus = [...listed].filter((name) => typeof name === 'string' && !this.confirmed.has(name));
    if (missing.length === 0 && surplus.length === 0) {
      this.wrongLists = 0;
      this.listener.verified();
      return;
    }
    this.wrongLists += 1;
    if (this.wrongLists > WRONG_LISTS_MAX) {
      this.connection.abandon('the list of subscriptions stays wrong');
      return;
    }
    for (const name of missing) this.confirmed.delete(name);
    if (missing.length > 0) this.listener.lost(missing);
    for (const batch of batchesOf(surplus as string[])) this.send('UNSUBSCRIBE', batch);
    this.subscribe(missing);
    if (missing.length === 0) this.verify();
  }

  private isChanging(): boolean {
    for (const { method } of this.requests.values()) if (method !== 'LIST_SUBSCRIPTIONS') return true;
    return false;
  }
}

/** `{"code":2,"msg":"..."}`, at the top or as the `error` of a reply. */
function refusalIn(value: unknown): SubscriptionRefusal | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, msg } = value as Record<string, unknown>;
  return typeof code === 'number' ? { code, message: typeof msg === 'string' ? msg : '' } : undefined;
}

function batchesOf(names: readonly string[]): string[][] {
  const batches: string[][] = [];
  for (let i = 0; i < names.length; i += NAMES_IN_A_MESSAGE)
    batches.push(names.slice(i, i + NAMES_IN_A_MESSAGE));
  return batches;
}

/** 1024 streams are six messages then, which leave in two seconds (section 8.2: stay under 5 messages a second). */
const NAMES_IN_A_MESSAGE = 200;
const ANSWER_WITHIN_MS = 15_000;
const WRONG_LISTS_MAX = 3;
