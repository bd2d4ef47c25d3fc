import type { Caller } from '@tradewind/binance';
import { err, ok, type Result } from '@tradewind/core/result';
import type { MarketDataService } from '@tradewind/market-data';
import type { OrderExecutionService, StartCounter } from '@tradewind/order-execution';
import {
  type Bus,
  type CommittedEvent,
  type ConfigurationBody,
  type Ledger,
  type MarketData,
  type RiskManager,
  topicOf,
} from '@tradewind/proto';
import type { HaltFile, RiskManagerService } from '@tradewind/risk-manager';
import type { StrategyEngineService } from '@tradewind/strategy-engine';
import {
  describeMarketDataProblem,
  type Isolation,
  isFilterFailure,
  makeMarketData,
  makeOrderExecution,
  makeRiskManager,
  makeStrategyEngine,
  type OpenVenue,
  type ServiceOutside,
  unreadable,
  VenueRulesNow,
} from './make-services.ts';
import type { SystemSettings } from './settings-of.ts';
import { ToldLedger } from './told-ledger.ts';
import type { VenueConnection } from './venue-connection.ts';

/** Everything that a whole trading system in one process needs of the world; real in life, virtual in simulations. */
export interface SystemParts extends ServiceOutside {
  readonly ledger: Ledger;
  readonly bus: Bus;
  /** Where prices come from. */
  readonly market: VenueConnection;
  /** Asks the exchange there its first question, and may wait for the end of a limit; left out: the connection's own. */
  readonly firstCaller?: Caller;
  /** Makes where orders go, once prices are there: the same exchange, or the one that paper trading has for itself. */
  readonly openVenue: (marketData: MarketData) => Promise<Result<OpenVenue, string>>;
  readonly haltFile: HaltFile;
  readonly starts: StartCounter;
  /** Names this run of this process. */
  readonly holder: string;
  /** What is recorded of the configuration, secrets left out. */
  readonly configuration: Omit<ConfigurationBody, 'kind'>;
  readonly settings: SystemSettings;
  readonly isolation?: Isolation;
}

/** The services of one process, directly wired. It wires and decides nothing. */
export class TradingSystem {
  readonly ledger: ToldLedger;
  readonly marketData: MarketDataService;
  readonly riskManager: RiskManagerService;
  readonly orderExecution: OrderExecutionService;
  readonly strategyEngine: StrategyEngineService;
  private readonly parts: SystemParts;
  private readonly venue: OpenVenue;
  private telling: Promise<void> = Promise.resolve();
  /** Of what is committed by now: the services have heard it. */
  private heard: Promise<void> = Promise.resolve();

  /** Prices first, then who guards, then who orders, then who wants. @returns a sentence when it cannot begin */
  static async start(parts: SystemParts): Promise<Result<TradingSystem, string>> {
    const { market } = parts;
    market.start();
    const rules = new VenueRulesNow(parts.settings.symbols);
    const marketData = makeMarketData(parts, market, parts.settings, rules, parts.firstCaller);
    const end = async (sentence: string, venue?: OpenVenue): Promise<Result<never, string>> => {
      await venue?.stop();
      marketData.stop();
      market.stop();
      return err(sentence);
    };
    const prices = await marketData.start();
    if (!prices.ok) return end(describeMarketDataProblem(prices.error));
    const venue = await parts.openVenue(marketData);
    if (!venue.ok) return end(venue.error);
    const system = new TradingSystem(parts, marketData, venue.value, rules);
    const begun = await system.begin();
    return begun.ok ? ok(system) : end(begun.error, venue.value);
  }

