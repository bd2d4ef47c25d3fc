import type { OrderEntry } from '@tradewind/binance';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import { ordersOf } from '@tradewind/core/orders';
import { tradingStateOf, type Wanted } from '@tradewind/core/risk';
import type {
  CheckResult,
  RiskEpoch,
  Signal,
  SignalRefusal,
  SubmitResult,
  TradingEvent,
  Verdict,
} from '@tradewind/proto';
import type { Clock, Histogram } from '@tradewind/utils';
import type { CanceledScopes } from './canceled-scopes.ts';
import type { EventMaker } from './event-maker.ts';
import type { NewOrder, Orders } from './orders.ts';
import type { Placements } from './placements.ts';
import { Preparation } from './preparation.ts';
import { type UnwrittenParts, unwrittenRefusal } from './unwritten.ts';

export interface OrderPathParts extends UnwrittenParts {
  readonly clock: Clock;
  readonly entry: OrderEntry;
  readonly events: EventMaker;
  readonly orders: Orders;
  readonly placements: Placements;
  readonly canceled: CanceledScopes;
  /** A command has canceled these for good, by client order id. */
  readonly giveUp: (clientOrderIds: readonly string[]) => void;
  readonly submitsMax: number;
  /** Why this must not be placed now; asked before the verdict and again right before the send. */
  readonly objection: (wanted: Wanted) => SignalRefusal | undefined;
  /** Whether it only sells what its strategy holds. */
  readonly isReducing: (wanted: Wanted) => boolean;
}

/** A signal that wants an order or a list. */
export type PlacingSignal = Extract<Signal, { action: 'order' | 'list' }>;

type ApprovingVerdict = Extract<Verdict, { kind: 'approved' }>;

/**
 * How an approved order gets to the venue; a cancel-replace goes another way than a placement. What can be done before its intent is
 * written is done at once; nothing leaves before what this returns is called.
 */
export type Send = (
  approved: Approved<OrderIntent> | Approved<OrderListIntent>,
) => (mayLeave: () => boolean) => Promise<void>;

/** Of an order that is not placed in the ordinary way, or was not begun just now. */
export interface SubmitOptions {
  readonly send?: Send;
  /** The moment of `CanceledScopes` at which what leads to it was begun. */
  readonly begun?: number;
}

/**
 * The way of one order: verdict, one commit of signal, verdict and intent, then the first byte (faults.md I1). Nothing is awaited in
 * between but these three.
 */
export class OrderPath {
  private readonly parts: OrderPathParts;
  private readonly latency: Histogram<'operation'>;
  /** Between check and answer, by client order id: a signal that comes twice meanwhile is the same one. */
  private readonly underway = new Map<string, Underway>();

  constructor(parts: OrderPathParts) {
    this.parts = parts;
    this.latency = parts.telemetry.metrics.histogram(
      'execution_latency_seconds',
      'From the beginning of an operation of order execution to its end',
      ['operation'],
    );
  }

  get underwayCount(): number {
    return this.underway.size;
  }

  /** Resolves when what is underway now has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.underway.values()].map(({ result }) => result));
  }

  /** Resolves when what a command has canceled before it was an order has ended; what was an order by then is not waited for. */
  async canceledEnded(): Promise<void> {
    const { canceled, orders } = this.parts;
    const isCanceled = ([id, { submit }]: readonly [string, Underway]): boolean =>
      orders.of(id) === undefined && canceled.hasCanceled(submit.signal, submit.begun);
    await Promise.allSettled([...this.underway].filter(isCanceled).map(([, { result }]) => result));
  }

  /**
   * Of the order or the list of that id nothing leaves any more that has not left yet.
   * @returns whether it was underway
   */
  cancel(clientOrderId: string): boolean {
    const submit = [...this.underway.values()].map(({ submit }) => submit).find(isNamed(clientOrderId));
    if (submit !== undefined) submit.isCanceled = true;
    return submit !== undefined;
  }

  /** Resolves when the venue has answered or nobody knows. */
  submit(
    signal: PlacingSignal,
    correlationId: string,
    { send = this.send, begun = this.parts.canceled.moment }: SubmitOptions = {},
  ): Promise<SubmitResult> {
    const wanted = wantedBy(signal);
    const [{ clientOrderId }] = ordersOf(wanted);
    const known = this.parts.orders.of(clientOrderId);
    if (known !== undefined)
      return Promise.resolve({ kind: 'submitted', clientOrderId, state: known.record.state });
    const underway = this.underway.get(clientOrderId);
    if (underway !== undefined) return underway.result;
    const span = this.parts.telemetry.tracer.start('submit', correlationId, { symbol: signal.symbol });
    const submit = { signal, begun, isCanceled: false };
    const result = this.place(submit, wanted, correlationId, send);
    this.underway.set(clientOrderId, { submit, result });
    return result.finally(() => {
      this.underway.delete(clientOrderId);
      span.end();
    });
  }

