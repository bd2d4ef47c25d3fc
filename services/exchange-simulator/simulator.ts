import type { Clock, Timers } from '@tradewind/utils';
import {
  Exchange,
  type ExchangeOptions,
  type ExchangePort,
  type SavedExchange,
  type SaveOptions,
} from './exchange/index.ts';
import { ApiTraffic } from './faults/api-traffic.ts';
import { FaultEngine } from './faults/engine.ts';
import { RestRequests } from './faults/rest-requests.ts';
import { SocketTap } from './faults/socket-tap.ts';
import { StreamNow, StreamTraffic } from './faults/stream-traffic.ts';
import { UserEvents as DisturbedUserEvents } from './faults/user-events.ts';
import type { Answerer, Front, Upgrade } from './front.ts';
import { MarketData, SocketLife, Streams } from './market-data/index.ts';
import { OpenSockets } from './open-sockets.ts';
import { AddressLimits, RestApi, readRateLimits, WebSocketApi } from './protocol/index.ts';
import { type AccountSetup, openAccounts } from './setup/accounts.ts';
import type { MakeMarket, Market } from './setup/traders.ts';
import { UserEvents } from './user-events/index.ts';
import { VenueClock } from './venue-clock.ts';
import type { ServerSocket, SocketHandler, WireRequest } from './wire.ts';

/** Where time comes from: real, or virtual. */
export interface SimulatorPorts {
  readonly clock: Clock;
  readonly timers: Timers;
}

export interface SimulatorOptions {
  /** The body of GET exchangeInfo, parsed. */
  readonly exchangeInfo: unknown;
  readonly accounts: readonly AccountSetup[];
  /** What is left out of it is as `ExchangeOptions` says. */
  readonly exchange?: Omit<ExchangeOptions, 'clock' | 'exchangeInfo'>;
  /** Made once the exchange is there; left out, nothing trades but the accounts. */
  readonly market?: MakeMarket;
  /** What `save` gave: the exchange goes on where it stood. */
  readonly saved?: SavedSimulator;
}

/** A saved simulator, as JSON. Connections, request limits and installed faults are not part of it. */
export interface SavedSimulator {
  readonly version: 1;
  readonly exchange: SavedExchange;
  /** Of those who traded the market. */
  readonly marketAccounts: readonly number[];
}

const API_PATH = '/ws-api/v3';

/**
 * An exchange behind the whole wire protocol, without a network: requests and sockets come in through {@link Front}. Everything in it,
 * misbehaviour included, follows from its options, what is asked of it, and the time that it is given.
 */
export class Simulator implements Front {
  readonly exchange: ExchangePort;
  readonly faults: FaultEngine;
  readonly sockets = new OpenSockets();
  readonly clock: VenueClock;
  private readonly timers: Timers;
  private readonly market: Market | undefined;
  private isMarketRunning = false;
  private hasMarketBegun = false;
  private readonly rest: RestRequests;
  private readonly webSocketApi: WebSocketApi;
  private readonly streams: Streams;
  private readonly streamNow = new StreamNow();

  /** @throws RangeError when the saved state is of another version or of other symbols */
  constructor({ clock, timers }: SimulatorPorts, options: SimulatorOptions) {
    this.clock = new VenueClock(clock);
    this.timers = timers;
    const exchangeOptions = { ...options.exchange, clock: this.clock, exchangeInfo: options.exchangeInfo };
    const { saved } = options;
    const exchange =
      saved === undefined ? new Exchange(exchangeOptions) : Exchange.load(exchangeOptions, saved.exchange);
    this.exchange = exchange;
    openAccounts(exchange, options.accounts);
    const marketData = new MarketData(exchange, this.clock);
    const limits = new AddressLimits(readRateLimits(exchange.exchangeInfo));
    this.faults = new FaultEngine({
      clock: this.clock,
      timers,
      exchange,
      sockets: this.sockets,
      market: { pause: () => this.pauseMarket(), resume: () => this.startMarket() },
      addresses: {
        burnWeight: (address, weight) => {
          const nowMs = this.clock.nowMs();
          limits.of(address, nowMs).weigh(weight, nowMs);
        },
        ban: (address, durationMs) => {
          const nowMs = this.clock.nowMs();
          limits.of(address, nowMs).ban(durationMs, nowMs);
        },
      },
      announceShutdown: () => this.announceShutdown(),
    });
    const services = { exchange: this.faults.lagging.exchange, marketData, limits };
    const restApi = new RestApi(services);
    this.rest = new RestRequests(this.faults, (request, receivedAtMs, forwardedAtMs) =>
      restApi.handle(request, receivedAtMs, forwardedAtMs),
    );
    this.webSocketApi = new WebSocketApi({ ...services, clock: this.clock });
    const sink = new DisturbedUserEvents(this.faults, {
      tell: (event) => this.webSocketApi.deliver(event),
    });
    exchange.listen(new UserEvents(sink, this.webSocketApi, this.clock), (account) =>
      this.webSocketApi.isHeard(account),
    );
    this.streams = new Streams({
      source: exchange,
      data: marketData,
      clock: this.clock,
      timers,
      intercept: this.streamNow.intercept,
    });
    this.market = options.market?.(exchange, { clock: this.clock, timers }, saved?.marketAccounts ?? []);
  }

