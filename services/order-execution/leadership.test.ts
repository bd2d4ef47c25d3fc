import { pause } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { limit } from '../../core/orders/terms.test-support.ts';
import { judgeStart } from './crash-loop.ts';
import { DEFAULT_EXECUTION_SETTINGS } from './index.ts';
import { ExecutionWorld } from './world.test-support.ts';

const begun = async (): Promise<ExecutionWorld> => {
  const on = new ExecutionWorld();
  await on.begin();
  return on;
};

describe('one leader', () => {
  test('I9, X4: a second instance stands by, and leads when the first has gone', async () => {
    const on = await begun();
    const first = on.service;
    const firstWire = on.wire;
    const second = on.newService(on.newWire());
    void second.start();
    await on.time.advance(60_000);
    expect((await second.state()).state).toBe('standby');
    expect((await first.state()).state).toBe('ready');
    firstWire.unplug();
    on.service = second;
    expect((await on.until('ready')).epoch).toBe(2);
  });

  test('X4: an instance that cannot renew its lease stops sending before the lease can be taken', async () => {
    const on = await begun();
    const { leaseMs, leaseMarginMs } = DEFAULT_EXECUTION_SETTINGS;
    // Its ledger answers commits, but no lease.
    on.ledger.acquireLease = async () => ({ kind: 'failed', detail: 'the store is down' });
    let refusedAfterMs = 0;
    for (; refusedAfterMs < leaseMs; refusedAfterMs += 100) {
      const result = await on.perform(on.submit('BUY', limit('0.001', '50000')));
      if (result.kind === 'refused') break;
      await on.time.advance(90);
    }
    expect(refusedAfterMs).toBeLessThan(leaseMs - leaseMarginMs + 1_000);
    expect((await on.service.state()).state).toBe('degraded');
  });

  test('X3: a lease whose renewals take more than a second each, because loop and disk are busy, is not lost', async () => {
    const on = await begun();
    const { inner } = on.ledger;
    on.ledger.acquireLease = async (request) => {
      const lease = await inner.acquireLease(request);
      await pause(on.time, 1_200);
      return lease;
    };
    await on.time.advance(10_000);
    for (let look = 0; look < 50; look += 1) {
      await on.time.advance(100);
      expect((await on.service.state()).state).toBe('ready');
    }
  });

  test('X4: who was replaced while it was asleep writes and sends nothing', async () => {
    const on = await begun();
    const sleeper = on.service;
    on.ledger.acquireLease = async () => ({ kind: 'failed', detail: 'asleep' });
    await on.time.advance(20_000);
    // Somebody else takes the lease meanwhile.
    expect(await on.ledger.inner.acquireLease({ holder: 'other', durationMs: 15_000 })).toMatchObject({
      epoch: 2,
    });
    const result = await on.perform(on.submit('BUY', limit('0.1', '50000')));
    expect(result).toMatchObject({ kind: 'refused', refusal: { reason: 'not_leader' } });
    expect(on.trueOrders()).toEqual([]);
    expect((await sleeper.state()).state).not.toBe('ready');
  });

  test('X6: a stop while the store is down ends all the same', async () => {
    const on = await begun();
    on.ledger.mood = 'fails';
    await expect(on.perform(on.service.stop())).resolves.toBeUndefined();
  });

  test('C5: after a sleep everything is compared anew before anything is sent', async () => {
    const on = await begun();
    const { nowMs } = on.time;
    let sleptMs = 0;
    on.time.nowMs = () => nowMs.call(on.time) + sleptMs;
    sleptMs = 8_000;
    // The wall says that somebody else may lead by now.
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({
      refusal: { reason: 'not_leader' },
    });
    const states = new Set<string>();
    for (let i = 0; i < 200; i += 1) {
      await on.time.advance(10);
      states.add((await on.service.state()).state);
    }
    expect([...states]).toEqual(['degraded', 'reconciling', 'ready']);
  });
});

