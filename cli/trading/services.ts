import { type Caller, calls } from '@tradewind/binance';
import { err, ok, type Result } from '@tradewind/core/result';
import { Gateway } from '@tradewind/gateway';
import type {
  Bus,
  CommittedEvent,
  Ledger,
  MarketData,
  OrderExecution,
  RiskManager,
  StrategyEngine,
} from '@tradewind/proto';
import { haltFileAt } from '@tradewind/risk-manager';
import { type ServedContracts, startRpcServer } from '@tradewind/rpc';
import { forgetBlocked, readBlocked, startStrategyThread, startWatchdog } from '@tradewind/strategy-engine';
import type { PrometheusMetrics } from '@tradewind/telemetry';
import {
  describeMarketDataProblem,
  makeMarketData,
  makeOrderExecution,
  makeRiskManager,
  makeStrategyEngine,
  type ServiceOutside,
  type SystemSettings,
  type VenueConnection,
  VenueRulesNow,
} from '@tradewind/trading-system';
import type { Closing } from './closing.ts';
import { guardDisk } from './disk-guard.ts';
import type { LoadedEnvironment } from './environment.ts';
import { openGateway } from './open-gateway.ts';
import { recordSession } from './record-session.ts';
import type { ResolvedSecrets } from './secret-sources.ts';
import { startCounterAt } from './start-counter-file.ts';
import type { StartWaits } from './start-waits.ts';
import { connectMarket, openPaper, openPaperElsewhere, openReal } from './venue-connections.ts';

/** What each service is made of when it runs in a process of its own. The others are reached over RPC; who asks for one waits until it is there. */
export interface ServiceParts {
  readonly environment: LoadedEnvironment;
  readonly secrets: ResolvedSecrets;
  readonly outside: ServiceOutside;
  readonly ledger: Ledger;
  readonly bus: Bus;
  readonly publish: (events: readonly CommittedEvent[]) => void;
  readonly settings: SystemSettings;
  readonly token: string;
  readonly marketData: () => Promise<MarketData>;
  readonly riskManager: () => Promise<RiskManager>;
  readonly orderExecution: () => Promise<OrderExecution>;
  readonly strategyEngine: () => Promise<StrategyEngine>;
  readonly metrics: PrometheusMetrics;
  readonly holder: string;
  readonly startWaits: StartWaits;
}

/** @returns what keeps the service from its work, to be asked at any time; or a sentence when it cannot start */
type StartService = (
  parts: ServiceParts,
  closing: Closing,
) => Promise<Result<() => readonly string[], string>>;

export type ServiceName = keyof typeof SERVICES;
export const SERVICES = {
  'market-data': startMarketData,
  'risk-manager': startRiskManager,
  'order-execution': startOrderExecution,
  'strategy-engine': startStrategyEngine,
  gateway: startGatewayService,
} as const satisfies Record<string, StartService>;

const RULES_EVERY_MS = 60_000;

async function startMarketData(
  parts: ServiceParts,
  closing: Closing,
): Promise<Result<() => readonly string[], string>> {
  const { outside, settings, bus } = parts;
  const market = await connect(parts, closing);
  if (!market.ok) return market;
  const marketData = makeMarketData(
    outside,
    market.value,
    settings,
    new VenueRulesNow(settings.symbols),
    parts.startWaits.callerOf(market.value),
  );
  const started = await marketData.start();
  if (!started.ok) return err(describeMarketDataProblem(started.error));
  closing.add(() => marketData.stop());
  // Prices go to the services over their own streams; the bus has what is worth keeping.
  const subscription = marketData.subscribe({ symbols: settings.symbols, kinds: ['bar'] }, (update) => {
    const symbol = update.kind === 'bar' ? update.bar.symbol : '';
    bus.publish('market-data', update, symbol).catch(() => undefined);
  });
  closing.add(() => subscription.end());
  await recordSession(parts.environment, outside, marketData, settings, closing);
  return serve(parts, 'market-data', { marketData }, closing, () => []);
}

async function startRiskManager(
  parts: ServiceParts,
  closing: Closing,
): Promise<Result<() => readonly string[], string>> {
  const { outside, settings, environment, ledger, publish } = parts;
  const market = await connect(parts, closing);
  if (!market.ok) return market;
  const rules = await knownRules(parts, market.value, closing);
  if (!rules.ok) return rules;
  const venue =
    environment.config.mode === 'paper'
      ? openPaperElsewhere(connectionParts(parts))
      : await openReal(connectionParts(parts), market.value);
  if (!venue.ok) return venue;
  closing.add(() => venue.value.stop());
  const riskManager = makeRiskManager(
    {
      ...outside,
      ledger,
      marketData: await parts.marketData(),
      cancelCaller: venue.value.cancelCaller,
      haltFile: haltFileAt(environment.folder.haltFile),
      publish,
    },
    settings,
    rules.value,
  );
  await riskManager.start();
  closing.add(() => riskManager.stop());
  const { timers, telemetry } = outside;
  closing.add(guardDisk({ timers, log: telemetry.log, riskManager, folder: environment.folder.path }));
  return serve(
    parts,
    'risk-manager',
    { riskManager },
    closing,
    watched(closing, async () => {
      const { state, detail } = await riskManager.state();
      return state === 'ready' ? [] : [`${state}: ${detail}`];
    }),
  );
}

