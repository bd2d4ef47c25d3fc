import { ok } from 'node:assert';
import type { HandshakeRefusal, Socket, SocketListener, SocketTransport } from '../ports.ts';

/** One socket of a scripted transport, seen from the other side. */
export class ScriptedSocket implements Socket {
  readonly url: string;
  readonly sent: string[] = [];
  /** Called for every text that our side sends. */
  onSent: ((text: string) => void) | undefined;
  /** What our side did to end it. */
  ended: 'closed' | 'terminated' | undefined;
  private readonly listener: SocketListener;
  private isOpen = false;
  private isOver = false;
  private wasOpened = false;

  constructor(url: string, listener: SocketListener) {
    this.url = url;
    this.listener = listener;
  }

  send(text: string): boolean {
    if (!this.isOpen) return false;
    this.sent.push(text);
    this.onSent?.(text);
    return true;
  }

  close(): void {
    this.ended ??= 'closed';
    this.isOpen = false;
  }

  terminate(): void {
    this.ended ??= 'terminated';
    this.cut(1006, '');
  }

  get isOpened(): boolean {
    return this.wasOpened;
  }

  get isGone(): boolean {
    return this.isOver;
  }

  open(): void {
    if (this.wasOpened) return;
    this.wasOpened = true;
    this.isOpen = true;
    this.listener.opened();
  }

  say(message: object | string): void {
    ok(!this.isOver, 'a closed socket says nothing');
    this.listener.message(
      new TextEncoder().encode(typeof message === 'string' ? message : JSON.stringify(message)),
    );
  }

  ping(): void {
    this.listener.pinged();
  }

  cut(code = 1006, reason = '', refusal?: HandshakeRefusal): void {
    if (this.isOver) return;
    this.isOver = true;
    this.isOpen = false;
    this.listener.closed(code, reason, refusal);
  }
}

/** Sockets that do what the test says, and nothing else. */
export class ScriptedSockets implements SocketTransport {
  readonly sockets: ScriptedSocket[] = [];
  /** Called for every new socket, before `connect` returns to the connector. */
  onConnect: ((socket: ScriptedSocket) => void) | undefined;

  connect(url: string, listener: SocketListener): Socket {
    const socket = new ScriptedSocket(url, listener);
    this.sockets.push(socket);
    this.onConnect?.(socket);
    return socket;
  }

  /** The newest one. */
  get last(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    ok(socket, 'nobody has connected yet');
    return socket;
  }
}
