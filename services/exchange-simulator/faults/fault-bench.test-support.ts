import { VirtualTime } from '@tradewind/utils';
import type { ExchangePort } from '../exchange/index.ts';
import { OpenSockets } from '../open-sockets.ts';
import { VenueClock } from '../venue-clock.ts';
import type { ServerSocket, SocketHandler, WireRequest, WireResponse } from '../wire.ts';
import { ApiTraffic } from './api-traffic.ts';
import { FaultEngine } from './engine.ts';
import { describeFaultPlanProblem, readFaultPlan } from './read-plan.ts';
import { RestRequests } from './rest-requests.ts';
import { SocketTap } from './socket-tap.ts';
import { StreamNow, StreamTraffic } from './stream-traffic.ts';

const START_MS = 1_700_000_000_000;

/** What a client saw of one request: the whole answer, its first bytes before the end of the connection, or nothing. */
export type Seen =
  | { readonly atMs: number; readonly response: WireResponse }
  | { readonly atMs: number; readonly cutAfter: number };

/** Faults around a scripted exchange: every request is answered with how many were carried out before it. */
export class FaultBench {
  readonly time = new VirtualTime(START_MS);
  readonly clock = new VenueClock(this.time);
  readonly sockets = new OpenSockets();
  readonly done: string[] = [];
  readonly engine: FaultEngine;
  readonly streamNow = new StreamNow();
  private readonly rest: RestRequests;

  constructor(faults: readonly object[] = [], exchange: Partial<ExchangePort> = {}) {
    const keys = { key: (apiKey: string) => ({ account: Number(apiKey) }) };
    const scripted = { symbols: [], listen: () => () => undefined, ...keys, ...exchange };
    this.engine = new FaultEngine({
      clock: this.clock,
      timers: this.time,
      exchange: scripted as unknown as ExchangePort,
      sockets: this.sockets,
      market: { pause: () => this.done.push('pause'), resume: () => this.done.push('resume') },
      addresses: {
        burnWeight: (address, weight) => this.done.push(`burn ${weight} of ${address}`),
        ban: (address, ms) => this.done.push(`ban ${address} for ${ms}`),
      },
      announceShutdown: () => this.done.push('shutdown announced'),
    });
    this.rest = new RestRequests(this.engine, (request, receivedAtMs, forwardedAtMs) => {
      this.done.push(`${request.method} ${request.path}`);
      const body = {
        orderId: this.done.length,
        status: 'NEW',
        lag: (forwardedAtMs ?? receivedAtMs) - receivedAtMs,
      };
      return { status: 200, headers: { 'x-mbx-used-weight-1m': '1' }, body: JSON.stringify(body) };
    });
    this.install(faults);
  }

  install(faults: readonly object[], seed = 1): void {
    const plan = readFaultPlan({ seed, faults });
    if (!plan.ok) throw new Error(describeFaultPlanProblem(plan.error));
    const installed = this.engine.install(plan.value);
    if (!installed.ok) throw new Error(describeFaultPlanProblem(installed.error));
  }

  get nowMs(): number {
    return this.time.elapsedMs();
  }

  /** Sends a request; what is seen of it is added to the list when it is seen. */
  ask(method: string, target: string, seen: Seen[] = [], apiKey = '1'): Seen[] {
    const [path = '', query = ''] = target.split('?');
    const request: WireRequest = {
      method,
      path,
      query,
      headers: { 'x-mbx-apikey': apiKey },
      body: '',
      remoteAddress: '192.0.2.1',
    };
    this.rest.request(request, {
      answer: (response) => seen.push({ atMs: this.nowMs, response }),
      cut: (_, bytes) => seen.push({ atMs: this.nowMs, cutAfter: bytes }),
    });
    return seen;
  }

  /** Places an order; the status of the answer at once, 'cut', or undefined while nothing came. */
  place(symbol = 'BTCUSDT', apiKey = '1'): number | 'cut' | undefined {
    const [seen] = this.ask('POST', `/api/v3/order?symbol=${symbol}&side=BUY`, [], apiKey);
    if (seen === undefined) return undefined;
    return 'response' in seen ? seen.response.status : 'cut';
  }

  socket(path: string): BenchSocket {
    return new BenchSocket(this, path);
  }
}

/** A socket through the faults to a scripted exchange, which answers each request with an event and a result. */
export class BenchSocket {
  readonly received: string[] = [];
  readonly heard: string[] = [];
  readonly exchangeEnd: ServerSocket;
  readonly client: SocketHandler;
  private readonly bench: FaultBench;

  constructor(bench: FaultBench, path: string) {
    this.bench = bench;
    const note = (text: string): void => {
      this.received.push(bench.nowMs === 0 ? text : `${text}@${bench.nowMs}`);
    };
    const socket: ServerSocket = {
      remoteAddress: '192.0.2.1',
      send: note,
      ping: () => note('ping'),
      close: (code) => this.end(`closed ${code}`),
      cut: () => this.end('cut'),
      bufferedBytes: 0,
    };
    const traffic =
      path === '/ws-api/v3'
        ? new ApiTraffic(bench.engine, socket, path)
        : new StreamTraffic(bench.engine, socket, path, bench.streamNow);
    const tap = new SocketTap(bench.engine, socket, path, traffic);
    this.exchangeEnd = tap.outward;
    this.client = tap.handlerFor({
      message: (text) => this.serve(text),
      pinged: () => this.heard.push('pinged'),
      ponged: () => this.heard.push('ponged'),
      closed: () => this.heard.push('closed'),
    });
  }

  /** The exchange publishes a message of a stream. */
  publish(stream: string, body: object): void {
    this.bench.streamNow.intercept({ stream, text: JSON.stringify(body) }, (text) =>
      this.exchangeEnd.send(text),
    );
  }

  private serve(text: string): void {
    this.heard.push(text);
    if (!text.startsWith('{"id"')) return;
    const { id, method } = JSON.parse(text);
    this.bench.done.push(method);
    const result = method.startsWith('userDataStream') ? { subscriptionId: 0 } : { orderId: 7 };
    this.exchangeEnd.send(`{"subscriptionId":0,"event":{"e":"executionReport"}}`);
    this.exchangeEnd.send(JSON.stringify({ id, status: 200, result }));
  }

  private end(how: string): void {
    this.received.push(this.bench.nowMs === 0 ? how : `${how}@${this.bench.nowMs}`);
    this.client.closed();
  }
}
