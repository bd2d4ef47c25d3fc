import type { CommittedEvent } from '@tradewind/proto';
import type { Telemetry } from '@tradewind/utils';
import type { ExecutionParts } from './ports.ts';

/** Batches that wait for the risk manager; beyond them it is told nothing, finds the hole by `seq` and reads the ledger. */
const WAITING_MAX = 1000;

/** Tells the risk manager, one batch after another, and the bus what has been committed. */
export class Teller {
  private readonly risk: ExecutionParts['risk'];
  private readonly publish: ExecutionParts['publish'];
  private readonly telemetry: Telemetry;
  private waiting: CommittedEvent[][] = [];
  private isTelling = false;

  constructor({ risk, publish, telemetry }: Pick<ExecutionParts, 'risk' | 'publish' | 'telemetry'>) {
    this.risk = risk;
    this.publish = publish;
    this.telemetry = telemetry;
  }

  tell(events: readonly CommittedEvent[]): void {
    if (this.waiting.length < WAITING_MAX) this.waiting.push([...events]);
    if (!this.isTelling) void this.tellRisk();
    this.publish(events);
    this.traceFills(events);
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
