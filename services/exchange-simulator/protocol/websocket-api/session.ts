import type { ApiKey } from '../../exchange/index.ts';
import type { TimeUnit } from '../../notation/time-unit.ts';
import { terminatedJson, type UserEvent } from '../../user-events/index.ts';
import type { ServerSocket } from '../../wire.ts';
import type { Hearer, Hearers } from './hearers.ts';

/** Bytes that may wait to be written before a client that does not read is cut off. */
const BUFFERED_MAX_BYTES = 16 * 1024 * 1024;
/** Over the life of a connection, and at one time (binance-spot.md section 3.1). */
const SUBSCRIPTION_IDS_MAX = 65_535;
const SUBSCRIPTIONS_MAX = 1000;
const POLICY_VIOLATION = 1008;

export interface Subscription {
  readonly id: number;
  readonly key: ApiKey;
  /** Made through the session's logon, and ended with it. */
  readonly isOfLogon: boolean;
}

export interface Logon {
  readonly key: ApiKey;
  readonly authorizedSinceMs: number;
}

export interface SessionOptions {
  readonly socket: ServerSocket;
  readonly unit: TimeUnit;
  readonly returnsRateLimits: boolean;
  readonly connectedSinceMs: number;
  readonly hearers: Hearers;
}

/** One connection to the WebSocket API: who has logged on, and which accounts it hears of. */
export class Session implements Hearer {
  readonly socket: ServerSocket;
  readonly unit: TimeUnit;
  readonly returnsRateLimits: boolean;
  readonly connectedSinceMs: number;
  logon: Logon | undefined;
  private readonly hearers: Hearers;
  /** At most one of each account. */
  private readonly subscriptions = new Map<number, Subscription>();
  private nextSubscriptionId = 0;
  private isClosed = false;
  private isServing = false;
  private closing: string | undefined;

  constructor(options: SessionOptions) {
    this.socket = options.socket;
    this.unit = options.unit;
    this.returnsRateLimits = options.returnsRateLimits;
    this.connectedSinceMs = options.connectedSinceMs;
    this.hearers = options.hearers;
  }

  send(text: string): void {
    if (this.isClosed) return;
    if (this.socket.bufferedBytes > BUFFERED_MAX_BYTES) {
      this.ended();
      this.socket.cut();
    } else {
      this.socket.send(text);
    }
  }

  /** Serves one message; whatever closes the connection meanwhile waits for the reply to be sent. */
  serve(work: () => void): void {
    if (this.isClosed) return;
    this.isServing = true;
    work();
    this.isServing = false;
    if (this.closing !== undefined) this.close(this.closing);
  }

  close(reason: string): void {
    if (this.isClosed) return;
    if (this.isServing) {
      this.closing = reason;
      return;
    }
    this.ended();
    this.socket.close(POLICY_VIOLATION, reason);
  }

  /** Nothing is sent any more, whoever ended it. */
  ended(): void {
    this.isClosed = true;
    for (const account of this.subscriptions.keys()) this.hearers.remove(account, this);
    this.subscriptions.clear();
  }

  get activeSubscriptions(): readonly Subscription[] {
    return [...this.subscriptions.values()];
  }

  get isSubscribed(): boolean {
    return this.subscriptions.size > 0;
  }

  isSubscribedTo(account: number): boolean {
    return this.subscriptions.has(account);
  }

  /** undefined when no subscription is left for this connection. */
  subscribe(key: ApiKey, isOfLogon: boolean): Subscription | undefined {
    const isFull = this.subscriptions.size >= SUBSCRIPTIONS_MAX;
    if (isFull || this.nextSubscriptionId >= SUBSCRIPTION_IDS_MAX) return undefined;
    const subscription = { id: this.nextSubscriptionId, key, isOfLogon };
    this.nextSubscriptionId += 1;
    this.subscriptions.set(key.account, subscription);
    this.hearers.add(key.account, this);
    return subscription;
  }

  /** Ends what `isEnding` says, and tells each that it has ended. */
  unsubscribe(isEnding: (subscription: Subscription) => boolean, nowMs: number): void {
    for (const it of this.activeSubscriptions) {
      if (!isEnding(it)) continue;
      this.subscriptions.delete(it.key.account);
      this.hearers.remove(it.key.account, this);
      this.send(`{"subscriptionId":${it.id},"event":${terminatedJson(nowMs, this.unit)}}`);
    }
  }

  deliver(event: UserEvent): void {
    const subscription = this.subscriptions.get(event.account);
    if (subscription === undefined) return;
    this.send(`{"subscriptionId":${subscription.id},"event":${event.text(this.unit)}}`);
  }
}
