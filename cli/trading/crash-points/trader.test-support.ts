import { HttpPool, makeSigner, WebSockets } from '@tradewind/binance';
import type { SocketAddress } from '@tradewind/postgres';
import { PostgresLedger } from '@tradewind/postgres';
import { LocalBus } from '@tradewind/proto';
import { haltFileAt } from '@tradewind/risk-manager';
import { settingsOf, TradingSystem, VenueConnection, type VenueUrls } from '@tradewind/trading-system';
import { SeededRandom, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import { loadEnvironment } from '../environment.ts';
import { CrashPoints, httpWith, ledgerWith, socketsWith } from './points.test-support.ts';
import { Script } from './script.test-support.ts';

/** What a trader is told as its only argument, as JSON. */
export interface TraderOptions {
  /** The file of the environment. */
  readonly file: string;
  /** For what it keeps. */
  readonly folder: string;
  readonly database: SocketAddress;
  readonly urls: VenueUrls;
  readonly key: { readonly apiKey: string; readonly secret: string };
  readonly dieAt?: string;
}

/**
 * A whole trading system in a process of its own, in which every passage to the ledger and the exchange is a point to die at. It puts
 * its house in order, says so, trades by a script when it is told to, and ends in order. Its parent has a word in between.
 */
const options: TraderOptions = JSON.parse(process.argv[2]!);
const points = new CrashPoints(options.dieAt);
const outside = {
  clock: systemClock,
  timers: systemTimers,
  random: new SeededRandom(1),
  telemetry: silentTelemetry,
};

const environment = await loadEnvironment({ environment: options.file, data: options.folder });
if (!environment.ok) throw new Error(environment.error.sentence);
const { config, definitions, hash, text, folder } = environment.value;
const ledger = await PostgresLedger.open({
  address: options.database,
  timers: systemTimers,
  stamp: { build: 'test', configurationHash: hash },
});
if (!ledger.ok) throw new Error(ledger.error);
const signer = makeSigner(options.key);
if (!signer.ok) throw new Error('the key can sign');
const http = httpWith(points, new HttpPool({ timers: systemTimers }));
const market = new VenueConnection(
  {
    ...outside,
    wire: { http, sockets: socketsWith(points, new WebSockets()) },
    bans: { load: () => undefined, save: () => undefined },
  },
  {
    urls: options.urls,
    recvWindowMs: config.exchange.recv_window_ms,
    route: config.exchange.order_route,
    signer: signer.value,
    ceilings: { weightPerMinute: 6_000, ordersPerSecond: 50 },
  },
);
const settings = settingsOf(config, definitions, () => '');
const system = await TradingSystem.start({
  ...outside,
  ledger: ledgerWith(points, ledger.value),
  bus: new LocalBus(outside),
  market,
  openVenue: async () => ({
    ok: true,
    value: { connection: market, cancelCaller: market.newRestClient(http), stop: async () => undefined },
  }),
  haltFile: haltFileAt(folder.haltFile),
  // Kills come in a row here that a supervisor would slow down; that has tests of its own (faults.md X5).
  starts: { add: async (atMs) => [atMs] },
  holder: `trader-${process.pid}-${systemClock.nowMs()}`,
  configuration: { environment: config.environment, mode: config.mode, hash, text },
  settings: {
    ...settings,
    execution: {
      ...settings.execution,
      inDoubt: { firstAskMs: 200, longestAskMs: 1_000, negativesApartMs: 300 },
      // A stop that comes back by itself would be one more order than the script has made.
      strategies: new Map(
        [...settings.execution.strategies].map(([name, each]) => [name, { ...each, keepsProtection: false }]),
      ),
    },
  },
});
if (!system.ok) throw new Error(system.error);

const script = new Script(system.value.orderExecution, points);
await script.putInOrder();
process.send!({ kind: 'settled', passed: points.passed });
process.once('message', async () => {
  await script.trade();
  points.phase = 'stop';
  await system.value.stop();
  await ledger.value.close();
  process.send!({ kind: 'done', passed: points.passed });
  process.exit(0);
});