  private async place(
    submit: Begun,
    wanted: Wanted,
    correlationId: string,
    send: Send,
  ): Promise<SubmitResult> {
    const { clock, risk, submitsMax } = this.parts;
    const { signal } = submit;
    const beganMs = clock.elapsedMs();
    const objection: SignalRefusal | undefined =
      this.underway.size >= submitsMax
        ? { reason: 'queue_full', maximum: submitsMax }
        : this.objectionTo(submit, wanted);
    if (objection !== undefined) return this.refuse(signal, wanted, correlationId, objection);
    let verdict: Verdict;
    try {
      const judged = risk.validate(wanted, correlationId);
      // One that is there at once is acted on at once.
      verdict = judged instanceof Promise ? await judged : judged;
    } catch (error) {
      return this.refuse(signal, wanted, correlationId, {
        reason: 'risk_unavailable',
        detail: String(error),
      });
    }
    if (verdict.kind === 'refused') {
      this.took('validate', beganMs);
      return this.refuse(signal, wanted, correlationId, verdict.refusal, verdict.checks);
    }
    return this.record(submit, verdict, correlationId, send, beganMs);
  }

  private async record(
    submit: Begun,
    verdict: ApprovingVerdict,
    correlationId: string,
    prepare: Send,
    beganMs: number,
  ): Promise<SubmitResult> {
    const { canceled, clock, giveUp, journal, orders, placements } = this.parts;
    const { signal } = submit;
    const { approved } = verdict;
    const judgedMs = clock.elapsedMs();
    const writing = journal.commit(this.eventsOf(signal, verdict, correlationId));
    const preparation = new Preparation(() => prepare(approved));
    const written = await writing;
    const writtenMs = clock.elapsedMs();
    if (written.kind !== 'committed') return refused(await unwrittenRefusal(this.parts, approved, written));
    const named = namesOf(approved, signal, correlationId, clock.nowMs());
    orders.add(named);
    const [{ clientOrderId }] = ordersOf(approved);
    // The commit may have taken long: what is too late now is not sent (faults.md X3).
    const objection = this.objectionTo(submit, approved) ?? this.outdated(verdict);
    if (objection !== undefined) {
      if (canceled.hasCanceled(signal, submit.begun)) giveUp(named.map(({ intent }) => intent.clientOrderId));
      for (const { intent } of named) placements.neverSent(intent.clientOrderId, objection.reason);
      return { kind: 'refused', refusal: objection };
    }
    let send: ReturnType<Send>;
    try {
      send = preparation.result;
    } catch (error) {
      for (const { intent } of named) placements.neverSent(intent.clientOrderId, 'not_made');
      throw error;
    }
    for (const { intent } of named) orders.sent(intent.clientOrderId);
    const decidedMs = clock.elapsedMs();
    // Asked again only when it has waited: for room under a limit, which may take too long as well (faults.md R4, X4).
    let hasWaited = false;
    const mayLeave = (): boolean =>
      !hasWaited || (this.objectionTo(submit, approved) ?? this.outdated(verdict)) === undefined;
    const sent = send(mayLeave);
    hasWaited = true;
    // Counted while the order is on its way.
    this.took('validate', beganMs, judgedMs);
    this.took('commit', judgedMs, writtenMs);
    this.took('decide', beganMs, decidedMs);
    await sent;
    this.took('submit', beganMs);
    const state = orders.of(clientOrderId)?.record.state ?? 'unknown';
    if (submit.isCanceled && state === 'absent') return refused({ reason: 'canceled_by_command' });
    return { kind: 'submitted', clientOrderId, state };
  }

  private readonly send: Send = (approved) => {
    const { clock, entry, placements, isReducing } = this.parts;
    const priority = isReducing(approved) ? 'exit' : 'normal';
    if ('kind' in approved)
      return async (mayLeave) => {
        const beganMs = clock.elapsedMs();
        const outcome = await entry.placeList(approved, 'as_intended', { priority, mayLeave });
        placements.listAnswered(approved, outcome, this.took('place_list', beganMs));
      };
    const prepared = entry.prepare(approved, priority);
    return async (mayLeave) => {
      const beganMs = clock.elapsedMs();
      const outcome = await prepared.place(mayLeave);
      placements.answered(approved, outcome, this.took('place', beganMs));
    };
  };

  private objectionTo({ signal, begun, isCanceled }: Begun, wanted: Wanted): SignalRefusal | undefined {
    // Before all else: what a command has canceled is not tried again, whatever speaks against it besides.
    if (isCanceled || this.parts.canceled.hasCanceled(signal, begun))
      return { reason: 'canceled_by_command' };
    const nowMs = this.parts.clock.nowMs();
    const { expiresAtMs } = signal;
    if (nowMs >= expiresAtMs) return { reason: 'signal_expired', expiresAtMs, nowMs };
    return this.parts.objection(wanted);
  }

