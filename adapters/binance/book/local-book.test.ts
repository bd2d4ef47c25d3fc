import type { OrderBook } from '@tradewind/core/market';
import { describe, expect, test } from 'vitest';
import { failed, unknown } from '../outcome.ts';
import { diff, makeBook, type Pairs, sidesOf, snapshot } from './book.test-support.ts';
import { LocalBook } from './local-book.ts';
import scenarios from './local-order-book-scenarios.json' with { type: 'json' };

const BIDS: Pairs = [
  [100, 5],
  [99, 3],
];
const ASKS: Pairs = [
  [101, 4],
  [102, 6],
];

/** A book at update id 170, and nothing told yet. */
async function validBook(times = {}) {
  const made = makeBook(times);
  made.book.begin();
  await made.advance(0);
  made.book.take(diff(165, 170));
  await made.source.reply(snapshot(170, BIDS, ASKS));
  expect(made.told.splice(0)).toEqual(['valid']);
  return made;
}

const scenario = (id: string) => scenarios.find((one) => one.id === id)!;
/** The diffs of a scenario; each leaves a level of its own, so that it shows whether it was applied. */
const eventsOf = (id: string) =>
  (scenario(id).events ?? []).map(({ U, u, action }, i) => ({
    change: diff(U, u, [[i + 1, 7]]),
    mark: [i + 1, 7],
    isApplied: action.startsWith('apply'),
  }));

describe('the scenarios of the reference (binance-spot.md section 8.4)', () => {
  test.each(['happy', 'straddle'])(
    '%s: what the snapshot holds is dropped, what follows is applied',
    async (id) => {
      for (const beforeSnapshot of [0, 1, eventsOf(id).length]) {
        const { book, source, advance } = makeBook();
        const events = eventsOf(id);
        book.begin();
        await advance(0);
        for (const { change } of events.slice(0, beforeSnapshot)) book.take(change);
        await source.reply(snapshot(scenario(id).snapshotLastUpdateId!, BIDS, ASKS));
        for (const { change } of events.slice(beforeSnapshot)) book.take(change);
        const marks = events.filter(({ isApplied }) => isApplied).map(({ mark }) => mark);
        expect(sidesOf(book.levels)).toEqual({
          id: events.at(-1)!.change.lastUpdateId,
          bids: [...BIDS, ...marks.toReversed()],
          asks: ASKS,
        });
      }
    },
  );

  test('snapshot-too-old: another one is asked for and the kept diffs stay', async () => {
    const { book, source, advance, told } = makeBook();
    const { firstU, snapshotLastUpdateId } = scenario('snapshot-too-old');
    book.begin();
    await advance(0);
    book.take(diff(firstU!, 210, [[98, 1]]));
    await source.reply(snapshot(snapshotLastUpdateId!, BIDS, ASKS));
    expect([told, book.levels]).toEqual([[{ reason: 'too_old' }], undefined]);
    await advance(1000);
    await source.reply(snapshot(205, BIDS, ASKS));
    expect(sidesOf(book.levels)).toEqual({ id: 210, bids: [...BIDS, [98, 1]], asks: ASKS });
  });

  test('M1, gap: the book is invalid at once, and is built anew from the diff that showed the gap', async () => {
    const { book, source, advance, told } = await validBook();
    const { U, u } = scenario('gap').events![0]!;
    book.take(diff(U, u, [[98, 1]]));
    expect(told).toEqual([{ reason: 'gap', expectedUpdateId: 171, firstUpdateId: 173 }]);
    expect(book.levels).toBeUndefined();
    await advance(0);
    await advance(1000);
    await source.reply(snapshot(175, BIDS, ASKS));
    expect(sidesOf(book.levels)).toEqual({ id: 180, bids: [...BIDS, [98, 1]], asks: ASKS });
    expect(told.at(-1)).toBe('valid');
  });

  test('stale: a diff older than the book changes nothing', async () => {
    const { book, told } = await validBook();
    const { U, u } = scenario('stale').events![0]!;
    book.take(diff(U, u, [[98, 1]]));
    expect([sidesOf(book.levels), told]).toEqual([{ id: 170, bids: BIDS, asks: ASKS }, []]);
  });

  test('zero-qty: zero removes a level, and an unknown level is no error', async () => {
    const { book, told } = await validBook();
    book.take(
      diff(
        171,
        171,
        [
          [100, 0],
          [50, 0],
        ],
        [[500, 0]],
      ),
    );
    expect([sidesOf(book.levels), told]).toEqual([{ id: 171, bids: [[99, 3]], asks: ASKS }, [171]]);
  });
});

