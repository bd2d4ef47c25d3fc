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
  type AloneOutside,
  type AtVenue,
  type ServiceOutside,
  type SystemSettings,
  startMarketDataAlone,
  startOrderExecutionAlone,
  startRiskManagerAlone,
  startStrategyEngineAlone,
} from '@tradewind/trading-system';
import type { Closing } from '@tradewind/utils';
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
  /** With the snapshots of some symbols at hand. */
  readonly marketData: (followed?: readonly string[]) => Promise<MarketData>;
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

async function startMarketData(
  parts: ServiceParts,
  closing: Closing,
): Promise<Result<() => readonly string[], string>> {
  const { environment, outside, settings } = parts;
  const venue = await connect(parts, closing);
  if (!venue.ok) return venue;
  const marketData = await startMarketDataAlone(
    { ...aloneOutside(parts), ...venue.value, bus: parts.bus },
    closing,
  );
  if (!marketData.ok) return marketData;
  await recordSession(environment, outside, marketData.value, settings, closing);
  return serve(parts, 'market-data', { marketData: marketData.value }, closing, () => []);
}

async function startRiskManager(
  parts: ServiceParts,
  closing: Closing,
): Promise<Result<() => readonly string[], string>> {
  const { environment, outside, publish, marketData } = parts;
  const { config, folder } = environment;
  const venue = await connect(parts, closing);
  if (!venue.ok) return venue;
  const started = await startRiskManagerAlone(
    {
      ...aloneOutside(parts),
      ...venue.value,
      publish,
      marketData,
      haltFile: haltFileAt(folder.haltFile),
      openVenue: async () =>
        config.mode === 'paper'
          ? openPaperElsewhere(connectionParts(parts))
          : openReal(connectionParts(parts), venue.value.market),
    },
    closing,
  );
  if (!started.ok) return started;
  const riskManager = started.value;
  const { timers, telemetry } = outside;
  closing.add(guardDisk({ timers, log: telemetry.log, riskManager, folder: folder.path }));
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
  const { environment, publish, holder, marketData, riskManager } = parts;
  const { config, folder } = environment;
  const venue = await connect(parts, closing);
  if (!venue.ok) return venue;
  const started = await startOrderExecutionAlone(
    {
      ...aloneOutside(parts),
      ...venue.value,
      publish,
      holder,
      marketData,
      riskManager,
      starts: startCounterAt(folder.startsFile),
      openVenue: (prices) =>
        config.mode === 'paper'
          ? openPaper(connectionParts(parts), prices, config.services?.['paper-exchange'])
          : openReal(connectionParts(parts), venue.value.market),
    },
    closing,
  );
  if (!started.ok) return started;
  const orderExecution = started.value;
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
  const { settings, environment, bus, marketData, orderExecution } = parts;
  const { blockedFile } = environment.folder;
  const { block_maximum_ms } = environment.config.guards;
  const watchdog = startWatchdog({
    strategies: settings.instances.map(({ strategy }) => strategy),
    blockedFile,
    haltAfterMs: block_maximum_ms,
    endAfterMs: block_maximum_ms * 10,
  });
  closing.add(() => watchdog.end());
  const started = await startStrategyEngineAlone(
    {
      ...aloneOutside(parts),
      bus,
      marketData,
      orderExecution,
      isolation: {
        watch: watchdog.state,
        threads: startStrategyThread,
        blockedBefore: readBlocked(blockedFile),
        blockedRecorded: () => forgetBlocked(blockedFile),
      },
    },
    closing,
  );
  if (!started.ok) return started;
  return serve(parts, 'strategy-engine', { strategyEngine: started.value }, closing, () => []);
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

const aloneOutside = ({ outside, settings, ledger }: ServiceParts): AloneOutside => ({
  ...outside,
  settings,
  ledger,
});

async function connect(parts: ServiceParts, closing: Closing): Promise<Result<AtVenue, string>> {
  const market = await connectMarket(connectionParts(parts));
  if (!market.ok) return market;
  const { connection, close } = market.value;
  closing.add(close);
  return ok({ market: connection, firstCaller: parts.startWaits.callerOf(connection) });
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
      clock: outside.clock,
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
