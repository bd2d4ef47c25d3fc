import { type Bars, type Instrument, type IntervalName, stepOf } from '@tradewind/core/market';
import {
  type Amount,
  amount,
  asAsset,
  notional,
  type Price,
  quantity,
  quantityFor,
  quoteAmount,
  ratio,
  settle,
  share,
  toMultiple,
} from '@tradewind/core/money';
import {
  type Fill,
  legsOf,
  newOrderRecord,
  type OrderEventKind,
  type OrderIntent,
  type OrderRecord,
  type OrderState,
} from '@tradewind/core/orders';
import { AccountBooks } from '@tradewind/core/portfolio';
import { err, ok, type Result } from '@tradewind/core/result';
import { BarCursor } from '@tradewind/core/strategy';
import {
  type Bus,
  type BusMessages,
  type ClosedBar,
  type EventBody,
  type FeedStatus,
  type HistoryProblem,
  type LedgerOrder,
  type MarketData,
  type MarketRequest,
  type MarketSnapshot,
  type MarketUpdate,
  type OrderExecution,
  type Signal,
  type SignalRefusal,
  type SubmitResult,
  type Subscription,
  symbolOf,
  type Topic,
  type TradingEvent,
  topicOf,
} from '@tradewind/proto';
import { SeededRandom, silentTelemetry, VirtualTime } from '@tradewind/utils';
import { testInstrument } from '../../core/market/market.test-support.ts';
import { MemoryLedger } from '../../shared/proto/ledger/index.ts';
import { type InstanceOptions, type StrategyEngineOptions, StrategyEngineService } from './index.ts';

export { testBars, testInstrument } from '../../core/market/market.test-support.ts';

/** Bars of a history as the updates that market data tell. */
export function barsOf(bars: Bars): ClosedBar[] {
  const cursor = new BarCursor(bars);
  const closed: ClosedBar[] = [];
  while (cursor.nextCloseMs !== Number.POSITIVE_INFINITY) {
    cursor.advance();
    const { openTimeMs, closeTimeMs, openPrice, highPrice, lowPrice, closePrice, volume } = cursor.view;
    closed.push({
      symbol: bars.symbol,
      interval: bars.interval.name,
      ...{ openTimeMs, closeTimeMs, open: openPrice, high: highPrice, low: lowPrice, close: closePrice },
      volume: quantity(volume.toFixed(8).replace(/\.?0+$/, '')),
      quoteVolume: quoteAmount('0'),
      trades: 1,
      source: 'trades',
    });
  }
  return closed;
}

/** The first `end` bars of a history. */
export const cut = (bars: Bars, end: number): Bars => ({
  ...bars,
  length: end,
  ...{ open: bars.open.slice(0, end), high: bars.high.slice(0, end), low: bars.low.slice(0, end) },
  ...{ close: bars.close.slice(0, end), volume: bars.volume.slice(0, end) },
  runs: bars.runs.filter(({ start }) => start < end),
});

/** Market data that say what a test tells them to. */
class ScriptedMarket implements MarketData {
  readonly instruments = new Map<string, Instrument>();
  readonly feeds = new Map<string, FeedStatus>();
  /** What `history` answers, by symbol and interval: everything up to now. */
  readonly histories = new Map<string, Bars>();
  unavailable = false;
  private readonly time: VirtualTime;
  private readonly listeners = new Set<{
    readonly request: MarketRequest;
    readonly hear: (update: MarketUpdate) => void;
  }>();

  constructor(time: VirtualTime, instruments: readonly Instrument[]) {
    this.time = time;
    for (const instrument of instruments) {
      this.instruments.set(instrument.symbol, instrument);
      this.feeds.set(instrument.symbol, feed(instrument.symbol, 'live'));
    }
  }

  async snapshot(symbol: string): Promise<MarketSnapshot | undefined> {
    const instrument = this.instruments.get(symbol);
    if (instrument === undefined) return undefined;
    return {
      instrument,
      status: 'TRADING',
      feed: this.feeds.get(symbol)!,
      referencePrice: undefined,
      referencePriceAgeMs: undefined,
      lastTrade: undefined,
      quote: undefined,
    };
  }