describe('starts and stops', () => {
  test('X5: starts that follow one another wait longer and longer, and too many need a person', () => {
    const settings = {
      windowMs: 600_000,
      startsMax: 5,
      startsAtOnce: 2,
      firstDelayMs: 1_000,
      longestDelayMs: 3_000,
    };
    const judged = (count: number) =>
      judgeStart(
        Array.from({ length: count }, (_, i) => 1_000_000 + i),
        1_000_010,
        settings,
      );
    expect([1, 2, 3, 4, 5].map(judged)).toEqual([
      { kind: 'after', delayMs: 0 },
      { kind: 'after', delayMs: 0 },
      { kind: 'after', delayMs: 1_000 },
      { kind: 'after', delayMs: 2_000 },
      { kind: 'after', delayMs: 3_000 },
    ]);
    expect(judged(6)).toMatchObject({ kind: 'stay_degraded' });
    expect(judgeStart([1, 2, 3, 4, 5, 1_000_000], 1_000_010, settings)).toEqual({
      kind: 'after',
      delayMs: 0,
    });
  });

  test('X5: a service in a crash loop sends nothing and says so', async () => {
    const on = new ExecutionWorld();
    await on.learnRules();
    on.starts.push(...Array.from({ length: 10 }, () => on.time.nowMs()));
    void on.service.start();
    await on.time.advance(60_000);
    expect(await on.service.state()).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('11 starts'),
    });
    expect(on.published).toEqual([]);
  });

  test('X6: a stop waits for the answer of what is in flight, and gives the lease back last', async () => {
    const on = await begun();
    on.install({ faults: [{ fault: 'delay_answer', ms: 3_000, where: { endpoint: 'POST /api/v3/order' } }] });
    const submitted = on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(100);
    const stopped = on.service.stop();
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({
      refusal: { reason: 'not_ready', state: 'stopping' },
    });
    await on.perform(stopped);
    expect(await submitted).toMatchObject({ state: 'working' });
    expect((await on.ledgerOrder('order-1'))?.record.state).toBe('working');
    expect(await on.ledger.inner.acquireLease({ holder: 'next', durationMs: 1_000 })).toMatchObject({
      kind: 'held',
    });
  });

  test('X6, O3: intents that were being written when it stopped are proven absent by the next start, however many', async () => {
    const on = await begun();
    on.ledger.mood = 'unknown_written';
    const count = 45;
    for (let i = 0; i < count; i += 1) void on.submit('BUY', limit('0.001', '50000'));
    await on.time.advance(100);
    await on.perform(on.service.stop(), 20_000);
    on.ledger.mood = 'works';
    on.crash();
    await on.until('ready');
    await on.time.advance(120_000);
    const states = (await on.ledger.inner.load()).orders.map(({ record }) => record.state);
    expect(states).toEqual(Array.from({ length: count }, () => 'absent'));
    expect(on.trueOrders()).toEqual([]);
  });

  test('X6: a stop does not wait for ever', async () => {
    const on = await begun();
    on.install({
      faults: [{ fault: 'lose_answer', silent: true, where: { endpoint: 'POST /api/v3/order' } } as never],
    });
    void on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(100);
    await on.perform(on.service.stop(), 11_000);
    on.crash();
    await on.until('ready');
    await on.time.advance(1_000);
    expect((await on.ledgerOrder('order-1'))?.record.state).toBe('working');
  });

  test('the risk manager hears a sign of life four times a second', async () => {
    const on = await begun();
    const { beats } = on.risk;
    await on.time.advance(10_000);
    expect(on.risk.beats - beats).toBe(40);
  });

  test('K7: a risk manager beside an instance that stands by does not take the orders for forsaken', async () => {
    const on = await begun();
    const second = on.newService(on.newWire());
    void second.start();
    await on.time.advance(5_000);
    expect((await second.state()).state).toBe('standby');
    const { beats } = on.risk;
    await on.time.advance(10_000);
    expect(on.risk.beats - beats).toBe(80);
  });

  test('I4: who asks an instance that only starts, or stands by, hears what the ledger has and not that there is nothing', async () => {
    const on = await begun();
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    const second = on.newService(on.newWire());
    expect((await second.order('order-1'))?.record.state).toBe('working');
    const all = { by: 'test', why: 'test', correlationId: 'c' };
    expect(await second.cancelAll(all)).toEqual({ canceled: [], unproven: ['order-1'] });
    on.ledger.mood = 'fails';
    await expect(second.order('order-1')).rejects.toThrow('the store is down');
  });

  test('the risk manager is told what was committed, in order and without holes', async () => {
    const on = await begun();
    on.houseOrder('SELL', '60000', '1');
    await on.perform(Promise.all(Array.from({ length: 20 }, () => on.submit('BUY', limit('0.01', '60000')))));
    await on.time.advance(1_000);
    const told = on.risk.told.map(({ seq }) => seq);
    expect(told).toEqual(Array.from({ length: told.length }, (_, i) => i + 1));
    expect(told.length).toBeGreaterThan(100);
    expect(on.published.map(({ seq }) => seq)).toEqual(told);
  });
});
