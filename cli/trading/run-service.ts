import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import type { Configuration } from '@tradewind/config';
import { err, ok, type Result } from '@tradewind/core/result';
import { RedisBus } from '@tradewind/redis';
import {
  MarketDataClient,
  OrderExecutionClient,
  RiskManagerClient,
  type RpcClient,
  type RpcClientOptions,
  reached,
  StrategyEngineClient,
} from '@tradewind/rpc';
import { startOperatorServer } from '@tradewind/telemetry';
import { publisherOver, settingsOf } from '@tradewind/trading-system';
import { Closing, SeededRandom, systemClock, systemTimers } from '@tradewind/utils';
import { strategyModule } from '../find-strategy.ts';
import { raiseInliningBudget } from '../inlining-budget.ts';
import { complain, type ExitCode } from './answers.ts';
import { makeDataFolder } from './data-folder.ts';
import type { LoadedEnvironment } from './environment.ts';
import { openLedger } from './open-ledger.ts';
import { openTelemetry } from './output.ts';
import type { ResolvedSecrets } from './secret-sources.ts';
import { SERVICES, type ServiceName, type ServiceParts } from './services.ts';
import { StartWaits } from './start-waits.ts';
import { toldToStop } from './told-to-stop.ts';

/** Runs one service in this process until it is told to stop. @returns the exit code */
export async function runService(
  name: string,
  environment: LoadedEnvironment,
  secrets: ResolvedSecrets,
  forMs: number | undefined,
): Promise<ExitCode> {
  if (!Object.hasOwn(SERVICES, name)) {
    return complain(`${name}: there is no such service; there are ${Object.keys(SERVICES).join(', ')}`);
  }
  const { config, folder } = environment;
  const token = secrets.servicesToken?.reveal();
  const redisUrl = secrets.redisUrl?.reveal();
  if (config.services === undefined || token === undefined || redisUrl === undefined) {
    return complain(
      `start ${name}: ${config.environment} names no services; to run apart they need services, redis and ledger`,
    );
  }
  await makeDataFolder(folder);
  const isToldToStop = toldToStop(forMs);
  const closing = new Closing();
  try {
    const started = await open(
      name as ServiceName,
      environment,
      secrets,
      { token, redisUrl, isToldToStop },
      closing,
    );
    if (!started.ok) return complain(started.error, 1);
    raiseInliningBudget();
    await isToldToStop;
    return 0;
  } finally {
    await closing.run();
  }
}

async function open(
  name: ServiceName,
  environment: LoadedEnvironment,
  secrets: ResolvedSecrets,
  {
    token,
    redisUrl,
    isToldToStop,
  }: { readonly token: string; readonly redisUrl: string; readonly isToldToStop: Promise<void> },
  closing: Closing,
): Promise<Result<void, string>> {
  const { config, folder, definitions } = environment;
  const random = new SeededRandom(randomInt(2 ** 31));
  const { telemetry, metrics, close } = openTelemetry(name, config, folder, 'json', secrets);
  closing.add(close);
  const outside = { clock: systemClock, timers: systemTimers, random, telemetry };
  let obstacles = (): readonly string[] => ['it is starting'];
  const tell = (sentence: string): void => {
    obstacles = () => [sentence];
  };
  const startWaits = new StartWaits({ random, log: telemetry.log, tell });
  void isToldToStop.then(() => startWaits.end());
  // From the first moment on, so that a start that waits can be told from one that hangs.
  const place = name === 'gateway' ? undefined : config.services?.[name];
  if (place?.operator_port !== undefined) {
    const operated = { metrics, obstacles: () => obstacles() };
    const server = await startOperatorServer(operated, place.host, place.operator_port).catch(
      (error: Error) => error,
    );
    if (server instanceof Error) return err(`services.${name}.operator_port: ${server.message}`);
    closing.add(() => server.stop());
  }
  const ledger = await openLedger(environment, secrets.ledgerUrl, telemetry.log, name === 'order-execution');
  if (!ledger.ok) return ledger;
  closing.add(() => ledger.value.close());
  const bus = new RedisBus({ ...outside, url: redisUrl, consumer: `${name}-${hostname()}` });
  closing.add(() => bus.close());
  const clientOf = (service: keyof Services): RpcClientOptions => {
    const { host, port } = (config.services as Services)[service];
    return { ...outside, service, host, port, token, name };
  };
  const parts: ServiceParts = {
    environment,
    secrets,
    outside,
    ledger: ledger.value.ledger,
    bus,
    publish: publisherOver(bus, telemetry),
    settings: settingsOf(config, definitions, strategyModule),
    token,
    marketData: (followed = []) =>
      connected(closing, new MarketDataClient({ ...clientOf('market-data'), followed })),
    riskManager: () => connected(closing, new RiskManagerClient(clientOf('risk-manager'))),
    orderExecution: () => connected(closing, new OrderExecutionClient(clientOf('order-execution'))),
    strategyEngine: () => connected(closing, new StrategyEngineClient(clientOf('strategy-engine'))),
    metrics,
    startWaits,
    holder: `${hostname()}-${process.pid}-${systemClock.nowMs()}`,
  };
  const started = await SERVICES[name](parts, closing);
  if (!started.ok) return started;
  obstacles = started.value;
  telemetry.log.write('info', 'service_started', { environment: config.environment, mode: config.mode });
  return ok(undefined);
}

type Services = Omit<NonNullable<Configuration['services']>, 'token' | 'paper-exchange'>;

/** @returns the client, when its service can be reached */
function connected<Client extends RpcClient>(closing: Closing, client: Client): Promise<Client> {
  closing.add(() => client.close());
  return reached(client);
}
