import { MemoryWire } from '@tradewind/paper-exchange';
import type { Ledger } from '@tradewind/proto';
import type { MemoryLedger } from '@tradewind/proto/ledger';

/** A ledger that can be made to fail. */
export class BrittleLedger implements Ledger {
  readonly inner: MemoryLedger;
  /** 'unknown_written': written, and nobody is told so. */
  mood: 'works' | 'fails' | 'unknown' | 'unknown_written' = 'works';
  /** What a commit waits for. */
  slowness: Promise<void> | undefined;

  constructor(inner: MemoryLedger) {
    this.inner = inner;
  }
  async commit(...given: Parameters<Ledger['commit']>): ReturnType<Ledger['commit']> {
    await this.slowness;
    if (this.mood === 'fails') return { kind: 'failed', detail: 'the store is down' };
    if (this.mood === 'unknown') return { kind: 'unknown', detail: 'the connection was lost' };
    const result = await this.inner.commit(...given);
    return this.mood === 'unknown_written' ? { kind: 'unknown', detail: 'the connection was lost' } : result;
  }
  async load(): ReturnType<Ledger['load']> {
    if (this.mood !== 'works') throw new Error('the store is down');
    return this.inner.load();
  }
  read(query: Parameters<Ledger['read']>[0]): ReturnType<Ledger['read']> {
    return this.inner.read(query);
  }
  lastSeq(): Promise<number> {
    return this.inner.lastSeq();
  }
  async acquireLease(request: Parameters<Ledger['acquireLease']>[0]): ReturnType<Ledger['acquireLease']> {
    return this.mood === 'works'
      ? this.inner.acquireLease(request)
      : { kind: 'failed', detail: 'the store is down' };
  }
  async releaseLease(epoch: number): Promise<void> {
    if (this.mood !== 'works') throw new Error('the store is down');
    return this.inner.releaseLease(epoch);
  }
}

/** A wire that can be pulled out of one process: what it has sent arrives, and nothing comes back any more. */
export class PluggedWire extends MemoryWire {
  isPlugged = true;
  /** What is sent stays on this side, and is not answered. */
  holdsRequests = false;

  unplug(): void {
    this.cutSockets();
    this.isPlugged = false;
  }

  override async send(request: Parameters<MemoryWire['send']>[0]): ReturnType<MemoryWire['send']> {
    if (!this.isPlugged || this.holdsRequests) return never();
    const answer = await super.send(request);
    return this.isPlugged ? answer : never();
  }

  override connect(...given: Parameters<MemoryWire['connect']>): ReturnType<MemoryWire['connect']> {
    if (this.isPlugged) return super.connect(...given);
    return { send: () => false, close: () => undefined, terminate: () => undefined };
  }
}

/** The ledger as one process has it: after the process has died nothing of it reaches the store. */
export function pluggedLedger(ledger: Ledger, wire: PluggedWire): Ledger {
  const through = <T>(call: () => Promise<T>): Promise<T> => (wire.isPlugged ? call() : never());
  return {
    commit: (...given) => through(() => ledger.commit(...given)),
    load: () => through(() => ledger.load()),
    read: (query) => through(() => ledger.read(query)),
    lastSeq: () => through(() => ledger.lastSeq()),
    acquireLease: (request) => through(() => ledger.acquireLease(request)),
    releaseLease: (epoch) => through(() => ledger.releaseLease(epoch)),
  };
}

const never = <T>(): Promise<T> => new Promise(() => undefined);
