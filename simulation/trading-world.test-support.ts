import {
  type Caller,
  ConnectionAttempts,
  calls,
  catchUpOver,
  type DatedBalance,
  makeSigner,
  type OrderChange,
  RestClient,
  ServerClock,
  SharedRateGate,
  UserStream,
  type VenueFill,
  WebSocketApi,
} from '@tradewind/binance';
import { type Amount, formatAmount, price, quantity } from '@tradewind/core/money';
import type { Approved, OrderEventKind, OrderIntent, OrderTerms, Side } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import {
  builtInExchangeInfo,
  demoAccounts,
  type FaultPlan,
  Simulator,
  traders,
} from '@tradewind/exchange-simulator';
import { MemoryWire } from '@tradewind/paper-exchange';
import { SeededRandom, VirtualTime } from '@tradewind/utils';

const START_MS = Date.UTC(2026, 0, 5, 12);
const HOUSE_ASSETS = ['USDT', 'BTC'];

export interface WorldOptions {
  readonly seed: number;
  readonly key?: 'HMAC' | 'ED25519';
  /** Log on once instead of signing each call; Ed25519 only. */
  readonly logsOn?: boolean;
  /** A made-up market trades around us. */
  readonly hasTraders?: boolean;
}

/** The whole client on one end of a wire in memory, the whole exchange on the other, in one virtual time. */
export class TradingWorld {
  readonly time = new VirtualTime(START_MS);
  readonly simulator: Simulator;
  readonly wire: MemoryWire;
  readonly serverClock: ServerClock;
  readonly rest: RestClient;
  readonly api: WebSocketApi;
  readonly userStream: UserStream;
  /** What the client was told, in order. */
  readonly fills: VenueFill[] = [];
  readonly balances = new Map<string, DatedBalance>();
  readonly conflicts: OrderChange[] = [];
  /** Demo account 1 is ours; demo account 2 is the house, which a test lets trade by hand. */
  readonly ours: number;
  readonly house: number;
  private ordersMade = 0;

  constructor({ seed, key = 'HMAC', logsOn = false, hasTraders = false }: WorldOptions) {
    const { time } = this;
    const info = builtInExchangeInfo(['BTCUSDT']);
    invariant(info.ok, 'BTCUSDT is a built-in symbol');
    const accounts = demoAccounts(HOUSE_ASSETS, seed);
    this.simulator = new Simulator(
      { clock: time, timers: time },
      {
        exchangeInfo: info.value,
        accounts,
        ...(hasTraders ? { market: traders({ seed, ordersPerSecond: 20 }) } : {}),
      },
    );
    const [mine, theirs] = accounts.map(({ keys }) => this.simulator.exchange.key(keys[0]!.apiKey)!.account);
    this.ours = mine!;
    this.house = theirs!;
    const { apiKey, held } = accounts[0]!.keys.find(({ kind }) => kind === key)!;
    const signer = makeSigner({ apiKey, secret: held });
    invariant(signer.ok, 'a demo key can sign');

    this.wire = new MemoryWire(this.simulator, time, { latencyMs: 5, remoteAddress: '10.0.0.1' });
    this.serverClock = new ServerClock(time);
    const random = new SeededRandom(seed);
    const bans = { load: () => undefined, save: () => undefined };
    const gate = new SharedRateGate({ clock: this.serverClock, timers: time, random, bans });
    this.rest = new RestClient(
      { http: this.wire, gate, clock: time, serverClock: this.serverClock, signer: signer.value },
      { baseUrl: 'http://exchange.test', recvWindowMs: 5000, timeoutMs: 12_000 },
    );
    this.userStream = new UserStream(
      {
        clock: time,
        timers: time,
        random,
        serverClock: this.serverClock,
        catchUp: catchUpOver(this.rest),
        symbols: ['BTCUSDT'],
      },
      {
        orderChanged: (change) => {
          this.fills.push(...change.fills);
          if (change.conflict !== undefined) this.conflicts.push(change);
        },
        balancesChanged: (balances) => {
          for (const balance of balances) this.balances.set(balance.asset, balance);
        },
      },
    );
    this.api = new WebSocketApi(
      {
        url: 'ws://exchange.test/ws-api/v3',
        transport: this.wire,
        clock: time,
        timers: time,
        random,
        attempts: new ConnectionAttempts(time),
        gate,
        signer: signer.value,
        serverClock: this.serverClock,
        synchronizer: this.rest.synchronizer,
        logsOn,
      },
      this.userStream,
    );
  }