  private constructor(
    parts: SystemParts,
    marketData: MarketDataService,
    venue: OpenVenue,
    rules: VenueRulesNow,
  ) {
    this.parts = parts;
    this.marketData = marketData;
    this.venue = venue;
    const { clock, timers, random, telemetry, settings, haltFile, starts, holder, isolation = {} } = parts;
    this.ledger = new ToldLedger({
      ledger: parts.ledger,
      timers,
      hear: (events) => this.tell(events),
      troubled: (detail) => telemetry.log.write('warn', 'ledger_not_read', { detail }),
      lostEnd: (detail) => telemetry.log.write('error', 'ledger_lost_its_end', { detail }),
    });
    // Everybody hears of what is committed from `tell` alone.
    const publish = (): void => undefined;
    const outside = { clock, timers, random, telemetry, ledger: this.ledger, marketData };
    const { connection, cancelCaller } = venue;
    this.riskManager = makeRiskManager({ ...outside, cancelCaller, haltFile, publish }, settings, rules);
    this.orderExecution = makeOrderExecution(
      {
        ...outside,
        risk: toldElsewhere(this.riskManager, () => this.heard),
        venue: connection,
        starts,
        holder,
        publish,
      },
      settings,
      rules,
    );
    this.strategyEngine = makeStrategyEngine(
      { ...outside, bus: TOLD_DIRECTLY, execution: this.orderExecution, isolation },
      settings,
    );
  }

  /** Who wants stops first; what is told is told; then the exchange, and the prices last. */
  async stop(): Promise<void> {
    await this.strategyEngine.close();
    await this.orderExecution.stop();
    this.riskManager.stop();
    await this.telling;
    this.ledger.end();
    await this.venue.stop();
    this.marketData.stop();
    this.parts.market.stop();
  }

  private async begin(): Promise<Result<void, string>> {
    const { clock, holder, configuration, telemetry } = this.parts;
    const unread = await unreadable(this.ledger.begin());
    if (unread !== undefined) return err(unread);
    const recorded = await this.ledger.commit([
      {
        id: `configuration-${holder}`,
        correlationId: `start-${holder}`,
        atMs: clock.nowMs(),
        service: 'gateway',
        kind: 'configuration',
        ...configuration,
      },
    ]);
    if (recorded.kind !== 'committed') return err(`the ledger does not take the start: ${recorded.kind}`);
    await this.riskManager.start();
    // It may wait, after a row of crashes; the others do not wait for it.
    this.orderExecution.start().catch((error: unknown) => {
      telemetry.log.write('error', 'order_execution_not_started', { detail: String(error) });
    });
    const unopened = await unreadable(this.strategyEngine.open());
    if (unopened === undefined) return ok(undefined);
    await this.orderExecution.stop();
    this.riskManager.stop();
    this.ledger.end();
    return err(unopened);
  }

  private tell(events: readonly CommittedEvent[]): void {
    this.heard = this.tellServices(events);
    this.telling = Promise.all([this.telling, this.heard]).then(() => this.publish(events));
  }

  private async tellServices(events: readonly CommittedEvent[]): Promise<void> {
    // Who has committed goes on first: it may have an order to send.
    for (let step = 0; step < STEPS_TO_THE_WIRE; step += 1) await Promise.resolve();
    void this.riskManager.record(events);
    if (events.some(isFilterFailure)) void this.marketData.refreshRules();
    this.strategyEngine.hearEvents(events);
  }

  private async publish(events: readonly CommittedEvent[]): Promise<void> {
    const { bus, telemetry } = this.parts;
    for (const event of events) {
      await bus.publish(topicOf(event), event, event.correlationId).catch((error: unknown) => {
        // Whoever misses it finds the hole by `seq` and reads the ledger.
        telemetry.log.write('warn', 'not_published', { detail: String(error) }, event.correlationId);
      });
    }
  }
}

/** The risk manager hears of every commit in `tell`; who commits must not tell it a second time, and may wait until it has heard. */
const toldElsewhere = (risk: RiskManager, heard: () => Promise<void>): RiskManager => ({
  validate: (wanted, correlationId) => risk.validate(wanted, correlationId),
  epoch: () => risk.epoch(),
  withdraw: (clientOrderIds) => risk.withdraw(clientOrderIds),
  record: () => heard(),
  limits: () => risk.limits(),
  state: () => risk.state(),
  halt: (order) => risk.halt(order),
  resume: (order) => risk.resume(order),
  heartbeat: (beat) => risk.heartbeat(beat),
});

/** For who is told of every commit in `tell`, and must not tell it a second time. */
const TOLD_DIRECTLY: Pick<Bus, 'publish' | 'subscribe'> = {
  publish: async () => undefined,
  subscribe: () => ({ end: () => undefined }),
};

/**
 * Promises between a commit and the bytes of the order that it was for, with some to spare; fewer would only be slower. A timer of no
 * time would put a millisecond between any two commits.
 */
const STEPS_TO_THE_WIRE = 8;
