import { backoffMs, type Timer } from '@tradewind/utils';
import { limitReportOfHttp } from '../limits/limit-report.ts';
import type { HandshakeRefusal } from '../ports.ts';
import type { Connection, Connector, ConnectorListener, ConnectorState, OpenGap } from './connector.ts';
import { type ConnectorOptions, type ConnectorTimes, DEFAULT_TIMES } from './connector-options.ts';
import { type ConnectionOwner, type ConnectionParts, SocketConnection } from './socket-connection.ts';

/**
 * Keeps one line to the exchange up, and says when it was not. A connection is replaced before the exchange cuts it at 24 h and
 * when it announces its end: the new one is opened and made ready first, both deliver for a while, then the old one is closed
 * (faults.md U8). It tries for ever, ever more slowly, and within the attempts that all connectors share (faults.md R5).
 */
export class SocketConnector implements Connector, ConnectionOwner {
  private readonly options: ConnectorOptions;
  private readonly times: ConnectorTimes;
  private readonly parts: ConnectionParts;
  private readonly listener: ConnectorListener;
  private active: SocketConnection | undefined;
  /** On its way to become the active one. */
  private next: SocketConnection | undefined;
  /** Replaced, but still delivering; at most a handful, because each lives for `overlapMs` only. */
  private readonly replaced = new Set<SocketConnection>();
  private readonly closings = new Set<Timer>();
  private begun = false;
  private stopped = false;
  private count = 0;
  private failures = 0;
  private retry: Timer | undefined;
  private replacement: Timer | undefined;
  private gap: OpenGap | undefined;

  constructor(options: ConnectorOptions, listener: ConnectorListener) {
    this.options = options;
    this.times = { ...DEFAULT_TIMES, ...options.times };
    const { transport, clock, timers, pace } = options;
    this.parts = { transport, clock, timers, times: this.times, pace };
    this.listener = listener;
  }

  get state(): ConnectorState {
    if (this.stopped) return 'stopped';
    if (!this.begun) return 'idle';
    if (this.active !== undefined)
      return this.next === undefined && !this.active.isRetiring ? 'ready' : 'replacing';
    return this.next?.isOpen === true ? 'preparing' : 'connecting';
  }

  get current(): Connection | undefined {
    return this.active;
  }

  start(): void {
    if (this.begun || this.stopped) return;
    this.begun = true;
    this.attempt();
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.retry?.cancel();
    this.replacement?.cancel();
    for (const timer of this.closings) timer.cancel();
    for (const connection of [this.next, this.active, ...this.replaced]) connection?.end('stopped');
  }

  opened(connection: SocketConnection): void {
    this.listener.opened(connection);
  }

  message(connection: SocketConnection, bytes: Uint8Array): void {
    this.listener.message(connection, bytes);
  }

  quiet(connection: SocketConnection): void {
    this.listener.quiet?.(connection);
  }

  ready(connection: SocketConnection): void {
    if (connection !== this.next) return;
    const before = this.active;
    this.active = connection;
    this.next = undefined;
    if (before !== undefined) this.closeLater(before);
    this.replaceLater(connection);
    const gap = this.gap;
    this.gap = undefined;
    if (gap !== undefined) this.listener.gapEnded({ ...gap, toMs: this.options.clock.nowMs() });
  }

  retire(connection: SocketConnection): void {
    // One that is still on its way is replaced when it has arrived: it may have work to take over.
    if (connection !== this.active || this.next !== undefined || this.retry !== undefined) return;
    this.judge(connection);
    if (this.failures === 0) this.attempt();
    else this.retryLater('announced its end too soon');
  }

  over(connection: SocketConnection, code: number, reason: string, refusal?: HandshakeRefusal): void {
    if (refusal !== undefined) this.heed(refusal);
    const isReplaced = this.replaced.delete(connection);
    const isActive = connection === this.active;
    if (isActive) {
      this.active = undefined;
      this.replacement?.cancel();
      this.judge(connection);
    } else if (connection === this.next) {
      this.next = undefined;
      this.failures += 1;
    }
    if (connection.hasOpened)
      this.listener.closed(connection, { code, reason, isPlanned: isReplaced || this.stopped });
    if (this.stopped || isReplaced) return;
    if (isActive) {
      this.gap = { fromMs: connection.lastSignMs, reason };
      this.listener.gapBegan(this.gap);
    }
    if (this.next === undefined) this.retryLater(reason);
  }

  /** To knock again before a ban ends would make it longer (faults.md R2). */
  private heed({ status, headers }: HandshakeRefusal): void {
    const { attempts, clock, silenced } = this.options;
    const { silence } = limitReportOfHttp(status, headers, undefined, clock.nowMs());
    if (silence === undefined) return;
    attempts.holdUntil(silence.untilMs);
    silenced?.(silence);
  }

  /** Who is sent away at once each time it comes must come less often. */
  private judge(connection: SocketConnection): void {
    this.failures = connection.readyForMs >= this.times.steadyAfterMs ? 0 : this.failures + 1;
  }

  private attempt(): void {
    this.retry = undefined;
    const { attempts, timers, random, url } = this.options;
    const waitMs = attempts.take();
    if (waitMs > 0) {
      // Everybody who waits for the shared window is told the same instant; chance spreads them.
      this.retry = timers.after(waitMs + random.nextFraction() * this.times.firstDelayMs, () =>
        this.attempt(),
      );
      return;
    }
    this.count += 1;
    this.next = new SocketConnection(this.count, this.parts, this);
    this.next.begin(url());
  }

  private retryLater(reason: string): void {
    if (this.retry !== undefined || this.stopped) return;
    const { random, timers } = this.options;
    const delayMs = backoffMs(this.times, this.failures, random);
    this.retry = timers.after(delayMs, () => this.attempt());
    this.listener.retrying?.({ failures: this.failures, delayMs, reason });
  }

  private replaceLater(connection: SocketConnection): void {
    this.replacement?.cancel();
    if (connection.isRetiring) return this.retire(connection);
    const { timers, random } = this.options;
    const ageMs = this.times.replaceAfterMs * (1 - random.nextFraction() / 10);
    this.replacement = timers.after(ageMs, () => connection.retire());
  }

  private closeLater(connection: SocketConnection): void {
    this.replaced.add(connection);
    const timer = this.options.timers.after(this.times.overlapMs, () => {
      this.closings.delete(timer);
      connection.close();
    });
    this.closings.add(timer);
  }
}
