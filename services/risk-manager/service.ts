import { ordersOf } from '@tradewind/core/orders';
import { AccountBooks } from '@tradewind/core/portfolio';
import { NOTHING_TRIPPED, RiskDesk, type RiskLimits, type Wanted } from '@tradewind/core/risk';
import type {
  CommandResult,
  CommittedEvent,
  HaltOrder,
  HaltResult,
  Heartbeat,
  ResumeOrder,
  RiskEpoch,
  RiskManager,
  RiskState,
  Verdict,
} from '@tradewind/proto';
import { JournalFollower } from '@tradewind/proto/ledger';
import { doneWithin, every, Waits } from '@tradewind/utils';
import { Accounts } from './accounts.ts';
import { EventMaker } from './event-maker.ts';
import { Following } from './following.ts';
import { HaltKeeper } from './halt-keeper.ts';
import { Holdings } from './holdings.ts';
import { Judge } from './judge.ts';
import { KillSwitch } from './kill-switch.ts';
import { LedgerWriter } from './ledger-writer.ts';
import { limitUses } from './limit-uses.ts';
import { OutsideOrders } from './outside-orders.ts';
import type { RiskManagerParts } from './ports.ts';
import { Prices } from './prices.ts';
import { RecentOrders } from './recent-orders.ts';
import { Reservations } from './reservations.ts';
import { restoreFrom } from './restore.ts';
import { RunawayGuard } from './runaway.ts';
import { Stops } from './stops.ts';
import { Valuations } from './valuations.ts';
import { ServiceRiskView } from './view.ts';

/**
 * The only source of approved orders. It follows the journal with books of its own, so that a verdict hangs on nothing but what is
 * recorded; it checks and reserves in one step without a wait in between (faults.md K1); and it stops trading by itself, by two stores
 * and by a connection of its own when everything else hangs.
 */
export class RiskManagerService implements RiskManager {
  private readonly parts: RiskManagerParts;
  private readonly desk: RiskDesk;
  private readonly view: ServiceRiskView;
  private readonly prices: Prices;
  private readonly holdings: Holdings;
  private readonly accounts: Accounts;
  private readonly reservations: Reservations;
  private readonly outside: OutsideOrders;
  private readonly follower: JournalFollower;
  private readonly writer: LedgerWriter;
  private readonly stops: Stops;
  private readonly killSwitch: KillSwitch;
  private readonly runaway: RunawayGuard;
  private readonly recent: RecentOrders;
  private readonly waits: Waits;
  private readonly events: EventMaker;
  private readonly judge: Judge;
  private readonly valuations: Valuations;
  private readonly following: Following;
  private readonly endings: (() => void)[] = [];
  private trouble = 'the ledger is not read yet';
  private isRestored = false;
  private isStopped = false;

