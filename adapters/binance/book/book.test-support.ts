import { type BookDiff, Grid, LevelList, type Lots, type Ticks } from '@tradewind/core/market';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import type { StreamMarket } from '../market-streams/index.ts';
import type { DepthSnapshot } from '../model/market.ts';
import { done, type Outcome } from '../outcome.ts';
import { type BookView, LocalBook, type LocalBookTimes } from './local-book.ts';
import { SnapshotQueue } from './snapshot-queue.ts';
import type { SnapshotSource } from './snapshot-source.ts';

export type Pairs = readonly (readonly [price: number, quantity: number])[];

export const MARKET: StreamMarket = { symbol: 'BTCUSDT', grid: new Grid(2, 3) };

function levels(pairs: Pairs): LevelList {
  const list = new LevelList();
  for (const [price, quantity] of pairs) list.push(price as Ticks, quantity as Lots);
  return list;
}

export const diff = (
  firstUpdateId: number,
  lastUpdateId: number,
  bids: Pairs = [],
  asks: Pairs = [],
): BookDiff => ({
  firstUpdateId,
  lastUpdateId,
  bids: levels(bids),
  asks: levels(asks),
});

export function snapshot(
  lastUpdateId: number,
  bids: Pairs,
  asks: Pairs,
  market = MARKET,
): Outcome<DepthSnapshot> {
  const { grid } = market;
  const exact = (pairs: Pairs) =>
    pairs.map(([price, quantity]) => ({
      price: grid.priceOf(price as Ticks),
      quantity: grid.quantityOf(quantity as Lots),
    }));
  return done({ lastUpdateId, bids: exact(bids), asks: exact(asks) });
}

/** Both sides, best first. */
export const sidesOf = (book: BookView | undefined) =>
  book && {
    id: book.lastUpdateId,
    bids: Array.from({ length: book.bids.length }, (_, i) => [book.bids.priceAt(i), book.bids.quantityAt(i)]),
    asks: Array.from({ length: book.asks.length }, (_, i) => [book.asks.priceAt(i), book.asks.quantityAt(i)]),
  };

/** Answers when the test says so, and notes what was asked when. */
export class ScriptedSnapshots implements SnapshotSource {
  readonly asked: { readonly symbol: string; readonly atMs: number }[] = [];
  private readonly waiting: ((outcome: Outcome<DepthSnapshot>) => void)[] = [];
  private readonly time: VirtualTime;
  /** Answers at once when it is there. */
  answer: ((symbol: string) => Outcome<DepthSnapshot>) | undefined;

  constructor(time: VirtualTime) {
    this.time = time;
  }

  depth(symbol: string): Promise<Outcome<DepthSnapshot>> {
    this.asked.push({ symbol, atMs: this.time.elapsedMs() });
    if (this.answer !== undefined) return Promise.resolve(this.answer(symbol));
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Answers the oldest question, and lets it arrive. */
  async reply(outcome: Outcome<DepthSnapshot>): Promise<void> {
    const resolve = this.waiting.shift();
    if (resolve === undefined) throw new Error('nobody has asked for a snapshot');
    resolve(outcome);
    await this.time.advance(0);
  }
}

/** A book with a scripted source in virtual time, and all that it told. */
export function makeBook(times: Partial<LocalBookTimes> = {}, seed = 1) {
  const time = new VirtualTime(1_700_000_000_000);
  const source = new ScriptedSnapshots(time);
  const queue = new SnapshotQueue({ source, clock: time, timers: time });
  const told: unknown[] = [];
  const book = new LocalBook({
    market: MARKET,
    snapshots: queue,
    clock: time,
    timers: time,
    random: new SeededRandom(seed),
    times,
    listener: {
      valid: () => told.push('valid'),
      changed: ({ levels: now }) => told.push(now?.lastUpdateId),
      invalid: (self, trouble) =>
        told.push(self.levels === undefined ? trouble : 'invalid, and yet has levels'),
      snapshotUseless: (_, problem) => told.push(problem),
    },
  });
  const advance = (ms: number): Promise<void> => time.advance(ms);
  return { time, source, queue, told, book, advance };
}
