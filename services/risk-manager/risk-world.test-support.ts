import type { Call, Caller, Outcome, VenueOrder } from '@tradewind/binance';
import type { Instrument } from '@tradewind/core/market';
import {
  type Amount,
  add,
  amount,
  asAsset,
  notional,
  type Price,
  price,
  type Quantity,
  type QuoteAmount,
  quantity,
  ratio,
  settle,
  share,
} from '@tradewind/core/money';
import type {
  OrderEventKind,
  OrderIntent,
  OrderRecord,
  OrderState,
  OrderTerms,
  Side,
} from '@tradewind/core/orders';
import { legsOf, newOrderRecord, type OrderListIntent } from '@tradewind/core/orders';
import { AccountBooks, OWNER } from '@tradewind/core/portfolio';
import type { EquityAmount, RiskLimits, Wanted } from '@tradewind/core/risk';
import type {
  CommitResult,
  CommittedEvent,
  EventBody,
  FeedStatus,
  MarketSnapshot,
  TradingEvent,
  Verdict,
} from '@tradewind/proto';
import { MemoryLedger } from '@tradewind/proto/ledger';
import { pause, SeededRandom, silentTelemetry, type Timers, VirtualTime } from '@tradewind/utils';
import { testInstrument } from '../../core/market/market.test-support.ts';
import type { HaltFile, HaltFileReading } from './ports.ts';
import { RiskManagerService } from './service.ts';
import { DEFAULT_RISK_MANAGER_SETTINGS, type RiskManagerSettings } from './settings.ts';

const NOON_MS = Date.UTC(2026, 4, 4, 12);
export const equity = (text: string): EquityAmount => amount('equity', text);
const NO_STRATEGY = {
  exposureMaximum: 'none',
  openOrdersMaximum: 'none',
  orderRate: 'none',
  consecutiveLossesMaximum: 'none',
} as const;
const NO_SYMBOL = {
  positionMaximum: 'none',
  exposureMaximum: 'none',
  openOrdersMaximum: 'none',
  priceCollar: 'none',
  priceAgeMsMaximum: 5_000,
} as const;
const NO_ASSET = { exposureMaximum: 'none', shareOfEquityMaximum: 'none' } as const;

/** Limits that name alpha, beta, three symbols and their assets, and bind nothing but what is given. */
export function limitsWith(
  change: {
    readonly account?: Partial<RiskLimits['account']>;
    readonly strategy?: Partial<
      typeof NO_STRATEGY | { consecutiveLossesMaximum: number; exposureMaximum: EquityAmount }
    >;
    readonly symbol?: object;
  } = {},
): RiskLimits {
  const strategy = { ...NO_STRATEGY, ...change.strategy };
  const symbol = { ...NO_SYMBOL, ...change.symbol };
  return {
    account: {
      orderNotionalMaximum: 'none',
      orderShareOfEquityMaximum: 'none',
      exposureMaximum: 'none',
      openOrdersMaximum: 'none',
      orderRate: 'none',
      dailyLossMaximum: 'none',
      drawdownMaximum: 'none',
      ...change.account,
    },
    strategies: new Map([
      ['alpha', strategy],
      ['beta', strategy],
    ]),
    symbols: new Map(['BTCUSDT', 'ETHBTC', 'BNBUSDT'].map((name) => [name, symbol])),
    assets: new Map(['BTC', 'ETH', 'BNB'].map((name) => [name, NO_ASSET])),
  };
}

/** Market data that says what a test tells it to. */
class ScriptedMarket {
  readonly instruments = new Map<string, Instrument>(
    ['BTC/USDT', 'ETH/BTC', 'BNB/USDT'].map((pair) => {
      const instrument = testInstrument(pair, { tick: '0.01', step: '0.00001' });
      return [instrument.symbol, instrument];
    }),
  );
  readonly prices = new Map<string, Price | undefined>([
    ['BTCUSDT', price('100')],
    ['ETHBTC', price('0.05')],
    ['BNBUSDT', price('300')],
  ]);
  readonly ages = new Map<string, number | undefined>();
  readonly feeds = new Map<string, FeedStatus['state']>();
  isHanging = false;