describe('a book without levels', () => {
  test('is what it is until the stream has reached the snapshot', async () => {
    const { book, source, advance, told } = makeBook();
    book.begin();
    await advance(0);
    await source.reply(snapshot(170, BIDS, ASKS));
    expect(book.levels).toBeUndefined();
    book.take(diff(160, 165));
    expect([book.levels, told]).toEqual([undefined, []]);
    book.take(diff(166, 170));
    expect([book.levels?.lastUpdateId, told]).toEqual([170, ['valid']]);
  });

  test('is asked for one snapshot only, however often it is begun', async () => {
    const { book, source, advance } = makeBook();
    book.begin();
    book.begin();
    await advance(10_000);
    expect(source.asked).toHaveLength(1);
  });

  test('keeps no more diffs than it may: a snapshot older than the oldest kept one is too old', async () => {
    const { book, source, advance, told } = makeBook();
    book.begin();
    await advance(0);
    for (let id = 1; id <= 4000; id += 1) book.take(diff(id, id, [[90, id]]));
    await source.reply(snapshot(999, BIDS, ASKS));
    expect(told).toEqual([{ reason: 'too_old' }]);
    await advance(1000);
    await source.reply(snapshot(1000, BIDS, ASKS));
    expect(sidesOf(book.levels)).toEqual({ id: 4000, bids: [...BIDS, [90, 4000]], asks: ASKS });
  });

  test('drops what it kept before a hole in the stream', async () => {
    const { book, source, advance } = makeBook();
    book.begin();
    await advance(0);
    book.take(diff(1, 10, [[90, 1]]));
    book.take(diff(12, 20, [[91, 1]]));
    await source.reply(snapshot(15, BIDS, ASKS));
    expect(sidesOf(book.levels)).toEqual({ id: 20, bids: [...BIDS, [91, 1]], asks: ASKS });
  });
});

