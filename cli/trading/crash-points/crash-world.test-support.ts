import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Amount,
  add,
  amount,
  formatAmount,
  price,
  quantity,
  unitsOf,
  zero,
} from '@tradewind/core/money';
import { isFinal, ordersOf, type Side } from '@tradewind/core/orders';
import { Account } from '@tradewind/core/portfolio';
import { builtInExchangeInfo, hmacKey, SimulatorHost, startServer } from '@tradewind/exchange-simulator';
import { EmbeddedPostgres, LedgerReader, verifyLedger } from '@tradewind/postgres';
import type { CommittedEvent } from '@tradewind/proto';
import { systemClock, systemTimers } from '@tradewind/utils';
import { busy, environmentFile } from '../processes.test-support.ts';
import type { HouseOrder } from './script.test-support.ts';
import type { TraderOptions } from './trader.test-support.ts';

const TRADER = fileURLToPath(new URL('trader.test-support.ts', import.meta.url));
const KEY = { apiKey: 'traderKey', secret: 'traderSecret' };
const HOUSE = { apiKey: 'houseKey', secret: 'houseSecret' };
const SYMBOL = 'BTCUSDT';
const POSITION_MAX = '0.03';
const OPEN_ORDERS_MAX = 6;
const QUOTE_EVERY_MS = 500;

type Said = HouseOrder | { readonly kind: 'settled' | 'done'; readonly passed: readonly string[] };

/** How one life of a trader went. */
export interface Life {
  readonly wasKilled: boolean;
  /** The points that it passed, as far as it could tell of them. */
  readonly passed: readonly string[];
}

/** An exchange and a database, in which one trader lives after the other. */
export class CrashWorld {
  private readonly folder: string;
  private readonly server: EmbeddedPostgres;
  private readonly host: SimulatorHost;
  private readonly stopListening: () => Promise<void>;
  private readonly options: Omit<TraderOptions, 'dieAt'>;
  private readonly account: number;
  private readonly house: number;
  private readonly orderIds = new Map<string, Set<number>>();
  private readonly tradeIds = new Set<string>();
  private readonly beyondLimits: string[] = [];
  private readonly quoting: NodeJS.Timeout;

  static async open(folder: string, route: 'rest' | 'websocket'): Promise<CrashWorld> {
    const server = await EmbeddedPostgres.start({
      dataFolder: join(folder, 'database'),
      timers: systemTimers,
      // Nothing kills the server here, so the disk need not be waited for.
      settings: ['fsync=off'],
    });
    if (!server.ok) throw new Error(server.error);
    const info = builtInExchangeInfo([SYMBOL]);
    if (!info.ok) throw new Error(`${SYMBOL} is built in`);
    const host = new SimulatorHost(
      { clock: systemClock, timers: systemTimers },
      {
        exchangeInfo: info.value,
        accounts: [
          { balances: [['USDT', amount('USDT', '20000')]], keys: [hmacKey(KEY.apiKey, KEY.secret)] },
          {
            balances: [
              ['USDT', amount('USDT', '100000000')],
              ['BTC', amount('BTC', '1000')],
            ],
            keys: [hmacKey(HOUSE.apiKey, HOUSE.secret)],
          },
        ],
      },
    );
    const listening = await startServer(host, { host: '127.0.0.1', port: 0 });
    if (!listening.ok) throw new Error('no port is free');
    const at = `127.0.0.1:${listening.value.port}`;
    const { limits, ...rest } = busy() as { limits: Record<string, Record<string, object>> };
    const file = environmentFile(folder, {
      ...rest,
      environment: 'development',
      mode: 'testnet',
      paper: undefined,
      exchange: {
        profile: 'simulator',
        order_route: route,
        recv_window_ms: 1_000,
        urls: { rest: `http://${at}`, streams: `ws://${at}`, websocket_api: `ws://${at}/ws-api/v3` },
        key: { api_key: '$' + '{env:NO_KEY}', secret: '$' + '{env:NO_SECRET}', account: 1 },
      },
      guards: { lease_ms: 2_000, repeats_maximum: 1_000, rejects_maximum: 1_000 },
      strategies: {
        // Judges once a day: all orders are those of the script.
        quiet: {
          ...(rest as never as { strategies: { busy: object } }).strategies.busy,
          interval: '1d',
          capital: { USDT: '15000' },
        },
      },
      limits: {
        ...limits,
        account: { ...limits.account, open_orders_maximum: OPEN_ORDERS_MAX },
        strategies: { quiet: limits.strategies!.busy },
        symbols: { [SYMBOL]: { ...limits.symbols![SYMBOL], position_maximum: POSITION_MAX } },
      },
    });
    return new CrashWorld(folder, server.value, host, () => listening.value.stop(), {
      file,
      folder: join(folder, 'data'),
      database: server.value.address,
      urls: { rest: `http://${at}`, streams: `ws://${at}`, websocketApi: `ws://${at}/ws-api/v3` },
      key: KEY,
    });
  }

  private constructor(
    folder: string,
    server: EmbeddedPostgres,
    host: SimulatorHost,
    stopListening: () => Promise<void>,
    options: Omit<TraderOptions, 'dieAt'>,
  ) {
    this.folder = folder;
    this.server = server;
    this.host = host;
    this.stopListening = stopListening;
    this.options = options;
    const { exchange } = host.simulator;
    this.account = exchange.key(KEY.apiKey)!.account;
    this.house = exchange.key(HOUSE.apiKey)!.account;
    this.placeHouse('SELL', '60010', '100');
    this.placeHouse('BUY', '59980', '100');
    exchange.listen({
      executionReport: ({ order, fill }) => {
        if (order.account !== this.account) return;
        const ids = this.orderIds.get(order.placedClientOrderId) ?? new Set();
        this.orderIds.set(order.placedClientOrderId, ids.add(order.orderId));
        if (fill !== undefined) this.tradeIds.add(String(fill.tradeId));
        this.watchLimits();
      },
    });
    this.quoting = setInterval(() => this.quote(), QUOTE_EVERY_MS);
  }