  constructor(parts: RiskManagerParts) {
    this.parts = parts;
    const { clock, timers, random, telemetry, ledger, caller, settings } = parts;
    const { limits, equityAsset, symbols } = settings;
    const books = new AccountBooks();
    this.waits = new Waits(parts);
    this.prices = new Prices({ ...settings, marketData: parts.marketData, clock, timers });
    this.holdings = new Holdings(books, this.prices, equityAsset);
    this.accounts = new Accounts({
      clock,
      telemetry,
      books,
      holdings: this.holdings,
      prices: this.prices,
      equityAsset,
      symbols,
    });
    this.outside = new OutsideOrders(caller, (id) => this.reservations.has(id));
    this.view = new ServiceRiskView({
      equityAsset,
      clock,
      exchangeFilters: parts.exchangeFilters,
      prices: this.prices,
      holdings: this.holdings,
      day: () => this.accounts.day,
      outside: this.outside,
    });
    this.desk = new RiskDesk(limits, this.view, NOTHING_TRIPPED);
    this.reservations = new Reservations(this.desk, clock);
    this.runaway = new RunawayGuard(clock, settings);
    this.recent = new RecentOrders({ clock, settings, desk: this.desk, runaway: this.runaway });
    this.events = new EventMaker(clock, random);
    const storing = { waits: this.waits, retry: settings.storeRetry };
    this.follower = new JournalFollower({
      timers,
      ledger,
      hear: (events) => this.following.hear(events),
      troubled: (detail) => this.warn('ledger_not_read', detail),
      lostEnd: (detail) => this.following.lostEnd(detail),
    });
    this.writer = new LedgerWriter({
      ...storing,
      ledger,
      committed: (events) => {
        this.follower.take(events);
        parts.publish(events);
      },
      troubled: (detail) => this.warn('ledger_not_written', detail),
    });
    this.stops = new Stops(
      {
        clock,
        timers,
        telemetry,
        desk: this.desk,
        events: this.events,
        writer: this.writer,
        throughSeq: () => this.following.appliedSeq,
        storeWaitMs: settings.haltAnswerMs,
      },
      (current) =>
        new HaltKeeper({
          ...storing,
          timers,
          file: parts.haltFile,
          everyMs: settings.haltFileEveryMs,
          current,
          found: (states, scopeToCancel) => {
            this.stops.found(states);
            if (scopeToCancel !== undefined) this.killSwitch.sweep(scopeToCancel);
          },
          unreadable: (detail) => this.stops.unreadable(detail),
          troubled: (detail) => this.warn('halt_file_not_written', detail),
        }),
    );
    this.judge = new Judge({
      telemetry,
      desk: this.desk,
      view: this.view,
      reservations: this.reservations,
      runaway: this.runaway,
      stops: this.stops,
      readiness: () => this.readiness(),
    });
    this.valuations = new Valuations({
      clock,
      timers,
      telemetry,
      settings,
      desk: this.desk,
      prices: this.prices,
      accounts: this.accounts,
      reservations: this.reservations,
      stops: this.stops,
      events: this.events,
      writer: this.writer,
      follower: this.follower,
      isRestored: () => this.isRestored,
      isStandingStill: () => this.following.isStandingStill(),
      throughSeq: () => this.following.appliedSeq,
    });
    this.following = new Following({
      telemetry,
      desk: this.desk,
      accounts: this.accounts,
      reservations: this.reservations,
      recent: this.recent,
      stops: this.stops,
      valuations: this.valuations,
      events: this.events,
    });
    this.killSwitch = new KillSwitch({
      ...parts,
      desk: this.desk,
      stops: this.stops,
      reservations: this.reservations,
      events: this.events,
      writer: this.writer,
    });
  }

  /**
   * Reads the halt file, prices and the ledger, and goes on from there by itself. Resolves after the first attempt; what could not be
   * read is tried again, and until then no new risk is taken.
   */
  async start(): Promise<void> {
    const { timers, settings } = this.parts;
    await this.stops.open();
    await this.prices.refreshAll(settings.verdictWaitMs);
    await this.askOutside();
    await this.restore();
    this.repeat(settings.storeRetry.longestDelayMs, () => this.restore());
    this.repeat(settings.valueEveryMs, () => this.valuations.value());
    this.repeat(settings.ledgerCheckEveryMs, () => (this.isRestored ? this.follower.look() : undefined));
    this.repeat(settings.outsideOrdersEveryMs, () => this.askOutside());
    // Until it has answered once there is no new risk: that is not waited for so long.
    this.repeat(settings.storeRetry.longestDelayMs, () =>
      this.outside.hasAnswered ? undefined : this.askOutside(),
    );
    this.repeat(settings.valueEveryMs, () => this.killSwitch.watch());
    this.valuations.awaitMidnight();
    await doneWithin(timers, settings.verdictWaitMs, this.valuations.value());
  }

  /** Ends every timer. What waits for a store is given up: it is in the other one. */
  stop(): void {
    this.isStopped = true;
    for (const end of this.endings) end();
    this.valuations.stop();
    this.stops.stop();
    this.writer.stop();
    this.follower.end();
    this.waits.end();
  }

