import type { CommitResult } from '@tradewind/proto';
import { claimsOf, fillKey } from '@tradewind/proto/ledger';
import type { CommitPart } from './batch.ts';

export interface GroupLimits {
  /** How many events may wait; more are told that it is too busy. */
  readonly waitingMaximum: number;
  /** How many events share one transaction; a commit of more goes alone. */
  readonly batchMaximum: number;
}

/**
 * Gathers the commits that come while one transaction is under way, and writes them in the next: under load many share one write to the
 * disk, and a single one waits for nothing.
 */
export class GroupCommit {
  private readonly write: (parts: readonly CommitPart[]) => Promise<readonly CommitResult[]>;
  private readonly limits: GroupLimits;
  private waiting: Waiting[] = [];
  private waitingEvents = 0;
  private running: Promise<void> | undefined;

  constructor(
    write: (parts: readonly CommitPart[]) => Promise<readonly CommitResult[]>,
    limits: GroupLimits,
  ) {
    this.write = write;
    this.limits = limits;
  }

  add(part: CommitPart): Promise<CommitResult> {
    const { waitingMaximum } = this.limits;
    if (this.waitingEvents + part.events.length > waitingMaximum && this.waitingEvents > 0) {
      const detail = `the ledger is too busy: ${this.waitingEvents} events wait, and ${waitingMaximum} may`;
      return Promise.resolve({ kind: 'failed', detail });
    }
    const { promise, resolve } = Promise.withResolvers<CommitResult>();
    this.waiting.push({ part, resolve });
    this.waitingEvents += part.events.length;
    this.running ??= this.run();
    return promise;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    // Commits of the same instant go together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.nextBatch();
      const results = await this.write(batch.map(({ part }) => part));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!);
      // Those that came meanwhile would only wait for the same time limit, one batch after the other.
      const lost = results.find(({ kind }) => kind === 'unknown' || kind === 'failed');
      if (lost?.kind === 'unknown' || lost?.kind === 'failed') this.failWaiting(lost.detail);
    }
    this.running = undefined;
  }

  /** From the front, as many as may go together. None that claims what another of the same batch claims: they come one after the other. */
  private nextBatch(): readonly Waiting[] {
    const claimed = new Set<string>();
    let count = 0;
    let events = 0;
    for (const { part } of this.waiting) {
      const claims = namesOf(part);
      const isFull = count > 0 && events + part.events.length > this.limits.batchMaximum;
      if (isFull || claims.some((each) => claimed.has(each))) break;
      for (const each of claims) claimed.add(each);
      events += part.events.length;
      count += 1;
    }
    this.waitingEvents -= events;
    return this.waiting.splice(0, count);
  }

  private failWaiting(detail: string): void {
    const { waiting } = this;
    this.waiting = [];
    this.waitingEvents = 0;
    for (const { resolve } of waiting) resolve({ kind: 'failed', detail });
  }
}

interface Waiting {
  readonly part: CommitPart;
  readonly resolve: (result: CommitResult) => void;
}

function namesOf({ events }: CommitPart): readonly string[] {
  const { clientOrderIds, fills, keys } = claimsOf(events, {});
  return [
    ...events.map(({ id }) => `event ${id}`),
    ...clientOrderIds.map((id) => `order ${id}`),
    ...fills.map((fill) => `fill ${fillKey(fill)}`),
    ...keys.map((key) => `key ${key}`),
  ];
}
