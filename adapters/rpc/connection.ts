import type { UniversalClientFn } from '@connectrpc/connect/protocol';
import {
  type BackoffTimes,
  backoffMs,
  type Clock,
  type Random,
  type Telemetry,
  type Timer,
  type Timers,
} from '@tradewind/utils';
import { openHttp2Session } from './http2-session.ts';
import type { OpenSession, Session } from './session.ts';

export interface ConnectionTimes {
  readonly reconnect: BackoffTimes;
  /** How long to wait for a connection, and for the answer to a sign of life. */
  readonly answerMs: number;
  /** How often a sign of life is asked for. */
  readonly pingMs: number;
}
const DEFAULT_CONNECTION_TIMES: ConnectionTimes = {
  reconnect: { firstDelayMs: 100, longestDelayMs: 5_000 },
  answerMs: 2_000,
  pingMs: 5_000,
};

/** Whether the service can be reached. */
export interface ConnectionHealth {
  readonly service: string;
  readonly state: 'connecting' | 'up' | 'down' | 'closed';
  /** Epoch ms. */
  readonly sinceMs: number;
  readonly detail: string;
}

export interface ConnectionOptions {
  /** Of the service, for people: 'risk-manager'. */
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly times?: Partial<ConnectionTimes>;
  /** Left out: over HTTP/2. */
  readonly openSession?: OpenSession;
}

/**
 * The connection to one service. It is made again whenever it is lost, later and later while that fails. Requests are made on a
 * connection that is up or not at all; so a request that was refused here has surely not been sent.
 */
export class Connection {
  readonly authority: string;
  private readonly options: ConnectionOptions;
  private readonly times: ConnectionTimes;
  private readonly gauge;
  private readonly listeners = new Set<(health: ConnectionHealth) => void>();
  private session: Session | undefined;
  private timer: Timer | undefined;
  private failures = 0;
  private now: ConnectionHealth;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.times = { ...DEFAULT_CONNECTION_TIMES, ...options.times };
    this.authority = `http://${options.host}:${options.port}`;
    this.gauge = options.telemetry.metrics.gauge('rpc_connection_up', 'Whether a service can be reached', [
      'service',
    ]);
    this.now = this.healthOf('connecting', '');
    this.open();
  }

  get health(): ConnectionHealth {
    return this.now;
  }

  /** Hears every change from now on. @returns what ends it */
  onHealth(listener: (health: ConnectionHealth) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** What Connect asks for; it never waits for a connection. */
  readonly request: UniversalClientFn = async (request) => {
    if (this.session === undefined || this.now.state !== 'up') throw new Error('there is no connection');
    return this.session.request(request);
  };

  close(): void {
    if (this.now.state === 'closed') return;
    this.timer?.cancel();
    this.change('closed', 'by us');
    this.session?.destroy();
  }

  private open(): void {
    const { timers, openSession = openHttp2Session } = this.options;
    const session = openSession(this.options, {
      opened: () => {
        if (this.session !== session || this.now.state === 'closed') return;
        this.timer?.cancel();
        this.failures = 0;
        this.change('up', '');
        this.watch(session);
      },
      closed: (detail) => {
        if (this.session === session) this.lost(detail);
      },
    });
    this.session = session;
    this.timer = timers.after(this.times.answerMs, () => session.destroy('no connection in time'));
  }

  private lost(detail: string): void {
    this.timer?.cancel();
    this.session = undefined;
    if (this.now.state === 'closed') return;
    this.change('down', detail);
    const delayMs = backoffMs(this.times.reconnect, this.failures, this.options.random);
    this.failures += 1;
    this.timer = this.options.timers.after(delayMs, () => this.open());
  }

  /** A peer that is gone without a word answers no ping. */
  private watch(session: Session): void {
    const { timers } = this.options;
    this.timer = timers.after(this.times.pingMs, () => {
      this.timer = timers.after(this.times.answerMs, () => session.destroy('no sign of life'));
      session.ping(() => {
        if (this.session !== session) return;
        this.timer?.cancel();
        this.watch(session);
      });
    });
  }

  private change(state: ConnectionHealth['state'], detail: string): void {
    const isNews = state !== this.now.state;
    this.now = this.healthOf(state, detail);
    this.gauge.set({ service: this.options.service }, state === 'up' ? 1 : 0);
    if (!isNews) return;
    const { service, telemetry } = this.options;
    telemetry.log.write(state === 'down' ? 'warn' : 'info', `rpc_connection_${state}`, { service, detail });
    for (const listener of [...this.listeners]) listener(this.now);
  }

  private healthOf(state: ConnectionHealth['state'], detail: string): ConnectionHealth {
    const { service, clock } = this.options;
    return { service, state, sinceMs: clock.nowMs(), detail };
  }
}
