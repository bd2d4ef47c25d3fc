import { type Bus, type CommittedEvent, type Ledger, type TradingEvent, topicOf } from '@tradewind/proto';
import type { Counter, Telemetry, Timer, Timers } from '@tradewind/utils';

export interface RecorderOptions {
  readonly ledger: Pick<Ledger, 'commit'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
}

/**
 * Writes the engine's events to the ledger, many at a time, and tells the bus of them. Nobody waits for it: while the ledger cannot
 * take them they are kept, as many as there is room for. Beyond that evaluations are dropped, and counted; everything else is kept.
 */
export class Recorder {
  /** Evaluations that nobody will ever read. */
  dropped = 0;
  private readonly options: RecorderOptions;
  private readonly committed: (events: readonly CommittedEvent[]) => void;
  private readonly drops: Counter<'kind'>;
  private queue: TradingEvent[] = [];
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;
  private isEnded = false;

  /** @param committed  hears of what has been written, with its place in the ledger */
  constructor(options: RecorderOptions, committed: (events: readonly CommittedEvent[]) => void) {
    this.options = options;
    this.committed = committed;
    this.drops = options.telemetry.metrics.counter(
      'strategy_engine_events_dropped_total',
      'Events of the strategy engine that were not recorded because the ledger could not take them',
      ['kind'],
    );
  }

  record(event: TradingEvent): void {
    if (this.isEnded) return;
    if (event.kind === 'evaluation' && this.queue.length >= QUEUE_MAXIMUM) {
      this.dropped += 1;
      this.drops.add({ kind: event.kind });
      return;
    }
    this.queue.push(event);
    this.writeLater(BATCH_MS);
  }

  /** Writes what is there. @returns whether all of it is in the ledger */
  async flush(): Promise<boolean> {
    for (let attempts = 0; this.queue.length > 0 && attempts < FLUSH_ATTEMPTS; ) {
      const before = this.queue.length;
      await this.write();
      if (this.queue.length >= before) attempts += 1;
    }
    return this.queue.length === 0;
  }

  end(): void {
    this.isEnded = true;
    this.timer?.cancel();
  }

  private writeLater(delayMs: number): void {
    if (this.timer !== undefined || this.running !== undefined || this.isEnded) return;
    this.timer = this.options.timers.after(delayMs, () => {
      this.timer = undefined;
      void this.write();
    });
  }

  /** One commit at a time, so that events stay in their order. */
  private async write(): Promise<void> {
    while (this.running !== undefined) await this.running;
    this.running = this.writeBatch().finally(() => {
      this.running = undefined;
      if (this.queue.length > 0) this.writeLater(RETRY_MS);
    });
    await this.running;
  }

  private async writeBatch(): Promise<void> {
    const { ledger, telemetry } = this.options;
    while (this.queue.length > 0) {
      const batch = this.queue.slice(0, BATCH_MAXIMUM);
      const result = await ledger
        .commit(batch)
        .catch((error: unknown) => ({ kind: 'unknown', detail: String(error) }) as const);
      if (result.kind === 'failed' || result.kind === 'unknown') {
        telemetry.log.write('warn', 'commit_failed', { outcome: result.kind, detail: result.detail });
        return;
      }
      this.queue.splice(0, batch.length);
      if (result.kind === 'committed') this.told(result.events);
      else telemetry.log.write('error', 'commit_refused', { reason: result.refusal.reason });
    }
  }

  private told(events: readonly CommittedEvent[]): void {
    this.committed(events);
    for (const event of events) {
      this.options.bus.publish(topicOf(event), event, event.correlationId).catch((error: unknown) => {
        // Whoever needs it finds the hole and reads the ledger.
        this.options.telemetry.log.write('warn', 'event_not_published', { error: String(error) });
      });
    }
  }
}

const BATCH_MS = 100;
const RETRY_MS = 1000;
const BATCH_MAXIMUM = 500;
const QUEUE_MAXIMUM = 10_000;
const FLUSH_ATTEMPTS = 3;
