import type { CommittedEvent, Ledger } from '@tradewind/proto';
import { MemoryLedger } from '@tradewind/proto/ledger';
import type { Clock, Random, Timers } from '@tradewind/utils';
import type { Lifeline } from './lifeline.ts';
import { sha256 } from './sha256.ts';

/** How the store of the ledger is at present; changed by what happens to the world. */
export interface StoreConditions {
  /** Each way, at least, and by chance up to so much more. */
  latencyMs: number;
  jitterMs: number;
  /** Probabilities of a commit: not written and said so; not written, or written, and nobody is told. */
  failure: number;
  unknownUnwritten: number;
  unknownWritten: number;
  /** No connection: everything fails. */
  isDown: boolean;
  /** Reads work, nothing can be written. */
  isFull: boolean;
}

export const GOOD_STORE: StoreConditions = {
  latencyMs: 0.5,
  jitterMs: 1,
  failure: 0,
  unknownUnwritten: 0,
  unknownWritten: 0,
  isDown: false,
  isFull: false,
};

/** Sees what has been written, new events alone, at the moment at which it is. */
export interface StoreWitness {
  committed(events: readonly CommittedEvent[]): void;
  /** What had been written after an entry is not there any more, and never was. */
  lost(afterSeq: number): void;
}

/** The store of the ledger: a server of its own that outlives who uses it, with a clock of its own. */
export class Store {
  readonly ledger: MemoryLedger;
  readonly conditions: StoreConditions = { ...GOOD_STORE };
  private readonly time: Clock & Timers;
  private readonly random: Random;
  private readonly witness: StoreWitness;
  /** The last event of each commit. */
  private commitEnds: number[] = [];

  constructor(time: Clock & Timers, random: Random, witness: StoreWitness) {
    this.time = time;
    this.random = random;
    this.witness = witness;
    this.ledger = new MemoryLedger({ clock: time, sha256 });
  }

  /** The ledger as one process has it. A call that is on its way when the process dies is carried out, and its answer is lost. */
  connect(lifeline: Lifeline): Ledger {
    const arrive = (): Promise<void> => this.pass();
    // Commits of one process arrive in the order in which they left.
    let lastArrival: Promise<unknown> = Promise.resolve();
    const arriveInOrder = (): Promise<unknown> => {
      lastArrival = Promise.all([lastArrival, this.pass()]);
      return lastArrival;
    };
    const ask = <T>(
      call: () => Promise<T>,
      failed: (detail: string) => T,
      arrival: () => Promise<unknown> = arrive,
    ): Promise<T> =>
      lifeline.isAlive ? lifeline.hear(this.carry(arrival(), call, failed)) : new Promise(() => undefined);
    const broken = (detail: string): never => {
      throw new Error(detail);
    };
    const { ledger } = this;
    return {
      commit: (events, conditions) =>
        ask(
          () => this.commit(() => ledger.commit(events, conditions)),
          (detail) => ({ kind: 'failed', detail }),
          arriveInOrder,
        ),
      acquireLease: (request) =>
        ask(
          async () =>
            this.conditions.isFull ? { kind: 'failed', detail: FULL } : ledger.acquireLease(request),
          (detail) => ({ kind: 'failed', detail }),
        ),
      load: () => ask(() => ledger.load(), broken),
      read: (query) => ask(() => ledger.read(query), broken),
      lastSeq: () => ask(() => ledger.lastSeq(), broken),
      releaseLease: (epoch) => ask(() => ledger.releaseLease(epoch), broken),
    };
  }

  /** Forgets the last commits, which were so many events at least, but none of the first. Of a commit it has all or nothing. */
  loseTail(count: number): void {
    const { lastSeq } = this;
    const ends = this.commitEnds.filter((seq) => seq >= NEVER_LOST);
    const keptSeq = ends.findLast((seq) => seq <= lastSeq - count) ?? ends[0] ?? lastSeq;
    if (keptSeq === lastSeq) return;
    this.ledger.loseAfter(keptSeq);
    this.commitEnds = this.commitEnds.filter((seq) => seq <= keptSeq);
    this.witness.lost(keptSeq);
  }

  private async commit(write: () => ReturnType<Ledger['commit']>): ReturnType<Ledger['commit']> {
    const { isFull, failure, unknownUnwritten, unknownWritten } = this.conditions;
    if (isFull) return { kind: 'failed', detail: FULL };
    const drawn = this.random.nextFraction();
    if (drawn < failure) return { kind: 'failed', detail: 'could not serialize access' };
    if (drawn < failure + unknownUnwritten) return { kind: 'unknown', detail: LOST };
    const result = await write();
    if (result.kind === 'committed') this.noteNew(result.events);
    return drawn < failure + unknownUnwritten + unknownWritten ? { kind: 'unknown', detail: LOST } : result;
  }

  private noteNew(events: readonly CommittedEvent[]): void {
    const fresh = events.filter(({ seq }) => seq > this.lastSeq);
    if (fresh.length === 0) return;
    this.commitEnds.push(fresh.at(-1)!.seq);
    this.witness.committed(fresh);
  }

  private get lastSeq(): number {
    return this.commitEnds.at(-1) ?? 0;
  }

  private async carry<T>(
    arrival: Promise<unknown>,
    call: () => Promise<T>,
    failed: (detail: string) => T,
  ): Promise<T> {
    await arrival;
    if (this.conditions.isDown) return failed('connection refused');
    const answer = await call();
    await this.pass();
    return answer;
  }

  private pass(): Promise<void> {
    const { latencyMs, jitterMs } = this.conditions;
    const delayMs = latencyMs + this.random.nextFraction() * jitterMs;
    return new Promise((resolve) => this.time.after(delayMs, () => resolve()));
  }
}

/** Of a run: its beginning, with the balances that the books begin with. */
const NEVER_LOST = 20;
const FULL = 'no space left on device';
const LOST = 'the connection was lost during the commit';
