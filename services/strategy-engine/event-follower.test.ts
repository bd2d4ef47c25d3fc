import type { CommittedEvent } from '@tradewind/proto';
import { silentTelemetry, VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { EventFollower } from './event-follower.ts';

const events = (...seqs: readonly number[]): readonly CommittedEvent[] =>
  seqs.map((seq) => ({ seq }) as unknown as CommittedEvent);

/** A follower of a ledger in which everything up to `last` is. */
function follow(last: number) {
  const heard: number[][] = [];
  const asked: number[] = [];
  const time = new VirtualTime(0);
  const follower = new EventFollower(
    {
      ledger: {
        lastSeq: async () => last,
        read: async ({ afterSeq }) => {
          asked.push(afterSeq);
          return events(...Array.from({ length: last - afterSeq }, (_, place) => afterSeq + 1 + place));
        },
      },
      bus: { subscribe: () => ({ end: () => undefined }) },
      timers: time,
      telemetry: silentTelemetry,
    },
    (told) => heard.push(told.map(({ seq }) => seq)),
  );
  return { heard, asked, time, follower };
}

test('what is committed together is heard together, and twice is the same as once', () => {
  const { heard, follower } = follow(9);
  follower.begin(4);
  follower.take(events(5, 6));
  follower.take(events(5, 6));
  follower.take(events(6, 7));
  follower.take(events());
  expect(heard).toEqual([[5, 6], [7]]);
});

test('what is told before it begins is nothing that it waits for, and after its end it hears no more', async () => {
  const { heard, asked, time, follower } = follow(9);
  follower.take(events(3, 4));
  await time.advance(1_000);
  follower.begin(4);
  follower.take(events(5));
  follower.end();
  follower.take(events(6));
  expect([heard, asked]).toEqual([[[5]], []]);
});

test('behind a hole everything waits until the ledger has filled it', async () => {
  const { heard, asked, time, follower } = follow(8);
  follower.begin(4);
  follower.take(events(7, 8));
  expect(heard).toEqual([]);
  await time.advance(300);
  follower.end();
  expect(heard.flat()).toEqual([5, 6, 7, 8]);
  expect(asked).toEqual([4]);
});
