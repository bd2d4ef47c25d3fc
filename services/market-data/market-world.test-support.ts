import {
  ConnectionAttempts,
  calls,
  patientCaller,
  RestClient,
  ServerClock,
  SharedRateGate,
  SocketConnector,
  STREAM_PACE,
} from '@tradewind/binance';
import type { IntervalName } from '@tradewind/core/market';
import { price, quantity } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import {
  type AccountSetup,
  builtInExchangeInfo,
  demoAccounts,
  type FaultPlan,
  Simulator,
  traders,
} from '@tradewind/exchange-simulator';
import { MemoryWire } from '@tradewind/paper-exchange';
import type { ClosedBar, FeedStatus, MarketUpdate } from '@tradewind/proto';
import { SeededRandom, silentTelemetry, VirtualTime, Waits } from '@tradewind/utils';
import { MarketDataService } from './service.ts';
import type { MarketDataSettings } from './settings.ts';

export const START_MS = Date.UTC(2026, 0, 5, 12, 0, 30);

export interface MarketWorldOptions extends Partial<MarketDataSettings> {
  readonly symbols?: readonly string[];
  readonly intervals?: readonly IntervalName[];
  readonly seed?: number;
  /** A made-up market trades. */
  readonly hasTraders?: boolean;
  readonly startMs?: number;
  /** Whether the first question may wait for the end of a limit, and for how long. */
  readonly patienceMs?: number;
}

/** Market data that really speaks the venue's protocol with a simulator, in virtual time, and all that a subscriber was told. */
export class MarketWorld {
  readonly time: VirtualTime;
  readonly simulator: Simulator;
  readonly wire: MemoryWire;
  readonly service: MarketDataService;
  readonly rest: RestClient;
  readonly updates: MarketUpdate[] = [];
  /** What a start that waits has said. */
  readonly told: string[] = [];
  /** How far our wall clock has been stepped, ms. */
  wallStepMs = 0;
  private readonly accounts: readonly AccountSetup[];
  private readonly symbols: readonly string[];

  constructor({
    symbols = ['BTCUSDT'],
    intervals = ['1m'],
    seed = 1,
    hasTraders = false,
    startMs = START_MS,
    patienceMs = 0,
    ...settings
  }: MarketWorldOptions = {}) {
    const time = new VirtualTime(startMs);
    this.time = time;
    this.symbols = symbols;
    const info = builtInExchangeInfo(symbols);
    invariant(info.ok, 'the symbols are built in');
    this.accounts = demoAccounts(['USDT', 'BTC', 'ETH', 'BNB', 'LTC'], seed);
    this.simulator = new Simulator(
      { clock: time, timers: time },
      {
        exchangeInfo: info.value,
        accounts: this.accounts,
        ...(hasTraders ? { market: traders({ seed, ordersPerSecond: 3 }) } : {}),
      },
    );
    this.wire = new MemoryWire(this.simulator, time, { latencyMs: 5, remoteAddress: '10.0.0.1' });
    const clock = {
      nowMs: () => time.nowMs() + this.wallStepMs,
      elapsedMs: () => time.elapsedMs(),
    };
    const serverClock = new ServerClock(clock);
    const random = new SeededRandom(seed);
    const gate = new SharedRateGate({
      clock: serverClock,
      timers: time,
      random,
      bans: { load: () => undefined, save: () => undefined },
    });
    this.rest = new RestClient(
      { http: this.wire, gate, clock, serverClock },
      { baseUrl: 'http://exchange.test', recvWindowMs: 5000, timeoutMs: 5000 },
    );
    const attempts = new ConnectionAttempts(time);
    this.service = new MarketDataService(
      {
        clock,
        timers: time,
        random,
        telemetry: silentTelemetry,
        caller: this.rest,
        firstCaller: patientCaller({
          caller: this.rest,
          venueClock: serverClock,
          waits: new Waits({ timers: time, random }),
          longestMs: patienceMs,
          told: (sentence) => this.told.push(sentence),
        }),
        venueNowMs: () => serverClock.nowMs(),
        connect: (listener) =>
          new SocketConnector(
            {
              url: () => 'ws://exchange.test/stream',
              transport: this.wire,
              clock: time,
              timers: time,
              random,
              attempts,
              pace: STREAM_PACE,
            },
            listener,
          ),
      },
      { symbols, intervals, ...settings },
    );
  }

  /** Starts everything, subscribes to everything, and waits until the feeds had time to be live. */
  async begin(): Promise<void> {
    this.simulator.startMarket();
    await this.after(this.rest.perform(calls.serverTime()));
    await this.after(this.rest.synchronizer.synchronize());
    const started = await this.after(this.service.start());
    invariant(started.ok, 'market data starts');
    this.service.subscribe({ symbols: this.symbols }, (update) => this.updates.push(update));
    await this.time.advance(3000);
  }

  /** Lets time pass until a promise has settled. */
  after<T>(promise: Promise<T>): Promise<T> {
    return this.time.until(promise, 50, 100_000);
  }

  /** An account of the house places a limit order, which rests or trades. */
  order(side: Side, at: string, size: string, symbol = 'BTCUSDT', accountIndex = 1): number {
    const { exchange } = this.simulator;
    const account = exchange.key(this.accounts[accountIndex]!.keys[0]!.apiKey)!.account;
    const placed = exchange.placeByHand(account, symbol, {
      side,
      type: 'LIMIT',
      timeInForce: 'GTC',
      price: price(at),
      quantity: quantity(size),
    });
    invariant(placed.ok, 'the house can place what a test wants');
    return placed.value.order.orderId;
  }

  /** Begins with a quiet market: one order on each side, and one trade before anybody listened. */
  async beginQuietly(): Promise<void> {
    this.trade('60000', '0.1');
    this.order('BUY', '59990', '0.2');
    this.order('SELL', '60010', '0.3');
    await this.begin();
    this.stir();
    await this.time.advance(1000);
  }

  /** The book moves, far from its best prices. */
  stir(): void {
    this.order('BUY', '50000', '0.001');
  }

  /** A trade at a price: one account sells what the other buys. */
  trade(at: string, size: string, symbol = 'BTCUSDT'): void {
    this.order('SELL', at, size, symbol, 0);
    this.order('BUY', at, size, symbol, 1);
  }

  install(plan: FaultPlan): void {
    const installed = this.simulator.faults.install(plan);
    invariant(installed.ok, 'the plan fits this exchange');
  }

  get bars(): ClosedBar[] {
    return this.updates.flatMap((update) => (update.kind === 'bar' ? [update.bar] : []));
  }

  get feeds(): FeedStatus[] {
    return this.updates.flatMap((update) => (update.kind === 'feed' ? [update.feed] : []));
  }

  get states(): string[] {
    return this.feeds.map(({ state }) => state);
  }
}
