import {
  ConnectionAttempts,
  calls,
  catchUpOver,
  makeSigner,
  RestClient,
  ServerClock,
  SharedRateGate,
  UserStream,
  type VenueFill,
  WebSocketApi,
} from '@tradewind/binance';
import { type Bars, type Instrument, type Level, readInstrument } from '@tradewind/core/market';
import { amount, formatAmount, price, quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent, OrderTerms, Side } from '@tradewind/core/orders';
import { invariant, type Result } from '@tradewind/core/result';
import { builtInExchangeInfo } from '@tradewind/exchange-simulator';
import type { FeedStatus, HistoryProblem, MarketData, MarketSnapshot, MarketUpdate } from '@tradewind/proto';
import { SeededRandom, silentTelemetry, VirtualTime } from '@tradewind/utils';
import type { PaperStore } from './account-saver.ts';
import { PaperExchange, type PaperOptions } from './paper-exchange.ts';

const SYMBOL = 'BTCUSDT';

/** A market that a test writes, update by update. */
class WrittenMarket implements MarketData {
  instrument: Instrument;
  private listener: ((update: MarketUpdate) => void) | undefined;
  private updateId = 0;
  private tradeId = 0;
  private feed: FeedStatus = { symbol: SYMBOL, state: 'down', sinceMs: 0, detail: 'not connected yet' };

  constructor() {
    const info = builtInExchangeInfo([SYMBOL]);
    invariant(info.ok, 'the symbol is built in');
    this.instrument = readInstrument((info.value as { symbols: unknown[] }).symbols[0]).instrument!;
  }

  async snapshot(symbol: string): Promise<MarketSnapshot | undefined> {
    if (symbol !== SYMBOL) return undefined;
    const { instrument, feed } = this;
    return {
      instrument,
      status: 'TRADING',
      feed,
      referencePrice: undefined,
      referencePriceAgeMs: undefined,
      lastTrade: undefined,
      quote: undefined,
    };
  }

  subscribe(_request: unknown, listener: (update: MarketUpdate) => void): { end(): void } {
    this.listener = listener;
    listener({ kind: 'feed', feed: this.feed });
    return {
      end: () => {
        this.listener = undefined;
      },
    };
  }

  async history(): Promise<Result<Bars, HistoryProblem>> {
    return { ok: false, error: { reason: 'unavailable', detail: 'nothing is written' } };
  }

  become(state: FeedStatus['state'], detail = ''): void {
    this.feed = { symbol: SYMBOL, state, sinceMs: 0, detail };
    this.listener?.({ kind: 'feed', feed: this.feed });
  }

  /** @param bids, asks  'price quantity', best first */
  book(bids: readonly string[], asks: readonly string[]): void {
    this.updateId += 1;
    const book = {
      symbol: SYMBOL,
      updateId: this.updateId,
      timeMs: 0,
      bids: bids.map(levelOf),
      asks: asks.map(levelOf),
    };
    this.listener?.({ kind: 'book', book, receivedAtMs: 0 });
  }

  trade(at: string, size: string, takerSide: Side): void {
    this.tradeId += 1;
    const trade = {
      symbol: SYMBOL,
      id: this.tradeId,
      price: price(at),
      quantity: quantity(size),
      timeMs: 0,
      buyerIsMaker: takerSide === 'SELL',
    };
    this.listener?.({ kind: 'trade', trade, receivedAtMs: 0 });
  }

  tell(update: MarketUpdate): void {
    this.listener?.(update);
  }
}

const levelOf = (text: string): Level => {
  const [at, size] = text.split(' ') as [string, string];
  return { price: price(at), quantity: quantity(size) };
};

/** Keeps what was saved, as slowly as a test wants, or not at all. */
export class ScriptedStore implements PaperStore {
  text: string | undefined;
  saves = 0;
  delayMs = 0;
  isFull = false;
  private readonly time: VirtualTime;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  async load(): Promise<string | undefined> {
    return this.text;
  }

  async save(text: string): Promise<void> {
    this.saves += 1;
    if (this.delayMs > 0) await new Promise<void>((resolve) => this.time.after(this.delayMs, resolve));
    if (this.isFull) throw new Error('no space left');
    this.text = text;
  }
}

