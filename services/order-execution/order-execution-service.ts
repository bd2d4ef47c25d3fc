import { isFinal, isInDoubt } from '@tradewind/core/orders';
import type {
  AmendCommand,
  CancelAllResult,
  CancelCommand,
  CommandResult,
  ExecutionState,
  FlattenResult,
  ForgetCommand,
  LedgerOrder,
  OrderExecution,
  ReconciliationResult,
  ReplaceCommand,
  ResolveBreakCommand,
  ScopedCommand,
  Signal,
  SubmitResult,
} from '@tradewind/proto';
import { doneWithin, every, type Gauge, Waits } from '@tradewind/utils';
import { judgeStart } from './crash-loop.ts';
import { EventMaker } from './event-maker.ts';
import { Journal } from './journal.ts';
import { JumpDetector } from './jump-detector.ts';
import { findLastStops } from './last-stops.ts';
import { Leadership } from './leadership.ts';
import type { ExecutionParts } from './ports.ts';
import { restore } from './restored.ts';
import { Session } from './session.ts';
import { Teller } from './teller.ts';

/**
 * The only writer to the exchange. It leads or stands by; while it leads it has a session, which begins from the ledger, compares
 * books and venue, and trades. Whatever casts doubt on a session (a lost lease, a clock that jumped, a ledger that was away for too
 * long) ends it, and the next one begins as after a crash.
 */
export class OrderExecutionService implements OrderExecution {
  private readonly parts: ExecutionParts;
  private readonly events: EventMaker;
  private readonly teller: Teller;
  private readonly leadership: Leadership;
  private readonly jumps: JumpDetector;
  private readonly waits: Waits;
  private readonly sizes: Gauge<'of'>;
  private session: Session | undefined;
  private journal: Journal | undefined;
  /** The last epoch that had a session. */
  private ledEpoch = 0;
  /** The end of the session before. */
  private before: Promise<void> = Promise.resolve();
  /** Sessions lost one soon after the other, and when the last one began on the elapsed clock. */
  private losses = 0;
  private beganMs = 0;
  private phase: 'starting' | 'running' | 'given_up' | 'stopping' = 'starting';
  private detail = '';
  private endBeats: () => void = () => undefined;

  constructor(parts: ExecutionParts) {
    const { settings } = parts;
    this.parts = parts;
    this.events = new EventMaker(parts.clock);
    this.teller = new Teller(parts);
    this.waits = new Waits(parts);
    this.sizes = parts.telemetry.metrics.gauge('execution_size', 'How much order execution holds of what', [
      'of',
    ]);
    this.jumps = new JumpDetector(parts, settings.jumpMsMax, (byMs) =>
      this.restart(`the clock jumped by ${byMs} ms, as after a sleep`),
    );
    this.leadership = new Leadership({
      ...parts,
      leaseMs: settings.leaseMs,
      marginMs: settings.leaseMarginMs,
      gained: (epoch) => this.lead(epoch),
      renewed: () => this.journal?.worksAgain(),
      lost: (why) => this.standBy(why),
    });
  }

  /** Resolves when it is known whether this start may trade; `state` tells when it does. */
  async start(): Promise<void> {
    const { clock, settings, starts, telemetry } = this.parts;
    const nowMs = clock.nowMs();
    const permission = judgeStart(await starts.add(nowMs), nowMs, settings.crashLoop);
    if (this.phase !== 'starting') return;
    if (permission.kind === 'stay_degraded') {
      this.phase = 'given_up';
      this.detail = permission.detail;
      telemetry.log.write('error', 'crash_loop', { detail: permission.detail });
      return;
    }
    await this.waits.wait(permission.delayMs);
    if (this.phase !== 'starting') return;
    this.phase = 'running';
    this.leadership.start();
    this.jumps.start();
    this.endBeats = every(this.parts.timers, this.parts.settings.heartbeatEveryMs, () => this.beat());
  }

  /** Takes nothing more, finishes what is in flight or leaves it to the next start, and gives the lease back last (faults.md X6). */
  async stop(): Promise<void> {
    const { session } = this;
    this.phase = 'stopping';
    this.detail = 'asked to stop';
    this.endBeats();
    this.jumps.end();
    if (session !== undefined) {
      await doneWithin(this.parts.timers, this.parts.settings.stopWithinMs, session.settled());
      this.tellLeft(session);
      session.end();
    }
    this.teller.tellHeld();
    void this.journal?.end();
    await this.leadership.stop();
    this.waits.end();
  }