  /** Waits for nothing when the price is here and nothing is missing of the journal. */
  validate(wanted: Wanted, correlationId: string): Verdict | Promise<Verdict> {
    const [{ symbol }] = ordersOf(wanted);
    const span = this.parts.telemetry.tracer.start('validate', correlationId, { symbol });
    const judge = (): Verdict => {
      const verdict = this.judge.verdictOn(wanted, correlationId);
      span.end({ verdict: verdict.kind });
      return verdict;
    };
    const refreshed = this.prices.refresh(symbol, this.parts.settings.verdictWaitMs);
    return refreshed === undefined && !this.follower.isBehind ? judge() : this.ready(refreshed).then(judge);
  }

  epoch(): RiskEpoch {
    return this.stops.epoch;
  }

  async withdraw(clientOrderIds: readonly string[]): Promise<void> {
    const kept = this.reservations.withdraw(clientOrderIds);
    if (kept.length > 0) this.warn('withdrawn_though_written', kept.join(', '));
  }

  async record(events: readonly CommittedEvent[]): Promise<void> {
    this.follower.take(events);
  }

  async limits(): Promise<RiskLimits> {
    return this.parts.settings.limits;
  }

  async state(): Promise<RiskState> {
    const { settings, clock } = this.parts;
    const { equityAsset, limits } = settings;
    const { desk, holdings, prices, accounts } = this;
    const { day } = accounts;
    const equity = accounts.equity();
    const nowMs = clock.nowMs();
    const uses = limitUses({ limits, desk, holdings, prices, day, equity, equityAsset, nowMs });
    return {
      ...this.readiness(),
      seq: this.following.appliedSeq,
      breakers: this.stops.breakers,
      equityAsset,
      equity,
      dayStartEquity: day.dayStart,
      peakEquity: day.peak,
      uses,
    };
  }

  halt(order: HaltOrder): Promise<HaltResult> {
    return this.killSwitch.halt(order);
  }

  async resume(order: ResumeOrder): Promise<CommandResult> {
    const result = await this.stops.resume(order);
    if (result.kind === 'done' && order.scope.kind === 'strategy') this.runaway.forget(order.scope.name);
    return result;
  }

  async heartbeat(_beat: Heartbeat): Promise<void> {
    this.killSwitch.heard();
  }

  private async ready(refreshed: Promise<unknown> | undefined): Promise<void> {
    await refreshed;
    if (this.follower.isBehind) await this.follower.caughtUp(this.parts.settings.verdictWaitMs);
  }

  private readiness(): Pick<RiskState, 'state' | 'detail'> {
    if (!this.isRestored) return { state: 'not_ready', detail: this.trouble };
    const { appliedSeq, stillBecause } = this.following;
    if (stillBecause !== undefined) return { state: 'not_ready', detail: stillBecause };
    if (this.follower.isBehind) return { state: 'catching_up', detail: `knows events up to ${appliedSeq}` };
    const { uncounted } = this.reservations;
    if (uncounted > 0)
      return { state: 'not_ready', detail: `${uncounted} orders at the exchange have no value yet` };
    return { state: 'ready', detail: '' };
  }

  private async restore(): Promise<void> {
    if (this.isRestored) return;
    const { accounts, reservations, desk, recent } = this;
    try {
      const { ledger } = this.parts;
      const restored = await restoreFrom({ ledger, accounts, reservations, desk, recent });
      this.isRestored = true;
      this.following.appliedSeq = restored.seq;
      this.follower.begin(restored.seq);
      if (!this.isStopped) {
        this.stops.restored(restored.breakers);
        this.killSwitch.knowsOrders();
      }
    } catch (error) {
      this.trouble = `the ledger cannot be read: ${String(error)}`;
      this.warn('ledger_not_read', this.trouble);
    }
  }

  private async askOutside(): Promise<void> {
    const problem = await this.outside.ask();
    if (problem !== undefined) this.warn('open_orders_not_asked', problem);
  }

  private repeat(periodMs: number, act: () => void | Promise<void>): void {
    this.endings.push(every(this.parts.timers, periodMs, act));
  }

  private warn(event: string, detail: string): void {
    this.parts.telemetry.log.write('warn', event, { detail });
  }
}
