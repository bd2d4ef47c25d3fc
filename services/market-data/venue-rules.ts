import { type Caller, calls, describeOutcome, type Outcome, type VenueRules } from '@tradewind/binance';
import { err, ok, type Result } from '@tradewind/core/result';
import { type Clock, every, type Log, type Timers, type Waits } from '@tradewind/utils';
import { RETRY } from './retry.ts';

export interface VenueRulesOptions {
  readonly caller: Caller;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly waits: Waits;
  readonly log: Log;
  readonly symbols: readonly string[];
  readonly everyMs: number;
  /** Every answer, the first one included. */
  readonly changed: (rules: VenueRules) => void;
}

/** "Invalid symbol." (binance-spot.md section 7.2): the venue does not know one of those that were named. */
const INVALID_SYMBOL = -1121;
const FIRST_ATTEMPTS = 5;
/** Refusals come in bursts when a rule has changed; one look at the rules is for all of them. */
const LEAST_BETWEEN_MS = 10_000;

/** Asks for the venue's rules, on a timer and when somebody was refused by a rule that he did not know (faults.md M12). */
export class VenueRulesWatch {
  private readonly options: VenueRulesOptions;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;
  private end: () => void = () => undefined;

  constructor(options: VenueRulesOptions) {
    this.options = options;
  }

  /** Until the first answer, which begins the timer. @returns why there is none */
  async first(caller: Caller): Promise<Result<VenueRules, string>> {
    const { timers, everyMs, waits } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.ask(caller);
      if (outcome.kind === 'done') {
        this.end = every(timers, everyMs, () => this.refresh());
        return ok(outcome.value);
      }
      const detail = describeOutcome(outcome);
      if (attempt === FIRST_ATTEMPTS || !(await waits.backOff(RETRY, attempt - 1))) return err(detail);
    }
  }

  /** Looks at the rules now, unless that was done a moment ago; resolves when they are known. */
  refresh(): Promise<void> {
    if (this.options.clock.elapsedMs() - this.askedAtMs < LEAST_BETWEEN_MS)
      return this.asking ?? Promise.resolve();
    this.asking ??= this.askOnce().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  stop(): void {
    this.end();
  }

  private async askOnce(): Promise<void> {
    const { caller, changed, log, waits } = this.options;
    const outcome = await this.ask(caller);
    if (waits.isOver) return;
    if (outcome.kind === 'done') changed(outcome.value);
    else log.write('warn', 'rules_not_answered', { detail: describeOutcome(outcome) });
  }

  /** Symbols are named, which makes the answer small; where one is unknown to the venue everything is asked for. */
  private async ask(caller: Caller): Promise<Outcome<VenueRules>> {
    const { clock, symbols } = this.options;
    this.askedAtMs = clock.elapsedMs();
    const outcome = await caller.perform(calls.exchangeInfo(symbols));
    const isUnknown =
      outcome.kind === 'failed' &&
      outcome.failure.reason === 'refused' &&
      outcome.failure.code === INVALID_SYMBOL;
    return isUnknown ? caller.perform(calls.exchangeInfo()) : outcome;
  }
}