  submit(signal: Signal, correlationId: string): Promise<SubmitResult> {
    const session = this.active;
    if (session === undefined) return Promise.resolve({ kind: 'refused', refusal: this.notReady() });
    return session.submit(signal, correlationId);
  }

  async cancel({ symbol, clientOrderId }: CancelCommand): Promise<CommandResult> {
    return this.active?.trading.cancel(symbol, clientOrderId) ?? this.refused();
  }

  async forget(command: ForgetCommand): Promise<CommandResult> {
    return this.active?.trading.forgetting.forget(command) ?? this.refused();
  }

  async amend(command: AmendCommand): Promise<CommandResult> {
    return this.active?.trading.cancels.amend(command) ?? this.refused();
  }

  async replace(command: ReplaceCommand): Promise<SubmitResult> {
    return this.active?.trading.replacing.replace(command) ?? { kind: 'refused', refusal: this.notReady() };
  }

  async cancelAll(command: ScopedCommand): Promise<CancelAllResult> {
    return this.active?.trading.cancelAll(command) ?? { canceled: [], unproven: await this.openIds() };
  }

  async flatten(command: ScopedCommand): Promise<FlattenResult> {
    return (
      this.active?.trading.flatten(command) ?? {
        canceled: [],
        unproven: await this.openIds(),
        orders: [],
        kept: [],
      }
    );
  }

  async order(clientOrderId: string): Promise<LedgerOrder | undefined> {
    const { session } = this;
    if (session !== undefined) return session.orders.of(clientOrderId);
    // Nothing is known here yet: that must not be taken for an order that does not exist (faults.md I4).
    return (await this.parts.ledger.load()).orders.find(
      ({ intent }) => intent.clientOrderId === clientOrderId,
    );
  }

  async openOrders(): Promise<readonly LedgerOrder[]> {
    return this.session?.orders.allOpen ?? [];
  }

  async reconcile(): Promise<ReconciliationResult> {
    const { session } = this;
    if (session === undefined) return { kind: 'failed', breaks: [], detail: this.now().state };
    return session.reconciliation.compare();
  }

  async resolveBreak(command: ResolveBreakCommand): Promise<CommandResult> {
    return this.active?.resolving.resolve(command) ?? this.refused();
  }

  async state(): Promise<ExecutionState> {
    const { session } = this;
    return {
      ...this.now(),
      epoch: this.leadership.epoch,
      openOrders: session?.orders.openCount ?? 0,
      inDoubt: session?.trading.inDoubt.count ?? 0,
      breaks: session?.breaks.all ?? [],
      agreedAtMs: session?.reconciliation.agreedAtMs,
    };
  }

  /** The session, unless nothing may be begun in it any more. */
  private get active(): Session | undefined {
    return this.phase === 'running' ? this.session : undefined;
  }

  private now(): Pick<ExecutionState, 'state' | 'detail'> {
    const { detail, leadership, phase, session } = this;
    if (phase === 'given_up') return { state: 'degraded', detail };
    if (phase !== 'running') return { state: phase, detail };
    if (leadership.epoch === undefined) return { state: 'standby', detail: leadership.otherHolder ?? detail };
    if (session?.isReady !== true) return { state: 'reconciling', detail };
    const { trouble } = session;
    return trouble === undefined ? { state: 'ready', detail: '' } : { state: 'degraded', detail: trouble };
  }

  private notReady() {
    return { reason: 'not_ready', ...this.now() } as const;
  }

  private refused(): CommandResult {
    const { state, detail } = this.now();
    return { kind: 'refused', reason: 'not_ready', detail: detail === '' ? state : `${state}: ${detail}` };
  }

  /** Of what a command cannot be obeyed for: whoever leads next gives back the stops that had ended, too. */
  private async openIds(): Promise<readonly string[]> {
    const { parts, session } = this;
    if (session !== undefined)
      return [
        ...session.orders.allOpen.map(({ intent }) => intent.clientOrderId),
        ...session.trading.awaitedStops,
      ];
    const restored = await restore(parts.ledger, parts.instruments);
    const { ended } = await findLastStops({ ...parts, strategies: parts.settings.strategies }, restored);
    const open = restored.state.orders.filter(({ record }) => !isFinal(record.state));
    return [...open, ...ended].map(({ intent }) => intent.clientOrderId);
  }

  private lead(epoch: number): void {
    this.events.startEpoch(epoch);
    void this.beginSession(epoch);
  }

