import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import type { CommittedEvent } from '../contracts/event.ts';
import { JournalFollower } from './journal-follower.ts';

const events = (...seqs: readonly number[]): readonly CommittedEvent[] =>
  seqs.map((seq) => ({ seq, id: `event ${seq}` }) as unknown as CommittedEvent);
const range = (from: number, through: number): readonly number[] =>
  Array.from({ length: Math.max(through - from + 1, 0) }, (_, place) => from + place);

/** A follower of a ledger in which everything up to `last` is, a page being `page` long. */
function follow(last: number, page = 1_000) {
  const heard: number[][] = [];
  const asked: number[] = [];
  const lost: string[] = [];
  const time = new VirtualTime(0);
  const store = { isDown: false, last, change: (event: CommittedEvent): CommittedEvent => event };
  const follower = new JournalFollower({
    ledger: {
      read: async ({ afterSeq }) => {
        asked.push(afterSeq);
        if (store.isDown) throw new Error('no connection');
        return events(...range(afterSeq + 1, Math.min(store.last, afterSeq + page))).map(store.change);
      },
    },
    timers: time,
    hear: (told) => heard.push(told.map(({ seq }) => seq)),
    troubled: () => undefined,
    lostEnd: (detail) => lost.push(detail),
  });
  return { heard, asked, lost, time, store, follower };
}

test('what is committed together is heard together, and twice is the same as once', () => {
  const { heard, lost, follower } = follow(9);
  follower.begin(4);
  follower.take(events(5, 6));
  follower.take(events(5, 6));
  follower.take(events(6, 7));
  follower.take(events());
  expect([heard, lost]).toEqual([[[5, 6], [7]], []]);
});

test('what is told before it begins waits for that, and after its end it hears no more', async () => {
  const { heard, asked, time, follower } = follow(9);
  follower.take(events(3, 4, 5));
  await time.advance(1_000);
  follower.begin(4);
  follower.end();
  follower.take(events(6));
  await time.advance(1_000);
  expect([heard, asked]).toEqual([[[5]], []]);
});

test('a hole that is soon told is not asked for', async () => {
  const { heard, asked, time, follower } = follow(8);
  follower.begin(4);
  follower.take(events(7, 8));
  await time.advance(200);
  expect([heard, follower.isBehind]).toEqual([[], true]);
  follower.take(events(5, 6));
  await time.advance(1_000);
  expect([heard, asked, follower.isBehind]).toEqual([[[5, 6, 7, 8]], [], false]);
});

test('behind a hole everything waits until the ledger has filled it, page by page', async () => {
  const { heard, asked, time, follower } = follow(12, 3);
  follower.begin(4);
  follower.take(events(11, 12));
  expect(heard).toEqual([]);
  await time.advance(300);
  expect(heard.flat()).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
  // Each page begins with the last event that was heard.
  expect(asked).toEqual([3, 5, 7]);
});

test('who waits for it has it read at once, and waits no longer than he says', async () => {
  const { heard, time, store, follower } = follow(8);
  follower.begin(4);
  follower.take(events(7, 8));
  let isOver = false;
  const wait = async (): Promise<void> => {
    isOver = false;
    await follower.caughtUp(500);
    isOver = true;
  };
  store.isDown = true;
  const first = wait();
  await time.advance(499);
  expect(isOver).toBe(false);
  await time.advance(1);
  await first;
  expect(follower.isBehind).toBe(true);
  store.isDown = false;
  const second = wait();
  await time.advance(0);
  await second;
  expect([heard.flat(), time.elapsedMs()]).toEqual([[5, 6, 7, 8], 500]);
});

test('a ledger that cannot be read is asked later and later, every 5 s at last', async () => {
  const { heard, asked, time, store, follower } = follow(8);
  store.isDown = true;
  follower.begin(4);
  follower.take(events(6));
  await time.advance(60_000);
  // After 0.25 s, then 0.5, 1, 2, 4 and 5 s apart.
  expect(asked).toHaveLength(5 + Math.floor((60 - 7.75) / 5));
  store.isDown = false;
  await time.advance(5_000);
  expect(heard.flat()).toEqual([5, 6, 7, 8]);
});

test('P9: what nobody tells is found by a look, and one that finds nothing hands on nothing', async () => {
  const { heard, lost, follower } = follow(7);
  follower.begin(4);
  await follower.look();
  await follower.look();
  expect([heard, lost]).toEqual([[[5, 6, 7]], []]);
});

type Followed = ReturnType<typeof follow>;
test.each([
  [
    'a look at a ledger that is shorter',
    7,
    ({ follower, store }: Followed) => {
      follower.take(events(5, 6, 7));
      store.last = 6;
    },
  ],
  [
    'a look at one that others have made longer',
    7,
    ({ follower, store }: Followed) => {
      follower.take(events(5, 6, 7));
      store.last = 9;
      store.change = (event) => (event.seq < 7 ? event : { ...event, id: 'another' });
    },
  ],
  [
    'a look at one of which only the length was known',
    4,
    ({ store }: Followed) => {
      store.last = 3;
    },
  ],
])(
  'P11: that the ledger has lost what was heard of it is noticed by %s, and said once',
  async (_what, seq, happen) => {
    const on = follow(7);
    on.follower.begin(4);
    happen(on);
    await on.follower.look();
    await on.follower.look();
    expect(on.lost).toEqual([`entry ${seq} of the ledger is not there any more as it was heard`]);
  },
);

test('P11: it is noticed by another event that is told in the place of one that was heard', () => {
  const { lost, heard, follower } = follow(7);
  follower.begin(4);
  follower.take(events(5, 6, 7));
  follower.take([{ seq: 6, id: 'another' } as unknown as CommittedEvent]);
  expect(lost).toEqual(['entry 6 of the ledger is not there any more as it was heard']);
  expect(heard).toEqual([[5, 6, 7]]);
});

test('P11: it is noticed when what nobody has told is read from a ledger that has grown beyond it again', async () => {
  const { lost, heard, time, store, follower } = follow(9);
  follower.begin(4);
  follower.take(events(5, 6, 7));
  store.change = (event) => (event.seq < 6 ? event : { ...event, id: `another ${event.seq}` });
  follower.take([store.change({ seq: 9 } as CommittedEvent)]);
  await time.advance(300);
  expect(lost).toEqual(['entry 7 of the ledger is not there any more as it was heard']);
  expect(heard).toEqual([
    [5, 6, 7],
    [8, 9],
  ]);
});