  async snapshot(symbol: string): Promise<MarketSnapshot | undefined> {
    if (this.isHanging) return new Promise(() => undefined);
    const instrument = this.instruments.get(symbol);
    if (instrument === undefined) return undefined;
    return {
      instrument,
      status: instrument.status,
      feed: { symbol, state: this.feeds.get(symbol) ?? 'live', sinceMs: 0, detail: '' },
      referencePrice: this.prices.get(symbol),
      referencePriceAgeMs: this.ages.has(symbol) ? this.ages.get(symbol) : 0,
      lastTrade: undefined,
      quote: undefined,
    };
  }
}

/** The exchange as far as cancel-all sees it. */
class ScriptedExchange implements Caller {
  open: VenueOrder[] = [];
  readonly called: string[] = [];
  /** What is answered to canceling, until it is taken away. */
  trouble: Outcome<never> | 'hangs' | undefined;

  place(clientOrderId: string, symbol = 'BTCUSDT', change: Partial<VenueOrder> = {}): void {
    this.open.push({
      symbol,
      orderId: this.open.length + 1,
      clientOrderId,
      originalClientOrderId: undefined,
      side: 'BUY',
      type: 'LIMIT',
      quantity: quantity('1'),
      executedQuantity: quantity('0'),
      ...change,
    } as VenueOrder);
  }

  async perform<T>({ method, path, parameters }: Call<T>): Promise<Outcome<T>> {
    const asked = new Map(parameters);
    const symbol = asked.get('symbol') as string | undefined;
    this.called.push(`${method} ${path.replace('/api/v3/', '')} ${symbol ?? 'all'}`);
    if (this.trouble === 'hangs') return new Promise(() => undefined);
    if (this.trouble !== undefined) return this.trouble;
    if (method === 'DELETE') {
      const before = this.open;
      const id = asked.get('orderId');
      this.open = before.filter(
        (order) => order.symbol !== symbol || (id !== undefined && order.orderId !== id),
      );
      if (before.length === this.open.length) {
        return {
          kind: 'failed',
          failure: {
            reason: 'refused',
            code: -2011,
            message: 'Unknown order sent.',
            status: 400,
            retry: 'never',
          },
        };
      }
      return { kind: 'done', value: before as T };
    }
    const found = symbol === undefined ? this.open : this.open.filter((order) => order.symbol === symbol);
    return { kind: 'done', value: found as T };
  }
}

class ScriptedFile implements HaltFile {
  text: string | undefined;
  trouble: string | 'hangs' | undefined;

  async read(): Promise<HaltFileReading> {
    if (this.trouble === 'hangs') return new Promise(() => undefined);
    if (this.trouble !== undefined) return { kind: 'failed', detail: this.trouble };
    return this.text === undefined ? { kind: 'absent' } : { kind: 'text', text: this.text };
  }

  async write(text: string): Promise<string | undefined> {
    if (this.trouble === 'hangs') return new Promise(() => undefined);
    if (this.trouble !== undefined) return this.trouble;
    this.text = text;
    return undefined;
  }
}

/** A ledger that can be away. */
export class ScriptedLedger extends MemoryLedger {
  isDown = false;
  /** How long reading takes. */
  slowness: { readonly timers: Timers; readonly ms: number } | undefined;

  override async commit(...given: Parameters<MemoryLedger['commit']>): Promise<CommitResult> {
    return this.isDown ? { kind: 'failed', detail: 'no connection' } : super.commit(...given);
  }
  override async load(): ReturnType<MemoryLedger['load']> {
    if (this.isDown) throw new Error('no connection');
    return super.load();
  }
  override async read(...given: Parameters<MemoryLedger['read']>): ReturnType<MemoryLedger['read']> {
    if (this.isDown) throw new Error('no connection');
    const { slowness } = this;
    if (slowness !== undefined) await pause(slowness.timers, slowness.ms);
    return super.read(...given);
  }
  override async lastSeq(): Promise<number> {
    if (this.isDown) throw new Error('no connection');
    return super.lastSeq();
  }
}

export type SettingsChange = Partial<Omit<RiskManagerSettings, 'limits'>> & {
  readonly limits?: Parameters<typeof limitsWith>[0];
};

