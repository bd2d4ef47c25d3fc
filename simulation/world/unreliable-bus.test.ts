import { LocalBus } from '@tradewind/proto';
import { SeededRandom, silentTelemetry, VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { alertOf, describeBus } from '../../shared/proto/bus/bus-conformance.test-support.ts';
import { type BusConditions, GOOD_BUS, unreliableBus } from './unreliable-bus.ts';

function open(conditions: Partial<BusConditions> = {}, settings = {}) {
  const time = new VirtualTime(1_767_225_600_000);
  const random = new SeededRandom(1);
  const inner = new LocalBus({ clock: time, timers: time, random, telemetry: silentTelemetry, settings });
  return { time, bus: unreliableBus(inner, { ...GOOD_BUS, ...conditions }, random) };
}

describeBus({
  name: 'of the world, in good conditions',
  async open(settings) {
    const { bus, time } = open({}, settings);
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

test.each([
  { what: 'is down: whoever publishes is told', conditions: { isDown: true }, heard: 0, isTold: true },
  { what: 'loses messages: nobody is told', conditions: { loss: 1 }, heard: 0, isTold: false },
  { what: 'delivers again: a message comes twice', conditions: { redelivery: 1 }, heard: 2, isTold: false },
])('a bus that $what', async ({ conditions, heard, isTold }) => {
  const { time, bus } = open(conditions);
  let count = 0;
  bus.subscribe('alerts', 'group', () => {
    count += 1;
  });
  const published = bus.publish('alerts', alertOf(1), '').then(
    () => false,
    () => true,
  );
  await time.advance(100);
  expect([count, await published]).toEqual([heard, isTold]);
});
