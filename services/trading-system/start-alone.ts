import type { Caller, VenueRules } from '@tradewind/binance';
import { err, ok, type Result } from '@tradewind/core/result';
import { type MarketDataService, VenueRulesWatch } from '@tradewind/market-data';
import type { OrderExecutionService, StartCounter } from '@tradewind/order-execution';
import type { Bus, Ledger, MarketData, OrderExecution, RiskManager } from '@tradewind/proto';
import type { HaltFile, RiskManagerService } from '@tradewind/risk-manager';
import type { StrategyEngineService } from '@tradewind/strategy-engine';
import { type Closing, Waits } from '@tradewind/utils';
import {
  describeMarketDataProblem,
  type Isolation,
  isFilterFailure,
  makeMarketData,
  makeOrderExecution,
  makeRiskManager,
  makeStrategyEngine,
  type OpenVenue,
  type Publish,
  type ServiceOutside,
  unreadable,
  VenueRulesNow,
} from './make-services.ts';
import type { SystemSettings } from './settings-of.ts';
import type { VenueConnection } from './venue-connection.ts';

/** What every service in a process of its own is handed. The other services are reached over RPC; who asks for one waits until it is there. */
export interface AloneOutside extends ServiceOutside {
  readonly settings: SystemSettings;
  readonly ledger: Ledger;
}

/** Of those that speak to the exchange. */
export interface AtVenue {
  /** Where prices and rules come from; it is kept in step from here on. */
  readonly market: VenueConnection;
  /** Asks the exchange there its first question, and may wait for the end of a limit. */
  readonly firstCaller: Caller;
}

const RULES_EVERY_MS = 60_000;

/** Each start says in a sentence why it cannot be; what it has begun by then, `closing` ends. */
export async function startMarketDataAlone(
  { market, firstCaller, settings, bus, ...outside }: AloneOutside & AtVenue & { readonly bus: Bus },
  closing: Closing,
): Promise<Result<MarketDataService, string>> {
  keepInStep(market, closing);
  const rules = new VenueRulesNow(settings.symbols);
  const marketData = makeMarketData(outside, market, settings, rules, firstCaller);
  const started = await marketData.start();
  if (!started.ok) return err(describeMarketDataProblem(started.error));
  closing.add(() => marketData.stop());
  // Prices go to the services over their own streams; the bus has what is worth keeping.
  const subscription = marketData.subscribe({ symbols: settings.symbols, kinds: ['bar'] }, (update) => {
    const symbol = update.kind === 'bar' ? update.bar.symbol : '';
    bus.publish('market-data', update, symbol).catch(() => undefined);
  });
  closing.add(() => subscription.end());
  return ok(marketData);
}

export interface RiskManagerAlone extends AloneOutside, AtVenue {
  readonly publish: Publish;
  readonly haltFile: HaltFile;
  readonly openVenue: () => Promise<Result<OpenVenue, string>>;
  /** With the snapshots of these symbols at hand: no verdict is to wait for one. */
  readonly marketData: (followed: readonly string[]) => Promise<MarketData>;
}
export async function startRiskManagerAlone(
  { openVenue, settings, ...parts }: RiskManagerAlone,
  closing: Closing,
): Promise<Result<RiskManagerService, string>> {
  keepInStep(parts.market, closing);
  const rules = await watchRules({ ...parts, settings }, closing);
  if (!rules.ok) return rules;
  const venue = await openVenue();
  if (!venue.ok) return venue;
  closing.add(() => venue.value.stop());
  const { cancelCaller } = venue.value;
  const riskManager = makeRiskManager(
    { ...parts, cancelCaller, marketData: await parts.marketData(settings.symbols) },
    settings,
    rules.value.now,
  );
  await riskManager.start();
  closing.add(() => riskManager.stop());
  return ok(riskManager);
}

export interface OrderExecutionAlone extends AloneOutside, AtVenue {
  readonly publish: Publish;
  readonly starts: StartCounter;
  /** Names this run of this process. */
  readonly holder: string;
  readonly openVenue: (marketData: MarketData) => Promise<Result<OpenVenue, string>>;
  readonly marketData: () => Promise<MarketData>;
  readonly riskManager: () => Promise<RiskManager>;
}
export async function startOrderExecutionAlone(
  { openVenue, settings, ...parts }: OrderExecutionAlone,
  closing: Closing,
): Promise<Result<OrderExecutionService, string>> {
  keepInStep(parts.market, closing);
  const rules = await watchRules({ ...parts, settings }, closing);
  if (!rules.ok) return rules;
  const { now, watch } = rules.value;
  const marketData = await parts.marketData();
  const venue = await openVenue(marketData);
  if (!venue.ok) return venue;
  closing.add(() => venue.value.stop());
  const orderExecution = makeOrderExecution(
    {
      ...parts,
      marketData,
      risk: await parts.riskManager(),
      venue: venue.value.connection,
      publish: (events) => {
        parts.publish(events);
        if (events.some(isFilterFailure)) void watch.refresh();
      },
    },
    settings,
    now,
  );
  // It may wait, after a row of crashes; who asks how it is need not.
  orderExecution.start().catch((error: unknown) => {
    parts.telemetry.log.write('error', 'order_execution_not_started', { detail: String(error) });
  });
  closing.add(() => orderExecution.stop());
  return ok(orderExecution);
}

export interface StrategyEngineAlone extends AloneOutside {
  readonly bus: Bus;
  readonly isolation: Isolation;
  readonly marketData: () => Promise<MarketData>;
  readonly orderExecution: () => Promise<OrderExecution>;
}
export async function startStrategyEngineAlone(
  { settings, ...parts }: StrategyEngineAlone,
  closing: Closing,
): Promise<Result<StrategyEngineService, string>> {
  const strategyEngine = makeStrategyEngine(
    { ...parts, marketData: await parts.marketData(), execution: await parts.orderExecution() },
    settings,
  );
  closing.add(() => strategyEngine.close());
  const unread = await unreadable(strategyEngine.open());
  return unread === undefined ? ok(strategyEngine) : err(unread);
}

function keepInStep(market: VenueConnection, closing: Closing): void {
  market.start();
  closing.add(() => market.stop());
}

/** The rules of the exchange, asked for now and then again and again (faults.md M12). */
async function watchRules(
  { settings, market, firstCaller, clock, timers, random, telemetry }: Omit<AloneOutside, 'ledger'> & AtVenue,
  closing: Closing,
): Promise<Result<WatchedRules, string>> {
  const now = new VenueRulesNow(settings.symbols);
  const waits = new Waits({ timers, random });
  const take = (rules: VenueRules): void => {
    market.gate.learn(rules.rateLimits);
    now.take(rules);
  };
  const watch = new VenueRulesWatch({
    clock,
    timers,
    waits,
    log: telemetry.log,
    caller: market.rest,
    symbols: settings.symbols,
    everyMs: RULES_EVERY_MS,
    changed: take,
  });
  closing.add(() => {
    waits.end();
    watch.stop();
  });
  const first = await watch.first(firstCaller);
  if (!first.ok) return err(`the exchange does not tell its rules: ${first.error}`);
  take(first.value);
  return ok({ now, watch });
}

interface WatchedRules {
  readonly now: VenueRulesNow;
  readonly watch: VenueRulesWatch;
}
