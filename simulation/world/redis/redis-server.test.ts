import { RedisBus } from '@tradewind/redis';
import { SeededRandom, silentTelemetry, type Timers, VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { alertOf, describeBus } from '../../../shared/proto/bus/bus-conformance.test-support.ts';
import { Lifeline } from '../lifeline.ts';
import { type BusConditions, GOOD_BUS } from '../unreliable-bus.ts';
import { RedisServer } from './redis-server.ts';

const GONE_AFTER_MS = 300;
/** What the way to Redis and back may take; anything longer is waited for on purpose. */
const ON_THE_WAY_MS = 2;

/** The suite waits for answers without letting time pass: here ways take none. */
const withoutWays = (time: VirtualTime): Timers => ({
  after: (delayMs, callback) => {
    if (delayMs >= ON_THE_WAY_MS) return time.after(delayMs, callback);
    void Promise.resolve().then(callback);
    return { cancel: () => undefined };
  },
});

describeBus({
  name: 'over the Redis of the world, in good conditions',
  async open(settings) {
    const time = new VirtualTime(1_767_225_600_000);
    const clock = { nowMs: () => time.nowMs(), elapsedMs: () => time.elapsedMs(), ...withoutWays(time) };
    const server = new RedisServer(clock, new SeededRandom(1), { ...GOOD_BUS });
    const bus = new RedisBus({
      url: 'redis://redis.test',
      consumer: 'test',
      clock: time,
      timers: time,
      random: new SeededRandom(2),
      telemetry: silentTelemetry,
      openRedis: server.openOf(new Lifeline(clock)),
      settings: { goneAfterMs: GONE_AFTER_MS, blockMs: 100, ...settings },
    });
    return {
      bus,
      pass: (durationMs) => time.advance(durationMs),
      goneAfterMs: GONE_AFTER_MS + 50,
      end: () => time.until(bus.close(), 100, 60_000),
    };
  },
});

const NEVER_HANDLED = 99;

/** A bus whose one group writes down what it hears. */
async function listening() {
  const time = new VirtualTime(1_767_225_600_000);
  const conditions: BusConditions = { ...GOOD_BUS };
  const server = new RedisServer(time, new SeededRandom(1), conditions);
  const lifeline = new Lifeline(time);
  const bus = new RedisBus({
    url: 'redis://redis.test',
    consumer: 'test',
    clock: time,
    timers: lifeline,
    random: new SeededRandom(2),
    telemetry: silentTelemetry,
    openRedis: server.openOf(lifeline),
  });
  const heard: number[] = [];
  bus.subscribe('orders', 'group', ({ seq }) => {
    heard.push(seq);
    return seq === NEVER_HANDLED ? new Promise<void>(() => undefined) : undefined;
  });
  const publish = (seq: number): Promise<boolean> =>
    time.until(
      bus.publish('orders', alertOf(seq), '').then(
        () => true,
        () => false,
      ),
      1,
      10_000,
    );
  await publish(1);
  await time.advance(100);
  expect(heard).toEqual([1]);
  return { time, conditions, server, lifeline, heard, publish };
}

test('P9: a Redis that is down takes nothing, and is found again when it is back', async () => {
  const { time, conditions, heard, publish } = await listening();
  conditions.isDown = true;
  expect(await publish(2)).toBe(false);
  conditions.isDown = false;
  await time.advance(5_000);
  expect(await publish(3)).toBe(true);
  await time.advance(5_000);
  expect(heard).toEqual([1, 3]);
});

test('P9: after FLUSHALL the group is made anew, and what is published from then on is heard', async () => {
  const { time, server, heard, publish } = await listening();
  server.flush();
  await time.advance(5_000);
  await publish(2);
  await time.advance(5_000);
  expect(heard).toEqual([1, 2]);
});

test('P10: a message whose acknowledgement is lost comes again', async () => {
  const { time, conditions, heard, publish } = await listening();
  conditions.redelivery = 1;
  await publish(2);
  await time.advance(50);
  conditions.redelivery = 0;
  await time.advance(5_000);
  expect(heard.slice(0, 3)).toEqual([1, 2, 2]);
  expect(new Set(heard)).toEqual(new Set([1, 2]));
});

test('P10: what a process had read and not handled when it was killed, the next of its name hears', async () => {
  const { time, lifeline, server, heard, publish } = await listening();
  await publish(NEVER_HANDLED);
  await time.advance(50);
  lifeline.kill();
  await time.advance(5_000);
  expect(heard).toEqual([1, NEVER_HANDLED]);
  const next = new RedisBus({
    url: 'redis://redis.test',
    consumer: 'test',
    clock: time,
    timers: time,
    random: new SeededRandom(3),
    telemetry: silentTelemetry,
    openRedis: server.openOf(new Lifeline(time)),
  });
  const later: number[] = [];
  next.subscribe('orders', 'group', ({ seq }) => void later.push(seq));
  await time.advance(5_000);
  expect(later).toEqual([NEVER_HANDLED]);
});
