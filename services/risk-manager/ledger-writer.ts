import type { CommittedEvent, Ledger, TradingEvent } from '@tradewind/proto';
import type { BackoffTimes, Waits } from '@tradewind/utils';

export interface LedgerWriterOptions {
  readonly ledger: Pick<Ledger, 'commit'>;
  readonly waits: Waits;
  readonly retry: BackoffTimes;
  readonly committed: (events: readonly CommittedEvent[]) => void;
  readonly troubled: (detail: string) => void;
}

/** Events that wait for a ledger that is away. Beyond them the oldest alerts go first, then whatever is oldest. */
const WAITING_MAX = 1_000;

/** Writes events when it can, in their order, however long the ledger is away. Nobody waits for it. */
export class LedgerWriter {
  private readonly options: LedgerWriterOptions;
  private waiting: TradingEvent[] = [];
  private writing: Promise<void> | undefined;
  private isStopped = false;

  constructor(options: LedgerWriterOptions) {
    this.options = options;
  }

  /** Nothing waits to be written. */
  get isDone(): boolean {
    return this.waiting.length === 0;
  }

  write(...events: TradingEvent[]): void {
    this.waiting.push(...events);
    while (this.waiting.length > WAITING_MAX) this.dropOne();
    this.writing ??= this.writeAll();
  }

  /** Resolves when all that waits is written. */
  async done(): Promise<void> {
    await this.writing;
  }

  /** Tries once, now. @returns what went wrong, or undefined when it is written */
  async writeNow(event: TradingEvent): Promise<string | undefined> {
    if (!this.isDone) return 'earlier events are not written yet';
    return this.commit([event]);
  }

  stop(): void {
    this.isStopped = true;
  }

  private async writeAll(): Promise<void> {
    const { waits, retry, troubled } = this.options;
    for (let failures = 0; this.waiting.length > 0 && !this.isStopped; ) {
      const batch = [...this.waiting];
      const problem = await this.commit(batch);
      if (problem === undefined) {
        const written = new Set(batch);
        this.waiting = this.waiting.filter((event) => !written.has(event));
        failures = 0;
        continue;
      }
      troubled(problem);
      await waits.backOff(retry, failures);
      failures += 1;
    }
    this.writing = undefined;
  }

  private async commit(events: readonly TradingEvent[]): Promise<string | undefined> {
    try {
      const result = await this.options.ledger.commit(events);
      if (result.kind === 'committed') {
        this.options.committed(result.events);
        return undefined;
      }
      return result.kind === 'refused' ? result.refusal.reason : result.detail;
    } catch (error) {
      return String(error);
    }
  }

  private dropOne(): void {
    const index = this.waiting.findIndex(({ kind }) => kind === 'alert');
    this.waiting.splice(Math.max(index, 0), 1);
    this.options.troubled(`more than ${WAITING_MAX} events wait for the ledger: one is given up`);
  }
}