  /**
   * A verdict binds only while the same run of the risk manager judges, and while nothing that has been stopped since covers its order:
   * an exit of another strategy is not lost by it. Where something was let on, too, nobody here knows whether it is what had covered it.
   */
  private outdated({ approved, epoch }: ApprovingVerdict): SignalRefusal | undefined {
    const { risk, isReducing } = this.parts;
    const now = risk.epoch();
    if (now?.run === epoch.run) {
      const letOn = now.letOn - epoch.letOn;
      const stopped = now.changes - epoch.changes - letOn;
      if (stopped <= 0) return undefined;
      const [{ strategy, symbol }] = ordersOf(approved);
      const state = tradingStateOf(now, strategy, symbol);
      const isCovered = !(state === 'active' || (state === 'reducing' && isReducing(approved)));
      if (letOn <= 0 && !isCovered) return undefined;
    }
    return { reason: 'approval_outdated', detail: `approved in ${textOf(epoch)}, now ${textOf(now)}` };
  }

  private eventsOf(
    signal: PlacingSignal,
    { approved, checks }: ApprovingVerdict,
    correlationId: string,
  ): readonly TradingEvent[] {
    const { events, journal } = this.parts;
    const { strategy, symbol, expiresAtMs } = signal;
    const made: TradingEvent = { ...events.headOf({ correlationId }), kind: 'signal', signal };
    const verdict: TradingEvent = {
      ...events.headOf({ correlationId, causeId: made.id }),
      kind: 'verdict',
      strategy,
      symbol,
      clientOrderId: nameOf(approved),
      isApproved: true,
      checks,
    };
    const intent: TradingEvent = {
      ...events.headOf({ correlationId, causeId: verdict.id }),
      kind: 'intent',
      wanted: approved,
      expiresAtMs,
      epoch: journal.epoch,
    };
    return [made, verdict, intent];
  }

  /** A refusal is a decision, too: it is recorded with its reason, and nobody waits for that. */
  private refuse(
    signal: PlacingSignal,
    wanted: Wanted,
    correlationId: string,
    refusal: SignalRefusal,
    checks: readonly CheckResult[] = [],
  ): SubmitResult {
    const { events, journal, submitsMax, telemetry } = this.parts;
    const { strategy, symbol } = signal;
    const made = events.make({ kind: 'signal', signal }, { correlationId });
    const verdict = events.make(
      {
        kind: 'verdict',
        strategy,
        symbol,
        clientOrderId: nameOf(wanted),
        isApproved: false,
        checks,
        refusal,
      },
      { correlationId, causeId: made.id },
    );
    // A ledger that cannot follow gets no more of what nobody waits for.
    if (journal.trouble === undefined && journal.inFlightCount < submitsMax)
      void journal.commit([made, verdict]);
    telemetry.log.write(
      'info',
      'signal_refused',
      { strategy, symbol, reason: refusal.reason },
      correlationId,
    );
    return { kind: 'refused', refusal };
  }

  private took(operation: string, beganMs: number, endedMs = this.parts.clock.elapsedMs()): number {
    const ms = endedMs - beganMs;
    this.latency.observe({ operation }, ms / 1000);
    return ms;
  }
}

interface Begun {
  readonly signal: PlacingSignal;
  readonly begun: number;
  /** By its own id. */
  isCanceled: boolean;
}
interface Underway {
  readonly submit: Begun;
  readonly result: Promise<SubmitResult>;
}

const refused = (refusal: SignalRefusal): SubmitResult => ({ kind: 'refused', refusal });

const textOf = (epoch: RiskEpoch | undefined): string =>
  epoch === undefined ? 'nobody knows' : `${epoch.run} ${epoch.changes}`;

const wantedBy = (signal: PlacingSignal): Wanted => (signal.action === 'order' ? signal.intent : signal.list);

/** Of an order its id, of a list the list's. */
const nameOf = (wanted: Wanted): string =>
  'kind' in wanted ? wanted.listClientOrderId : wanted.clientOrderId;

const isNamed =
  (clientOrderId: string) =>
  ({ signal }: Begun): boolean => {
    const wanted = wantedBy(signal);
    return (
      nameOf(wanted) === clientOrderId ||
      ordersOf(wanted).some((order) => order.clientOrderId === clientOrderId)
    );
  };

const namesOf = (
  wanted: Wanted,
  { expiresAtMs }: PlacingSignal,
  correlationId: string,
  createdAtMs: number,
): readonly NewOrder[] => {
  if (!('kind' in wanted)) return [{ intent: wanted, expiresAtMs, createdAtMs, correlationId }];
  const { listClientOrderId } = wanted;
  return ordersOf(wanted).map((intent) => ({
    intent,
    listClientOrderId,
    expiresAtMs,
    createdAtMs,
    correlationId,
  }));
};

/** Whether something may come of it: what is in doubt is followed like every order. */
export const isAlive = (result: SubmitResult | undefined): boolean =>
  result?.kind === 'submitted' && !DEAD.has(result.state);
const DEAD: ReadonlySet<string> = new Set(['rejected', 'absent', 'canceled', 'expired', 'expired_in_match']);