describe('snapshots that are of no use', () => {
  test('M2: the same stale snapshot again and again is asked for ever more seldom, and the book stays invalid', async () => {
    const { book, source, advance, told } = makeBook({ firstDelayMs: 1000, longestDelayMs: 60_000 });
    book.begin();
    await advance(0);
    source.answer = () => snapshot(150, BIDS, ASKS);
    book.take(diff(200, 210));
    await source.reply(snapshot(150, BIDS, ASKS));
    await advance(600_000);
    const waits = source.asked.slice(1).map(({ atMs }, i) => atMs - source.asked[i]!.atMs);
    // 50 to 100 % of 1, 2, 4, ... 32, and then 60 s.
    waits.forEach((wait, i) => {
      const full = Math.min(60_000, 1000 * 2 ** i);
      expect(wait / full).toBeGreaterThanOrEqual(0.5);
      expect(wait / full).toBeLessThanOrEqual(1);
    });
    expect(waits.length).toBeGreaterThan(12);
    expect(waits.length).toBeLessThan(28);
    expect(book.levels).toBeUndefined();
    expect(told.every((event) => (event as { reason: string }).reason === 'too_old')).toBe(true);
  });

  test('a gate that holds the request back is asked again when it says, not before', async () => {
    const { book, source, advance, time } = makeBook();
    book.begin();
    await advance(0);
    const retryAtMs = time.nowMs() + 30_000;
    await source.reply(failed({ reason: 'held_back', limiter: 'REQUEST_WEIGHT', retryAtMs }));
    await advance(29_999);
    expect(source.asked).toHaveLength(1);
    await advance(1);
    expect(source.asked).toHaveLength(2);
  });

  test('an answer that never comes, or says nothing, is asked for again', async () => {
    const { book, source, advance, told } = makeBook();
    book.begin();
    await advance(15_000);
    expect(told).toEqual([{ reason: 'unknown', cause: { reason: 'timed_out' } }]);
    await advance(1000);
    await source.reply(snapshot(1, [], []));
    expect(book.levels, "the late answer to the first question is nobody's").toBeUndefined();
    await source.reply(unknown({ reason: 'connection_lost', detail: 'reset' }));
    expect(told.at(-1)).toMatchObject({ reason: 'unknown' });
    await advance(2000);
    expect(source.asked).toHaveLength(3);
  });

  test('M3: a crossed snapshot is no price', async () => {
    const { book, source, advance, told } = makeBook();
    book.begin();
    await advance(0);
    book.take(diff(165, 170));
    await source.reply(snapshot(170, [[101, 1]], [[101, 1]]));
    expect([book.levels, told]).toEqual([undefined, [{ reason: 'crossed' }]]);
    await advance(1000);
    book.take(diff(171, 171));
    await source.reply(snapshot(171, BIDS, ASKS));
    expect(book.levels?.lastUpdateId).toBe(171);
  });
});

describe('a valid book', () => {
  test('M3: crossed or locked by a diff, is invalid and built anew', async () => {
    const { book, source, advance, told } = await validBook();
    book.take(diff(171, 171, [[101, 1]]));
    expect([book.levels, told]).toEqual([undefined, [{ reason: 'crossed', bid: 101, ask: 101 }]]);
    await advance(1000);
    await source.reply(snapshot(171, BIDS, [[102, 6]]));
    expect(sidesOf(book.levels)).toEqual({ id: 171, bids: BIDS, asks: [[102, 6]] });
  });

  test('has no levels after its stream was cut, until it has begun again', async () => {
    const { book, source, advance, told } = await validBook();
    const held = book.levels!;
    book.cut();
    expect([book.levels, (held as OrderBook).state, told]).toEqual([
      undefined,
      'invalid',
      [{ reason: 'stream_cut' }],
    ]);
    book.take(diff(171, 175));
    await advance(60_000);
    expect(source.asked).toHaveLength(1);
    book.begin();
    await advance(1000);
    book.take(diff(176, 180));
    await source.reply(snapshot(180, BIDS, ASKS));
    expect(book.levels?.lastUpdateId).toBe(180);
  });

  test('that breaks again and again asks ever more seldom; one that was steady asks at once', async () => {
    const { book, source, advance, told } = await validBook({ steadyAfterMs: 60_000 });
    const waits: number[] = [];
    const breakAndMend = async (id: number) => {
      const before = source.asked.length;
      book.take(diff(id + 10, id + 10));
      for (let ms = 0; source.asked.length === before; ms += 100) await advance(ms === 0 ? 0 : 100);
      waits.push(source.asked.at(-1)!.atMs - source.asked[before - 1]!.atMs);
      await source.reply(snapshot(id + 10, BIDS, ASKS));
      expect(told.at(-1)).toBe('valid');
    };
    for (const id of [170, 180, 190, 200]) await breakAndMend(id);
    expect(waits.map((wait, i) => wait / (1000 * 2 ** i) >= 0.5)).toEqual([true, true, true, true]);
    await advance(60_000);
    const calmMs = source.asked.at(-1)!.atMs;
    await breakAndMend(210);
    expect(source.asked.at(-1)!.atMs - calmMs).toBeLessThan(60_200);
  });

  test('that its listener stops in the middle of a trouble stays stopped', async () => {
    const { book, source, advance, queue, time } = await validBook();
    book.stop();
    expect(book.levels).toBeUndefined();
    const other = new LocalBook({
      market: book.market,
      snapshots: queue,
      clock: time,
      timers: time,
      random: { nextUint32: () => 0, nextFraction: () => 0, nextNormal: () => 0 },
      listener: { valid: () => {}, changed: () => {}, invalid: (self) => self.stop() },
    });
    other.begin();
    await advance(0);
    other.take(diff(1, 2));
    await source.reply(snapshot(2, BIDS, ASKS));
    other.take(diff(9, 9));
    await advance(3_600_000);
    expect([other.levels, source.asked.length, time.pending]).toEqual([undefined, 2, 0]);
  });
});

