import { unreachable } from '@tradewind/core/result';
import type { Call, Caller } from '../calls/call.ts';
import { SAYS_NOTHING } from '../limits/limit-report.ts';
import { failed, type Outcome } from '../outcome.ts';
import { SignedParams } from '../signing/payload.ts';
import {
  type Closure,
  type Connection,
  type ConnectionAttempts,
  type ConnectorListener,
  type ConnectorOptions,
  type ConnectorState,
  type Gap,
  type OpenGap,
  type Retry,
  SocketConnector,
} from '../sockets/index.ts';
import { ApiLink, type LinkParts, preparedParamsOf, type SocketCall } from './api-link.ts';
import { type Frame, readFrame } from './frame.ts';
import { withTrustedTime } from './trusted-time.ts';

export interface WebSocketApiOptions
  extends Pick<ConnectorOptions, 'transport' | 'clock' | 'timers' | 'random' | 'times'>,
    Pick<LinkParts, 'gate' | 'signer' | 'serverClock' | 'synchronizer'> {
  readonly url: string;
  readonly attempts: ConnectionAttempts;
  /** Log on once per connection instead of signing each call. Ed25519 keys only; other keys sign each call all the same. */
  readonly logsOn?: boolean;
  /** Default 5000. It bounds how long an order can be in doubt, so it is kept small. */
  readonly recvWindowMs?: number;
  /** Default 12 s: the venue gives up after 10 s and says so (binance-spot.md section 1). */
  readonly answerWithinMs?: number;
  readonly inFlightMax?: number;
}

/** Who is told what comes over the links besides answers. */
export interface ApiListener {
  /** A link is open and logged on: makes of it what is needed. False when it cannot be used; then it is dropped. */
  prepare?(link: ApiLink): Promise<boolean>;
  /** @param text  the whole frame */
  event?(link: ApiLink, event: unknown, text: string): void;
  closed?(link: ApiLink, closure: Closure): void;
  gapBegan?(gap: OpenGap): void;
  gapEnded?(gap: Gap): void;
  trouble?(trouble: ApiTrouble): void;
  /** There is no connection, or no successor for one that ends; the next attempt begins after `delayMs`. */
  retrying?(attempt: Retry): void;
}

export type ApiTrouble =
  | { readonly kind: 'log_on_failed'; readonly outcome: Outcome<unknown> }
  | { readonly kind: 'session_revoked'; readonly message: string }
  /** It was too late, came twice, or belongs to no question of ours. */
  | { readonly kind: 'answer_to_nobody'; readonly id: number | string | null; readonly status: number }
  | { readonly kind: 'unreadable_frame'; readonly detail: string };

/**
 * The WebSocket API as a `Caller`: the same calls as over REST, with the same outcomes (binance-spot.md section 10). A call that
 * was sent and not answered, because time ran out or the socket went, is unknown; before anything was sent it is `not_sent`.
 * It waits for no connection: without one that is ready a call is not sent.
 */
export class WebSocketApi implements Caller {
  private readonly options: WebSocketApiOptions;
  private readonly listener: ApiListener;
  private readonly parts: LinkParts;
  private readonly connector: SocketConnector;
  private readonly links = new Map<number, ApiLink>();
  private lastId = 0;

  constructor(options: WebSocketApiOptions, listener: ApiListener = {}) {
    const { transport, clock, timers, random, attempts, times, gate, signer, serverClock, synchronizer } =
      options;
    const answerWithinMs = options.answerWithinMs ?? 12_000;
    const holdUntil = (untilMs: number): void =>
      attempts.holdUntil(clock.nowMs() + untilMs - serverClock.nowMs());
    this.options = options;
    this.listener = listener;
    this.parts = {
      timers,
      gate,
      ...(signer === undefined ? {} : { signer }),
      signedParams: new SignedParams(),
      serverClock,
      synchronizer,
      banned: holdUntil,
      recvWindowMs: options.recvWindowMs ?? 5000,
      answerWithinMs,
      inFlightMax: options.inFlightMax ?? 1000,
      nextId: () => {
        this.lastId += 1;
        return this.lastId;
      },
    };
    this.connector = new SocketConnector(
      {
        url: () => options.url,
        transport,
        clock,
        timers,
        random,
        attempts: {
          take: () => {
            // A ban that an answer over REST told of, or that was there at the start: to knock would make it longer (faults.md R2).
            const untilMs = gate.silentUntilMs();
            if (untilMs !== undefined) holdUntil(untilMs);
            return attempts.take();
          },
          holdUntil: (untilMs) => attempts.holdUntil(untilMs),
        },
        silenced: (silence) => {
          const untilMs = serverClock.nowMs() + silence.untilMs - clock.nowMs();
          gate.observe({ counts: [], silence: { ...silence, untilMs } });
        },
        // An old connection stays until every answer that it owes has come or is overdue.
        times: { overlapMs: answerWithinMs + 1000, ...times },
      },
      this.connectorListener(),
    );
  }

