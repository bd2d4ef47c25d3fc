import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { err, ok, type Result } from '@tradewind/core/result';
import { Gateway } from '@tradewind/gateway';
import { type Bus, type Ledger, LocalBus } from '@tradewind/proto';
import { haltFileAt } from '@tradewind/risk-manager';
import { forgetBlocked, readBlocked, startStrategyThread, startWatchdog } from '@tradewind/strategy-engine';
import { settingsOf, TradingSystem } from '@tradewind/trading-system';
import { Closing, SeededRandom, systemClock, systemTimers } from '@tradewind/utils';
import { strategyModule } from '../find-strategy.ts';
import { readSimulatorOptions } from '../simulator-options.ts';
import { print } from '../standard-output.ts';
import { type RunningSimulator, startSimulator } from '../start-simulator.ts';
import { guardDisk } from './disk-guard.ts';
import type { LoadedEnvironment } from './environment.ts';
import { openGateway } from './open-gateway.ts';
import { openLedger } from './open-ledger.ts';
import { type Output, openTelemetry } from './output.ts';
import { recordSession } from './record-session.ts';
import type { ResolvedSecrets } from './secret-sources.ts';
import { startCounterAt } from './start-counter-file.ts';
import { StartWaits } from './start-waits.ts';
import { connectMarket, venueOpener } from './venue-connections.ts';

/** A whole system in this process, with its gateway open. */
export interface OpenSystem {
  readonly gateway: Gateway;
  readonly address: { readonly host: string; readonly port: number };
  readonly bus: Bus;
  readonly ledger: Ledger;
  /** The last event of the ledger before this run. */
  readonly firstSeq: number;
  readonly startedElapsedMs: number;
  /** Ends trading in order; the ledger can still be read. */
  stopTrading(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens everything an environment needs, with the real clock, network and disk.
 * @param isToldToStop  ends what a start waits for
 * @returns a sentence where that fails; then nothing is left open
 */
export async function openSystem(
  environment: LoadedEnvironment,
  secrets: ResolvedSecrets,
  output: Output,
  isToldToStop: Promise<void>,
): Promise<Result<OpenSystem, string>> {
  const closing = new Closing();
  try {
    const opened = await openParts(environment, secrets, output, isToldToStop, closing);
    if (!opened.ok) await closing.run();
    return opened;
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function openParts(
  environment: LoadedEnvironment,
  secrets: ResolvedSecrets,
  output: Output,
  isToldToStop: Promise<void>,
  closing: Closing,
): Promise<Result<OpenSystem, string>> {
  const { config, folder, hash, definitions, text } = environment;
  const startedAtMs = systemClock.nowMs();
  const random = new SeededRandom(randomInt(2 ** 31));
  const {
    telemetry,
    metrics,
    close: closeTelemetry,
  } = openTelemetry('tradewind', config, folder, output, secrets);
  closing.add(closeTelemetry);
  const outside = { clock: systemClock, timers: systemTimers, random, telemetry };
  const startWaits = new StartWaits({
    random,
    log: telemetry.log,
    tell: (sentence) => void (output === 'json' || print(`${sentence}\n`)),
  });
  void isToldToStop.then(() => startWaits.end());

  const simulator = await simulatorBeside(environment);
  if (!simulator.ok) return simulator;
  closing.add(async () => void (await simulator.value?.stop()));
  const ledger = await openLedger(environment, secrets.ledgerUrl, telemetry.log, true);
  if (!ledger.ok) return ledger;
  closing.add(() => ledger.value.close());
  const connected = { environment, secrets, simulator: simulator.value, random, telemetry, startWaits };
  const market = await connectMarket(connected);
  if (!market.ok) return market;
  closing.add(() => market.value.close());
  const bus = new LocalBus(outside);
  closing.add(() => bus.close());

  const settings = settingsOf(config, definitions, strategyModule);
  const watchdog = startWatchdog({
    strategies: settings.instances.map(({ strategy }) => strategy),
    blockedFile: folder.blockedFile,
    haltAfterMs: config.guards.block_maximum_ms,
    endAfterMs: config.guards.block_maximum_ms * 10,
  });
  closing.add(() => watchdog.end());
  const firstSeq = await ledger.value.ledger.lastSeq();
  const system = await TradingSystem.start({
    ...outside,
    ledger: ledger.value.ledger,
    bus,
    market: market.value.connection,
    firstCaller: startWaits.callerOf(market.value.connection),
    openVenue: venueOpener(connected, market.value.connection),
    haltFile: haltFileAt(folder.haltFile),
    starts: startCounterAt(folder.startsFile),
    holder: `${hostname()}-${process.pid}-${startedAtMs}`,
    configuration: { environment: config.environment, mode: config.mode, hash, text },
    settings,
    isolation: {
      watch: watchdog.state,
      threads: startStrategyThread,
      blockedBefore: readBlocked(folder.blockedFile),
      blockedRecorded: () => forgetBlocked(folder.blockedFile),
    },
  });
  if (!system.ok) return system;
  const recording = new Closing();
  let hasStopped = false;
  const stopTrading = async (): Promise<void> => {
    if (hasStopped) return;
    hasStopped = true;
    await recording.run();
    await system.value.stop();
  };
  closing.add(stopTrading);
  const { riskManager } = system.value;
  closing.add(guardDisk({ timers: systemTimers, log: telemetry.log, riskManager, folder: folder.path }));
  await recordSession(environment, outside, system.value.marketData, settings, recording);

  const gateway = new Gateway({
    clock: systemClock,
    ledger: system.value.ledger,
    marketData: system.value.marketData,
    strategyEngine: system.value.strategyEngine,
    riskManager: system.value.riskManager,
    orderExecution: system.value.orderExecution,
    symbols: config.symbols,
    environment: config.environment,
    mode: config.mode,
    startedAtMs,
  });
  const listening = await openGateway(gateway, environment, secrets, { metrics, telemetry });
  if (!listening.ok) return listening;
  closing.add(() => listening.value.stop());
  return ok({
    gateway,
    address: listening.value,
    bus,
    ledger: ledger.value.ledger,
    firstSeq,
    startedElapsedMs: systemClock.elapsedMs(),
    stopTrading,
    close: () => closing.run(),
  });
}

/** The exchange of the local environment runs in this process, and listens like any other. */
async function simulatorBeside({
  config,
  folder,
}: LoadedEnvironment): Promise<Result<RunningSimulator | undefined, string>> {
  const { profile, urls } = config.exchange;
  if (profile !== 'simulator' || urls !== undefined) return ok(undefined);
  const { seed = 1, replay, speed = 1 } = config.simulator ?? {};
  const request = readSimulatorOptions({
    port: '0',
    host: '127.0.0.1',
    symbols: config.symbols.join(','),
    seed: String(seed),
    ...(replay === undefined ? {} : { replay, speed: String(speed) }),
    // Prices of a replay begin where the recording does; those of a made-up market go on.
    ...(replay === undefined ? { state: folder.simulatorState } : {}),
    traders: true,
  });
  if (!request.ok) return err(`simulator: ${request.error.sentence}`);
  const running = await startSimulator(request.value, { clock: systemClock, timers: systemTimers });
  return running.ok ? running : err(`simulator: ${running.error.sentence}`);
}
