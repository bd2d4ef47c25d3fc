import { ordersOf } from '@tradewind/core/orders';
import { err, invariant, ok, type Result } from '@tradewind/core/result';
import {
  type AlertBody,
  type CommittedEvent,
  EVENT_TOPICS,
  type EvaluationBody,
  type EventBody,
  type LedgerState,
  type ParametersCommand,
  type Signal,
  type SignalRefusal,
  type StrategyBody,
  type StrategyCommand,
  type StrategyEngine,
  type StrategyProblem,
  type StrategyStatus,
  type Subscription,
} from '@tradewind/proto';
import { JournalFollower } from '@tradewind/proto/ledger';
import { type Counter, every } from '@tradewind/utils';
import type { HostingOutput, HostingSettings } from './hosting/messages.ts';
import { LocalPlace, type RunningMark, type StrategyPlace } from './hosting/place.ts';
import { checkValues } from './hosting/read-values.ts';
import { Instance, type InstanceListener } from './instance.ts';
import type { InstanceOptions, StrategyEngineOptions } from './options.ts';
import { Recorder } from './recorder.ts';
import { readSavedStrategy } from './saved-strategy.ts';
import { SignalSender } from './signal-sender.ts';
import { ThreadPlace } from './worker/thread-place.ts';

/** Hosts strategies. Everything it reaches is handed in; `open` begins, `close` ends. */
export class StrategyEngineService implements StrategyEngine, InstanceListener {
  private readonly options: StrategyEngineOptions;
  private readonly instances = new Map<string, Instance>();
  private readonly recorder: Recorder;
  private readonly sender: SignalSender;
  private readonly follower: JournalFollower;
  private subscriptions: readonly Subscription[] = [];
  private readonly generated: Counter<'strategy' | 'symbol'>;
  private readonly endings: (() => void)[] = [];
  private isRiskHeld = false;
  private isClosed = false;

  constructor(options: StrategyEngineOptions) {
    this.options = options;
    this.recorder = new Recorder(options, (events) => this.follower.take(events));
    this.sender = new SignalSender(options);
    const { ledger, timers, telemetry } = options;
    this.follower = new JournalFollower({
      ledger,
      timers,
      hear: (events) => {
        for (const instance of this.instances.values()) instance.hearEvents(events);
      },
      troubled: (error) => telemetry.log.write('warn', 'ledger_unreadable', { error }),
      lostEnd: (detail) => telemetry.log.write('error', 'ledger_lost_its_end', { detail }),
    });
    this.generated = options.telemetry.metrics.counter(
      'trading_signals_generated_total',
      'Signals of strategies that were handed to order execution',
      ['strategy', 'symbol'],
    );
    for (const instance of options.instances) this.add(instance);
  }

  /** Goes on where the ledger says that the last one stopped. Rejects when the ledger cannot be read. */
  async open(): Promise<void> {
    const state = await this.options.ledger.load();
    this.follower.begin(state.seq);
    this.subscriptions = EVENT_TOPICS.map((topic) =>
      this.options.bus.subscribe(topic, 'strategy-engine', (event) => this.follower.take([event])),
    );
    // When the last message is lost, no later one shows the hole (faults.md P9).
    this.repeat(LOOK_MS, () => this.follower.look());
    const blocked = this.options.blockedBefore ?? [];
    for (const instance of this.instances.values()) {
      this.recall(instance, state);
      if (!blocked.includes(instance.strategy)) continue;
      this.disable(instance, 'blocked', 'it blocked the event loop until the process had to be ended');
    }
    if (blocked.length > 0 && (await this.recorder.flush())) this.options.blockedRecorded?.();
    for (const instance of this.instances.values()) {
      if (instance.state !== 'disabled' && instance.detail === READY) instance.begin(instance.saved);
    }
    this.repeat(this.options.saveEveryMs, () => this.saveAll('a regular save'));
    const { watch } = this.options;
    if (watch !== undefined) this.repeat(BEAT_MS, () => this.beat(watch));
  }

  /** Tells what has been committed, where that need not come over the bus: all of a commit at once. */
  hearEvents(events: readonly CommittedEvent[]): void {
    this.follower.take(events);
  }

