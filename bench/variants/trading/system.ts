import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { amount, quantity, ratio } from '@tradewind/core/money';
import type { RiskLimits } from '@tradewind/core/risk';
import { DEFAULT_EXECUTION_SETTINGS } from '@tradewind/order-execution';
import { type Ledger, LocalBus } from '@tradewind/proto';
import { DEFAULT_RISK_MANAGER_SETTINGS, haltFileAt } from '@tradewind/risk-manager';
import type { InstanceOptions } from '@tradewind/strategy-engine';
import { jsonLog, PrometheusMetrics, Redaction } from '@tradewind/telemetry';
import { type SystemSettings, TradingSystem, type VenueConnection } from '@tradewind/trading-system';
import { SeededRandom, silentTelemetry, systemClock, systemTimers, type Telemetry } from '@tradewind/utils';

export interface BenchSystem {
  readonly folder: string;
  readonly telemetry: Telemetry;
  readonly ledger: Ledger;
  readonly symbols: readonly string[];
  readonly instances: readonly InstanceOptions[];
  /** Where prices come from, and where orders go. */
  readonly market: VenueConnection;
  readonly venue: VenueConnection;
}

const READY_WITHIN_MS = 30_000;

/** The whole system of one process as `start` opens it, with log and metrics as in life. Resolves when it may trade. */
export async function startSystem(bench: BenchSystem): Promise<TradingSystem> {
  const { folder, telemetry, ledger, market, venue } = bench;
  const outside = { clock: systemClock, timers: systemTimers, random: new SeededRandom(7), telemetry };
  const started = await TradingSystem.start({
    ...outside,
    ledger,
    bus: new LocalBus(outside),
    market,
    openVenue: async () => {
      if (venue !== market) venue.start();
      return {
        ok: true,
        value: { connection: venue, cancelCaller: venue.rest, stop: async () => venue.stop() },
      };
    },
    haltFile: haltFileAt(join(folder, 'halt.json')),
    starts: { add: async (atMs) => [atMs] },
    holder: `bench-${process.pid}`,
    configuration: { environment: 'bench', mode: 'testnet', hash: 'bench', text: '' },
    settings: settingsOf(bench),
  });
  if (!started.ok) throw new Error(started.error);
  await isReady(started.value);
  return started.value;
}

async function isReady({ orderExecution, riskManager, strategyEngine }: TradingSystem): Promise<void> {
  const untilMs = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const states = [(await orderExecution.state()).state, (await riskManager.state()).state];
    const strategies = (await strategyEngine.list()).map(({ state }) => state);
    if (states.every((state) => state === 'ready') && strategies.every((state) => state === 'running'))
      return;
    if (performance.now() > untilMs)
      throw new Error(
        `not ready: ${JSON.stringify([await orderExecution.state(), await riskManager.state(), await strategyEngine.list()])}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Log and metrics as in life. */
export function telemetryIn(folder: string): Telemetry {
  const log = jsonLog({
    service: 'bench',
    level: 'info',
    clock: systemClock,
    redaction: new Redaction(),
    destination: createWriteStream(join(folder, 'tradewind.log')),
  });
  return { log, metrics: new PrometheusMetrics(), tracer: silentTelemetry.tracer };
}

/** What ends a flood of orders is far away; everything else is as `start` has it. */
const FLOOD = { maximum: 1_000_000, windowMs: 1_000 };

function settingsOf({ symbols, instances }: BenchSystem): SystemSettings {
  const capital = ['USDT', ...symbols.map((symbol) => symbol.slice(0, -'USDT'.length))].map((asset) => ({
    asset,
    amount: amount(asset, asset === 'USDT' ? '1000000' : '10'),
  }));
  return {
    symbols,
    instances: instances.map((instance) => ({
      ...instance,
      settings: { signalsPerBarMaximum: 1e9, signalsPerSecondMaximum: 100_000, signalLifeMs: 5_000 },
    })),
    execution: {
      ...DEFAULT_EXECUTION_SETTINGS,
      strategies: new Map(
        instances.map(({ strategy }) => [
          strategy,
          { capital, unfilled: { kind: 'rest' } as const, keepsProtection: true },
        ]),
      ),
    },
    risk: {
      ...DEFAULT_RISK_MANAGER_SETTINGS,
      limits: everyLimit(
        instances.map(({ strategy }) => strategy),
        symbols,
      ),
      equityAsset: 'USDT',
      symbols,
      repeats: FLOOD,
      runaway: FLOOD,
    },
  };
}

const money = (text: string) => amount('equity', text);
const ORDER_RATE = { orders: 1_000_000, windowMs: 1_000, keptForReducing: 10 };

/** Every limit that there is, none of them 'none' and none of them reached. */
function everyLimit(strategies: readonly string[], symbols: readonly string[]): RiskLimits {
  const exposureMaximum = money('100000000');
  const openOrdersMaximum = 100_000;
  return {
    account: {
      orderNotionalMaximum: money('100000'),
      orderShareOfEquityMaximum: ratio('0.5'),
      exposureMaximum,
      openOrdersMaximum,
      orderRate: ORDER_RATE,
      dailyLossMaximum: money('100000000'),
      drawdownMaximum: ratio('0.9'),
    },
    strategies: new Map(
      strategies.map((name) => [
        name,
        { exposureMaximum, openOrdersMaximum, orderRate: ORDER_RATE, consecutiveLossesMaximum: 1_000_000 },
      ]),
    ),
    symbols: new Map(
      symbols.map((symbol) => [
        symbol,
        {
          positionMaximum: quantity('100000'),
          exposureMaximum,
          openOrdersMaximum,
          priceCollar: ratio('0.1'),
          priceAgeMsMaximum: 60_000,
        },
      ]),
    ),
    assets: new Map(
      symbols.map((symbol) => [
        symbol.slice(0, -'USDT'.length),
        { exposureMaximum, shareOfEquityMaximum: ratio('0.9') },
      ]),
    ),
  };
}
