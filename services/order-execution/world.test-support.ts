import {
  ConnectionAttempts,
  calls,
  catchUpOver,
  makeSigner,
  type OrderEntry,
  orderEntryOver,
  RestClient,
  ServerClock,
  SharedRateGate,
  type Signer,
  UserStream,
  WebSocketApi,
} from '@tradewind/binance';
import type { Instrument } from '@tradewind/core/market';
import { add, amount, formatAmount, price, quantity } from '@tradewind/core/money';
import {
  type OrderIntent,
  type OrderListIntent,
  type OrderTerms,
  ordersOf,
  type Side,
} from '@tradewind/core/orders';
import { AccountBooks } from '@tradewind/core/portfolio';
import { invariant } from '@tradewind/core/result';
import { builtInExchangeInfo, demoAccounts, type FaultPlan, Simulator } from '@tradewind/exchange-simulator';
import type {
  CommittedEvent,
  ExecutionState,
  HaltOrder,
  Ledger,
  MarketSnapshot,
  RiskEpoch,
  Signal,
  SubmitResult,
  Verdict,
} from '@tradewind/proto';
import { MemoryLedger } from '@tradewind/proto/ledger';
import { SeededRandom, silentTelemetry, VirtualTime } from '@tradewind/utils';
import { BrittleLedger, PluggedWire, pluggedLedger } from './brittle.test-support.ts';
import {
  DEFAULT_EXECUTION_SETTINGS,
  type ExecutionParts,
  type ExecutionSettings,
  OrderExecutionService,
  type StrategyExecution,
} from './index.ts';

const START_MS = Date.UTC(2026, 0, 5, 12);
const LATENCY_MS = 5;

export interface WorldOptions {
  readonly seed?: number;
  readonly symbols?: readonly string[];
  readonly settings?: Partial<ExecutionSettings>;
  readonly strategies?: ReadonlyMap<string, StrategyExecution>;
  /** Stands before the real way of orders to the exchange. */
  readonly entryOver?: (entry: OrderEntry) => OrderEntry;
  /** Makes the risk manager of each run instead of the scripted one. */
  readonly riskManager?: (outside: RunOutside) => ExecutionParts['risk'];
}

/** What one run of a process has of the world. */
export interface RunOutside {
  readonly time: VirtualTime;
  readonly ledger: Ledger;
  readonly caller: ExecutionParts['caller'];
  readonly marketData: ExecutionParts['marketData'];
  readonly isAlive: () => boolean;
}

/** Approves everything that it is not told to refuse, and remembers what it was told. */
class ScriptedRisk {
  readonly told: CommittedEvent[] = [];
  readonly halts: HaltOrder[] = [];
  readonly withdrawn: string[] = [];
  beats = 0;
  now: RiskEpoch = { run: 'scripted', changes: 0, letOn: 0, trips: [] };
  answer: () => Verdict | undefined = () => undefined;

  async validate(wanted: unknown): Promise<Verdict> {
    const approved = { kind: 'approved', approved: wanted, checks: [], epoch: this.epoch() };
    return this.answer() ?? (approved as unknown as Verdict);
  }
  epoch(): RiskEpoch {
    return this.now;
  }
  async withdraw(ids: readonly string[]): Promise<void> {
    this.withdrawn.push(...ids);
  }
  async record(events: readonly CommittedEvent[]): Promise<void> {
    this.told.push(...events);
  }
  async halt(order: HaltOrder) {
    this.halts.push(order);
    return { breakers: { trips: [], losses: new Map() }, storedIn: [], canceled: [], unproven: [] };
  }
  async heartbeat(): Promise<void> {
    this.beats += 1;
  }
}

/** The real client and the real service on one end of a wire in memory, the whole exchange on the other, in one virtual time. */
export class ExecutionWorld {
  readonly time = new VirtualTime(START_MS);
  readonly simulator: Simulator;
  readonly ledger = new BrittleLedger(new MemoryLedger({ clock: this.time }));
  readonly risk = new ScriptedRisk();
  readonly published: CommittedEvent[] = [];
  readonly instruments = new Map<string, Instrument>();
  readonly ours: number;
  readonly house: number;
  readonly starts: number[] = [];
  readonly snapshots = new Map<string, MarketSnapshot>();
  wire: PluggedWire;
  service: OrderExecutionService;
  private readonly options: WorldOptions;
  private readonly signer: Signer;
  private ordersMade = 0;
  private runs = 0;

