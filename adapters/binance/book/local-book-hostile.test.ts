import type { BookDiff } from '@tradewind/core/market';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { failed, type Outcome, unknown } from '../outcome.ts';
import { diff, MARKET, type Pairs, sidesOf, snapshot } from './book.test-support.ts';
import { type BookView, LocalBook } from './local-book.ts';
import { SnapshotQueue } from './snapshot-queue.ts';

/** The venue's side of one book: prices around a middle, one change after the other, and every state it ever had. */
class Venue {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  readonly history = new Map<number, string>();
  id = 1000;
  private middle = 5000;
  private readonly random: SeededRandom;

  constructor(random: SeededRandom) {
    this.random = random;
    for (let i = 1; i <= 20; i += 1) {
      this.bids.set(this.middle - i, i);
      this.asks.set(this.middle + i, i);
    }
    this.remember();
  }

  /** One diff of some updates. */
  change(): BookDiff {
    const firstUpdateId = this.id + 1;
    const changed = { bids: new Map<number, number>(), asks: new Map<number, number>() };
    const set = (side: 'bids' | 'asks', price: number, quantity: number) => {
      if (quantity === 0) this[side].delete(price);
      else this[side].set(price, quantity);
      changed[side].set(price, quantity);
    };
    for (let updates = 1 + (this.random.nextUint32() % 4); updates > 0; updates -= 1) {
      this.id += 1;
      if (this.random.nextUint32() % 4 === 0) this.middle += (this.random.nextUint32() % 3) - 1;
      for (const price of this.bids.keys()) if (price >= this.middle) set('bids', price, 0);
      for (const price of this.asks.keys()) if (price <= this.middle) set('asks', price, 0);
      const distance = 1 + (this.random.nextUint32() % 25);
      const quantity = this.random.nextUint32() % 6;
      if (this.random.nextUint32() % 2 === 0) set('bids', this.middle - distance, quantity);
      else set('asks', this.middle + distance, quantity);
    }
    this.remember();
    return diff(firstUpdateId, this.id, [...changed.bids], [...changed.asks]);
  }

  snapshot(): Outcome<never> | ReturnType<typeof snapshot> {
    return snapshot(this.id, this.side('bids'), this.side('asks'));
  }

  private side(side: 'bids' | 'asks'): Pairs {
    return [...this[side]].sort(([a], [b]) => (side === 'bids' ? b - a : a - b));
  }

  private remember(): void {
    this.history.set(
      this.id,
      JSON.stringify({ id: this.id, bids: this.side('bids'), asks: this.side('asks') }),
    );
  }
}

/** A minute of a stream that loses, repeats, delays and mutilates, with snapshots that fail or are old. */
async function hostileMinute(seed: number) {
  const random = new SeededRandom(seed);
  const chance = (percent: number): boolean => random.nextUint32() % 100 < percent;
  const time = new VirtualTime(0);
  const venue = new Venue(random);
  let old = venue.snapshot();
  const source = {
    depth: () =>
      new Promise<ReturnType<typeof snapshot>>((resolve) => {
        if (chance(10)) return;
        const answer = (): ReturnType<typeof snapshot> => {
          if (chance(10)) return unknown({ reason: 'timed_out' });
          if (chance(5)) return failed({ reason: 'not_sent', detail: '' });
          if (chance(5)) return snapshot(venue.id, [[6000, 1]], [[4000, 1]]);
          if (chance(20)) return old;
          old = venue.snapshot();
          return old;
        };
        time.after(random.nextUint32() % 400, () => resolve(answer()));
      }),
  };
  const queue = new SnapshotQueue({ source, clock: time, timers: time, perMinute: 1000, timeoutMs: 1000 });
  let isValid = false;
  const seen = { valid: 0, invalid: 0, changed: 0, false: 0 };
  const look = (levels: BookView | undefined): void => {
    if ((levels !== undefined) !== isValid) seen.false += 1;
    if (levels !== undefined && JSON.stringify(sidesOf(levels)) !== venue.history.get(levels.lastUpdateId))
      seen.false += 1;
  };
  const book = new LocalBook({
    market: MARKET,
    snapshots: queue,
    clock: time,
    timers: time,
    random,
    times: { firstDelayMs: 100, longestDelayMs: 1000, steadyAfterMs: 2000, checkEveryMs: 3000 },
    listener: {
      valid: (self) => {
        seen.valid += 1;
        isValid = true;
        look(self.levels);
      },
      changed: (self) => {
        seen.changed += 1;
        look(self.levels);
      },
      invalid: (self) => {
        seen.invalid += 1;
        isValid = false;
        look(self.levels);
      },
    },
  });
  book.begin();
  let isUp = true;
  for (let step = 0; step < 600; step += 1) {
    const change = venue.change();
    if (isUp && chance(1)) {
      isUp = false;
      book.cut();
    } else if (!isUp && chance(20)) {
      isUp = true;
      book.begin();
    }
    if (isUp && !chance(2)) {
      book.take(change);
      if (chance(3)) book.take(change);
    }
    look(book.levels);
    await time.advance(100);
    look(book.levels);
  }
  // The storm is over: what is left must come to rest.
  if (!isUp) book.begin();
  for (let step = 0; step < 400 && (step < 100 || !isValid); step += 1) {
    book.take(venue.change());
    await time.advance(100);
  }
  look(book.levels);
  return { ...seen, isValid };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'M1, M2, M3: whoever looks at the book sees what the venue had at that update id, or nothing (seed %i)',
  async (seed) => {
    const seen = await hostileMinute(seed);
    expect(seen.false).toBe(0);
    expect(seen.isValid).toBe(true);
    expect(seen.valid).toBeGreaterThan(3);
    expect(seen.invalid).toBeGreaterThan(2);
    expect(seen.changed).toBeGreaterThan(200);
  },
);
