import { quantity } from '@tradewind/core/money';
import { err, type Result } from '@tradewind/core/result';
import type { Clock } from '@tradewind/utils';
import type { AccountPosition, Balance, ExchangePort, ExecutionReport, Order } from '../exchange/index.ts';
import { Versions } from './versions.ts';

const NO_SUCH_ORDER = { code: -2013, msg: 'Order does not exist.' };
const NOTHING = quantity('0');
const OPEN: ReadonlySet<string> = new Set(['NEW', 'PARTIALLY_FILLED', 'PENDING_NEW']);

/**
 * The exchange as its queries see it while they lag: `order`, `openOrders`, `allOrders`, `fills`, `account` and `balances`
 * answer from the state of some time ago, everything else, and everything outside of `during`, from the state of now. (The
 * exchange answers queries from a cache, then a database, which follow the engine: binance-spot.md section 4.) It remembers
 * changes only while it records, and only as long as the longest lag.
 */
export class LaggingView {
  /** To be given to whatever answers queries. */
  readonly exchange: ExchangePort;
  private readonly real: ExchangePort;
  private readonly clock: Clock;
  private readonly orders = new Versions<Order>();
  private readonly balances = new Versions<Balance>();
  private readonly fills = new Versions<true>();
  private stopListening: (() => void) | undefined;
  private keptMs = 0;
  private lagMs = 0;

  constructor(exchange: ExchangePort, clock: Clock) {
    this.real = exchange;
    this.clock = clock;
    this.exchange = this.delegate();
  }

  /** Remembers changes from now on for so long; 0 forgets all and remembers nothing. */
  record(keptMs: number): void {
    this.keptMs = keptMs;
    if (keptMs > 0 && this.stopListening === undefined) {
      this.takeStock();
      this.stopListening = this.real.listen({
        executionReport: (report) => this.note(report),
        accountPosition: (position) => this.notePosition(position),
      });
    }
    if (keptMs > 0 || this.stopListening === undefined) return;
    this.stopListening();
    this.stopListening = undefined;
    for (const versions of [this.orders, this.balances, this.fills]) versions.clear();
  }

  /** Queries that `action` makes see the exchange as it was `lagMs` ago. */
  during<T>(lagMs: number, action: () => T): T {
    this.lagMs = lagMs;
    try {
      return action();
    } finally {
      this.lagMs = 0;
    }
  }

  private takeStock(): void {
    for (const { account, balances } of this.real.oracle.accounts) {
      const open = this.real.openOrders(account);
      if (open.ok) for (const order of open.value) this.orders.begin(keyOf(order), order);
      for (const balance of balances) this.balances.begin(`${account}/${balance.asset}`, balance);
    }
  }

  private note({ order, fill }: ExecutionReport): void {
    if (order.orderId < 0) return;
    const nowMs = this.clock.elapsedMs();
    this.orders.put(keyOf(order), order, nowMs, nowMs - this.keptMs);
    if (fill === undefined) return;
    this.fills.put(`${fill.account}/${fill.symbol}/${fill.tradeId}`, true, nowMs, nowMs - this.keptMs);
  }

  private notePosition({ account, balances }: AccountPosition): void {
    const nowMs = this.clock.elapsedMs();
    for (const balance of balances) {
      this.balances.put(`${account}/${balance.asset}`, balance, nowMs, nowMs - this.keptMs);
    }
  }

  private get thenMs(): number {
    return this.clock.elapsedMs() - this.lagMs;
  }

  /** The order as it was; undefined before it existed. */
  private past(order: Order): Order | undefined {
    const past = this.orders.at(keyOf(order), this.thenMs);
    return past.isKnown ? past.value : order;
  }

  private pastOrder(
    account: number,
    ask: Parameters<ExchangePort['order']>[1],
  ): ReturnType<ExchangePort['order']> {
    const order = this.real.order(account, ask);
    if (!order.ok) return order;
    const past = this.past(order.value);
    return past === undefined ? err(NO_SUCH_ORDER) : { ok: true, value: past };
  }

  private pastOpenOrders(account: number, symbol?: string): ReturnType<ExchangePort['openOrders']> {
    const open = this.real.openOrders(account, symbol);
    if (!open.ok) return open;
    const all = new Map(open.value.map((order) => [keyOf(order), order]));
    for (const order of this.orders.newest()) {
      if (order.account === account && (symbol === undefined || order.symbol === symbol)) {
        all.set(keyOf(order), order);
      }
    }
    const value = [...all.values()]
      .flatMap((order) => this.past(order) ?? [])
      .filter(({ status }) => OPEN.has(status))
      .sort((one, other) => compareTexts(one.symbol, other.symbol) || one.orderId - other.orderId);
    return { ok: true, value };
  }

  private pastBalances(account: number, balances: readonly Balance[]): Balance[] {
    return balances.map((balance) => {
      const past = this.balances.at(`${account}/${balance.asset}`, this.thenMs);
      if (!past.isKnown) return balance;
      return past.value ?? { asset: balance.asset, free: NOTHING, locked: NOTHING };
    });
  }

  private delegate(): ExchangePort {
    const { real } = this;
    const lagging: Partial<ExchangePort> = {
      order: (account, reference) =>
        this.lagMs === 0 ? real.order(account, reference) : this.pastOrder(account, reference),
      openOrders: (account, symbol) =>
        this.lagMs === 0 ? real.openOrders(account, symbol) : this.pastOpenOrders(account, symbol),
      allOrders: (account, symbol, range) =>
        this.keep(real.allOrders(account, symbol, range), (order) => this.past(order)),
      fills: (account, symbol, range) =>
        this.keep(real.fills(account, symbol, range), (fill) => {
          const past = this.fills.at(`${fill.account}/${fill.symbol}/${fill.tradeId}`, this.thenMs);
          return past.isKnown && past.value === undefined ? undefined : fill;
        }),
      account: (account) => {
        const found = real.account(account);
        if (this.lagMs === 0 || found === undefined) return found;
        return { ...found, balances: this.pastBalances(account, found.balances) };
      },
      balances: (account) => {
        const found = real.balances(account);
        return this.lagMs === 0 ? found : this.pastBalances(account, found);
      },
    };
    return delegateOf(real, lagging);
  }

  private keep<Row, Problem>(
    rows: Result<readonly Row[], Problem>,
    past: (row: Row) => Row | undefined,
  ): Result<readonly Row[], Problem> {
    if (this.lagMs === 0 || !rows.ok) return rows;
    return { ok: true, value: rows.value.flatMap((row) => past(row) ?? []) };
  }
}

const keyOf = ({ symbol, orderId }: Order): string => `${symbol}/${orderId}`;

const compareTexts = (one: string, other: string): number => Number(one > other) - Number(one < other);

/** An object that does what another does, but for some of its methods. */
function delegateOf<T extends object>(real: T, instead: Partial<T>): T {
  const delegate: Record<string, unknown> = {};
  for (let level: object = real; level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (name === 'constructor' || Object.hasOwn(delegate, name)) continue;
      // What is no method can change: it is looked up when it is asked for.
      if (typeof value === 'function') delegate[name] = value.bind(real);
      else Object.defineProperty(delegate, name, { get: () => Reflect.get(real, name), enumerable: true });
    }
  }
  // As a prototype, because V8 keeps an object that got so many members one by one as a table, which it searches at every call.
  return Object.create(Object.assign(delegate, instead)) as T;
}
