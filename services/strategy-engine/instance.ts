import { type Instrument, stepOf, tickOf } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import type { Input } from '@tradewind/core/strategy';
import type {
  CommittedEvent,
  EvaluationBody,
  MarketUpdate,
  Signal,
  SignalRefusal,
  StrategyStatus,
  Subscription,
} from '@tradewind/proto';
import type { Timer } from '@tradewind/utils';
import type { HostingInput, HostingOutput, StrategySnapshot } from './hosting/messages.ts';
import type { StrategyPlace } from './hosting/place.ts';
import { type Opening, readOpening, watchedSymbols } from './opening.ts';
import {
  DEFAULT_SETTINGS,
  type HostingPlaceMaker,
  type InstanceOptions,
  type InstanceSettings,
  inputsOfInstance,
  type StrategyEngineOptions,
} from './options.ts';
import type { SavedStrategy } from './saved-strategy.ts';

/** What an instance tells the engine. */
export interface InstanceListener {
  wants(instance: Instance, signal: Signal, correlationId: string): void;
  refused(instance: Instance, signal: Signal, refusal: SignalRefusal, correlationId: string): void;
  evaluated(body: EvaluationBody, correlationId: string): void;
  opened(instance: Instance, wasRestored: boolean): void;
  failed(instance: Instance, cause: 'threw' | 'flooded' | 'blocked', detail: string): void;
}

type World = Pick<StrategyEngineOptions, 'clock' | 'timers' | 'telemetry' | 'marketData' | 'ledger'>;

/**
 * One strategy with its life: stopped, warming (its history, books and rules are read, and it is opened), running, disabled. The
 * strategy itself is somewhere else (`StrategyPlace`); this is what it is connected by.
 */
export class Instance {
  readonly options: InstanceOptions;
  /** From 1. */
  readonly number: number;
  state: StrategyStatus['state'] = 'stopped';
  detail = 'not started yet';
  parameters: Readonly<Record<string, string>>;
  evaluations = 0;
  signals = 0;
  lastUpdateMs: number | undefined;
  /** What it was last saved as. */
  saved: SavedStrategy | undefined;
  private readonly world: World;
  private readonly listener: InstanceListener;
  private readonly makePlace: HostingPlaceMaker;
  private readonly settings: InstanceSettings;
  /** Counts openings, so that one that was overtaken notices. */
  private opening = 0;
  private place: StrategyPlace | undefined;
  private subscription: Subscription | undefined;
  private isOpen = false;
  private seq = 0;
  private timer: Timer | undefined;
  private instruments = new Map<string, Instrument>();
  /** What came in while it was being opened. */
  private waiting: HostingInput[] = [];
  private readonly saves = new Map<number, (snapshot: StrategySnapshot | undefined) => void>();
  private tickets = 0;
  private stopping: ((snapshot: StrategySnapshot | undefined) => void) | undefined;

  constructor(
    options: InstanceOptions,
    number: number,
    world: World,
    makePlace: HostingPlaceMaker,
    listener: InstanceListener,
  ) {
    this.options = options;
    this.number = number;
    this.world = world;
    this.makePlace = makePlace;
    this.listener = listener;
    this.parameters = options.parameters;
    this.settings = { ...DEFAULT_SETTINGS, ...options.settings };
  }

  get strategy(): string {
    return this.options.strategy;
  }

  get isActive(): boolean {
    return this.state === 'warming' || this.state === 'running';
  }

  get status(): StrategyStatus {
    const { strategy, definition, symbols, interval } = this.options;
    const { state, detail, parameters, evaluations, signals, lastUpdateMs } = this;
    return {
      ...{ strategy, definition: definition.name, symbols, interval },
      ...{ state, detail, parameters, evaluations, signals, lastUpdateMs },
    };
  }

  /** Begins; goes on from `saved` where that fits. What it needs and cannot get is asked for again until it is there. */
  begin(saved: SavedStrategy | undefined): void {
    this.end('warming', 'reads its history');
    this.saved = saved;
    this.opening += 1;
    const { opening } = this;
    const inputs = inputsOfInstance(this.options, this.parameters);
    this.subscription = this.world.marketData.subscribe(
      { symbols: watchedSymbols(this.options, inputs), kinds: kindsOf(inputs) },
      (update) => this.hearMarket(update),
    );
    const attempt = async (): Promise<void> => {
      const prepared = await this.prepare(saved).catch((error: unknown) => err(String(error)));
      if (opening !== this.opening) return;
      if (prepared.ok) {
        this.open(prepared.value, saved?.snapshot ?? undefined);
        return;
      }
      const detail = `cannot be opened yet: ${prepared.error}`;
      if (detail !== this.detail)
        this.world.telemetry.log.write('warn', 'strategy_waits', {
          strategy: this.strategy,
          why: prepared.error,
        });
      this.detail = detail;
      this.timer = this.world.timers.after(RETRY_MS, () => void attempt());
    };
    void attempt();
  }