  /** One life: it puts in order what the one before has left, is looked at, and trades; killed at a point if it passes it. */
  async live(dieAt?: string): Promise<Life> {
    const child = spawn(process.execPath, [TRADER, JSON.stringify({ ...this.options, dieAt })], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let passed: readonly string[] = [];
    let problem: unknown;
    let complaint = '';
    child.stderr!.on('data', (chunk) => (complaint += String(chunk)));
    child.on('message', (said: Said) => {
      if (said.kind === 'house') return this.placeHouse(said.side, said.price, said.quantity, 'IOC');
      passed = said.passed;
      if (said.kind === 'done') return;
      this.verify().then(
        () => child.connected && child.send('trade'),
        (error: unknown) => {
          problem = error;
          child.kill('SIGKILL');
        },
      );
    });
    const signal = await ended(child);
    if (problem !== undefined) throw problem;
    if (signal === null && child.exitCode !== 0) throw new Error(`the trader ended by itself:\n${complaint}`);
    return { wasKilled: signal === 'SIGKILL', passed };
  }

  /** While nothing is open: books, orders and trades are those of the exchange, to the last digit. */
  private async verify(): Promise<void> {
    const reader = await LedgerReader.open(this.options.database, systemTimers);
    if (!reader.ok) throw new Error(reader.error);
    try {
      const { balances, breaks, orders } = await reader.value.load();
      const problems: string[] = [...this.beyondLimits, ...breaks.map(({ name }) => `break ${name}`)];
      for (const { asset, free, locked } of this.host.simulator.exchange.balances(this.account)) {
        const owned = balances
          .filter(
            (each) =>
              each.asset === asset && (each.account === Account.free || each.account === Account.locked),
          )
          .reduce((sum: Amount, each) => add(sum, each.amount), zero<Amount>());
        const [ours, theirs] = [formatAmount(owned), formatAmount(add(free, locked))];
        if (ours !== theirs) problems.push(`${asset}: the books have ${ours}, the exchange ${theirs}`);
      }
      const open = orders.filter(({ record }) => !isFinal(record.state));
      if (open.length > 0) problems.push(`${open.length} orders are open in the ledger`);
      const intents = new Set<string>();
      const booked: string[] = [];
      for await (const event of eventsOf(reader.value)) {
        if (event.kind === 'fill') booked.push(String(event.fill.tradeId));
        if (event.kind === 'intent')
          for (const { clientOrderId } of ordersOf(event.wanted)) intents.add(clientOrderId);
      }
      for (const [name, ids] of this.orderIds) {
        if (ids.size > 1) problems.push(`${name} has ${ids.size} orders (I2)`);
        if (!intents.has(name)) problems.push(`${name} was sent without an intent (I1)`);
      }
      if (booked.length !== new Set(booked).size) problems.push('a trade is booked twice (I3)');
      if (booked.toSorted().join() !== [...this.tradeIds].toSorted().join())
        problems.push(`booked ${booked.length} trades of ${this.tradeIds.size} (I3)`);
      const verification = await verifyLedger(reader.value);
      if (verification.kind !== 'whole') problems.push(JSON.stringify(verification));
      if (problems.length > 0) throw new Error(problems.join('\n'));
    } finally {
      await reader.value.close();
    }
  }

  /** Position and open orders together, at every instant (I6). */
  private watchLimits(): void {
    const { exchange } = this.host.simulator;
    const open = exchange.openOrders(this.account, SYMBOL);
    if (!open.ok) return;
    const btc = exchange.balances(this.account).find(({ asset }) => asset === 'BTC');
    const held = btc === undefined ? 0n : unitsOf(btc.free) + unitsOf(btc.locked);
    const buying = open.value
      .filter(({ side }) => side === 'BUY')
      .reduce((sum, order) => sum + unitsOf(order.quantity!) - unitsOf(order.executedQuantity), 0n);
    if (held + buying > unitsOf(quantity(POSITION_MAX)))
      this.beyondLimits.push(`a position of ${held} and ${buying} more is possible (I6)`);
    if (open.value.length > OPEN_ORDERS_MAX)
      this.beyondLimits.push(`${open.value.length} orders are open (I6)`);
  }

  /** Prices have to be fresh for anything to be bought. */
  private quote(): void {
    this.placeHouse('BUY', '59985', '0.001', 'GTC', 'quote');
    const { exchange } = this.host.simulator;
    exchange.cancelByHand(this.house, { symbol: SYMBOL, origClientOrderId: 'quote' });
  }

  private placeHouse(
    side: Side,
    at: string,
    size: string,
    timeInForce: 'GTC' | 'IOC' = 'GTC',
    clientOrderId?: string,
  ): void {
    this.host.simulator.exchange.placeByHand(this.house, SYMBOL, {
      side,
      type: 'LIMIT',
      timeInForce,
      price: price(at),
      quantity: quantity(size),
      clientOrderId,
    });
  }

  async close(): Promise<void> {
    clearInterval(this.quoting);
    await this.stopListening();
    this.host.stop();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));

async function* eventsOf(reader: LedgerReader): AsyncGenerator<CommittedEvent> {
  for (let afterSeq = 0; ; ) {
    const page = await reader.read({ afterSeq, limit: 10_000, kinds: ['fill', 'intent'] });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
  }
}
