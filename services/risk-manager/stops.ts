import {
  type BreakerCause,
  type BreakerScope,
  type BreakerStates,
  NOTHING_TRIPPED,
  type RiskDesk,
  rearm,
  type Trip,
} from '@tradewind/core/risk';
import type { CommandResult, ControlBody, ResumeOrder, RiskEpoch, TradingEvent } from '@tradewind/proto';
import { type Clock, doneWithin, type Gauge, type Telemetry, type Timers } from '@tradewind/utils';
import { type EventMaker, throughSuffix } from './event-maker.ts';
import type { HaltKeeper } from './halt-keeper.ts';
import type { LedgerWriter } from './ledger-writer.ts';

export interface StopsParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  readonly desk: RiskDesk;
  readonly events: EventMaker;
  readonly writer: LedgerWriter;
  /** The event of the journal that everything here takes account of. */
  readonly throughSeq: () => number;
  readonly storeWaitMs: number;
}

type Change = Pick<ControlBody, 'action' | 'scope' | 'by' | 'why'>;
export const ITSELF = 'risk-manager';

/** What is stopped, and why; every change takes effect at once and is then stored in the ledger and in the halt file (faults.md I8). */
export class Stops {
  private readonly parts: StopsParts;
  private readonly keeper: HaltKeeper;
  private last: Change = { action: 'losses', scope: { kind: 'system' }, by: ITSELF, why: 'start' };
  private readonly stopped: Gauge<'state'>;
  /** Before the ledger is read nobody knows the losses in a row, and a state without them must not be written to it. */
  private isRestored = false;
  private lossesInFile: BreakerStates['losses'] = new Map();
  private counted: BreakerStates['trips'] = [];
  private changes = 0;
  private letOn = 0;

  /** @param makeKeeper  of the halt file, which asks what is stopped now */
  constructor(parts: StopsParts, makeKeeper: (current: () => ControlBody) => HaltKeeper) {
    this.parts = parts;
    this.keeper = makeKeeper(() => this.control(this.last, this.breakers));
    this.stopped = parts.telemetry.metrics.gauge('risk_stops', 'Scopes that are stopped', ['state']);
    this.count();
  }

  get breakers(): BreakerStates {
    return this.parts.desk.breakers;
  }

  /** Has changed before whoever stops something or lets it on goes on. */
  get epoch(): RiskEpoch {
    const { changes, letOn } = this;
    return { run: this.parts.events.run, changes, letOn, trips: this.breakers.trips };
  }

  get storedIn(): readonly string[] {
    return [
      ...(this.isRestored && this.parts.writer.isDone ? ['ledger'] : []),
      ...(this.keeper.isStored ? ['file'] : []),
    ];
  }

  /** Resolves once both stores have what is stopped now, which may be never. */
  async stored(): Promise<void> {
    await Promise.all([this.parts.writer.done(), this.keeper.stored()]);
  }

  /** Does what may change breakers, and stores and tells what has changed. */
  change(change: Change, act: () => void): void {
    const before = this.breakers;
    act();
    const isChanged =
      this.breakers.trips.length !== before.trips.length || !isSame(this.breakers.losses, before.losses);
    if (!isChanged) return;
    const added = this.breakers.trips.slice(before.trips.length);
    this.last = added[0] === undefined ? change : { ...change, scope: added[0].scope };
    const control = this.event(this.control(this.last, this.breakers));
    if (this.isRestored) this.parts.writer.write(control);
    this.parts.writer.write(...added.map((trip) => this.alertOf(trip, control.correlationId)));
    this.keeper.changed();
    this.count();
  }

  /** A guard of the system itself stops a scope. */
  guard(
    action: ControlBody['action'],
    scope: BreakerScope,
    guard: Extract<BreakerCause, { kind: 'guard' }>['guard'],
    detail: string,
  ): void {
    const cause = { kind: 'guard', guard, detail } as const;
    const trip: Trip = { scope, state: 'halted', cause, atMs: this.parts.clock.nowMs() };
    this.change({ action, scope, by: ITSELF, why: detail }, () => {
      this.parts.desk.join({ ...NOTHING_TRIPPED, trips: [trip] });
    });
  }

  /**
   * All that the ledger says has been taken over by the desk. What it does not say, because the halt file alone had heard of it or a
   * crash was quicker, is written to it now; and the file hears of what only the ledger had.
   * @param inLedger  the state that the ledger has
   */
  restored(inLedger: BreakerStates): void {
    const { desk, writer } = this.parts;
    this.isRestored = true;
    desk.join({ ...NOTHING_TRIPPED, losses: this.lossesInFile });
    const isKnown =
      this.breakers.trips.length === inLedger.trips.length && isSame(this.breakers.losses, inLedger.losses);
    if (!isKnown) writer.write(this.event(this.control(this.last, this.breakers)));
    this.keeper.changed();
    this.count();
  }