  /** Saves every strategy where it stands, writes what is to be written, and ends. A later engine goes on from there. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const end of this.endings) end();
    this.sender.end();
    await this.saveAll('the engine stops');
    for (const instance of this.instances.values()) instance.end('stopped', 'the engine has stopped');
    await this.recorder.flush();
    this.recorder.end();
    for (const subscription of this.subscriptions) subscription.end();
    this.follower.end();
  }

  async list(): Promise<readonly StrategyStatus[]> {
    return [...this.instances.values()].map(({ status }) => status);
  }

  async generateSignal(strategy: string): Promise<Result<readonly Signal[], StrategyProblem>> {
    const instance = this.instances.get(strategy);
    if (instance === undefined) return unknown(strategy);
    if (instance.state === 'disabled') return err({ reason: 'disabled', detail: instance.detail });
    const trial = await instance.trial();
    return trial.ok ? trial : err({ reason: 'unavailable', detail: trial.error });
  }

  async updateParameters(command: ParametersCommand): Promise<Result<StrategyStatus, StrategyProblem>> {
    const instance = this.instances.get(command.strategy);
    if (instance === undefined) return unknown(command.strategy);
    const values = checkValues(instance.options.definition, command.parameters);
    if (!values.ok) return err({ reason: 'bad_parameters', detail: values.error });
    await instance.save();
    instance.parameters = command.parameters;
    // The latest event says whether it runs: one that is stopped or disabled stays so.
    const action = {
      warming: 'parameters',
      running: 'parameters',
      stopped: 'stopped',
      disabled: 'disabled',
    } as const;
    this.recordStrategy(instance, action[instance.state], command.by, command.why);
    if (instance.isActive) instance.begin(instance.saved);
    return ok(instance.status);
  }

  async start(command: StrategyCommand): Promise<Result<StrategyStatus, StrategyProblem>> {
    const instance = this.instances.get(command.strategy);
    if (instance === undefined) return unknown(command.strategy);
    if (instance.isActive) return ok(instance.status);
    instance.begin(instance.saved);
    this.recordStrategy(instance, 'started', command.by, command.why);
    return ok(instance.status);
  }

  async stop(command: StrategyCommand): Promise<Result<StrategyStatus, StrategyProblem>> {
    const instance = this.instances.get(command.strategy);
    if (instance === undefined) return unknown(command.strategy);
    if (!instance.isActive) return ok(instance.status);
    await instance.stop(`stopped by ${command.by}: ${command.why}`);
    this.recordStrategy(instance, 'stopped', command.by, command.why);
    return ok(instance.status);
  }

  wants(instance: Instance, signal: Signal, correlationId: string): void {
    if (this.options.watch?.isRiskHalted && takesRisk(signal)) {
      this.refused(instance, signal, LOOP_BLOCKED, correlationId);
      instance.hearRefusal(signal, LOOP_BLOCKED, correlationId);
      return;
    }
    this.generated.add({ strategy: signal.strategy, symbol: signal.symbol });
    void this.sender.send(instance, signal, correlationId);
  }

  refused(_instance: Instance, signal: Signal, refusal: SignalRefusal, correlationId: string): void {
    const clientOrderId = idOf(signal);
    if (signal.action === 'cancel') return;
    this.record({ kind: 'signal', signal }, correlationId, `${clientOrderId}-unsent`);
    const { strategy, symbol } = signal;
    const body = { kind: 'verdict', strategy, symbol, clientOrderId, isApproved: false } as const;
    this.record({ ...body, checks: [], refusal }, correlationId, `${clientOrderId}-refused`);
  }

  evaluated(body: EvaluationBody, correlationId: string): void {
    const { strategy, symbol, interval, closeTimeMs } = body;
    // Named after the bar, so that no bar can be judged twice in the record (faults.md M6).
    this.record(body, correlationId, `${strategy}-${symbol}-${interval}-${closeTimeMs}`);
  }

  opened(instance: Instance, wasRestored: boolean): void {
    const { strategy, state } = instance;
    this.options.telemetry.log.write('info', 'strategy_opened', { strategy, state, restored: wasRestored });
    // Where it stood when it began is what a replay of the session begins with.
    const why = wasRestored ? 'goes on from where it was saved' : 'begins with the history';
    instance
      .save()
      .then(() => this.recordStrategy(instance, 'started', 'strategy-engine', why))
      .catch(() => undefined);
  }

  failed(instance: Instance, cause: 'threw' | 'flooded' | 'blocked', detail: string): void {
    this.disable(instance, cause, detail);
  }

  /** What the ledger knows of an instance from before. */
  private recall(instance: Instance, { strategies }: LedgerState): void {
    const { options } = instance;
    const last = strategies.find(({ strategy }) => strategy === options.strategy);
    const saved = last && readSavedStrategy(last.state);
    if (last !== undefined && saved !== undefined && saved.definition === options.definition.name) {
      instance.saved = saved;
      // What a person chose at run time holds until the configuration itself says something new.
      const isConfiguredAsBefore = sameTexts(saved.configured, options.parameters);
      if (isConfiguredAsBefore && checkValues(options.definition, last.parameters).ok)
        instance.parameters = last.parameters;
    }
    if (last?.action === 'disabled') instance.end('disabled', last.why);
    else if (last?.action === 'stopped') instance.end('stopped', `stopped by ${last.by}: ${last.why}`);
    else if (options.startsByItself || last !== undefined) instance.end('stopped', READY);
  }

