import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { ServerSocket } from '../../wire.ts';

const PING_MS = 20_000;
const PONG_MS = 60_000;
const LIFE_MS = 24 * 3_600_000;
const GOING_AWAY = 1001;

/**
 * How long a connection lasts: it is pinged every 20 s, cut when a ping stays without a pong for a minute, and closed after 24 h
 * (binance-spot.md section 8.1). A socket tells of pongs but not which ping they answer, so one that nobody asked for counts too
 * while a ping waits.
 */
export class SocketLife {
  private readonly socket: ServerSocket;
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly onCut: () => void;
  private readonly ending: Timer;
  private nextPing: Timer;
  /** When the oldest ping without a pong was sent. */
  private waitingSince: number | undefined;

  /** @param onCut  called when this has cut the socket */
  constructor(socket: ServerSocket, clock: Clock, timers: Timers, onCut: () => void) {
    this.socket = socket;
    this.clock = clock;
    this.timers = timers;
    this.onCut = onCut;
    this.ending = timers.after(LIFE_MS, () => socket.close(GOING_AWAY, 'the connection is 24 hours old'));
    this.nextPing = timers.after(PING_MS, this.ping);
  }

  ponged(): void {
    this.waitingSince = undefined;
  }

  /** The socket has gone. */
  end(): void {
    this.nextPing.cancel();
    this.ending.cancel();
  }

  private readonly ping = (): void => {
    const now = this.clock.elapsedMs();
    if (this.waitingSince !== undefined && now - this.waitingSince >= PONG_MS) {
      this.end();
      this.socket.cut();
      this.onCut();
      return;
    }
    this.waitingSince ??= now;
    this.socket.ping();
    this.nextPing = this.timers.after(PING_MS, this.ping);
  };
}