  /** The halt file has what may not be stopped here. Its losses in a row count once those of the ledger are known. */
  found(states: BreakerStates): void {
    const [first] = states.trips;
    const cause = first?.cause;
    const [by, why] = cause?.kind === 'person' ? [cause.by, cause.why] : [ITSELF, 'found in the halt file'];
    if (!this.isRestored) this.lossesInFile = states.losses;
    this.change({ action: 'halt', scope: first?.scope ?? { kind: 'system' }, by, why }, () =>
      this.parts.desk.join({ ...NOTHING_TRIPPED, trips: states.trips }),
    );
  }

  /** The risk manager of another instance on the same ledger, which this one may have to replace (faults.md I8). */
  heard({ action, scope, by, why, breakers }: ControlBody): void {
    if (action === 'resume') {
      // A person has said so there, and it was stored.
      this.parts.desk.rearm(scope);
      this.keeper.changed();
      this.count();
      return;
    }
    this.change({ action, scope, by, why }, () =>
      this.parts.desk.join({ ...NOTHING_TRIPPED, trips: breakers.trips }),
    );
  }

  /** Both stores must take it, or nothing has changed. */
  async resume({ scope, by, why }: ResumeOrder): Promise<CommandResult> {
    if (by.trim() === '' || by === ITSELF) return refused('not_a_person', 'only a person resumes, by name');
    const { writer, timers, storeWaitMs, desk } = this.parts;
    const change: Change = { action: 'resume', scope, by, why };
    const control = this.control(change, rearm(this.breakers, scope));
    const inFile = await inTime(timers, storeWaitMs, this.keeper.writeNow(control));
    if (inFile !== undefined) return refused('halt_file_unavailable', inFile);
    const inLedger = await inTime(timers, storeWaitMs, writer.writeNow(this.event(control)));
    if (inLedger !== undefined) {
      this.keeper.changed();
      return refused('ledger_unavailable', inLedger);
    }
    desk.rearm(scope);
    this.last = change;
    // What was stopped in the meantime is in neither of the two that were just written.
    if (this.breakers.trips.length !== control.breakers.trips.length) this.keeper.changed();
    this.count();
    return { kind: 'done' };
  }

  /** Looks at the halt file for the first time. Whatever keeps it from being read counts as a halt. */
  async open(): Promise<void> {
    const isRead = await doneWithin(this.parts.timers, this.parts.storeWaitMs, this.keeper.open());
    if (!isRead) this.unreadable('the halt file does not answer');
    this.keeper.watch();
  }

  unreadable(detail: string): void {
    this.guard('breaker', { kind: 'system' }, 'unreadable_store', detail);
  }

  stop(): void {
    this.keeper.stop();
  }

  private control(change: Change, breakers: BreakerStates): ControlBody {
    return { kind: 'control', ...change, breakers };
  }

  private event(control: ControlBody): TradingEvent {
    return this.parts.events.make(control, undefined, throughSuffix(this.parts.throughSeq()));
  }

  private alertOf({ scope, state, cause }: Trip, correlationId: string): TradingEvent {
    const name = nameOf(scope);
    this.parts.telemetry.log.write('error', 'trading_stopped', { scope: name, state, cause: cause.kind });
    return this.parts.events.make(
      {
        kind: 'alert',
        severity: 'critical',
        name: 'trading_stopped',
        message: `${name} is ${state}: ${cause.kind}`,
        fields: { scope: name, state, cause: cause.kind },
      },
      correlationId,
    );
  }

  private count(): void {
    const { trips } = this.breakers;
    if (this.counted !== trips) this.changes += 1;
    if (this.counted.some((trip) => !trips.includes(trip))) this.letOn += 1;
    this.counted = trips;
    for (const state of ['halted', 'reducing'] as const) {
      this.stopped.set({ state }, trips.filter((trip) => trip.state === state).length);
    }
  }
}

const nameOf = (scope: BreakerScope): string =>
  'name' in scope ? `${scope.kind} ${scope.name}` : scope.kind;

const refused = (reason: string, detail: string): CommandResult => ({ kind: 'refused', reason, detail });

async function inTime(
  timers: Timers,
  waitMs: number,
  writing: Promise<string | undefined>,
): Promise<string | undefined> {
  let problem: string | undefined;
  const isDone = await doneWithin(
    timers,
    waitMs,
    writing.then((said) => {
      problem = said;
    }),
  );
  return isDone ? problem : `it has not answered within ${waitMs} ms`;
}

/** Who has lost nothing in a row need not be named. */
const isSame = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean =>
  [...one.keys(), ...other.keys()].every(
    (strategy) => (one.get(strategy) ?? 0) === (other.get(strategy) ?? 0),
  );
