import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { HandshakeRefusal, Socket, SocketTransport } from '../ports.ts';
import type { Connection, SendAnswer } from './connector.ts';
import type { ConnectorTimes, Pace } from './connector-options.ts';
import { OutboundPace } from './outbound-pace.ts';

/** What a connection tells its connector. */
export interface ConnectionOwner {
  opened(connection: SocketConnection): void;
  message(connection: SocketConnection, bytes: Uint8Array): void;
  ready(connection: SocketConnection): void;
  retire(connection: SocketConnection): void;
  quiet(connection: SocketConnection): void;
  /** Told once, and nothing after it. */
  over(connection: SocketConnection, code: number, reason: string, refusal?: HandshakeRefusal): void;
}

export interface ConnectionParts {
  readonly transport: SocketTransport;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly times: ConnectorTimes;
  readonly pace: Pace | undefined;
}

/** One socket, watched: it opens and becomes ready in time, gives signs of life, and ends exactly once. */
export class SocketConnection implements Connection {
  readonly id: number;
  private readonly parts: ConnectionParts;
  private readonly owner: ConnectionOwner;
  private readonly paced: OutboundPace | undefined;
  private socket: Socket | undefined;
  private phase: 'opening' | 'open' | 'closing' | 'over' = 'opening';
  private opened = false;
  private readyAt: number | undefined;
  private retiring = false;
  private lastSign: number;
  private asked = false;
  private deadline: Timer | undefined;
  private watch: Timer | undefined;

  constructor(id: number, parts: ConnectionParts, owner: ConnectionOwner) {
    this.id = id;
    this.parts = parts;
    this.owner = owner;
    this.lastSign = parts.clock.elapsedMs();
    this.paced =
      parts.pace &&
      new OutboundPace(parts.pace, parts.clock, parts.timers, (text) => void this.socket?.send(text));
  }

  /** Apart from the constructor, because a transport may fail at once, and the owner must know by then whose failure it is. */
  begin(url: string): void {
    this.endAfter(this.parts.times.openWithinMs, 'not open in time');
    this.socket = this.parts.transport.connect(url, {
      opened: () => this.socketOpened(),
      message: (bytes) => {
        if (this.phase === 'opening' || this.phase === 'over') return;
        this.signOfLife();
        this.owner.message(this, bytes);
      },
      pinged: () => this.signOfLife(),
      closed: (code, reason, refusal) => this.finish(code, reason, refusal),
    });
  }

  get isOpen(): boolean {
    return this.phase === 'open';
  }

  get hasOpened(): boolean {
    return this.opened;
  }

  get isReady(): boolean {
    return this.readyAt !== undefined;
  }

  get isRetiring(): boolean {
    return this.retiring;
  }

  /** How long it has been ready, in ms; 0 before. */
  get readyForMs(): number {
    return this.readyAt === undefined ? 0 : this.parts.clock.elapsedMs() - this.readyAt;
  }

  /** The last sign of life, epoch ms by today's reading of the wall clock. */
  get lastSignMs(): number {
    const { clock } = this.parts;
    return Math.floor(clock.nowMs() - (clock.elapsedMs() - this.lastSign));
  }

  send(text: string): SendAnswer {
    if (this.phase !== 'open' || this.socket === undefined) return 'not_open';
    if (this.paced !== undefined) return this.paced.send(text);
    return this.socket.send(text) ? 'sent' : 'not_open';
  }

  ready(): void {
    if (this.phase !== 'open' || this.isReady) return;
    this.deadline?.cancel();
    this.readyAt = this.parts.clock.elapsedMs();
    this.owner.ready(this);
  }

  retire(): void {
    if (this.phase === 'over' || this.retiring) return;
    this.retiring = true;
    this.owner.retire(this);
  }

  abandon(reason: string): void {
    this.end(reason);
  }

  /** Lets the other side finish what it is sending; a socket that does not close in time is dropped. */
  close(): void {
    if (this.phase !== 'open') return;
    this.phase = 'closing';
    this.paced?.stop();
    this.endAfter(CLOSE_WITHIN_MS, 'not closed in time');
    this.socket?.close();
  }

  end(reason: string): void {
    if (this.phase === 'over') return;
    this.release();
    this.socket?.terminate();
    this.owner.over(this, ABNORMAL, reason);
  }

  private socketOpened(): void {
    if (this.phase !== 'opening') return;
    this.phase = 'open';
    this.opened = true;
    this.signOfLife();
    this.endAfter(this.parts.times.readyWithinMs, 'not ready in time');
    this.watchSilence();
    this.owner.opened(this);
  }

  private signOfLife(): void {
    this.lastSign = this.parts.clock.elapsedMs();
    this.asked = false;
  }

  /** One timer that looks again when the silence could have become too long, instead of one per message. */
  private watchSilence(): void {
    const { quietAfterMs, deadAfterMs } = this.parts.times;
    const silent = this.parts.clock.elapsedMs() - this.lastSign;
    if (silent >= deadAfterMs) return this.end('silent');
    if (silent >= quietAfterMs && !this.asked) {
      this.asked = true;
      this.owner.quiet(this);
      if (this.phase === 'over') return;
    }
    const next = this.asked ? deadAfterMs : quietAfterMs;
    this.watch = this.parts.timers.after(Math.max(1, next - silent), () => this.watchSilence());
  }

  private endAfter(ms: number, reason: string): void {
    this.deadline?.cancel();
    this.deadline = this.parts.timers.after(ms, () => this.end(reason));
  }

  private finish(code: number, reason: string, refusal: HandshakeRefusal | undefined): void {
    if (this.phase === 'over') return;
    this.release();
    this.owner.over(this, code, reason, refusal);
  }

  private release(): void {
    this.phase = 'over';
    this.deadline?.cancel();
    this.watch?.cancel();
    this.paced?.stop();
  }
}

/** RFC 6455 section 7.4.1: closed without a close frame; never sent, only told. */
const ABNORMAL = 1006;
const CLOSE_WITHIN_MS = 5_000;
