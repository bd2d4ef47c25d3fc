import type {
  HttpFailure,
  HttpRequest,
  HttpResponse,
  HttpTransport,
  Socket,
  SocketListener,
  SocketTransport,
} from '@tradewind/binance';
import { err, ok, type Result } from '@tradewind/core/result';
import type { Front, WireRequest, WireResponse } from '@tradewind/exchange-simulator';
import type { Timers } from '@tradewind/utils';
import { MemorySocket } from './memory-socket.ts';

export interface WireOptions {
  /** How long everything takes in each direction. */
  readonly latencyMs: number;
  /** Where the client seems to connect from. */
  readonly remoteAddress: string;
}

/**
 * The network between a client of the exchange and its simulator, in memory: both run their own code up to the transport, and
 * what lies between takes a stated time. With virtual time the same run gives the same bytes.
 */
export class MemoryWire implements HttpTransport, SocketTransport {
  private readonly front: Front;
  private readonly timers: Timers;
  private readonly options: WireOptions;
  private readonly sockets = new Set<MemorySocket>();

  constructor(front: Front, timers: Timers, options: WireOptions) {
    this.front = front;
    this.timers = timers;
    this.options = options;
  }

  send(request: HttpRequest): Promise<Result<HttpResponse, HttpFailure>> {
    const { latencyMs } = this.options;
    return new Promise((resolve) => {
      const timeout = this.timers.after(request.timeoutMs, () => resolve(err({ kind: 'timed_out' })));
      const arrive = (result: Result<HttpResponse, HttpFailure>): void => {
        this.timers.after(latencyMs, () => {
          timeout.cancel();
          resolve(result);
        });
      };
      this.timers.after(latencyMs, () =>
        this.front.request(this.wireRequestOf(request), {
          answer: (response) => arrive(ok(response)),
          cut: (response, bytes) =>
            arrive(err({ kind: 'connection_lost', detail: cutAfter(response, bytes) })),
        }),
      );
    });
  }

  connect(url: string, listener: SocketListener): Socket {
    const request = this.wireRequestOf({ method: 'GET', url, headers: {}, timeoutMs: 0 });
    const socket = new MemorySocket(this.front, request, this.timers, this.options.latencyMs, {
      ...forwarding(listener),
      closed: (code, reason, refusal) => {
        this.sockets.delete(socket);
        listener.closed(code, reason, refusal);
      },
    });
    this.sockets.add(socket);
    return socket;
  }

  /** Every open socket breaks without a word to either side, as when a line is cut. */
  cutSockets(): void {
    for (const socket of [...this.sockets]) socket.terminate();
  }

  private wireRequestOf({ method, url, headers, body }: HttpRequest): WireRequest {
    const [, path = '', query = ''] = /^[a-z]+:\/\/[^/]+([^?]*)\??(.*)$/.exec(url) ?? [];
    return { method, path, query, headers, body: body ?? '', remoteAddress: this.options.remoteAddress };
  }
}

const forwarding = (listener: SocketListener): Omit<SocketListener, 'closed'> => ({
  opened: () => listener.opened(),
  message: (bytes) => listener.message(bytes),
  pinged: () => listener.pinged(),
});

const cutAfter = ({ status }: WireResponse, bytes: number): string =>
  `reset after ${bytes} bytes of an answer with status ${status}`;
