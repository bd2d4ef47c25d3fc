import type { CommittedEvent, TradingEvent } from '@tradewind/proto';
import { expect, test } from 'vitest';
import { Booking } from './booking.ts';

test('I3: what the ledger had already is twice in the books, which are given up', async () => {
  const lost: string[] = [];
  const seqs = [8, 9, 3];
  const booking = new Booking({
    journal: {
      record: async (events) => ({
        kind: 'committed',
        events: events.map((event): CommittedEvent => ({ ...event, seq: seqs.shift() ?? 0 })),
      }),
    },
    throughSeq: 7,
    waitingMax: 10,
    lost: (why) => lost.push(why),
  });
  for (const id of ['one', 'two']) {
    booking.add(() => [{ id } as TradingEvent]);
    await booking.settled();
  }
  expect(lost).toEqual([]);
  booking.add(() => [{ id: 'fill BTCUSDT 1 2' } as TradingEvent]);
  await booking.settled();
  expect(lost).toEqual(['fill BTCUSDT 1 2 was booked before, as event 3']);
});