  get state(): ConnectorState {
    return this.connector.state;
  }

  start(): void {
    this.connector.start();
  }

  stop(): void {
    this.connector.stop();
  }

  prepare<T>(call: Call<T>): Call<T> {
    const { signer } = this.parts;
    if (call.security === 'none' || signer === undefined || this.logsOn) return call;
    return { ...call, prepared: preparedParamsOf(call, signer, this.parts) };
  }

  perform<T>(call: Call<T>): Promise<Outcome<T>> {
    const attempt = (): Promise<Outcome<T>> => this.performOnce(call);
    return call.security === 'signed' ? withTrustedTime(this.options.synchronizer, attempt) : attempt();
  }

  private async performOnce<T>(call: SocketCall<T>): Promise<Outcome<T>> {
    const acquired = this.options.gate.acquire(call.cost, call.priority);
    const permit = acquired instanceof Promise ? await acquired : acquired;
    if (!permit.ok) return failed(permit.error);
    // Chosen after the wait, which may have outlived a connection.
    const current = this.connector.current;
    const link = current && this.links.get(current.id);
    if (link !== undefined) return link.send(call, permit.value);
    permit.value.abandon();
    return failed({ reason: 'not_sent', detail: 'no connection is ready' });
  }

  private connectorListener(): ConnectorListener {
    return {
      opened: (connection) => void this.prepareLink(connection),
      message: (connection, bytes) => this.heard(connection, readFrame(bytes)),
      closed: (connection, closure) => {
        const link = this.links.get(connection.id);
        this.links.delete(connection.id);
        if (link === undefined) return;
        link.lost(closure.reason);
        this.listener.closed?.(link, closure);
      },
      gapBegan: (gap) => this.listener.gapBegan?.(gap),
      gapEnded: (gap) => this.listener.gapEnded?.(gap),
      retrying: (attempt) => this.listener.retrying?.(attempt),
      quiet: (connection) => void this.links.get(connection.id)?.perform(PING),
    };
  }

  private get logsOn(): boolean {
    return this.options.logsOn === true && this.options.signer?.algorithm === 'ed25519';
  }

  private async prepareLink(connection: Connection): Promise<void> {
    const link = new ApiLink(connection, this.parts);
    this.links.set(connection.id, link);
    const entry = await this.options.gate.acquire(CONNECTING, 'exit');
    if (!entry.ok) return connection.abandon('our own gate is closed');
    entry.value.settle(SAYS_NOTHING);
    if (this.logsOn) {
      const outcome = await link.logOn();
      if (outcome.kind !== 'done') {
        if (link.isOpen) this.listener.trouble?.({ kind: 'log_on_failed', outcome });
        return connection.abandon('log-on failed');
      }
    }
    const isUsable = (await this.listener.prepare?.(link)) ?? true;
    if (isUsable) connection.ready();
    else connection.abandon('could not be prepared');
  }

  private heard(connection: Connection, frame: Frame): void {
    const link = this.links.get(connection.id);
    if (link === undefined) return;
    switch (frame.kind) {
      case 'event':
        return this.listener.event?.(link, frame.event, frame.text);
      case 'reply':
        if (link.answered(frame)) return;
        return this.listener.trouble?.({ kind: 'answer_to_nobody', id: frame.id, status: frame.status });
      case 'session_revoked':
        this.listener.trouble?.({ kind: 'session_revoked', message: frame.error.message });
        // One of the requests in flight has been refused, and nobody knows which: all are unknown.
        return link.abandon('session revoked');
      case 'unreadable':
        return this.listener.trouble?.({ kind: 'unreadable_frame', detail: frame.detail });
      default:
        return unreachable(frame);
    }
  }
}

/** binance-spot.md section 3.1. */
const CONNECTING = { weight: 2, connections: 1 };

/** Answered by every connection, so it tells a quiet one from a dead one. */
const PING: SocketCall<undefined> = {
  socketMethod: 'ping',
  security: 'none',
  parameters: [],
  cost: { weight: 1 },
  priority: 'exit',
  hasEffect: false,
  read: () => ({ ok: true, value: undefined }),
};
