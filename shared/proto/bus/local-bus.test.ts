import { SeededRandom, silentTelemetry, VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { alertOf, describeBus } from './bus-conformance.test-support.ts';
import { LocalBus } from './local-bus.ts';
import type { BusSettings } from './settings.ts';

function open(settings: Partial<BusSettings>) {
  const time = new VirtualTime(1_700_000_000_000);
  const random = new SeededRandom(1);
  const bus = new LocalBus({ clock: time, timers: time, random, telemetry: silentTelemetry, settings });
  return { bus, time };
}

describeBus({
  name: 'in one process',
  async open(settings) {
    const { bus, time } = open(settings);
    return {
      bus,
      pass: (durationMs) => time.advance(durationMs),
      goneAfterMs: 0,
      end: async () => {
        const closing = bus.close();
        await time.advance(10_000);
        await closing;
      },
    };
  },
});

test('a handler is not called from within publish, and retries are later and later', async () => {
  const { bus, time } = open({ attemptsMaximum: 4, retry: { firstDelayMs: 100, longestDelayMs: 300 } });
  const calledAt: number[] = [];
  bus.subscribe('alerts', 'group', () => {
    calledAt.push(time.elapsedMs());
    throw new Error('no');
  });
  const publishing = bus.publish('alerts', alertOf(1), '');
  expect(calledAt).toEqual([]);
  await publishing;
  await time.advance(10_000);
  const waits = calledAt.slice(1).map((at, index) => at - calledAt[index]!);
  // 50-100 % of 100, 200, and of 300, which is the longest delay.
  for (const [index, longest] of [100, 200, 300].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(longest / 2);
    expect(waits[index]).toBeLessThanOrEqual(longest);
  }
  expect(calledAt).toHaveLength(4);
  expect((await bus.deadLetters(1))[0]?.atMs).toBe(1_700_000_000_000 + Math.floor(calledAt[3]!));
});

test('a handler that never ends does not hold up closing for ever', async () => {
  const { bus, time } = open({ closeMs: 500 });
  bus.subscribe('alerts', 'group', () => new Promise<void>(() => undefined));
  await bus.publish('alerts', alertOf(1), '');
  await time.advance(1);
  let isClosed = false;
  void bus.close().then(() => {
    isClosed = true;
  });
  await time.advance(499);
  expect(isClosed).toBe(false);
  await time.advance(1);
  expect(isClosed).toBe(true);
});