  private add(options: InstanceOptions): void {
    const { strategy, definition, parameters, worker } = options;
    invariant(!this.instances.has(strategy), `strategies have names of their own: ${strategy}`);
    const values = checkValues(definition, parameters);
    invariant(values.ok, `the parameters of ${strategy} are checked: ${values.ok ? '' : values.error}`);
    const number = this.instances.size + 1;
    const { watch = UNWATCHED, threads, timers } = this.options;
    const makePlace = (settings: HostingSettings, hear: (output: HostingOutput) => void): StrategyPlace => {
      if (worker === undefined) return new LocalPlace(definition, settings, number, watch, hear);
      invariant(
        threads !== undefined,
        'a strategy with a thread of its own needs somebody who starts threads',
      );
      return new ThreadPlace({ threads, timers }, worker.module, settings, hear);
    };
    this.instances.set(strategy, new Instance(options, number, this.options, makePlace, this));
  }

  private disable(instance: Instance, cause: 'threw' | 'flooded' | 'blocked', detail: string): void {
    const why = `${cause}: ${detail}`;
    const { strategy } = instance;
    instance.end('disabled', why);
    // What it stood at is no state to go on from.
    instance.saved = undefined;
    this.recordStrategy(instance, 'disabled', 'strategy-engine', why);
    const message = `strategy ${strategy} is disabled, it ${why}; its open orders stay, and only a person starts it again`;
    const alert: AlertBody = {
      kind: 'alert',
      severity: 'critical',
      name: 'strategy_disabled',
      message,
      fields: { strategy, cause },
    };
    this.record(alert, `${strategy}-disabled-${this.options.clock.nowMs()}`);
    this.options.telemetry.log.write('error', 'strategy_disabled', { strategy, cause, detail });
  }

  private async saveAll(why: string): Promise<void> {
    for (const instance of this.instances.values()) {
      if (!instance.isActive) continue;
      await instance.save();
      if (instance.isActive) this.recordStrategy(instance, 'saved', 'strategy-engine', why);
    }
  }

  private recordStrategy(instance: Instance, action: StrategyBody['action'], by: string, why: string): void {
    const { strategy, parameters, saved } = instance;
    this.record(
      { kind: 'strategy', action, strategy, by, why, parameters, state: saved ?? null },
      `${strategy}-${action}-${this.options.clock.nowMs()}`,
    );
  }

  /** @param id  left out: one that no other event has */
  private record(body: EventBody, correlationId: string, id?: string): void {
    const atMs = this.options.clock.nowMs();
    this.recorder.record({
      ...body,
      id: id ?? `${correlationId}-${this.options.random.nextUint32().toString(36)}`,
      correlationId,
      atMs,
      service: 'strategy-engine',
    });
  }

  /** A sign of life for the watchdog; takes up what it has found. */
  private beat(watch: NonNullable<StrategyEngineOptions['watch']>): void {
    watch.beat();
    if (!watch.isRiskHalted) {
      if (this.isRiskHeld) this.holdRisk(undefined);
      return;
    }
    if (!this.isRiskHeld) this.holdRisk(LOOP_BLOCKED);
    const guilty = [...this.instances.values()].find(({ number }) => number === watch.blockedBy);
    if (guilty?.isActive) this.disable(guilty, 'blocked', 'it blocked the event loop');
    const message = 'the event loop was blocked: nothing that takes on risk was sent meanwhile';
    const fields = { strategy: guilty?.strategy ?? 'none' };
    const alert = {
      kind: 'alert',
      severity: 'warning',
      name: 'event_loop_blocked',
      message,
      fields,
    } as const;
    this.record(alert, `loop-blocked-${this.options.clock.nowMs()}`);
    watch.allowRisk();
  }

  private holdRisk(refusal: SignalRefusal | undefined): void {
    this.isRiskHeld = refusal !== undefined;
    for (const instance of this.instances.values()) instance.hold(refusal);
  }

  private repeat(everyMs: number, act: () => void | Promise<void>): void {
    const { timers, telemetry } = this.options;
    const perform = (): Promise<void> =>
      Promise.resolve(act()).catch((error: unknown) =>
        telemetry.log.write('error', 'repeated_task_failed', { error: String(error) }),
      );
    this.endings.push(every(timers, everyMs, perform));
  }
}

const BEAT_MS = 50;
const LOOK_MS = 5000;
const READY = 'starts';
const UNWATCHED: RunningMark = { enter: () => undefined, leave: () => undefined };
const LOOP_BLOCKED: SignalRefusal = {
  reason: 'not_ready',
  state: 'loop_blocked',
  detail: 'the event loop was blocked; decisions of before are too old',
};
const unknown = (strategy: string): Result<never, StrategyProblem> =>
  err({ reason: 'unknown_strategy', detail: `there is no strategy ${strategy}` });

function idOf(signal: Signal): string {
  switch (signal.action) {
    case 'order':
      return signal.intent.clientOrderId;
    case 'list':
      return signal.list.listClientOrderId;
    case 'cancel':
      return signal.clientOrderId;
  }
}

function takesRisk(signal: Signal): boolean {
  if (signal.action === 'cancel') return false;
  return ordersOf(signal.action === 'order' ? signal.intent : signal.list)[0].side === 'BUY';
}

function sameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
