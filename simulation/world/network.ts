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
import type { Front, WireRequest } from '@tradewind/exchange-simulator';
import { MemorySocket } from '@tradewind/paper-exchange';
import type { Clock, Random, Timers } from '@tradewind/utils';
import type { Lifeline } from './lifeline.ts';
import { Link } from './link.ts';

/** How the network is at present; changed by what happens to the world. */
export interface NetworkConditions {
  /** One way, each message by itself: at least, and by chance up to so much more. */
  latencyMs: number;
  jitterMs: number;
  /** Probabilities. */
  requestLoss: number;
  answerLoss: number;
  /** Of an answer whose body breaks off. */
  truncation: number;
  /** No connection can be made, and requests come back as not sent. */
  isDown: boolean;
}

export const GOOD_NETWORK: NetworkConditions = {
  latencyMs: 2,
  jitterMs: 3,
  requestLoss: 0,
  answerLoss: 0,
  truncation: 0,
  isDown: false,
};

/** Sees everything that a process sends to the exchange, at the moment at which its first byte leaves. */
export interface WireWitness {
  requested(request: HttpRequest): void;
  sent(text: string): void;
}

export interface NetworkOutside {
  readonly front: Front;
  readonly time: Clock & Timers;
  readonly random: Random;
  readonly conditions: NetworkConditions;
  /** Of the process that the network belongs to. */
  readonly lifeline: Lifeline;
  readonly witness: WireWitness;
}

const ADDRESS = '10.0.0.1';

/** The network between one process and the exchange. What is on its way goes on when the process dies. */
export class Network implements HttpTransport, SocketTransport {
  /** When the process last heard anything over a socket, elapsed ms of the world: of the market, and of its own orders. */
  readonly heardAtMs = { market: Number.NEGATIVE_INFINITY, user: Number.NEGATIVE_INFINITY };
  private readonly outside: NetworkOutside;
  private readonly links = new Set<Link>();

  constructor(outside: NetworkOutside) {
    this.outside = outside;
  }

  send(request: HttpRequest): Promise<Result<HttpResponse, HttpFailure>> {
    const { lifeline, witness, conditions } = this.outside;
    if (!lifeline.isAlive) return never();
    if (conditions.isDown)
      return lifeline.hear(
        this.later(() => err({ kind: 'not_sent', detail: 'the network cannot be reached' })),
      );
    witness.requested(request);
    return lifeline.hear(this.exchange(request));
  }

  connect(url: string, listener: SocketListener): Socket {
    const { front, time, lifeline, witness, conditions } = this.outside;
    const link = new Link(time, () => this.drawLatencyMs());
    const of = url.includes('/ws-api/') ? 'user' : 'market';
    const heard = (tell: () => void): void =>
      lifeline.deliver(() => {
        this.heardAtMs[of] = time.elapsedMs();
        tell();
      });
    if (conditions.isDown) link.isSilent = true;
    this.links.add(link);
    const socket = new MemorySocket(
      front,
      wireRequestOf({ method: 'GET', url, headers: {}, timeoutMs: 0 }),
      link,
      link.latencyMs,
      {
        opened: () => lifeline.deliver(() => listener.opened()),
        message: (bytes) => heard(() => listener.message(bytes)),
        pinged: () => {
          // It says nothing of prices; of our own orders it says that there is nothing new.
          if (of === 'user') heard(() => listener.pinged());
          else lifeline.deliver(() => listener.pinged());
        },
        closed: (code, reason, refusal) => {
          this.links.delete(link);
          lifeline.deliver(() => listener.closed(code, reason, refusal));
        },
      },
    );
    link.cut = () => socket.terminate();
    return {
      send: (text) => {
        if (!lifeline.isAlive) return false;
        const isSent = socket.send(text);
        if (isSent) witness.sent(text);
        return isSent;
      },
      close: () => socket.close(),
      terminate: () => socket.terminate(),
    };
  }

  /** Prices that another process has heard of, and has told. */
  heardOfMarketBy({ heardAtMs }: Network): void {
    this.heardAtMs.market = Math.max(this.heardAtMs.market, heardAtMs.market);
  }

  /** Both sides learn of it. */
  cutSockets(): void {
    for (const link of [...this.links]) link.cut();
  }

  /** Nothing passes any more in either direction, and neither side is told: a half-open connection. */
  silenceSockets(): void {
    for (const link of this.links) link.isSilent = true;
  }

  private exchange(request: HttpRequest): Promise<Result<HttpResponse, HttpFailure>> {
    const { front, time, conditions, random } = this.outside;
    return new Promise((resolve) => {
      const timeout = time.after(request.timeoutMs, () => resolve(err({ kind: 'timed_out' })));
      const arrive = (result: Result<HttpResponse, HttpFailure>): void => {
        time.after(this.drawLatencyMs(), () => {
          timeout.cancel();
          resolve(result);
        });
      };
      if (random.nextFraction() < conditions.requestLoss) return;
      time.after(this.drawLatencyMs(), () =>
        front.request(wireRequestOf(request), {
          answer: (response) => {
            if (random.nextFraction() < conditions.answerLoss) return;
            const { body } = response;
            const isCut = random.nextFraction() < conditions.truncation;
            arrive(
              ok(
                isCut
                  ? { ...response, body: body.slice(0, random.nextUint32() % (body.length + 1)) }
                  : response,
              ),
            );
          },
          cut: (_, bytes) =>
            arrive(err({ kind: 'connection_lost', detail: `reset after ${bytes} bytes of the answer` })),
        }),
      );
    });
  }

  private later<T>(make: () => T): Promise<T> {
    return new Promise((resolve) => this.outside.time.after(this.drawLatencyMs(), () => resolve(make())));
  }

  private drawLatencyMs(): number {
    const { conditions, random } = this.outside;
    return conditions.latencyMs + Math.floor(random.nextFraction() * (conditions.jitterMs + 1));
  }
}

function wireRequestOf({ method, url, headers, body }: HttpRequest): WireRequest {
  const [, path = '', query = ''] = /^[a-z]+:\/\/[^/]+([^?]*)\??(.*)$/.exec(url) ?? [];
  return { method, path, query, headers, body: body ?? '', remoteAddress: ADDRESS };
}

const never = <T>(): Promise<T> => new Promise(() => undefined);
