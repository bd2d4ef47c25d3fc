import { NotPublished } from '@tradewind/proto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { alertOf, describeBus, feedOf } from '../../shared/proto/bus/bus-conformance.test-support.ts';
import { hasRedisServer, OwnRedis } from '../../tools/own-redis.ts';
import type { RedisBus, RedisBusOptions, RedisBusSettings } from './redis-bus.ts';
import { admin, busOn, pause, until } from './redis-server.test-support.ts';

const GONE_AFTER_MS = 300;

describe.skipIf(!hasRedisServer)('with a Redis server', () => {
  let server: OwnRedis;
  const buses: RedisBus[] = [];
  beforeAll(async () => {
    server = await OwnRedis.start();
  });
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
    await admin(server, (client) => client.flushall());
  });
  afterAll(() => server.end());

  function open(settings: Partial<RedisBusSettings> = {}, more: Partial<RedisBusOptions> = {}): RedisBus {
    const bus = busOn(server.url, settings, more);
    buses.push(bus);
    return bus;
  }

  describeBus({
    name: 'over Redis',
    async open(settings) {
      const bus = busOn(server.url, { goneAfterMs: GONE_AFTER_MS, blockMs: 100, ...settings });
      return {
        bus,
        pass: pause,
        goneAfterMs: GONE_AFTER_MS + 50,
        end: async () => {
          await bus.close();
          await admin(server, (client) => client.flushall());
        },
      };
    },
  });

  /** A bus with a group that writes down what it hears of orders. */
  async function listening(bus: RedisBus, heard: number[]): Promise<void> {
    bus.subscribe('orders', 'group', ({ seq }) => void heard.push(seq));
    await until(() =>
      bus.publish('orders', alertOf(1), '').then(
        () => true,
        () => false,
      ),
    );
    await until(() => heard.length > 0);
  }

  /** Publishes until it succeeds, as who publishes after a loss does with its next event. */
  const publishAtLast = (bus: RedisBus, seq: number): Promise<void> =>
    until(() =>
      bus.publish('orders', alertOf(seq), '').then(
        () => true,
        () => false,
      ),
    );

  test('P9: after FLUSHALL groups are made anew, what is published from then on is heard, and the hole shows by seq', async () => {
    const [bus, heard] = [open({ blockMs: 50 }), [] as number[]];
    await listening(bus, heard);
    await admin(server, (client) => client.flushall());
    for (const seq of [3, 4]) await bus.publish('orders', alertOf(seq), '');
    await until(() => heard.at(-1) === 4);
    expect(heard).toEqual([1, 3, 4]);
  });

  test('P9: a stream that Redis has evicted is no different', async () => {
    const [bus, heard] = [open({ blockMs: 50 }), [] as number[]];
    await listening(bus, heard);
    await admin(server, (client) => client.del('tradewind:bus:orders'));
    await bus.publish('orders', alertOf(5), '');
    await until(() => heard.at(-1) === 5);
    expect(heard).toEqual([1, 5]);
  });

  test('P9: Redis restarts empty: publishing is refused while it is down, and goes on after', async () => {
    const [bus, heard] = [open({ blockMs: 50, publishMs: 50 }), [] as number[]];
    await listening(bus, heard);
    await server.stop();
    const refusal = await bus.publish('orders', alertOf(2), '').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NotPublished);
    expect(refusal).toMatchObject({ reason: 'unavailable' });
    await until(() => bus.health.state === 'down');
    await server.run();
    await publishAtLast(bus, 3);
    await until(() => heard.at(-1) === 3);
    expect(heard).toEqual([1, 3]);
    expect(bus.health.state).toBe('up');
  });

  test('Redis hangs: publishing is refused in time, and everything goes on when it does', async () => {
    const [bus, heard] = [open({ blockMs: 50, publishMs: 50 }), [] as number[]];
    await listening(bus, heard);
    server.signal('SIGSTOP');
    await expect(bus.publish('orders', alertOf(2), '')).rejects.toMatchObject({ reason: 'unavailable' });
    server.signal('SIGCONT');
    await publishAtLast(bus, 3);
    await until(() => heard.at(-1) === 3);
    // The message of which nobody knew may have been kept, and an acknowledgement that was lost brings its message again.
    expect([
      [1, 3],
      [1, 2, 3],
    ]).toContainEqual([...new Set(heard)]);
  });

  test('P10: what a member had read and not acknowledged when it died comes again to the same one', async () => {
    const dying = open({ closeMs: 1 });
    let isReading = false;
    dying.subscribe('orders', 'group', () => {
      isReading = true;
      return new Promise(() => undefined);
    });
    await publishAtLast(dying, 1);
    await dying.publish('orders', alertOf(2), '');
    await until(() => isReading);
    await dying.close();
    const heard: number[] = [];
    open().subscribe('orders', 'group', ({ seq }) => void heard.push(seq));
    await until(() => heard.length === 2);
    expect(heard).toEqual([1, 2]);
  });

  test('P10: what a member has left that does not come back is taken over by another', async () => {
    const dying = open({ closeMs: 1 }, { consumer: 'gone' });
    let isReading = false;
    dying.subscribe('orders', 'group', () => {
      isReading = true;
      return new Promise(() => undefined);
    });
    await publishAtLast(dying, 1);
    await until(() => isReading);
    await dying.close();
    const heard: number[] = [];
    open({ claimAfterMs: 60, blockMs: 20 }, { consumer: 'other' }).subscribe(
      'orders',
      'group',
      ({ seq }) => void heard.push(seq),
    );
    await until(() => heard.length === 1);
    expect(heard).toEqual([1]);
  });

  test('a message that no program can read goes to the dead letters, as does one that kills whoever reads it', async () => {
    const bus = open({ attemptsMaximum: 2 });
    const heard: number[] = [];
    await listening(bus, heard);
    await admin(server, (client) => client.xadd('tradewind:bus:orders', '*', 'm', 'no message'));
    await bus.publish('orders', alertOf(2), '');
    await until(() => heard.length === 2);
    const [letter] = await bus.deadLetters(10);
    expect(letter).toMatchObject({ topic: 'orders', group: 'group', attempts: 1, correlationId: '' });
    expect(letter?.error).toContain('cannot be read');
    await bus.close();
    await admin(server, async (client) => {
      await client.xadd('tradewind:bus:fills', '*', 'm', '');
      await client.call('XGROUP', 'CREATE', 'tradewind:bus:alerts', 'killed', '0', 'MKSTREAM');
    });
    const next = open({ attemptsMaximum: 2 });
    await until(() =>
      next.publish('alerts', alertOf(9), 'c9').then(
        () => true,
        () => false,
      ),
    );
    // It is given out three times, and never acknowledged.
    await admin(server, async (client) => {
      await client.call('XREADGROUP', 'GROUP', 'killed', 'test-0', 'STREAMS', 'tradewind:bus:alerts', '>');
      await client.call('XREADGROUP', 'GROUP', 'killed', 'test-0', 'STREAMS', 'tradewind:bus:alerts', '0');
    });
    const killed: number[] = [];
    next.subscribe('alerts', 'killed', ({ seq }) => void killed.push(seq));
    await until(async () => (await next.deadLetters(10)).some(({ correlationId }) => correlationId === 'c9'));
    expect(killed).toEqual([]);
  });

  test('nothing is ever kept longer than its bound', async () => {
    const bus = open({ capacity: 10, deadLettersMaximum: 3, attemptsMaximum: 1 });
    bus.subscribe('market-data', 'group', () => {
      throw new Error('no');
    });
    for (let number = 1; number <= 50; number += 1) {
      await until(() =>
        bus.publish('market-data', feedOf(number), '').then(
          () => true,
          () => false,
        ),
      );
    }
    await until(async () => (await bus.deadLetters(10)).some(({ text }) => text.includes('"50"')));
    const [kept, dead] = await admin(server, (client) =>
      Promise.all([client.xlen('tradewind:bus:market-data'), client.xlen('tradewind:dead:market-data')]),
    );
    expect([kept <= 10, dead <= 3]).toEqual([true, true]);
  });
});

test('without Redis a bus is made and closed all the same', async () => {
  const bus = busOn('redis://127.0.0.1:1', { publishMs: 20 });
  bus.subscribe('orders', 'group', () => undefined);
  await expect(bus.publish('orders', alertOf(1), '')).rejects.toMatchObject({ reason: 'unavailable' });
  await bus.close();
  await expect(bus.publish('orders', alertOf(1), '')).rejects.toMatchObject({ reason: 'closed' });
});

test('I11: a password in the address is in no error', async () => {
  const bus = busOn('redis://:canary@127.0.0.1:1', { publishMs: 30 });
  const error = await bus.publish('orders', alertOf(1), '').catch((thrown: unknown) => thrown);
  expect(`${String(error)} ${bus.health.detail}`).not.toContain('canary');
  await bus.close();
});
