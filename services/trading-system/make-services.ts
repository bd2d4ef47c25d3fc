import type { Caller, VenueRules } from '@tradewind/binance';
import type { ExchangeFilters, Instrument } from '@tradewind/core/market';
import { MarketDataService } from '@tradewind/market-data';
import { OrderExecutionService, type StartCounter } from '@tradewind/order-execution';
import type { Bus, CommittedEvent, Ledger, MarketData, OrderExecution, RiskManager } from '@tradewind/proto';
import { type HaltFile, RiskManagerService } from '@tradewind/risk-manager';
import { marketNeedsOf, type StrategyEngineOptions, StrategyEngineService } from '@tradewind/strategy-engine';
import type { Clock, Random, Telemetry, Timers } from '@tradewind/utils';
import type { SystemSettings } from './settings-of.ts';
import type { VenueConnection } from './venue-connection.ts';

/** What every service is handed, in whatever process it runs. */
export interface ServiceOutside {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/** Takes what was committed to whoever else wants to hear it. Must not throw. */
export type Publish = (events: readonly CommittedEvent[]) => void;

/** Where orders go. */
export interface OpenVenue {
  readonly connection: VenueConnection;
  /** Of the risk manager alone, so that it gets through when the others hang. */
  readonly cancelCaller: Caller;
  stop(): Promise<void>;
}

/** What guards against a strategy that blocks; left out where nothing can be blocked. */
export type Isolation = Pick<
  StrategyEngineOptions,
  'watch' | 'threads' | 'blockedBefore' | 'blockedRecorded'
>;

const SAVE_EVERY_MS = 60_000;

/** The rules of the exchange as they are now. */
export class VenueRulesNow {
  /** Of the traded symbols. */
  readonly instruments = new Map<string, Instrument>();
  exchangeFilters: ExchangeFilters = {};
  private readonly symbols: readonly string[];

  constructor(symbols: readonly string[]) {
    this.symbols = symbols;
  }

  take(rules: VenueRules): void {
    this.exchangeFilters = rules.exchangeFilters;
    for (const symbol of this.symbols) {
      const instrument = rules.instruments.get(symbol);
      if (instrument !== undefined) this.instruments.set(symbol, instrument);
    }
  }
}

export const makeMarketData = (
  outside: ServiceOutside,
  market: VenueConnection,
  { symbols, instances }: SystemSettings,
  rules: VenueRulesNow,
  firstCaller: Caller = market.rest,
): MarketDataService =>
  new MarketDataService(
    {
      ...outside,
      caller: market.rest,
      firstCaller,
      connect: market.connectStreams,
      venueNowMs: () => market.serverClock.nowMs(),
      rulesChanged: (changed) => {
        market.gate.learn(changed.rateLimits);
        rules.take(changed);
      },
    },
    { symbols, intervals: marketNeedsOf(instances).intervals },
  );

export interface RiskManagerOutside extends ServiceOutside {
  readonly ledger: Ledger;
  readonly marketData: MarketData;
  readonly cancelCaller: Caller;
  readonly haltFile: HaltFile;
  readonly publish: Publish;
}
export const makeRiskManager = (
  { cancelCaller, ...outside }: RiskManagerOutside,
  { risk }: SystemSettings,
  rules: VenueRulesNow,
): RiskManagerService =>
  new RiskManagerService({
    ...outside,
    caller: cancelCaller,
    exchangeFilters: () => rules.exchangeFilters,
    settings: risk,
  });

export interface OrderExecutionOutside extends ServiceOutside {
  readonly ledger: Ledger;
  readonly marketData: MarketData;
  readonly risk: RiskManager;
  readonly venue: VenueConnection;
  readonly starts: StartCounter;
  /** Names this run of this process. */
  readonly holder: string;
  readonly publish: Publish;
}
export const makeOrderExecution = (
  { venue, ...outside }: OrderExecutionOutside,
  { execution }: SystemSettings,
  rules: VenueRulesNow,
): OrderExecutionService =>
  new OrderExecutionService({
    ...outside,
    serverClock: venue.serverClock,
    entry: venue.orderEntry,
    caller: venue.rest,
    openUserFeed: venue.openUserFeed,
    instruments: rules.instruments,
    settings: execution,
  });

export interface StrategyEngineOutside extends ServiceOutside {
  readonly ledger: Ledger;
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly marketData: MarketData;
  readonly execution: OrderExecution;
  readonly isolation: Isolation;
}
export const makeStrategyEngine = (
  { isolation, ...outside }: StrategyEngineOutside,
  { instances }: SystemSettings,
): StrategyEngineService =>
  new StrategyEngineService({ ...outside, ...isolation, instances, saveEveryMs: SAVE_EVERY_MS });

/** Why there are no prices, as a sentence. */
export function describeMarketDataProblem(
  problem:
    | { readonly reason: 'rules_unavailable'; readonly detail: string }
    | { readonly reason: 'unknown_symbols'; readonly symbols: readonly string[] },
): string {
  if (problem.reason === 'rules_unavailable')
    return `the exchange does not tell its rules: ${problem.detail}`;
  return `the exchange does not list ${problem.symbols.join(', ')}`;
}

/** Why the ledger could not be read, as a sentence; undefined when it could. */
export const unreadable = (reading: Promise<void>): Promise<string | undefined> =>
  reading.then(
    () => undefined,
    (error: unknown) =>
      `the ledger cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  );

/** The rules have changed since they were read (faults.md M12): an order broke one that the exchange has (binance-spot.md section 7.2). */
export const isFilterFailure = (event: CommittedEvent): boolean =>
  event.kind === 'answer' && event.code === -1013;
