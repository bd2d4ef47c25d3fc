import { expect, test } from 'vitest';
import { readTestLines } from '../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../tools/shared-data.ts';
import { parsePrice, parseQuantity } from '../money/index.ts';
import {
  type BookDiff,
  type BookSnapshot,
  Grid,
  LevelList,
  type Lots,
  OrderBook,
  type Ticks,
} from './index.ts';

type Pairs = readonly (readonly [price: number, quantity: number])[];

function levels(pairs: Pairs): LevelList {
  const list = new LevelList();
  for (const [price, quantity] of pairs) list.push(price as Ticks, quantity as Lots);
  return list;
}
const snapshot = (lastUpdateId: number, bids: Pairs, asks: Pairs): BookSnapshot => ({
  lastUpdateId,
  bids: levels(bids),
  asks: levels(asks),
});
const diff = (firstUpdateId: number, lastUpdateId: number, bids: Pairs = [], asks: Pairs = []): BookDiff => ({
  firstUpdateId,
  lastUpdateId,
  bids: levels(bids),
  asks: levels(asks),
});

function bookAt(lastUpdateId: number): OrderBook {
  const book = new OrderBook();
  book.reset(
    snapshot(
      lastUpdateId,
      [
        [100, 5],
        [99, 3],
      ],
      [
        [101, 4],
        [102, 6],
      ],
    ),
  );
  return book;
}

const APPLIED = { kind: 'applied' };
const ALREADY_IN_BOOK = { kind: 'ignored', reason: 'already_in_book' };
const NO_VALID_BOOK = { kind: 'ignored', reason: 'no_valid_book' };

test('is empty until its first snapshot and takes no diff before it', () => {
  const book = new OrderBook();
  expect([book.state, book.lastUpdateId, book.bids.bestPrice]).toEqual(['empty', 0, undefined]);
  expect(book.apply(diff(1, 5, [[100, 1]]))).toEqual(NO_VALID_BOOK);
  expect(book.bids.length).toBe(0);
  expect(book.reset(snapshot(5, [[100, 1]], []))).toEqual(APPLIED);
  expect([book.state, book.lastUpdateId, book.bids.bestPrice]).toEqual(['valid', 5, 100]);
});

test('diffs that the snapshot holds are ignored and those after it applied (scenario happy)', () => {
  const book = bookAt(150);
  expect(book.apply(diff(101, 120, [[100, 0]]))).toEqual(ALREADY_IN_BOOK);
  expect(book.apply(diff(121, 150, [[100, 0]]))).toEqual(ALREADY_IN_BOOK);
  expect(book.bids.bestPrice).toBe(100);
  expect(book.apply(diff(151, 160, [[100, 0]]))).toEqual(APPLIED);
  expect(book.apply(diff(161, 170, [], [[101, 9]]))).toEqual(APPLIED);
  expect([book.lastUpdateId, book.bids.bestPrice, book.asks.bestQuantity]).toEqual([170, 99, 9]);
});

test('the first diff may begin before the end of the snapshot (scenario straddle)', () => {
  const book = bookAt(150);
  expect(book.apply(diff(140, 155))).toEqual(APPLIED);
  expect(book.apply(diff(156, 156))).toEqual(APPLIED);
  expect(book.lastUpdateId).toBe(156);
});

test('a snapshot that is too old for the first kept diff shows as a gap (scenario snapshot-too-old)', () => {
  const book = bookAt(150);
  expect(book.apply(diff(200, 210))).toEqual({ kind: 'gap', expectedUpdateId: 151, firstUpdateId: 200 });
  expect(book.reset(snapshot(205, [[100, 1]], [[101, 1]]))).toEqual(APPLIED);
  expect(book.apply(diff(200, 210))).toEqual(APPLIED);
  expect(book.state).toBe('valid');
});

test('a gap makes the book invalid until the next snapshot (scenario gap)', () => {
  const book = bookAt(170);
  expect(book.apply(diff(173, 180, [[100, 0]]))).toEqual({
    kind: 'gap',
    expectedUpdateId: 171,
    firstUpdateId: 173,
  });
  expect([book.state, book.lastUpdateId, book.bids.bestPrice]).toEqual(['invalid', 170, 100]);
  expect(book.apply(diff(171, 172))).toEqual(NO_VALID_BOOK);
  expect(book.reset(snapshot(190, [[98, 1]], [[103, 1]]))).toEqual(APPLIED);
  expect([book.bids.bestPrice, book.bids.length, book.asks.bestPrice]).toEqual([98, 1, 103]);
});

test('a diff older than the book is ignored (scenario stale)', () => {
  const book = bookAt(170);
  expect(book.apply(diff(160, 169, [[100, 0]]))).toEqual(ALREADY_IN_BOOK);
  expect([book.lastUpdateId, book.bids.bestPrice]).toEqual([170, 100]);
});

test('zero removes a level, and an unknown level is no error (scenario zero-qty)', () => {
  const book = bookAt(1);
  expect(
    book.apply(
      diff(
        2,
        2,
        [
          [100, 0],
          [50, 0],
        ],
        [
          [101, 0],
          [500, 0],
        ],
      ),
    ),
  ).toEqual(APPLIED);
  expect([book.bids.bestPrice, book.asks.bestPrice]).toEqual([99, 102]);
});