  constructor(options: WorldOptions = {}) {
    this.options = options;
    const { time } = this;
    const info = builtInExchangeInfo(options.symbols ?? ['BTCUSDT']);
    invariant(info.ok, 'BTCUSDT is a built-in symbol');
    const accounts = demoAccounts(['USDT', 'BTC', 'BNB'], options.seed ?? 1);
    this.simulator = new Simulator({ clock: time, timers: time }, { exchangeInfo: info.value, accounts });
    const [mine, theirs] = accounts.map(({ keys }) => this.simulator.exchange.key(keys[0]!.apiKey)!.account);
    this.ours = mine!;
    this.house = theirs!;
    const { apiKey, held } = accounts[0]!.keys.find(({ kind }) => kind === 'HMAC')!;
    const signer = makeSigner({ apiKey, secret: held });
    invariant(signer.ok, 'a demo key can sign');
    this.signer = signer.value;
    this.wire = this.newWire();
    this.service = this.newService();
  }

  /** Starts the service and waits until it trades. */
  async begin(): Promise<void> {
    await this.learnRules();
    void this.service.start();
    await this.until('ready');
  }

  async learnRules(): Promise<void> {
    const rules = await this.perform(this.clientOf(this.wire).rest.perform(calls.exchangeInfo()));
    invariant(rules.kind === 'done', 'the rules can be read');
    for (const [symbol, instrument] of rules.value.instruments) this.instruments.set(symbol, instrument);
  }