  /** Starts everything and waits until the user stream is live. */
  async begin(): Promise<void> {
    if (this.simulator.marketIsRunning === false) this.simulator.startMarket();
    await this.perform(this.rest.perform(calls.serverTime()));
    void this.rest.synchronizer.synchronize();
    await this.time.advance(2000);
    this.api.start();
    await this.time.advance(2000);
  }

  /** Lets time pass until a call has ended. */
  perform<T>(outcome: Promise<T>): Promise<T> {
    return this.time.until(outcome, 50, 50_000);
  }

  /** An order of ours with a name of its own; approved by the test. */
  order(side: Side, terms: OrderTerms): Approved<OrderIntent> {
    this.ordersMade += 1;
    const intent: OrderIntent = {
      clientOrderId: `order-${this.ordersMade}`,
      strategy: 'test',
      symbol: 'BTCUSDT',
      side,
      terms,
      tag: '',
      decidedAtMs: this.time.nowMs(),
    };
    const named =
      terms.quantity === undefined
        ? { clientOrderId: intent.clientOrderId, symbol: intent.symbol }
        : { clientOrderId: intent.clientOrderId, symbol: intent.symbol, quantity: terms.quantity };
    this.userStream.account.orders.track(named);
    return intent as Approved<OrderIntent>;
  }

  /** Sends an order as whoever owns it must: named and noted before, its outcome noted after (faults.md I1, I4). */
  async submit(caller: Caller, order: Approved<OrderIntent>): Promise<void> {
    const { orders } = this.userStream.account;
    const note = (kind: OrderEventKind): void => {
      orders.note(order.symbol, order.clientOrderId, kind);
    };
    note('sent');
    const outcome = await caller.perform(calls.placeOrder(order, 'exit'));
    if (outcome.kind === 'done') this.userStream.takePlacement(outcome.value);
    else note(outcome.kind === 'unknown' ? 'timed_out' : 'rejected');
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

  /** 'free+locked' of each asset of ours, as the exchange has them. */
  trueBalances(): Record<string, string> {
    return textsOf(this.simulator.exchange.balances(this.ours));
  }

  /** The same as the client has been told. */
  heardBalances(): Record<string, string> {
    return textsOf([...this.balances.values()]);
  }

  /** Every order of ours that the exchange has ever taken. */
  trueOrders(): readonly { orderId: number; status: string; placedClientOrderId: string }[] {
    const orders = this.simulator.exchange.allOrders(this.ours, 'BTCUSDT', { limit: 1000 });
    invariant(orders.ok, 'the exchange knows the orders');
    return orders.value;
  }

  install(plan: FaultPlan): void {
    const installed = this.simulator.faults.install(plan);
    invariant(installed.ok, 'the plan fits this exchange');
  }
}

const textsOf = (
  balances: readonly { readonly asset: string; readonly free: Amount; readonly locked: Amount }[],
): Record<string, string> =>
  Object.fromEntries(
    balances.map(({ asset, free, locked }) => [asset, `${formatAmount(free)}+${formatAmount(locked)}`]),
  );

export const limit = (size: string, at: string, timeInForce: 'GTC' | 'IOC' = 'GTC'): OrderTerms => ({
  type: 'LIMIT',
  timeInForce,
  quantity: quantity(size),
  price: price(at),
});
