import {
  type BanStore,
  type Caller,
  ConnectionAttempts,
  type Connector,
  type ConnectorListener,
  catchUpOver,
  DEFAULT_RATE_GATE_SETTINGS,
  DEFAULT_REST_SETTINGS,
  type HttpTransport,
  type OrderEntry,
  type OrderEntryRoute,
  orderEntryOver,
  RestClient,
  ServerClock,
  SharedRateGate,
  type Signer,
  SocketConnector,
  type SocketTransport,
  STREAM_PACE,
  UserStream,
  WebSocketApi,
} from '@tradewind/binance';
import type { OpenUserFeed } from '@tradewind/order-execution';
import { type Clock, type Metrics, type Random, silentTelemetry, type Timers } from '@tradewind/utils';
import { meteredCaller, meteredHttp } from './metered-wire.ts';

/** What carries bytes to an exchange and back: the network, or a wire in memory. */
export interface VenueWire {
  readonly http: HttpTransport;
  readonly sockets: SocketTransport;
}

export interface VenueOutside {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Left out: nothing is counted. */
  readonly metrics?: Metrics;
  readonly wire: VenueWire;
  readonly bans: BanStore;
}

export interface VenueSettings {
  readonly urls: VenueUrls;
  readonly recvWindowMs: number;
  readonly route: OrderEntryRoute;
  /** Left out for public data alone. */
  readonly signer?: Signer;
  /** What we ask of the exchange at most, though it may allow more. */
  readonly ceilings: { readonly weightPerMinute: number; readonly ordersPerSecond: number };
}

export interface VenueUrls {
  readonly rest: string;
  readonly streams: string;
  readonly websocketApi: string;
}

/** Where the exchange is (binance-spot.md section 1). */
export const VENUE_URLS: Readonly<Record<'binance' | 'binance-testnet', VenueUrls>> = {
  binance: {
    rest: 'https://api.binance.com',
    streams: 'wss://stream.binance.com:9443',
    websocketApi: 'wss://ws-api.binance.com:443/ws-api/v3',
  },
  'binance-testnet': {
    rest: 'https://testnet.binance.vision',
    streams: 'wss://stream.testnet.binance.vision',
    websocketApi: 'wss://ws-api.testnet.binance.vision/ws-api/v3',
  },
};

const KEEP_IN_STEP_MS = 60_000;

/**
 * One exchange as one address and one account see it: one clock, one gate and one count of connection attempts, shared by all who
 * ask or order, because the exchange counts them together.
 */
export class VenueConnection {
  readonly serverClock: ServerClock;
  readonly gate: SharedRateGate;
  readonly rest: RestClient;
  private readonly outside: VenueOutside;
  private readonly settings: VenueSettings;
  private readonly attempts: ConnectionAttempts;
  private readonly metrics: Metrics;
  private api: WebSocketApi | undefined;
  private endSteps: (() => void) | undefined;

  constructor(outside: VenueOutside, settings: VenueSettings) {
    const { clock, timers, random, wire, bans } = outside;
    this.outside = outside;
    this.metrics = outside.metrics ?? silentTelemetry.metrics;
    this.settings = settings;
    this.serverClock = new ServerClock(clock);
    const { weightPerMinute, ordersPerSecond } = settings.ceilings;
    this.gate = new SharedRateGate(
      { clock: this.serverClock, timers, random, bans },
      {
        ...DEFAULT_RATE_GATE_SETTINGS,
        ceilings: [
          { kind: 'weight', intervalMs: 60_000, ceiling: weightPerMinute },
          { kind: 'orders', intervalMs: 1_000, ceiling: ordersPerSecond },
        ],
      },
    );
    this.attempts = new ConnectionAttempts(clock);
    this.rest = this.newRestClient(wire.http);
  }

  /** Keeps our idea of the exchange's time right, from now on until `stop`. */
  start(): void {
    this.endSteps = this.rest.synchronizer.keepInStep(this.outside.timers, KEEP_IN_STEP_MS);
  }

  stop(): void {
    this.endSteps?.();
  }

  /** A client with connections of its own, for who must get through when the others hang; the limits are the same. */
  newRestClient(http: HttpTransport): RestClient {
    const { serverClock, gate } = this;
    const { urls, recvWindowMs, signer } = this.settings;
    return new RestClient(
      {
        http: meteredHttp(http, this.metrics),
        gate,
        clock: this.outside.clock,
        serverClock,
        ...(signer === undefined ? {} : { signer }),
      },
      { ...DEFAULT_REST_SETTINGS, baseUrl: urls.rest, recvWindowMs },
    );
  }

  readonly connectStreams = (listener: ConnectorListener): Connector => {
    const { clock, timers, random, wire } = this.outside;
    return new SocketConnector(
      {
        url: () => `${this.settings.urls.streams}/stream`,
        transport: wire.sockets,
        clock,
        timers,
        random,
        attempts: this.attempts,
        pace: STREAM_PACE,
      },
      listener,
    );
  };

  /** Orders over the setting's route. Over the socket they go with the user stream's connection, whichever is the present one. */
  get orderEntry(): OrderEntry {
    const websocket: Caller = {
      prepare: (call) => this.api?.prepare(call) ?? call,
      perform: (call) =>
        this.api?.perform(call) ??
        Promise.resolve({
          kind: 'failed',
          failure: { reason: 'not_sent', detail: 'there is no connection yet' },
        }),
    };
    return orderEntryOver(this.settings.route, {
      rest: this.rest,
      websocket: meteredCaller(websocket, this.metrics),
    });
  }

  readonly openUserFeed: OpenUserFeed = (options, listener) => {
    const { clock, timers, random, wire } = this.outside;
    const { urls, recvWindowMs, signer } = this.settings;
    const { serverClock, gate, attempts, rest } = this;
    const stream = new UserStream(
      { clock, timers, random, serverClock, catchUp: catchUpOver(rest), ...options },
      listener,
    );
    const api = new WebSocketApi(
      {
        url: urls.websocketApi,
        transport: wire.sockets,
        clock,
        timers,
        random,
        attempts,
        gate,
        serverClock,
        synchronizer: rest.synchronizer,
        recvWindowMs,
        ...(signer === undefined ? {} : { signer }),
      },
      stream,
    );
    this.api = api;
    return {
      stream,
      start: () => api.start(),
      stop: () => {
        stream.stop();
        api.stop();
      },
    };
  };
}
