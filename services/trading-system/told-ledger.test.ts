import type { CommitResult, CommittedEvent, JournalQuery, Ledger } from '@tradewind/proto';
import { JournalFollower } from '@tradewind/proto/ledger';
import { VirtualTime } from '@tradewind/utils';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ToldLedger } from './told-ledger.ts';

const eventAt = (seq: number): CommittedEvent => ({ seq, id: `event ${seq}` }) as unknown as CommittedEvent;

/** A ledger whose commits come back in an order of the test's choosing. */
function told(lastSeq: number, answers: readonly (readonly number[])[], elsewhere: readonly number[] = []) {
  let next = 0;
  const time = new VirtualTime(0);
  const inner = {
    lastSeq: async () => lastSeq,
    commit: async (): Promise<CommitResult> => {
      const events = (answers[next] ?? []).map(eventAt);
      next += 1;
      return { kind: 'committed', events };
    },
    read: async ({ afterSeq, limit }: JournalQuery) =>
      answers
        .slice(0, next)
        .flat()
        .concat(elsewhere)
        .filter((seq) => seq > afterSeq)
        .sort((a, b) => a - b)
        .slice(0, limit)
        .map(eventAt),
  } as unknown as Ledger;
  const heard: number[] = [];
  const ledger = new ToldLedger({
    ledger: inner,
    timers: time,
    hear: (events) => heard.push(...events.map(({ seq }) => seq)),
    troubled: () => undefined,
    lostEnd: () => undefined,
  });
  return { heard, time, ledger };
}

test('in whatever order commits come back, and however often, each event is told once and in order', () =>
  fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([[8], [9, 10], [11], [12, 13, 14]], { minLength: 4 }),
      fc.nat(3),
      async (answers, again) => {
        const { heard, ledger } = told(7, [...answers, answers[again]!]);
        await ledger.begin();
        for (let i = 0; i <= answers.length; i += 1) await ledger.commit([]);
        expect(heard).toEqual([8, 9, 10, 11, 12, 13, 14]);
      },
    ),
  ));

test('what is committed after one that never comes back here waits, and is told when it does', async () => {
  const { heard, ledger } = told(0, [[2], [3], [1]]);
  await ledger.begin();
  await ledger.commit([]);
  await ledger.commit([]);
  expect(heard).toEqual([]);
  await ledger.commit([]);
  expect(heard).toEqual([1, 2, 3]);
});

test('what another process has written is read soon, and told in its place', async () => {
  const { heard, time, ledger } = told(0, [[1], [4], [5], [8]], [2, 3, 6, 7]);
  await ledger.begin();
  for (let i = 0; i < 3; i += 1) await ledger.commit([]);
  expect(heard).toEqual([1]);
  await time.advance(300);
  await ledger.commit([]);
  await time.advance(300);
  expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('what another process has written holds up no more than may wait, and then all of it is told', async () => {
  const answers = Array.from({ length: 10_010 }, (_, i) => [i + 2]);
  const { heard, time, ledger } = told(0, answers, [1]);
  await ledger.begin();
  for (const _ of answers) await ledger.commit([]);
  expect(heard).toEqual([]);
  await time.advance(300);
  expect(heard).toEqual([1, ...answers.flat()]);
});

test('P11: who follows what is told notices that the ledger has lost its end, though more than that has been written since', async () => {
  const another = (seq: number): CommittedEvent => ({ ...eventAt(seq), id: `another ${seq}` });
  const answers = [[5, 6, 7].map(eventAt), [another(6), another(7)], [eventAt(8)]];
  const inner = {
    lastSeq: async () => 4,
    commit: async () => ({ kind: 'committed', events: answers.shift() }),
    read: async () => [],
  } as unknown as Ledger;
  const lost: string[] = [];
  const following = { ledger: inner, timers: new VirtualTime(0), troubled: () => undefined };
  const follower = new JournalFollower({
    ...following,
    hear: () => undefined,
    lostEnd: (detail) => lost.push(detail),
  });
  const ledger = new ToldLedger({
    ...following,
    hear: (events) => follower.take(events),
    lostEnd: () => undefined,
  });
  follower.begin(4);
  await ledger.begin();
  for (let i = 0; i < 3; i += 1) await ledger.commit([]);
  expect(lost).toEqual(['entry 6 of the ledger is not there any more as it was heard']);
});
