import type { HandshakeRefusal, Socket, SocketListener } from '@tradewind/binance';
import type { Front, ServerSocket, SocketHandler, WireRequest } from '@tradewind/exchange-simulator';
import type { Timers } from '@tradewind/utils';

/** Closing codes of RFC 6455 section 7.4.1. */
const NORMAL = 1000;
const NO_CODE = 1005;
const ABNORMAL = 1006;

/** A WebSocket in memory: both ends of it, and the time that everything takes between them. */
export class MemorySocket implements Socket {
  private readonly timers: Timers;
  private readonly latencyMs: number;
  private readonly listener: SocketListener;
  private readonly encoder = new TextEncoder();
  private handler: SocketHandler | undefined;
  private isOpen = false;
  private isClientDone = false;
  private isServerDone = false;

  constructor(
    front: Front,
    request: WireRequest,
    timers: Timers,
    latencyMs: number,
    listener: SocketListener,
  ) {
    this.timers = timers;
    this.latencyMs = latencyMs;
    this.listener = listener;
    this.later(() => {
      if (this.isClientDone) return;
      const upgrade = front.upgrade(request);
      if (upgrade.kind === 'refused') {
        const { response } = upgrade;
        this.later(() => this.clientClosed(ABNORMAL, `refused with status ${response.status}`, response));
        return;
      }
      this.later(() => {
        if (this.isClientDone) return;
        this.isOpen = true;
        this.listener.opened();
      });
      this.handler = upgrade.open(this.serverEnd(request.remoteAddress));
    });
  }

  send(text: string): boolean {
    if (!this.isOpen) return false;
    this.toServer((handler) => handler.message(text));
    return true;
  }

  close(): void {
    this.endFromClient(NORMAL);
  }

  terminate(): void {
    this.endFromClient(ABNORMAL);
  }

  private serverEnd(remoteAddress: string): ServerSocket {
    return {
      remoteAddress,
      // Nothing is ever waiting to be written: memory takes all at once.
      bufferedBytes: 0,
      send: (text) => this.toClient(() => this.listener.message(this.encoder.encode(text))),
      ping: () =>
        this.toClient(() => {
          this.listener.pinged();
          this.toServer((handler) => handler.ponged());
        }),
      close: (code, reason) => this.endFromServer(code, reason),
      cut: () => this.endFromServer(ABNORMAL, ''),
    };
  }

  private toServer(deliver: (handler: SocketHandler) => void): void {
    this.later(() => {
      if (this.handler !== undefined && !this.isServerDone) deliver(this.handler);
    });
  }

  private toClient(deliver: () => void): void {
    this.later(() => {
      if (this.isOpen && !this.isClientDone) deliver();
    });
  }

  private endFromClient(code: number): void {
    this.later(() => this.serverClosed());
    // Its own end is told after this call has returned, as every transport does.
    this.timers.after(0, () => this.clientClosed(code === NORMAL ? NO_CODE : code, ''));
  }

  private endFromServer(code: number, reason: string): void {
    this.timers.after(0, () => this.serverClosed());
    this.later(() => this.clientClosed(code, reason));
  }

  private clientClosed(code: number, reason: string, refusal?: HandshakeRefusal): void {
    if (this.isClientDone) return;
    this.isClientDone = true;
    this.isOpen = false;
    this.listener.closed(code, reason, refusal);
  }

  private serverClosed(): void {
    if (this.isServerDone) return;
    this.isServerDone = true;
    this.handler?.closed();
  }

  private later(callback: () => void): void {
    this.timers.after(this.latencyMs, callback);
  }
}