async function startOrderExecution(
  parts: ServiceParts,
  closing: Closing,
): Promise<Result<() => readonly string[], string>> {
  const { outside, settings, environment, ledger, publish, holder } = parts;
  const market = await connect(parts, closing);
  if (!market.ok) return market;
  const rules = await knownRules(parts, market.value, closing);
  if (!rules.ok) return rules;
  const marketData = await parts.marketData();
  const venue =
    environment.config.mode === 'paper'
      ? await openPaper(connectionParts(parts), marketData, environment.config.services?.['paper-exchange'])
      : await openReal(connectionParts(parts), market.value);
  if (!venue.ok) return venue;
  closing.add(() => venue.value.stop());
  const orderExecution = makeOrderExecution(
    {
      ...outside,
      ledger,
      marketData,
      risk: await parts.riskManager(),
      venue: venue.value.connection,
      starts: startCounterAt(environment.folder.startsFile),
      holder,
      publish,
    },
    settings,
    rules.value,
  );
  void orderExecution.start();
  closing.add(() => orderExecution.stop());
  return serve(
    parts,
    'order-execution',
    { orderExecution },
    closing,
    watched(closing, async () => {
      const { state, detail } = await orderExecution.state();
      return state === 'ready' ? [] : [`${state}: ${detail}`];
    }),
  );
}

async function startStrategyEngine(
  parts: ServiceParts,
  closing: Closing,
): Promise<Result<() => readonly string[], string>> {
  const { outside, settings, environment, ledger, bus } = parts;
  const { blockedFile } = environment.folder;
  const { block_maximum_ms } = environment.config.guards;
  const watchdog = startWatchdog({
    strategies: settings.instances.map(({ strategy }) => strategy),
    blockedFile,
    haltAfterMs: block_maximum_ms,
    endAfterMs: block_maximum_ms * 10,
  });
  closing.add(() => watchdog.end());
  const strategyEngine = makeStrategyEngine(
    {
      ...outside,
      ledger,
      bus,
      marketData: await parts.marketData(),
      execution: await parts.orderExecution(),
      isolation: {
        watch: watchdog.state,
        threads: startStrategyThread,
        blockedBefore: readBlocked(blockedFile),
        blockedRecorded: () => forgetBlocked(blockedFile),
      },
    },
    settings,
  );
  await strategyEngine.open();
  closing.add(() => strategyEngine.close());
  return serve(parts, 'strategy-engine', { strategyEngine }, closing, () => []);
}

async function startGatewayService(
  parts: ServiceParts,
  closing: Closing,
): Promise<Result<() => readonly string[], string>> {
  const { environment, secrets, outside, ledger, metrics } = parts;
  const { config } = environment;
  const gateway = new Gateway({
    clock: outside.clock,
    ledger,
    marketData: await parts.marketData(),
    strategyEngine: await parts.strategyEngine(),
    riskManager: await parts.riskManager(),
    orderExecution: await parts.orderExecution(),
    symbols: config.symbols,
    environment: config.environment,
    mode: config.mode,
    startedAtMs: outside.clock.nowMs(),
  });
  const opened = await openGateway(gateway, environment, secrets, { metrics, telemetry: outside.telemetry });
  if (!opened.ok) return opened;
  closing.add(() => opened.value.stop());
  return ok(() => []);
}

const connectionParts = ({ environment, secrets, outside, startWaits }: ServiceParts) => ({
  environment,
  secrets,
  simulator: undefined,
  random: outside.random,
  telemetry: outside.telemetry,
  startWaits,
});

async function connect(parts: ServiceParts, closing: Closing) {
  const market = await connectMarket(connectionParts(parts));
  if (!market.ok) return market;
  const { connection, close } = market.value;
  connection.start();
  closing.add(async () => {
    connection.stop();
    await close();
  });
  return ok(connection);
}

/** The rules of the exchange, asked for now and then again and again (faults.md M12). */
async function knownRules(
  { settings, outside, startWaits }: ServiceParts,
  venue: VenueConnection,
  closing: Closing,
): Promise<Result<VenueRulesNow, string>> {
  const rules = new VenueRulesNow(settings.symbols);
  const ask = async (caller: Caller): Promise<boolean> => {
    const answer = await caller.perform(calls.exchangeInfo(settings.symbols));
    if (answer.kind !== 'done') return false;
    venue.gate.learn(answer.value.rateLimits);
    rules.take(answer.value);
    return true;
  };
  if (!(await ask(startWaits.callerOf(venue)))) return err('the exchange does not tell its rules');
  const timer = setInterval(() => {
    ask(venue.rest).then(
      (isDone) => isDone || outside.telemetry.log.write('warn', 'rules_not_answered'),
      () => undefined,
    );
  }, RULES_EVERY_MS);
  closing.add(() => clearInterval(timer));
  return ok(rules);
}

/** What a service says of itself, asked every second, so that /ready answers at once. */
function watched(closing: Closing, ask: () => Promise<readonly string[]>): () => readonly string[] {
  let last: readonly string[] = ['it has not been asked yet'];
  const timer = setInterval(() => {
    ask().then(
      (obstacles) => {
        last = obstacles;
      },
      (error: unknown) => {
        last = [String(error)];
      },
    );
  }, 1000);
  closing.add(() => clearInterval(timer));
  return () => last;
}

async function serve(
  { environment, outside, token }: ServiceParts,
  name: 'market-data' | 'risk-manager' | 'order-execution' | 'strategy-engine',
  contracts: ServedContracts,
  closing: Closing,
  obstacles: () => readonly string[],
): Promise<Result<() => readonly string[], string>> {
  const place = environment.config.services?.[name];
  if (place === undefined) return err(`services.${name}: is missing`);
  const { host, port } = place;
  try {
    const server = await startRpcServer({
      contracts,
      token,
      host,
      port,
      timers: outside.timers,
      telemetry: outside.telemetry,
    });
    closing.add(() => server.close());
    return ok(obstacles);
  } catch (error) {
    return err(`services.${name} ${host}:${port}: ${(error as Error).message}`);
  }
}