/** The ordinary client at a paper exchange, in virtual time. */
export class PaperWorld {
  readonly time: VirtualTime;
  readonly market = new WrittenMarket();
  readonly store: ScriptedStore;
  readonly fills: VenueFill[] = [];
  paper!: PaperExchange;
  rest!: RestClient;
  userStream!: UserStream;
  api!: WebSocketApi;
  private ordersMade = 0;

  constructor(time = new VirtualTime(Date.UTC(2026, 0, 5, 12))) {
    this.time = time;
    this.store = new ScriptedStore(time);
  }

  /** Opens the exchange as its store has it, and connects. */
  async open(options: Partial<PaperOptions> = {}): Promise<void> {
    const { time } = this;
    const outside = {
      clock: time,
      timers: time,
      telemetry: silentTelemetry,
      marketData: this.market,
      store: this.store,
    };
    const balances = [
      ['USDT', amount('USDT', '100000')],
      ['BTC', amount('BTC', '1')],
    ] as const;
    const opened = await this.after(PaperExchange.open(outside, { symbols: [SYMBOL], balances, ...options }));
    invariant(opened.ok, opened.ok ? '' : opened.error);
    this.paper = opened.value;
    this.connect(opened.value);
    await this.after(this.rest.perform(calls.serverTime()));
    void this.rest.synchronizer.synchronize();
    await this.time.advance(2000);
    this.api.start();
    await this.time.advance(2000);
  }

  /** Lets time pass until a promise has settled. */
  after<T>(promise: Promise<T>): Promise<T> {
    return this.time.until(promise, 20, 20_000);
  }

  order(side: Side, terms: OrderTerms): Approved<OrderIntent> {
    this.ordersMade += 1;
    return {
      clientOrderId: `order-${this.ordersMade}`,
      strategy: 'test',
      symbol: SYMBOL,
      side,
      terms,
      tag: '',
      decidedAtMs: this.time.nowMs(),
    } as OrderIntent as Approved<OrderIntent>;
  }

  /** 'free+locked' by asset, as the exchange itself has it. */
  get balances(): Record<string, string> {
    const { exchange, key } = this.paper;
    const { account } = exchange.key(key.apiKey)!;
    return Object.fromEntries(
      exchange
        .balances(account)
        .map(({ asset, free, locked }) => [asset, `${formatAmount(free)}+${formatAmount(locked)}`]),
    );
  }

  private connect(paper: PaperExchange): void {
    const { time } = this;
    const { rest, gate, random, serverClock, signer } = clientOf(paper, time);
    this.rest = rest;
    this.userStream = new UserStream(
      { clock: time, timers: time, random, serverClock, catchUp: catchUpOver(this.rest), symbols: [SYMBOL] },
      {
        orderChanged: (change) => this.fills.push(...change.fills),
        balancesChanged: () => undefined,
      },
    );
    this.api = new WebSocketApi(
      {
        url: paper.urls.api,
        transport: paper.wire,
        clock: time,
        timers: time,
        random,
        attempts: new ConnectionAttempts(time),
        gate,
        signer,
        serverClock,
        synchronizer: this.rest.synchronizer,
        logsOn: false,
      },
      this.userStream,
    );
  }
}

/** The ordinary client's calls, and what they share with its sockets. */
function clientOf({ wire, urls, key }: PaperExchange, time: VirtualTime) {
  const serverClock = new ServerClock(time);
  const random = new SeededRandom(1);
  const bans = { load: () => undefined, save: () => undefined };
  const gate = new SharedRateGate({ clock: serverClock, timers: time, random, bans });
  const signer = makeSigner({ apiKey: key.apiKey, secret: key.held });
  invariant(signer.ok, 'the key can sign');
  const rest = new RestClient(
    { http: wire, gate, clock: time, serverClock, signer: signer.value },
    { baseUrl: urls.rest, recvWindowMs: 5000, timeoutMs: 5000 },
  );
  return { rest, gate, random, serverClock, signer: signer.value };
}