/** A risk manager in virtual time, and a stand-in for order execution that books, commits and tells as the real one does. */
export class RiskWorld {
  readonly time: VirtualTime;
  readonly ledger: ScriptedLedger;
  readonly market = new ScriptedMarket();
  readonly exchange = new ScriptedExchange();
  readonly file = new ScriptedFile();
  readonly published: CommittedEvent[] = [];
  risk: RiskManagerService;
  /** Whether what is committed is told, as order execution does. */
  tells = true;
  feeRate = ratio('0');
  private readonly random = new SeededRandom(7);
  private readonly settings: RiskManagerSettings;
  readonly books = new AccountBooks();
  private readonly orders = new Map<string, OrderRecord>();
  private made = 0;
  private trades = 0;

  constructor(change: SettingsChange = {}, startMs = NOON_MS) {
    this.time = new VirtualTime(startMs);
    this.ledger = new ScriptedLedger({ clock: this.time });
    this.settings = {
      ...DEFAULT_RISK_MANAGER_SETTINGS,
      equityAsset: 'USDT',
      symbols: ['BTCUSDT', 'ETHBTC', 'BNBUSDT'],
      repeats: 'none',
      runaway: 'none',
      heartbeatMsMaximum: Number.POSITIVE_INFINITY,
      ...change,
      limits: limitsWith(change.limits),
    };
    this.risk = this.makeRisk();
  }

  /** Gives alpha and beta 1000 USDT each, and starts. */
  static async started(change: SettingsChange = {}, startMs = NOON_MS): Promise<RiskWorld> {
    const world = new RiskWorld(change, startMs);
    for (const strategy of ['alpha', 'beta']) await world.deposit(strategy, 'USDT', '1000');
    await world.start();
    return world;
  }

  async start(): Promise<void> {
    const started = this.risk.start();
    await this.time.advance(5);
    await started;
  }

  /** The process dies; a new one begins with what the stores have. */
  async restart(): Promise<void> {
    this.risk.stop();
    this.risk = this.makeRisk();
    await this.start();
  }

  async ask(
    side: Side,
    terms: OrderTerms,
    change: Partial<OrderIntent> = {},
  ): Promise<{ readonly verdict: Verdict; readonly intent: OrderIntent; readonly reason: string }> {
    const intent = this.intent(side, terms, change);
    const verdict = await this.validate(intent);
    return { verdict, intent, reason: reasonOf(verdict) };
  }

  async validate(wanted: Wanted): Promise<Verdict> {
    const asked = this.risk.validate(wanted, 'test');
    await this.time.advance(0);
    return asked;
  }

  intent(side: Side, terms: OrderTerms, change: Partial<OrderIntent> = {}): OrderIntent {
    this.made += 1;
    return {
      clientOrderId: `order-${this.made}`,
      strategy: 'alpha',
      symbol: 'BTCUSDT',
      side,
      terms,
      tag: '',
      decidedAtMs: this.time.nowMs(),
      ...change,
    };
  }

  async write(intent: OrderIntent): Promise<void> {
    await this.writeWish(intent, [intent]);
  }

  async writeList(list: OrderListIntent): Promise<void> {
    await this.writeWish(list, legsOf(list));
  }

  private async writeWish(wanted: Wanted, intents: readonly OrderIntent[]): Promise<void> {
    for (const { clientOrderId, symbol, terms } of intents) {
      const quantity = terms.quantity === undefined ? {} : { quantity: terms.quantity };
      this.orders.set(clientOrderId, newOrderRecord({ clientOrderId, symbol, ...quantity }));
    }
    const lease = await this.ledger.acquireLease({ holder: 'test', durationMs: 86_400_000 });
    if (lease.kind !== 'held') throw new Error(lease.kind);
    const { epoch } = lease;
    await this.commit({ kind: 'intent', wanted, expiresAtMs: this.time.nowMs() + 5_000, epoch });
  }

  /** Asks, and when approved writes the intent and has it working at the exchange. */
  async place(side: Side, terms: OrderTerms, change: Partial<OrderIntent> = {}): Promise<OrderIntent> {
    const { intent, reason } = await this.ask(side, terms, change);
    if (reason !== 'approved') throw new Error(`refused: ${reason}`);
    await this.write(intent);
    await this.order(intent, 'accepted', 'working');
    return intent;
  }

  /** Places at market and fills whole. */
  async trade(side: Side, size: string, at: string, change: Partial<OrderIntent> = {}): Promise<void> {
    const intent = await this.place(side, { type: 'MARKET', quantity: quantity(size) }, change);
    await this.fill(intent, size, at);
  }