test.each([
  { when: 'the prices cross', asks: [[100, 1]] as Pairs, bids: [] as Pairs, bid: 100, ask: 100 },
  { when: 'a bid passes the asks', asks: [] as Pairs, bids: [[103, 1]] as Pairs, bid: 103, ask: 101 },
])('a crossed book is reported and invalid: $when', ({ asks, bids, bid, ask }) => {
  const book = bookAt(1);
  expect(book.apply(diff(2, 2, bids, asks))).toEqual({ kind: 'crossed', bid, ask });
  expect(book.state).toBe('invalid');
});

test('both sides may move through each other within one diff', () => {
  const book = bookAt(1);
  expect(
    book.apply(
      diff(
        2,
        9,
        [[102, 8]],
        [
          [101, 0],
          [102, 0],
          [104, 2],
        ],
      ),
    ),
  ).toEqual(APPLIED);
  expect([book.bids.bestPrice, book.asks.bestPrice]).toEqual([102, 104]);
});

test('a crossed snapshot is reported too', () => {
  expect(new OrderBook().reset(snapshot(1, [[10, 1]], [[9, 1]]))).toEqual({
    kind: 'crossed',
    bid: 10,
    ask: 9,
  });
});

test('a cut stream makes a valid book invalid, and leaves an empty one empty', () => {
  const book = bookAt(1);
  book.invalidate();
  expect(book.state).toBe('invalid');
  const empty = new OrderBook();
  empty.invalidate();
  expect(empty.state).toBe('empty');
});

test('a list of levels grows as it is filled and starts over when cleared', () => {
  const list = levels(Array.from({ length: 1000 }, (_, i) => [i + 1, i] as const));
  expect([list.length, list.prices[999], list.quantities[999]]).toEqual([1000, 1000, 999]);
  list.clear();
  list.push(7 as Ticks, 8 as Lots);
  expect([list.length, list.prices[0], list.quantities[0]]).toEqual([1, 7, 8]);
});

interface DepthMessage {
  readonly U: number;
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}
interface QuoteMessage {
  readonly u: number;
  readonly b: string;
  readonly B: string;
  readonly a: string;
  readonly A: string;
}

testWithSharedData(
  'a replayed capture shows the best prices and quantities that the venue sent at the same update id',
  () => {
    // The step is 0.00001, and yet 25.426189 rests in this book: old orders keep the finer step that they were placed with.
    const grid = new Grid(2, 8);
    const ticks = (text: string): Ticks => counted(text, parsePrice(text), (price) => grid.ticksOf(price));
    const lots = (text: string): Lots =>
      counted(text, parseQuantity(text), (quantity) => grid.lotsOf(quantity));
    const read = (pairs: DepthMessage['b']) =>
      levels(pairs.map(([price, quantity]) => [ticks(price), lots(quantity)]));

    const book = new OrderBook();
    const quotes = new Map<number, QuoteMessage>();
    const kept: DepthMessage[] = [];
    const counts = { applied: 0, already_in_book: 0, other: 0, compared: 0, equal: 0 };

    const apply = ({ U, u, b, a }: DepthMessage) => {
      const update = book.apply({ firstUpdateId: U, lastUpdateId: u, bids: read(b), asks: read(a) });
      if (update.kind === 'applied') counts.applied += 1;
      else if (update.kind === 'ignored' && update.reason === 'already_in_book') counts.already_in_book += 1;
      else counts.other += 1;
      const quote = quotes.get(book.lastUpdateId);
      if (update.kind !== 'applied' || quote === undefined) return;
      counts.compared += 1;
      const { bids, asks } = book;
      const ours = [bids.bestPrice, bids.bestQuantity, asks.bestPrice, asks.bestQuantity];
      const theirs = [ticks(quote.b), lots(quote.B), ticks(quote.a), lots(quote.A)];
      if (ours.join() === theirs.join()) counts.equal += 1;
    };

    for (const line of readTestLines('ws/BTCUSDT-spot-depth-trade-bookTicker-2024-08-08.txt.gz')) {
      const message = JSON.parse(line.slice(line.indexOf(' ') + 1));
      if (message.lastUpdateId !== undefined) {
        book.reset({
          lastUpdateId: message.lastUpdateId,
          bids: read(message.bids),
          asks: read(message.asks),
        });
        kept.forEach(apply);
      } else if (message.stream === 'btcusdt@bookTicker') {
        quotes.set(message.data.u, message.data);
      } else if (message.stream === 'btcusdt@depth@100ms') {
        if (book.state === 'empty') kept.push(message.data);
        else apply(message.data);
      }
    }

    expect(counts).toEqual({ applied: 3449, already_in_book: 2, other: 0, compared: 564, equal: 564 });
    expect(book.state).toBe('valid');
  },
);

function counted<E, C>(
  text: string,
  parsed: { readonly ok: true; readonly value: E } | { readonly ok: false },
  count: (value: E) => C | undefined,
): C {
  const found = parsed.ok ? count(parsed.value) : undefined;
  if (found === undefined) throw new Error(`not on the grid: ${text}`);
  return found;
}