  private async beginSession(epoch: number): Promise<void> {
    const { parts, events } = this;
    const { settings, telemetry } = parts;
    this.beganMs = parts.clock.elapsedMs();
    const journal = new Journal(epoch, {
      ...parts,
      retry: settings.retry,
      tell: (told) => this.teller.tell(told),
      lostEnd: (why) => this.giveUp(why),
    });
    this.journal = journal;
    await this.before;
    const isCurrent = (): boolean => this.journal === journal && this.phase === 'running';
    for (let failures = 0; isCurrent(); failures += 1) {
      const session = await Session.open({
        parts,
        journal,
        events,
        isFirst: epoch !== this.ledEpoch,
        maySend: () => this.leadership.maySend && isCurrent(),
        lost: (why) => this.restart(why),
        told: () => journal.handedOver().then(() => this.teller.told()),
      }).catch((error: unknown) => {
        telemetry.log.write('error', 'start_failed', { detail: String(error) });
        return undefined;
      });
      if (!isCurrent()) return session?.end();
      if (session !== undefined) {
        this.session = session;
        this.ledEpoch = epoch;
        return session.begin();
      }
      await this.waits.backOff(settings.retry, failures);
    }
  }

  /** Somebody else may lead: nothing is written or sent any more. */
  private standBy(why: string): void {
    this.parts.telemetry.log.write('warn', 'leadership_lost', { detail: why });
    this.drop(why);
  }

  /** What is known here cannot be believed any more: it is read anew, as after a crash. */
  private restart(why: string): void {
    this.parts.telemetry.log.write('error', 'session_lost', { detail: why });
    this.drop(why);
    this.losses = this.parts.clock.elapsedMs() - this.beganMs < LASTING_MS ? this.losses + 1 : 0;
    void this.beginAgain();
  }

  /**
   * What is known here, and to all who have heard of it, is that of a ledger that is no more (faults.md P11). Nothing is sent until a person
   * has started everything anew; without a sign of life from here the risk manager cancels what is open.
   */
  private giveUp(why: string): void {
    this.parts.telemetry.log.write('error', 'ledger_lost_its_end', { detail: why });
    this.drop(why);
    this.phase = 'given_up';
    this.detail = `${why}: stop everything, look at the ledger, and start again`;
    this.endBeats();
    this.jumps.end();
    void this.leadership.stop();
  }

  /** A session that is lost again and again burns the limits of the venue: the next ones wait. */
  private async beginAgain(): Promise<void> {
    const { losses } = this;
    if (losses > 0) await this.waits.backOff(this.parts.settings.retry, losses);
    const { epoch } = this.leadership;
    const isNeeded = this.journal === undefined && this.phase === 'running';
    if (epoch !== undefined && isNeeded) void this.beginSession(epoch);
  }

  private drop(why: string): void {
    this.detail = why;
    this.session?.end();
    this.session = undefined;
    // What the next session reads must hold all that this one has written.
    this.before = this.journal?.end() ?? this.before;
    this.journal = undefined;
  }

  private beat(): void {
    const { risk, telemetry } = this.parts;
    const { epoch, otherHolder } = this.leadership;
    this.session?.lookAtListings();
    this.measure();
    // Who stands by has seen that another looks after the orders, and does it itself when that one is gone.
    if (epoch === undefined && otherHolder === undefined) return;
    const openOrders = this.session?.orders.openCount ?? 0;
    risk.heartbeat({ epoch: epoch ?? this.ledEpoch, openOrders }).catch((error: unknown) => {
      telemetry.log.write('warn', 'heartbeat_not_heard', { detail: String(error) });
    });
  }

  /** The next start finds out what became of these; whoever stopped this one hears of them now. */
  private tellLeft({ orders, trading }: Session): void {
    const inDoubt = orders.allOpen.filter(
      ({ record }) => isInDoubt(record.state) || record.venueOrderId === undefined,
    );
    const { underwayCount } = trading.path;
    if (inDoubt.length === 0 && underwayCount === 0) return;
    const ids = inDoubt.slice(0, LEFT_NAMED_MAX).map(({ intent }) => intent.clientOrderId);
    this.parts.telemetry.log.write('warn', 'stopped_in_doubt', {
      in_doubt: inDoubt.length,
      underway: underwayCount,
      order_ids: ids.join(' '),
    });
  }

  private measure(): void {
    const { session } = this;
    this.sizes.set({ of: 'open_orders' }, session?.orders.openCount ?? 0);
    this.sizes.set({ of: 'in_doubt' }, session?.trading.inDoubt.count ?? 0);
    this.sizes.set({ of: 'breaks' }, session?.breaks.all.length ?? 0);
  }
}

/** More ids would make the line longer than anybody reads; the ledger has all of them. */
const LEFT_NAMED_MAX = 20;
/** A session that has lasted so long was a good one. */
const LASTING_MS = 60_000;