  async order(
    intent: OrderIntent,
    event: OrderEventKind,
    state: OrderState,
    change: Partial<OrderRecord> = {},
  ) {
    await this.commit(this.orderBody(intent, event, state, change));
  }

  /** Books a fill; the order ends with it when nothing is left. */
  async fill(intent: OrderIntent, size: string, at: string, timeMs = this.time.nowMs()): Promise<void> {
    await this.commit(...this.fillBodies(intent, quantity(size), price(at), timeMs));
  }

  fillBodies(intent: OrderIntent, size: Quantity, at: Price, timeMs = this.time.nowMs()): EventBody[] {
    const { clientOrderId, strategy, symbol, side, tag } = intent;
    const instrument = this.market.instruments.get(symbol)!;
    const quoteAmount: QuoteAmount = settle(notional(at, size), side === 'BUY' ? 'pay' : 'receive');
    this.trades += 1;
    const fill = {
      clientOrderId,
      strategy,
      symbol,
      side,
      quantity: size,
      price: at,
      fee: { asset: instrument.quoteAsset, amount: share(asAsset(quoteAmount), this.feeRate, 'pay') },
      liquidity: 'TAKER',
      tradeId: this.trades,
      timeMs,
      tag,
    } as const;
    const booked = this.books.bookFill({ fill, quoteAmount, instrument });
    const before = this.orders.get(clientOrderId)!;
    const executedQuantity = add(before.executedQuantity, size);
    const isAll = executedQuantity === before.quantity;
    const { quoteAsset } = instrument;
    return [
      { kind: 'fill', fill, venueOrderId: 1, quoteAmount, quoteAsset, ...booked },
      this.orderBody(intent, isAll ? 'filled_in_full' : 'filled_in_part', isAll ? 'filled' : 'working', {
        executedQuantity,
        executedQuoteAmount: add(before.executedQuoteAmount, quoteAmount),
      }),
    ];
  }

  async deposit(
    subAccount: string,
    asset: string,
    size: string,
    cause: 'allocation' | 'deposit' = 'allocation',
  ) {
    const moved: Amount = amount(asset, size);
    const postings = this.books.book(() => this.books.subAccount(subAccount).deposit(asset, moved));
    await this.commit({ kind: 'balance', cause, postings, detail: '' });
  }

  async depositToOwner(asset: string, size: string): Promise<void> {
    await this.deposit(OWNER, asset, size, 'deposit');
  }

  /** What the valuations of the ledger say that the day began with. */
  async dayStartsSince(atMs: number): Promise<readonly EquityAmount[]> {
    const valuations = await this.ledger.read({ afterSeq: 0, limit: 1000, kinds: ['valuation'] });
    return valuations.flatMap((event) =>
      event.kind === 'valuation' && event.atMs >= atMs ? [event.dayStartEquity] : [],
    );
  }

  async commit(...bodies: EventBody[]): Promise<void> {
    const events = bodies.map((body): TradingEvent => {
      this.made += 1;
      const id = `test-${this.made}`;
      return { ...body, id, correlationId: id, atMs: this.time.nowMs(), service: 'order-execution' };
    });
    const result = await this.ledger.commit(events);
    if (result.kind !== 'committed') throw new Error(JSON.stringify(result));
    if (this.tells) await this.risk.record(result.events);
  }

  private orderBody(
    intent: OrderIntent,
    event: OrderEventKind,
    state: OrderState,
    change: Partial<OrderRecord>,
  ): EventBody {
    const { clientOrderId, strategy } = intent;
    const venueOrderId = state === 'unknown' ? {} : { venueOrderId: 1 };
    const record = { ...this.orders.get(clientOrderId)!, ...venueOrderId, state, ...change };
    this.orders.set(clientOrderId, record);
    return { kind: 'order', strategy, event, record, isOurs: true };
  }

  private makeRisk(): RiskManagerService {
    return new RiskManagerService({
      clock: this.time,
      timers: this.time,
      random: this.random,
      telemetry: silentTelemetry,
      ledger: this.ledger,
      marketData: this.market,
      caller: this.exchange,
      haltFile: this.file,
      exchangeFilters: () => ({}),
      publish: (events) => this.published.push(...events),
      settings: this.settings,
    });
  }
}

export const reasonOf = (verdict: Verdict): string =>
  verdict.kind === 'approved' ? 'approved' : verdict.refusal.reason;