  subscribe(request: MarketRequest, hear: (update: MarketUpdate) => void): Subscription {
    const listener = { request, hear };
    this.listeners.add(listener);
    for (const symbol of request.symbols) {
      const state = this.feeds.get(symbol);
      if (state !== undefined) hear({ kind: 'feed', feed: state });
    }
    return { end: () => void this.listeners.delete(listener) };
  }

  async history(
    symbol: string,
    interval: IntervalName,
    count: number,
  ): Promise<Result<Bars, HistoryProblem>> {
    const bars = this.histories.get(`${symbol} ${interval}`);
    if (this.unavailable || bars === undefined) return err({ reason: 'unavailable', detail: 'not now' });
    const past = barsOf(bars).filter(({ closeTimeMs }) => closeTimeMs <= this.time.nowMs()).length;
    return ok(lastOf(cut(bars, past), count));
  }

  tell(update: MarketUpdate): void {
    if (update.kind === 'feed') this.feeds.set(update.feed.symbol, update.feed);
    for (const { request, hear } of [...this.listeners]) {
      const isAlways = update.kind === 'feed' || update.kind === 'instrument';
      if (request.kinds !== undefined && !isAlways && !request.kinds.includes(update.kind)) continue;
      if (request.symbols.includes(symbolOf(update))) hear(update);
    }
  }

  bar(bar: ClosedBar): void {
    this.tell({ kind: 'bar', bar, receivedAtMs: this.time.nowMs() });
  }

  feed(symbol: string, state: FeedStatus['state']): void {
    this.tell({ kind: 'feed', feed: feed(symbol, state) });
  }
}

const feed = (symbol: string, state: FeedStatus['state']): FeedStatus => ({
  symbol,
  state,
  sinceMs: 0,
  detail: `it is ${state}`,
});

function lastOf(bars: Bars, count: number): Bars {
  if (bars.length <= count) return bars;
  const from = bars.length - count;
  const { lengthMs } = bars.interval;
  const firstRun = bars.runs.filter(({ start }) => start <= from).at(-1)!;
  const openTimeMs = firstRun.openTimeMs + (from - firstRun.start) * lengthMs!;
  return {
    ...bars,
    length: count,
    ...{ open: bars.open.slice(from), high: bars.high.slice(from), low: bars.low.slice(from) },
    ...{ close: bars.close.slice(from), volume: bars.volume.slice(from) },
    runs: [
      { start: 0, openTimeMs },
      ...bars.runs.flatMap((run) => (run.start > from ? [{ ...run, start: run.start - from }] : [])),
    ],
  };
}

/** A bus that gives messages on at once; a test can make it lose or hold them back. */
class DirectBus implements Bus {
  isLosing = false;
  private readonly handlers = new Map<
    Topic,
    ((message: never, correlationId: string) => void | Promise<void>)[]
  >();

  async publish<T extends Topic>(topic: T, message: BusMessages[T], correlationId: string): Promise<void> {
    if (this.isLosing) return;
    for (const handler of this.handlers.get(topic) ?? []) await handler(message as never, correlationId);
  }
  subscribe<T extends Topic>(
    topic: T,
    _group: string,
    handler: (message: BusMessages[T], correlationId: string) => void | Promise<void>,
  ): Subscription {
    const handlers = this.handlers.get(topic) ?? [];
    this.handlers.set(topic, handlers);
    handlers.push(handler as (message: never, correlationId: string) => void);
    return { end: () => void handlers.splice(handlers.indexOf(handler as never), 1) };
  }
  async deadLetters() {
    return [];
  }
  async replayDeadLetters() {
    return 0;
  }
  async close() {}
}

const FEE = ratio('0.001');
const feeOf = (received: Amount): Amount => share(received, FEE, 'pay');

/** An order execution that takes everything, fills market orders when it is told to, and books like the real one. */
class ScriptedExecution {
  readonly signals: Signal[] = [];
  readonly correlationIds: string[] = [];
  readonly waiting: OrderIntent[] = [];
  /** What `submit` does instead of taking a signal. */
  answer: ((signal: Signal) => SubmitResult | Error | undefined) | undefined;
  private readonly books = new AccountBooks();
  private readonly ledger: MemoryLedger;
  private readonly bus: DirectBus;
  private readonly time: VirtualTime;
  private readonly instruments: ReadonlyMap<string, Instrument>;
  private readonly records = new Map<string, ReturnType<typeof newOrderRecord>>();
  private epoch = 0;
  private events = 0;
  private tradeId = 0;

