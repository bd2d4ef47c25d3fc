import { SeededRandom, type Timers, VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { alert, ledgerConformance } from '../../shared/proto/ledger/conformance.test-support.ts';
import { Lifeline } from './lifeline.ts';
import { Store } from './store.ts';

const START_MS = 1_767_225_600_000;
const NOBODY = { committed: () => undefined, lost: () => undefined };

function open() {
  const time = new VirtualTime(START_MS);
  const store = new Store(time, new SeededRandom(1), NOBODY);
  const lifeline = new Lifeline(time);
  return { time, store, lifeline, ledger: store.connect(lifeline) };
}

describe('the store of the world, in good conditions', () => {
  ledgerConformance(async () => {
    const time = new VirtualTime(START_MS);
    // The suite waits for answers without letting time pass: here everything takes none.
    const atOnce: Timers = {
      after: (_, callback) => {
        void Promise.resolve().then(callback);
        return { cancel: () => undefined };
      },
    };
    const clock = { nowMs: () => time.nowMs(), elapsedMs: () => time.elapsedMs(), ...atOnce };
    const store = new Store(clock, new SeededRandom(1), NOBODY);
    return {
      ledger: store.connect(new Lifeline(atOnce)),
      pass: (durationMs) => time.advance(durationMs),
    };
  });
});

describe('a store that fails', () => {
  test.each([
    { conditions: { failure: 1 }, kind: 'failed', written: 0 },
    { conditions: { unknownUnwritten: 1 }, kind: 'unknown', written: 0 },
    { conditions: { unknownWritten: 1 }, kind: 'unknown', written: 1 },
    { conditions: { isFull: true }, kind: 'failed', written: 0 },
    { conditions: { isDown: true }, kind: 'failed', written: 0 },
  ])(
    '$conditions: a commit is told as $kind, and $written are written',
    async ({ conditions, kind, written }) => {
      const { time, store, ledger } = open();
      Object.assign(store.conditions, conditions);
      expect(await time.until(ledger.commit([alert('1')]), 1, 1_000)).toMatchObject({ kind });
      expect(await store.ledger.lastSeq()).toBe(written);
    },
  );

  test('one that is down rejects what is read; one that is full still answers', async () => {
    const { time, store, ledger } = open();
    store.conditions.isDown = true;
    await expect(time.until(ledger.load(), 1, 1_000)).rejects.toThrow('connection refused');
    store.conditions.isDown = false;
    store.conditions.isFull = true;
    expect((await time.until(ledger.load(), 1, 1_000)).seq).toBe(0);
  });
});

test('what a process has sent when it dies is written, and the process never hears of it', async () => {
  const { time, store, lifeline, ledger } = open();
  let hasHeard = false;
  void ledger.commit([alert('1')]).then(() => {
    hasHeard = true;
  });
  lifeline.kill();
  await time.advance(1_000);
  expect(await store.ledger.lastSeq()).toBe(1);
  expect(hasHeard).toBe(false);
});

test('commits of one process are written in the order in which they left, however long each takes', async () => {
  const { time, store, ledger } = open();
  store.conditions.jitterMs = 500;
  const names = Array.from({ length: 30 }, (_, index) => `event ${index}`);
  for (const name of names) void ledger.commit([alert(name)]);
  await time.advance(5_000);
  const written = await store.ledger.read({ afterSeq: 0, limit: 100 });
  expect(written.map(({ id }) => id)).toEqual(names);
});

test.each([
  { count: 1, kept: 24 },
  { count: 2, kept: 23 },
  { count: 3, kept: 20 },
  { count: 9, kept: 20 },
])('a store that loses $count events of 25 loses whole commits, and keeps $kept', async ({ count, kept }) => {
  const { time, store, ledger } = open();
  for (const [index, size] of [20, 3, 1, 1].entries()) {
    const events = Array.from({ length: size }, (_, at) => alert(`event ${at} of ${index}`));
    await time.until(ledger.commit(events), 1, 1_000);
  }
  store.loseTail(count);
  expect(await store.ledger.lastSeq()).toBe(kept);
});
