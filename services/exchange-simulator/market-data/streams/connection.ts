import type { Clock, Timers } from '@tradewind/utils';
import type { TimeUnit } from '../../notation/time-unit.ts';
import type { ServerSocket, SocketHandler } from '../../wire.ts';
import type { EventTexts, Subscriber } from './channel.ts';
import { type ControlRequest, readControlRequest } from './control-request.ts';
import { MessageLimit } from './message-limit.ts';
import { SocketLife } from './socket-life.ts';

/** Source: binance-spot.md section 3.1. */
export const STREAMS_MAX = 1024;
/** Who leaves more than this unread is cut: events that nobody reads must not fill the memory. */
const UNREAD_BYTES_MAX = 8 << 20;
const POLICY_VIOLATION = 1008;

/** What a connection needs of those who make the events. */
export interface Subscriptions {
  subscribe(name: string, subscriber: Subscriber): void;
  unsubscribe(name: string, subscriber: Subscriber): void;
  /** The connection has gone. */
  ended(connection: StreamConnection): void;
  /** Sends what is to be sent of a message, now or later, through `send`. */
  readonly intercept: Interceptor | undefined;
}

/** One message of a stream on its way to one connection. `stream` is undefined for answers to requests. */
export interface OutgoingMessage {
  readonly stream: string | undefined;
  readonly text: string;
  readonly remoteAddress: string;
}

/** Stands between the streams and their connections, to hold back, repeat or change messages. */
export type Interceptor = (message: OutgoingMessage, send: (text: string) => void) => void;

/** One client of the streams. */
export class StreamConnection implements SocketHandler, Subscriber {
  isCombined: boolean;
  readonly unit: TimeUnit;
  private readonly socket: ServerSocket;
  private readonly subscriptions: Subscriptions;
  private readonly clock: Clock;
  private readonly life: SocketLife;
  private readonly limit = new MessageLimit();
  /** In the order in which they were subscribed to. */
  private readonly names = new Set<string>();
  private isOpen = true;

  constructor(
    socket: ServerSocket,
    subscriptions: Subscriptions,
    clock: Clock,
    timers: Timers,
    isCombined: boolean,
    unit: TimeUnit,
  ) {
    this.socket = socket;
    this.subscriptions = subscriptions;
    this.clock = clock;
    this.isCombined = isCombined;
    this.unit = unit;
    this.life = new SocketLife(socket, clock, timers, () => this.closed());
  }

  /** Undefined when done, else why not: then nothing was done. */
  subscribe(names: readonly string[]): 'too_many_streams' | undefined {
    const fresh = new Set(names.filter((name) => !this.names.has(name)));
    if (this.names.size + fresh.size > STREAMS_MAX) return 'too_many_streams';
    for (const name of fresh) {
      this.names.add(name);
      this.subscriptions.subscribe(name, this);
    }
    return undefined;
  }

  send(stream: string, text: string): void {
    this.deliver(stream, text);
  }

  /** Tells that the server will go away; nothing else happens yet. */
  announceShutdown(event: EventTexts): void {
    this.deliver(event.stream, event.text(this.isCombined, this.unit));
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.socket.close(code, reason);
    this.closed();
  }

  message(text: string): void {
    if (!this.isOpen || !this.isWithinLimit()) return;
    const request = readControlRequest(text);
    if (request.ok) this.perform(request.value);
    else {
      const { code, msg, id } = request.error;
      const suffix = id === undefined ? '' : `,"id":${id}`;
      this.deliver(undefined, `{"code":${code},"msg":${JSON.stringify(msg)}${suffix}}`);
    }
  }

  pinged(): void {
    if (this.isOpen) this.isWithinLimit();
  }

  ponged(): void {
    if (this.isOpen && this.isWithinLimit()) this.life.ponged();
  }

  closed(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.life.end();
    for (const name of this.names) this.subscriptions.unsubscribe(name, this);
    this.subscriptions.ended(this);
  }

  private perform(request: ControlRequest): void {
    const { id } = request;
    switch (request.method) {
      case 'SUBSCRIBE':
        if (this.subscribe(request.names) === undefined) this.reply('null', id);
        else
          this.deliver(
            undefined,
            `{"code":2,"msg":"Invalid request: a connection has at most ${STREAMS_MAX} streams","id":${id}}`,
          );
        return;
      case 'UNSUBSCRIBE':
        for (const name of request.names)
          if (this.names.delete(name)) this.subscriptions.unsubscribe(name, this);
        return this.reply('null', id);
      case 'LIST_SUBSCRIPTIONS':
        return this.reply(JSON.stringify([...this.names]), id);
      case 'SET_PROPERTY':
        this.isCombined = request.isCombined;
        return this.reply('null', id);
      case 'GET_PROPERTY':
        return this.reply(String(this.isCombined), id);
    }
  }

  private reply(result: string, id: string): void {
    this.deliver(undefined, `{"result":${result},"id":${id}}`);
  }

  private deliver(stream: string | undefined, text: string): void {
    const { intercept } = this.subscriptions;
    if (intercept === undefined) this.write(text);
    else intercept({ stream, text, remoteAddress: this.socket.remoteAddress }, this.write);
  }

  private readonly write = (text: string): void => {
    if (!this.isOpen) return;
    this.socket.send(text);
    if (this.socket.bufferedBytes <= UNREAD_BYTES_MAX) return;
    this.socket.cut();
    this.closed();
  };

  private isWithinLimit(): boolean {
    if (this.limit.take(this.clock.elapsedMs())) return true;
    this.close(POLICY_VIOLATION, 'Too many requests');
    return false;
  }
}