  constructor(
    ledger: MemoryLedger,
    bus: DirectBus,
    time: VirtualTime,
    instruments: ReadonlyMap<string, Instrument>,
  ) {
    this.ledger = ledger;
    this.bus = bus;
    this.time = time;
    this.instruments = instruments;
  }

  async begin(
    capital: readonly { readonly strategy: string; readonly asset: string; readonly amount: Amount }[],
  ) {
    const lease = await this.ledger.acquireLease({ holder: 'test', durationMs: Number.MAX_SAFE_INTEGER / 2 });
    if (lease.kind === 'held') this.epoch = lease.epoch;
    for (const { strategy, asset, amount: given } of capital) {
      const postings = this.books.book(() => this.books.subAccount(strategy).deposit(asset, given));
      await this.commit('begin', { kind: 'balance', cause: 'allocation', postings, detail: 'capital' });
    }
  }

  readonly port: Pick<OrderExecution, 'submit' | 'order'> = {
    submit: async (signal, correlationId) => {
      this.signals.push(signal);
      this.correlationIds.push(correlationId);
      const answer = this.answer?.(signal);
      if (answer instanceof Error) throw answer;
      if (answer !== undefined) {
        if (answer.kind === 'refused') await this.recordRefusal(signal, answer.refusal, correlationId);
        return answer;
      }
      return this.take(signal, correlationId);
    },
    order: async (clientOrderId): Promise<LedgerOrder | undefined> =>
      (await this.ledger.load()).orders.find(({ intent }) => intent.clientOrderId === clientOrderId),
  };

  /** Fills what waits of a symbol, as far as it is a market order, at one price. */
  async fillAt(symbol: string, price: Price): Promise<void> {
    for (const intent of this.waiting.filter(
      (each) => each.symbol === symbol && each.terms.type === 'MARKET',
    )) {
      this.waiting.splice(this.waiting.indexOf(intent), 1);
      await this.fill(intent, price);
    }
  }

  /** Fills an order whole. */
  async fill(intent: OrderIntent, price: Price): Promise<void> {
    const instrument = this.instruments.get(intent.symbol)!;
    const { side, terms, clientOrderId, strategy, symbol, tag } = intent;
    const wanted = terms.quantity ?? quantityFor(terms.quoteAmount, price);
    const size = toMultiple(wanted, stepOf(instrument), 'floor');
    const paid = settle(notional(price, size), side === 'BUY' ? 'pay' : 'receive');
    const fee =
      side === 'BUY'
        ? { asset: instrument.baseAsset, amount: feeOf(asAsset(size)) }
        : { asset: instrument.quoteAsset, amount: feeOf(asAsset(paid)) };
    this.tradeId += 1;
    const fill: Fill = {
      ...{ clientOrderId, strategy, symbol, side, quantity: size, price, fee, liquidity: 'TAKER', tag },
      tradeId: this.tradeId,
      timeMs: this.time.nowMs(),
    };
    const booked = this.books.bookFill({ fill, quoteAmount: paid, instrument });
    const record: OrderRecord = {
      ...this.records.get(clientOrderId)!,
      state: 'filled',
      executedQuantity: size,
      executedQuoteAmount: paid,
    };
    this.records.set(clientOrderId, record);
    await this.commit(
      'fill',
      { kind: 'order', strategy, event: 'filled_in_full', record, isOurs: true },
      {
        kind: 'fill',
        fill,
        venueOrderId: this.tradeId,
        quoteAmount: paid,
        quoteAsset: instrument.quoteAsset,
        ...booked,
      },
    );
  }