  /** Ends it where it stands; the strategy is not asked. */
  end(state: StrategyStatus['state'], detail: string): void {
    this.opening += 1;
    this.subscription?.end();
    this.subscription = undefined;
    this.timer?.cancel();
    this.timer = undefined;
    this.place?.end();
    this.place = undefined;
    this.isOpen = false;
    this.waiting = [];
    for (const settle of this.saves.values()) settle(undefined);
    this.saves.clear();
    this.stopping?.(undefined);
    this.stopping = undefined;
    this.state = state;
    this.detail = detail;
  }

  /** Tells the strategy that it ends, takes the signals that it still has, and ends it. */
  async stop(detail: string): Promise<void> {
    if (this.isOpen) {
      const { seq } = this;
      const snapshot = await new Promise<StrategySnapshot | undefined>((settle) => {
        this.stopping = settle;
        this.place!.post({ kind: 'stop', nowMs: this.nowMs });
      });
      this.stopping = undefined;
      this.keep(seq, snapshot);
    }
    this.end('stopped', detail);
  }

  /** Brings `saved` up to date with where the strategy stands; of one that is not open it stays as it is. */
  async save(): Promise<void> {
    if (!this.isOpen) return;
    this.tickets += 1;
    const { seq, tickets: ticket } = this;
    const snapshot = await new Promise<StrategySnapshot | undefined>((settle) => {
      this.saves.set(ticket, settle);
      this.place!.post({ kind: 'save', nowMs: this.nowMs, ticket });
    });
    this.keep(seq, snapshot);
  }

  hearEvents(events: readonly CommittedEvent[]): void {
    if (!this.isActive) return;
    const own = events.filter((event) => isAbout(event, this.strategy));
    if (own.length > 0) this.tell({ kind: 'events', nowMs: this.nowMs, events: own });
  }

  hearRefusal(signal: Signal, refusal: SignalRefusal, correlationId: string): void {
    if (this.isActive) this.tell({ kind: 'refused', nowMs: this.nowMs, signal, refusal, correlationId });
  }

  hold(refusal: SignalRefusal | undefined): void {
    if (this.isActive) this.tell({ kind: 'hold', nowMs: this.nowMs, refusal });
  }

  /** What it would want at the last closed bar, tried out on a copy. */
  async trial(): Promise<Result<readonly Signal[], string>> {
    const snapshot = this.saved?.snapshot ?? undefined;
    const prepared = await this.prepare(undefined);
    if (!prepared.ok) return prepared;
    const lastMs = Math.max(...prepared.value.history.map(({ bars }) => bars.at(-1)?.closeTimeMs ?? 0));
    // A state that has seen the last bar cannot judge it again.
    const isEarlier = snapshot?.inputs.every(
      ({ closeTimeMs }) => closeTimeMs !== null && closeTimeMs < lastMs,
    );
    const signals: Signal[] = [];
    let ticket = 0;
    return new Promise((settle) => {
      const finish = (result: Result<readonly Signal[], string>): void => {
        timeout.cancel();
        place.end();
        settle(result);
      };
      const timeout = this.world.timers.after(TRIAL_MS, () => finish(err('the strategy does not answer')));
      const place = this.makePlace(prepared.value.settings, (output) => {
        if (output.kind === 'signal') signals.push(output.signal);
        else if (output.kind === 'unfit') tryWith(undefined);
        else if (output.kind === 'failed') finish(err(`the strategy ${output.cause}: ${output.detail}`));
        else if (output.kind === 'saved' && output.ticket === ticket) finish(ok(signals));
      });
      const tryWith = (from: StrategySnapshot | undefined): void => {
        ticket += 1;
        place.post(this.opener(prepared.value, from, true));
        // What is wanted is told when the opening has been handled, and the answer to this comes after it.
        place.post({ kind: 'save', nowMs: this.nowMs, ticket });
      };
      tryWith(isEarlier ? snapshot : undefined);
    });
  }

  private keep(seq: number, snapshot: StrategySnapshot | undefined): void {
    const { definition, parameters: configured } = this.options;
    this.saved = { format: 1, definition: definition.name, seq, configured, snapshot: snapshot ?? null };
  }

  private get nowMs(): number {
    return this.world.clock.nowMs();
  }

  private prepare(saved: SavedStrategy | undefined): Promise<Result<Opening, string>> {
    const { options, parameters, settings, world } = this;
    return readOpening({ options, parameters, settings, saved }, world);
  }

  private open(opening: Opening, snapshot: StrategySnapshot | undefined): void {
    this.instruments = new Map(opening.settings.instruments.map((each) => [each.symbol, each]));
    this.seq = opening.state.seq;
    const place = this.makePlace(opening.settings, (output) => this.hear(output, opening));
    this.place = place;
    // How good the prices are is known before anything can be wanted.
    for (const input of this.waiting)
      if (input.kind === 'market' && input.update.kind === 'feed') place.post(input);
    place.post(this.opener(opening, snapshot, false));
  }

