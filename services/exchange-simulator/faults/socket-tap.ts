import type { Timer } from '@tradewind/utils';
import type { ServerSocket, SocketHandler } from '../wire.ts';
import type { FaultEngine } from './engine.ts';

/** What passes through a socket of one kind, both ways. */
export interface SocketTraffic {
  /** The exchange sends. */
  send(text: string): void;
  /** The client sends; what the exchange is to hear goes to `inner`. */
  message(text: string, inner: SocketHandler): void;
  closed(): void;
}

/**
 * Stands between a WebSocket and the exchange, both ways: `outward` is what the exchange writes to, `handlerFor` makes what
 * the socket tells. Faults of the socket itself are here, those of its traffic in the {@link SocketTraffic} of its kind.
 */
export class SocketTap {
  readonly outward: ServerSocket;
  private readonly engine: FaultEngine;
  private readonly socket: ServerSocket;
  private readonly path: string;
  private readonly traffic: SocketTraffic;
  private lifeEnd: Timer | undefined;

  constructor(engine: FaultEngine, socket: ServerSocket, path: string, traffic: SocketTraffic) {
    this.engine = engine;
    this.socket = socket;
    this.path = path;
    this.traffic = traffic;
    this.outward = {
      remoteAddress: socket.remoteAddress,
      send: (text) => traffic.send(text),
      ping: () => this.ping(),
      close: (code, reason) => socket.close(code, reason),
      cut: () => socket.cut(),
      get bufferedBytes() {
        return socket.bufferedBytes;
      },
    };
  }

  /** The socket is in the list of the open ones until it ends. */
  handlerFor(inner: SocketHandler): SocketHandler {
    const { sockets } = this.engine.ports;
    const open = { path: this.path, socket: this.socket };
    sockets.add(open);
    this.limitLife();
    return {
      message: (text) => this.traffic.message(text, inner),
      pinged: () => inner.pinged(),
      ponged: () => inner.ponged(),
      closed: () => {
        sockets.remove(open);
        this.lifeEnd?.cancel();
        this.traffic.closed();
        inner.closed();
      },
    };
  }

  private limitLife(): void {
    const struck = this.engine.struckSocket('limit_socket_life', this.path);
    if (struck === undefined) return;
    const { fault, draw } = struck;
    this.lifeEnd = this.engine.ports.timers.after(draw(fault.ms), () => {
      if (fault.code === undefined) this.socket.cut();
      else this.socket.close(fault.code, '');
    });
  }

  private ping(): void {
    if (this.engine.struckSocket('withhold_pings', this.path) === undefined) this.socket.ping();
  }
}

/** Whether the subscriptions of one socket have silently gone. Who subscribes again hears again. */
export class Muting {
  private readonly engine: FaultEngine;
  private readonly path: string;
  private isMuted = false;

  constructor(engine: FaultEngine, path: string) {
    this.engine = engine;
    this.path = path;
  }

  /** The client sends something. */
  hear(text: string): void {
    if (this.isMuted && /subscribe/i.test(text)) this.isMuted = false;
  }

  /** Asked for everything that is sent of a subscription. @param announce  says that they end, where the fault wants it said */
  isSilenced(announce: () => void): boolean {
    if (this.isMuted) return true;
    if (!this.engine.concernsSockets) return false;
    const struck = this.engine.struckSocket('mute_socket', this.path);
    if (struck === undefined) return false;
    this.isMuted = true;
    if (struck.fault.announce === true) announce();
    return true;
  }
}
