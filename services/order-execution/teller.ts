import type { CommittedEvent } from '@tradewind/proto';
import type { Telemetry, Timer, Timers } from '@tradewind/utils';
import type { ExecutionParts } from './ports.ts';

/** Batches that wait for the risk manager; beyond them it is told nothing, finds the hole by `seq` and reads the ledger. */
const WAITING_MAX = 1000;

/**
 * An order leaves when its intent is written. To tell of it takes longer than to send it, so that waits for so long, ms, or until there is
 * more to tell: what became of the order, as a rule.
 */
const INTENT_WAITS_MS = 5;

/** Tells the risk manager, one batch after another, and the bus what has been committed. */
export class Teller {
  private readonly risk: ExecutionParts['risk'];
  private readonly publish: ExecutionParts['publish'];
  private readonly telemetry: Telemetry;
  private readonly timers: Timers;
  /** Committed, and told of with what comes next. */
  private held: CommittedEvent[] = [];
  private timer: Timer | undefined;
  private waiting: CommittedEvent[][] = [];
  private isTelling = false;
  private telling: Promise<void> = Promise.resolve();

  constructor({
    risk,
    publish,
    telemetry,
    timers,
  }: Pick<ExecutionParts, 'risk' | 'publish' | 'telemetry' | 'timers'>) {
    this.risk = risk;
    this.publish = publish;
    this.telemetry = telemetry;
    this.timers = timers;
  }

  tell(events: readonly CommittedEvent[]): void {
    this.held.push(...events);
    if (events.at(-1)?.kind === 'intent')
      this.timer ??= this.timers.after(INTENT_WAITS_MS, () => this.tellHeld());
    else this.tellHeld();
  }

  /** What waited for more to tell waits no longer. */
  tellHeld(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const events = this.held;
    if (events.length === 0) return;
    this.held = [];
    if (this.waiting.length < WAITING_MAX) this.waiting.push(events);
    if (!this.isTelling) this.telling = this.tellRisk();
    this.publish(events);
    this.traceFills(events);
  }

  /** Resolves when the risk manager has been told of everything, or could not be. */
  told(): Promise<void> {
    this.tellHeld();
    return this.telling;
  }

  /** The end of the way that began with the market event of the same correlation id. */
  private traceFills(events: readonly CommittedEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'fill') continue;
      this.telemetry.tracer.start('fill', event.correlationId, { symbol: event.fill.symbol }).end();
    }
  }

  private async tellRisk(): Promise<void> {
    this.isTelling = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      try {
        await this.risk.record(next);
      } catch (error) {
        this.telemetry.log.write('warn', 'risk_manager_not_told', { detail: String(error) });
      }
    }
    this.isTelling = false;
  }
}