  request(request: WireRequest, answerer: Answerer): void {
    this.rest.request(request, answerer);
  }

  upgrade({ path, query, remoteAddress }: WireRequest): Upgrade {
    const struck = this.faults.struckSocket('refuse_socket', path);
    if (struck !== undefined) {
      const { status, retry_after_s } = struck.fault;
      const headers = retry_after_s === undefined ? {} : { 'retry-after': String(retry_after_s) };
      return { kind: 'refused', response: { status, headers, body: '' } };
    }
    const isApi = path === API_PATH;
    const response = isApi
      ? this.webSocketApi.refuse(remoteAddress, query)
      : this.streams.refuse(path, query);
    if (response !== undefined) return { kind: 'refused', response };
    return {
      kind: 'accepted',
      open: (socket) => (isApi ? this.openApi(socket, query) : this.openStreams(socket, path, query)),
    };
  }

  /** Sets the market going, or going again; twice is as good as once. */
  startMarket(): void {
    if (this.isMarketRunning) return;
    this.isMarketRunning = true;
    if (this.hasMarketBegun) this.market?.resume();
    else this.market?.start();
    this.hasMarketBegun = true;
  }

  /** The market stands still, its orders rest. */
  pauseMarket(): void {
    if (!this.isMarketRunning) return;
    this.isMarketRunning = false;
    this.market?.pause();
  }

  /** What the stopped market would do in so much time happens now. @returns why not, if not */
  advanceMarket(byMs: number): 'it_runs' | 'it_cannot' | undefined {
    if (this.isMarketRunning) return 'it_runs';
    if (!this.hasMarketBegun || this.market?.advance === undefined) return 'it_cannot';
    this.market.advance(byMs);
    return undefined;
  }

  get marketIsRunning(): boolean {
    return this.isMarketRunning;
  }

  /** Why the market does nothing any more; undefined while it may. */
  get marketEnd(): string | undefined {
    return this.market?.ended?.();
  }

  save(options: SaveOptions = {}): SavedSimulator {
    return { version: 1, exchange: this.exchange.save(options), marketAccounts: this.market?.accounts ?? [] };
  }

  /** Ends what acts by itself, so that nothing is left in the timers but what belongs to open sockets; those are cut. */
  stop(): void {
    this.faults.clear();
    this.isMarketRunning = false;
    this.market?.stop();
    for (const { socket } of this.sockets.list()) socket.cut();
  }

  private openApi(socket: ServerSocket, query: string): SocketHandler {
    const tap = new SocketTap(this.faults, socket, API_PATH, new ApiTraffic(this.faults, socket, API_PATH));
    const inner = this.webSocketApi.open(tap.outward, query);
    const life = new SocketLife(tap.outward, this.clock, this.timers, () => undefined);
    return tap.handlerFor({
      message: (text) => inner.message(text),
      pinged: () => inner.pinged(),
      ponged: () => {
        life.ponged();
        inner.ponged();
      },
      closed: () => {
        life.end();
        inner.closed();
      },
    });
  }

  private openStreams(socket: ServerSocket, path: string, query: string): SocketHandler {
    const traffic = new StreamTraffic(this.faults, socket, path, this.streamNow);
    const tap = new SocketTap(this.faults, socket, path, traffic);
    return tap.handlerFor(this.streams.open(tap.outward, path, query));
  }

  private announceShutdown(): void {
    this.webSocketApi.announceShutdown();
    this.streams.announceShutdown();
  }
}