describe('the check with a snapshot', () => {
  const times = { checkEveryMs: 100_000 };
  /** To where the check has asked for its snapshot. */
  async function checking() {
    const made = await validBook(times);
    await made.advance(89_999);
    expect(made.source.asked).toHaveLength(1);
    await made.advance(20_001);
    expect(made.source.asked).toHaveLength(2);
    return made;
  }

  test('finds nothing, and the book goes on with what the snapshot knows more', async () => {
    const { book, source, told } = await checking();
    const before = book.levels!;
    book.take(diff(171, 175, [[100, 6]]));
    await source.reply(
      snapshot(
        174,
        [
          [100, 5],
          [99, 3],
          [98, 9],
        ],
        ASKS,
      ),
    );
    expect(sidesOf(book.levels)).toEqual({
      id: 175,
      bids: [
        [100, 6],
        [99, 3],
        [98, 9],
      ],
      asks: ASKS,
    });
    expect([told, (before as OrderBook).state]).toEqual([[175], 'invalid']);
  });

  test('finds a difference: the book was not valid, says so, and is what the snapshot made of it', async () => {
    const { book, source, told } = await checking();
    book.take(diff(171, 175));
    await source.reply(
      snapshot(175, BIDS, [
        [101, 4.0 + 1],
        [102, 6],
      ]),
    );
    expect(told).toEqual([
      175,
      { reason: 'differs_from_snapshot', updateId: 175, side: 'ask', price: 101, ours: 4, theirs: 5 },
      'valid',
    ]);
    expect(sidesOf(book.levels)).toEqual({
      id: 175,
      bids: BIDS,
      asks: [
        [101, 5],
        [102, 6],
      ],
    });
  });

  test('does not disturb a book that is torn down meanwhile', async () => {
    const { book, source, advance, told } = await checking();
    book.take(diff(180, 180));
    expect(told).toEqual([{ reason: 'gap', expectedUpdateId: 171, firstUpdateId: 180 }]);
    await source.reply(snapshot(175, BIDS, ASKS));
    expect(book.levels).toBeUndefined();
    await advance(1000);
    await source.reply(snapshot(180, BIDS, ASKS));
    expect(book.levels?.lastUpdateId).toBe(180);
  });

  test('comes early when prices have left what the last snapshot covered', async () => {
    const { book, source, advance, told } = await validBook({
      checkEveryMs: 100_000,
      checkAgainAfterMs: 10_000,
    });
    await advance(10_000);
    book.take(
      diff(171, 171, [
        [100, 0],
        [99, 0],
        [90, 1],
      ]),
    );
    await advance(0);
    expect(source.asked).toHaveLength(2);
    await source.reply(
      snapshot(
        171,
        [
          [95, 2],
          [90, 1],
        ],
        ASKS,
      ),
    );
    book.take(diff(172, 172));
    expect(sidesOf(book.levels)).toEqual({
      id: 172,
      bids: [
        [95, 2],
        [90, 1],
      ],
      asks: ASKS,
    });
    expect(told).toEqual([171, 172]);
  });
});