  private opener(
    { state, history, missed }: Opening,
    snapshot: StrategySnapshot | undefined,
    isTrial: boolean,
  ): HostingInput {
    const { balances, positions } = state;
    const orders = state.orders.filter(({ intent }) => intent.strategy === this.strategy);
    return {
      ...{ kind: 'open', nowMs: this.nowMs, balances, positions, orders, history, isTrial },
      // One that begins anew has heard of nothing, and what has ended is nothing to it.
      missed: snapshot === undefined ? [] : missed,
      ...(snapshot === undefined ? {} : { snapshot }),
    };
  }

  private hear(output: HostingOutput, opening: Opening): void {
    switch (output.kind) {
      case 'opened':
        this.isOpen = true;
        this.state = output.isWarm ? 'running' : 'warming';
        this.detail = output.isWarm ? 'runs' : 'has not seen enough bars yet';
        this.listener.opened(this, output.isRestored);
        this.tellWaiting();
        break;
      case 'unfit':
        this.world.telemetry.log.write('warn', 'strategy_state_dropped', {
          strategy: this.strategy,
          why: output.why,
        });
        this.place?.post(this.opener(opening, undefined, false));
        break;
      case 'signal':
        this.signals += 1;
        this.listener.wants(this, output.signal, output.correlationId);
        break;
      case 'refused':
        this.listener.refused(this, output.signal, output.refusal, output.correlationId);
        break;
      case 'evaluated':
        this.evaluations += 1;
        if (output.body.isWarm && this.state === 'warming') {
          this.state = 'running';
          this.detail = 'runs';
        }
        this.listener.evaluated(output.body, output.correlationId);
        break;
      case 'timer':
        this.wake(output.atMs);
        break;
      case 'saved':
        this.saves.get(output.ticket)?.(output.snapshot);
        this.saves.delete(output.ticket);
        break;
      case 'stopped':
        this.stopping?.(output.snapshot);
        break;
      case 'failed':
        this.listener.failed(this, output.cause, output.detail);
        break;
    }
  }

  private wake(atMs: number): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.timer = this.world.timers.after(Math.max(0, atMs - this.nowMs), () => {
      this.timer = undefined;
      this.tell({ kind: 'time', nowMs: this.nowMs });
    });
  }

  private hearMarket(update: MarketUpdate): void {
    const { nowMs } = this;
    if (update.kind === 'instrument') {
      this.hearInstrument(update.instrument);
      return;
    }
    this.lastUpdateMs = nowMs;
    // Old prices are worth nothing to one that is only being opened; what the history does not have yet, and the feeds, are.
    if (this.isOpen || update.kind === 'bar' || update.kind === 'feed')
      this.tell({ kind: 'market', nowMs, update });
  }

  /** Rounding goes by tick and step: with new ones the strategy is made anew, where it stands (faults.md M12). */
  private hearInstrument(instrument: Instrument): void {
    const known = this.instruments.get(instrument.symbol);
    if (!this.isOpen || known === undefined) return;
    if (tickOf(known) === tickOf(instrument) && stepOf(known) === stepOf(instrument)) return;
    this.instruments.set(instrument.symbol, instrument);
    this.save()
      .then(() => {
        if (this.isActive) this.begin(this.saved);
      })
      .catch(() => undefined);
  }

  private tell(input: HostingInput): void {
    if (!this.isOpen) {
      if (this.waiting.length < WAITING_MAXIMUM) this.waiting.push(input);
      // Something would be lost: begins again, with all of it in the history and the ledger by then.
      else this.begin(this.saved);
      return;
    }
    const unseen = input.kind === 'events' ? this.unseenOf(input) : input;
    if (unseen !== undefined) this.place!.post(unseen);
  }

  private unseenOf(input: Extract<HostingInput, { readonly kind: 'events' }>): HostingInput | undefined {
    const events = input.events.filter(({ seq }) => seq > this.seq);
    if (events.length === 0) return undefined;
    this.seq = events.at(-1)!.seq;
    return { ...input, events };
  }

  private tellWaiting(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const input of waiting) this.tell(input);
  }
}

const RETRY_MS = 1000;
const TRIAL_MS = 15_000;
const WAITING_MAXIMUM = 10_000;

function kindsOf(inputs: readonly Input[]): readonly MarketUpdate['kind'][] {
  const kinds = { bars: 'bar', trades: 'trade', quotes: 'quote', book: 'book' } as const;
  return [...new Set(inputs.map(({ kind }) => kinds[kind]))];
}

function isAbout(event: CommittedEvent, strategy: string): boolean {
  switch (event.kind) {
    case 'order':
      return event.strategy === strategy && event.isOurs;
    case 'fill':
    case 'balance':
      return event.postings.some(({ subAccount }) => subAccount === strategy);
    default:
      return false;
  }
}