  async change(
    intent: OrderIntent,
    event: OrderEventKind,
    state: OrderState,
    reason?: string,
  ): Promise<void> {
    const { strategy, clientOrderId } = intent;
    const record = { ...this.records.get(clientOrderId)!, state };
    this.records.set(clientOrderId, record);
    await this.commit('change', {
      kind: 'order',
      strategy,
      event,
      record,
      isOurs: true,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  async commit(correlationId: string, ...bodies: readonly EventBody[]): Promise<void> {
    const events = bodies.map((body): TradingEvent => {
      this.events += 1;
      return {
        ...body,
        id: `execution-${this.events}`,
        correlationId,
        atMs: this.time.nowMs(),
        service: 'order-execution',
      };
    });
    const result = await this.ledger.commit(events);
    if (result.kind !== 'committed') throw new Error(JSON.stringify(result, (_, value) => String(value)));
    for (const event of result.events) await this.bus.publish(topicOf(event), event, correlationId);
  }

  private async recordRefusal(signal: Signal, refusal: SignalRefusal, correlationId: string): Promise<void> {
    if (signal.action !== 'order') return;
    const { strategy, symbol, intent } = signal;
    const verdict = { kind: 'verdict', strategy, symbol, clientOrderId: intent.clientOrderId } as const;
    await this.commit(
      correlationId,
      { kind: 'signal', signal },
      { ...verdict, isApproved: false, checks: [], refusal },
    );
  }

  private async take(signal: Signal, correlationId: string): Promise<SubmitResult> {
    if (signal.action === 'cancel') {
      const order = this.waiting.find(({ clientOrderId }) => clientOrderId === signal.clientOrderId);
      if (order === undefined)
        return { kind: 'refused', refusal: { reason: 'order_unknown', clientOrderId: signal.clientOrderId } };
      this.waiting.splice(this.waiting.indexOf(order), 1);
      await this.change(order, 'canceled', 'canceled');
      return { kind: 'submitted', clientOrderId: signal.clientOrderId, state: 'canceled' };
    }
    const wanted = signal.action === 'order' ? signal.intent : signal.list;
    const legs = signal.action === 'order' ? [signal.intent] : legsOf(signal.list);
    await this.commit(
      correlationId,
      { kind: 'signal', signal },
      { kind: 'intent', wanted, expiresAtMs: signal.expiresAtMs, epoch: this.epoch },
    );
    for (const leg of legs) {
      const { terms } = leg;
      const ordered = terms.quantity === undefined ? {} : { quantity: terms.quantity };
      this.records.set(leg.clientOrderId, newOrderRecord({ ...leg, ...ordered }));
      this.waiting.push(leg);
      await this.change(leg, 'accepted', 'working');
    }
    return { kind: 'submitted', clientOrderId: legs[0]!.clientOrderId, state: 'working' };
  }
}

export const START_MS = Date.UTC(2026, 0, 5, 12);

export interface WorldOptions {
  readonly instruments?: readonly Instrument[];
  readonly startMs?: number;
  readonly instances: readonly (Partial<InstanceOptions> &
    Pick<InstanceOptions, 'strategy' | 'definition'>)[];
  readonly engine?: Partial<StrategyEngineOptions>;
  /** What each instance begins with. */
  readonly capital?: string;
}

/** An engine with everything around it, in virtual time. */
export async function worldOf(options: WorldOptions) {
  const { instruments = [testInstrument('BTC/USDT')], startMs = START_MS, capital = '1000' } = options;
  const time = new VirtualTime(startMs);
  const ledger = new MemoryLedger({ clock: time });
  const bus = new DirectBus();
  const market = new ScriptedMarket(time, instruments);
  const execution = new ScriptedExecution(ledger, bus, time, market.instruments);
  await execution.begin(
    options.instances.map(({ strategy }) => ({ strategy, asset: 'USDT', amount: amount('USDT', capital) })),
  );
  const instances = options.instances.map(
    (instance): InstanceOptions => ({
      symbols: ['BTCUSDT'],
      interval: '1m',
      parameters: {},
      startsByItself: true,
      ...instance,
    }),
  );
  const start = async (change: Partial<StrategyEngineOptions> = {}): Promise<StrategyEngineService> => {
    const engine = new StrategyEngineService({
      clock: time,
      timers: time,
      random: new SeededRandom(7),
      telemetry: silentTelemetry,
      ledger,
      bus,
      marketData: market,
      execution: execution.port,
      instances,
      saveEveryMs: 300_000,
      ...options.engine,
      ...change,
    });
    await engine.open();
    await time.advance(0);
    return engine;
  };
  /** Everything that has been committed of some kinds. */
  const journal = async <K extends TradingEvent['kind']>(...kinds: K[]) =>
    (await ledger.read({ afterSeq: 0, limit: 10_000, kinds })) as Extract<
      Awaited<ReturnType<MemoryLedger['read']>>[number],
      { kind: K }
    >[];
  return { time, ledger, bus, market, execution, instances, start, journal };
}