  async until(state: ExecutionState['state'], withinMs = 120_000): Promise<ExecutionState> {
    for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 100) {
      const now = await this.service.state();
      if (now.state === state) return now;
      await this.time.advance(100);
    }
    const last = await this.service.state();
    throw new Error(`${last.state} (${last.detail}), not ${state}, after ${withinMs} ms`);
  }

  /** The process dies: what it was doing is never heard of again. Another one starts on the same ledger. */
  crash(): void {
    this.wire.unplug();
    this.wire = this.newWire();
    this.service = this.newService();
    void this.service.start();
  }

  newService(wire = this.wire): OrderExecutionService {
    this.runs += 1;
    return new OrderExecutionService(this.partsOver(wire, `run-${this.runs}`));
  }

  newWire(): PluggedWire {
    return new PluggedWire(this.simulator, this.time, { latencyMs: LATENCY_MS, remoteAddress: '10.0.0.1' });
  }

  private partsOver(wire: PluggedWire, holder: string): ExecutionParts {
    const { time, options } = this;
    const { serverClock, rest, openUserFeed } = this.clientOf(wire);
    const ledger = pluggedLedger(this.ledger, wire);
    const marketData = { snapshot: async (symbol: string) => this.snapshots.get(symbol) };
    const overRest = orderEntryOver('rest', { rest, websocket: rest });
    const entry = options.entryOver?.(overRest) ?? overRest;
    return {
      clock: time,
      timers: time,
      random: new SeededRandom((options.seed ?? 1) + this.runs),
      serverClock,
      telemetry: silentTelemetry,
      ledger,
      risk:
        options.riskManager?.({ time, ledger, caller: rest, marketData, isAlive: () => wire.isPlugged }) ??
        this.risk,
      marketData,
      entry,
      caller: rest,
      openUserFeed,
      instruments: this.instruments,
      starts: {
        add: async (atMs) => {
          this.starts.push(atMs);
          return this.starts;
        },
      },
      publish: (events) => this.published.push(...events),
      holder,
      settings: {
        ...DEFAULT_EXECUTION_SETTINGS,
        strategies: options.strategies ?? new Map([['test', strategyWith({ USDT: '50000', BTC: '1' })]]),
        ...options.settings,
      },
    };
  }

  private clientOf(wire: PluggedWire) {
    const { time, signer } = this;
    const serverClock = new ServerClock(time);
    const random = new SeededRandom(this.options.seed ?? 1);
    const bans = { load: () => undefined, save: () => undefined };
    const gate = new SharedRateGate({ clock: serverClock, timers: time, random, bans });
    const rest = new RestClient(
      { http: wire, gate, clock: time, serverClock, signer },
      { baseUrl: 'http://exchange.test', recvWindowMs: 5000, timeoutMs: 12_000 },
    );
    rest.synchronizer.keepInStep(time, 60_000);
    const openUserFeed: ExecutionParts['openUserFeed'] = (streamOptions, listener) => {
      const stream = new UserStream(
        { ...streamOptions, clock: time, timers: time, random, serverClock, catchUp: catchUpOver(rest) },
        listener,
      );
      const api = new WebSocketApi(
        {
          url: 'ws://exchange.test/ws-api/v3',
          transport: wire,
          clock: time,
          timers: time,
          random,
          attempts: new ConnectionAttempts(time),
          gate,
          signer,
          serverClock,
          synchronizer: rest.synchronizer,
        },
        stream,
      );
      return {
        stream,
        start: () => api.start(),
        stop: () => {
          stream.stop();
          api.stop();
        },
      };
    };
    return { serverClock, rest, openUserFeed };
  }

  /** Lets time pass until a promise has settled. */
  perform<T>(promise: Promise<T>, withinMs = 60_000): Promise<T> {
    return this.time.until(promise, 5, withinMs);
  }

  intent(side: Side, terms: OrderTerms, strategy = 'test'): OrderIntent {
    this.ordersMade += 1;
    return {
      clientOrderId: `order-${this.ordersMade}`,
      strategy,
      symbol: 'BTCUSDT',
      side,
      terms,
      tag: '',
      decidedAtMs: this.time.nowMs(),
    };
  }

  signal(intent: OrderIntent, expiresInMs = 10_000): Signal {
    const { strategy, symbol, decidedAtMs } = intent;
    return { action: 'order', intent, strategy, symbol, decidedAtMs, expiresAtMs: decidedAtMs + expiresInMs };
  }

  submit(side: Side, terms: OrderTerms, strategy = 'test'): Promise<SubmitResult> {
    const intent = this.intent(side, terms, strategy);
    return this.service.submit(this.signal(intent), `because of ${intent.clientOrderId}`);
  }

  submitList(list: OrderListIntent): Promise<SubmitResult> {
    const [{ strategy, symbol, decidedAtMs }] = ordersOf(list);
    const expiresAtMs = decidedAtMs + 10_000;
    const signal: Signal = { action: 'list', list, strategy, symbol, decidedAtMs, expiresAtMs };
    return this.service.submit(signal, `because of ${list.listClientOrderId}`);
  }

  /** The house places a limit order, which rests or trades. */
  houseOrder(side: Side, at: string, size: string): void {
    const placed = this.simulator.exchange.placeByHand(this.house, 'BTCUSDT', {
      side,
      type: 'LIMIT',
      timeInForce: 'GTC',
      price: price(at),
      quantity: quantity(size),
    });
    invariant(placed.ok, 'the house can place what a test wants');
  }

  /** The exchange has no histories of deposits and withdrawals, as a testnet has none. */
  tellsNoHistory(): void {
    const endpoint = ['GET /sapi/v1/capital/deposit/hisrec', 'GET /sapi/v1/capital/withdraw/history'];
    this.install({ faults: [{ fault: 'fail_request', where: { endpoint }, error: 'gone_html' }] });
  }

  install(plan: FaultPlan): void {
    const installed = this.simulator.faults.install(plan);
    invariant(installed.ok, 'the plan fits this exchange');
  }

  /** Every order of ours that the exchange has ever taken. */
  trueOrders() {
    const orders = this.simulator.exchange.allOrders(this.ours, 'BTCUSDT', { limit: 1000 });
    invariant(orders.ok, 'the exchange knows the orders');
    return orders.value;
  }

  trueFills() {
    const fills = this.simulator.exchange.fills(this.ours, 'BTCUSDT', { limit: 1000 });
    invariant(fills.ok, 'the exchange knows the fills');
    return fills.value;
  }

  /** What the exchange has of each asset, and what the ledger says. */
  async balances(): Promise<{
    readonly venue: Record<string, string>;
    readonly ledger: Record<string, string>;
  }> {
    const books = new AccountBooks();
    for (const posting of (await this.ledger.inner.load()).balances) books.restoreBalance(posting);
    const venue = this.simulator.exchange.balances(this.ours);
    const assets = new Set([...venue.map(({ asset }) => asset), ...books.assets()]);
    const venueTotals = new Map(
      venue.map(({ asset, free, locked }) => [asset, formatAmount(add(free, locked))]),
    );
    return {
      venue: Object.fromEntries([...assets].sort().map((asset) => [asset, venueTotals.get(asset) ?? '0'])),
      ledger: Object.fromEntries(
        [...assets].sort().map((asset) => [asset, formatAmount(books.total(asset))]),
      ),
    };
  }

  async ledgerOrder(clientOrderId: string) {
    const { orders } = await this.ledger.inner.load();
    return orders.find(({ intent }) => intent.clientOrderId === clientOrderId);
  }

  events<K extends CommittedEvent['kind']>(kind: K): readonly Extract<CommittedEvent, { kind: K }>[] {
    return this.published.filter((event) => event.kind === kind) as unknown as readonly Extract<
      CommittedEvent,
      { kind: K }
    >[];
  }
}

export const strategyWith = (
  capital: Readonly<Record<string, string>>,
  policies: Partial<StrategyExecution> = {},
): StrategyExecution => ({
  capital: Object.entries(capital).map(([asset, text]) => ({ asset, amount: amount(asset, text) })),
  unfilled: { kind: 'rest' },
  keepsProtection: false,
  ...policies,
});
