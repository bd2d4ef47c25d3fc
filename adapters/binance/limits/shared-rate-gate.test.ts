import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import type { BanStore, CallCost, HeldBack, Permit, Priority } from './limits.ts';
import { DEFAULT_RATE_GATE_SETTINGS, type RateGateSettings, SharedRateGate } from './shared-rate-gate.ts';

/** A minute of the calendar begins here, and so do 10 s. */
const START = Date.UTC(2026, 0, 5, 12, 0, 0);
const MINUTE = 60_000;

function gateAt(startMs = START, settings: Partial<RateGateSettings> = {}, bans: BanStore = memory()) {
  const time = new VirtualTime(startMs);
  const gate = new SharedRateGate(
    { clock: time, timers: time, random: new SeededRandom(1), bans },
    { ...DEFAULT_RATE_GATE_SETTINGS, jitterMsMax: 0, ...settings },
  );
  return { time, gate };
}

function memory(): BanStore & { untilMs: number | undefined } {
  const store = {
    untilMs: undefined as number | undefined,
    load: () => store.untilMs,
    save: (untilMs: number) => {
      store.untilMs = untilMs;
    },
  };
  return store;
}

/** What became of a call, as soon as it is known. */
function asking(gate: SharedRateGate, cost: CallCost, priority: Priority = 'normal') {
  const call = { permit: undefined as Permit | undefined, held: undefined as HeldBack | undefined };
  void Promise.resolve(gate.acquire(cost, priority)).then((result) => {
    if (result.ok) call.permit = result.value;
    else call.held = result.error;
  });
  return call;
}

async function granted(gate: SharedRateGate, cost: CallCost, priority: Priority = 'normal'): Promise<Permit> {
  const result = await gate.acquire(cost, priority);
  if (!result.ok) throw new RangeError(`held back by ${result.error.limiter}`);
  return result.value;
}

const weightCount = (count: number) => ({
  counts: [{ kind: 'weight', intervalMs: MINUTE, count }] as const,
});
const NOTHING = { counts: [] };

describe('the request weight', () => {
  test('what the venue states is the truth, whatever was expected (binance-spot.md section 3.1: orders cost nothing)', async () => {
    const { time, gate } = gateAt();
    for (let i = 0; i < 500; i++) (await granted(gate, { weight: 4 })).settle(weightCount(0));
    await time.advance(1);
    expect(asking(gate, { weight: 1000 }).held).toBeUndefined();
  });

  test('R3: a neighbour on the same address uses up what we would have had', async () => {
    const { time, gate } = gateAt(START + 58_000);
    (await granted(gate, { weight: 1 })).settle(weightCount(1080));
    const late = asking(gate, { weight: 1 });
    await time.advance(1999);
    expect(late.permit).toBeUndefined();
    await time.advance(1);
    expect(late.permit).toBeDefined();
  });

  test('only exits use the reserve, and they go before all that wait', async () => {
    const { time, gate } = gateAt(START + 58_000);
    (await granted(gate, { weight: 1 })).settle(weightCount(1080));
    const normal = asking(gate, { weight: 1 });
    const exit = asking(gate, { weight: 120 }, 'exit');
    const exitBeyond = asking(gate, { weight: 1200 }, 'exit');
    await time.advance(0);
    expect([normal.permit, exitBeyond.permit]).toEqual([undefined, undefined]);
    expect(exit.permit).toBeDefined();
    exit.permit?.settle(weightCount(1200));
    await time.advance(2000);
    expect(exitBeyond.permit).toBeDefined();
    expect(normal.permit).toBeUndefined();
  });

  test('R4: our own ceiling holds new work back and not an exit, which may go up to the limit of the venue', async () => {
    const { time, gate } = gateAt();
    gate.learn([{ type: 'REQUEST_WEIGHT', intervalMs: MINUTE, limit: 6000, count: undefined }]);
    await granted(gate, { weight: 1200 });
    const normal = asking(gate, { weight: 1 });
    await time.advance(0);
    expect(normal.held).toEqual({
      reason: 'held_back',
      limiter: 'weight per 60 s',
      retryAtMs: START + MINUTE,
    });
    await granted(gate, { weight: 4800 }, 'exit');
    expect(await gate.acquire({ weight: 1 }, 'exit')).toMatchObject({ ok: false });
  });

  test('what was not sent is given back, once', async () => {
    const { gate } = gateAt();
    const permit = await granted(gate, { weight: 1080 });
    permit.abandon();
    permit.abandon();
    permit.settle(weightCount(1200));
    await granted(gate, { weight: 1080 });
    expect(await gate.acquire({ weight: 1 }, 'normal')).toMatchObject({ ok: false });
  });

  test('an answer that crossed the boundary of two minutes does not spoil the new one', async () => {
    const { time, gate } = gateAt(START + 59_900);
    const permit = await granted(gate, { weight: 10 });
    await time.advance(200);
    permit.settle(weightCount(1080));
    await granted(gate, { weight: 1070 });
    expect(await gate.acquire({ weight: 1 }, 'normal')).toMatchObject({ ok: false });
  });

  test('answers that overtake one another do not lower the count of a minute', async () => {
    const { gate } = gateAt();
    const [first, second] = [await granted(gate, { weight: 1 }), await granted(gate, { weight: 1 })];
    second.settle(weightCount(1080));
    first.settle(weightCount(1079));
    expect(await gate.acquire({ weight: 1 }, 'normal')).toMatchObject({ ok: false });
  });

  test('a request without an answer counts as it was expected to', async () => {
    const { gate } = gateAt();
    (await granted(gate, { weight: 1000 })).settle(NOTHING);
    await granted(gate, { weight: 80 });
    expect(await gate.acquire({ weight: 1 }, 'normal')).toMatchObject({ ok: false });
  });

  test('the next statement of the venue includes what went without an answer', async () => {
    const { gate } = gateAt();
    (await granted(gate, { weight: 1000 })).settle(NOTHING);
    (await granted(gate, { weight: 10 })).settle(weightCount(10));
    await granted(gate, { weight: 1070 });
  });

  test('what is given back is not taken off what went without an answer', async () => {
    const { gate } = gateAt();
    (await granted(gate, { weight: 500 })).settle(NOTHING);
    (await granted(gate, { weight: 100 })).abandon();
    expect(await gate.acquire({ weight: 581 }, 'normal')).toMatchObject({ ok: false });
    await granted(gate, { weight: 580 });
  });

  test('limits are learnt from exchange info and from answers, but not a limit of nothing', async () => {
    const { gate } = gateAt();
    const limit = (n: number) =>
      ({ type: 'REQUEST_WEIGHT', intervalMs: MINUTE, limit: n, count: undefined }) as const;
    gate.learn([
      limit(6000),
      { ...limit(1), type: { unknown: 'LUCK' } },
      { ...limit(1), intervalMs: undefined },
    ]);
    await granted(gate, { weight: 6000 }, 'exit');
    gate.observe({ counts: [{ kind: 'weight', intervalMs: MINUTE, count: 10, limit: 7000 }] });
    await granted(gate, { weight: 990 }, 'exit');
    gate.learn([limit(0)]);
    expect(await gate.acquire({ weight: 7000 }, 'exit')).toMatchObject({
      error: { retryAtMs: START + MINUTE },
    });
  });

  test('what never fits is refused at once', async () => {
    const { gate } = gateAt();
    expect(await gate.acquire({ weight: 5000 }, 'normal')).toEqual({
      ok: false,
      error: { reason: 'held_back', limiter: 'weight per 60 s', retryAtMs: Number.MAX_SAFE_INTEGER },
    });
  });
});

describe('orders', () => {
  test('ten a second are let through unless told otherwise, and the eleventh waits for the next second', async () => {
    const { time, gate } = gateAt();
    const calls = Array.from({ length: 11 }, () => asking(gate, { weight: 1, orders: 1 }));
    await time.advance(0);
    expect(calls.filter(({ permit }) => permit !== undefined)).toHaveLength(10);
    await time.advance(1000);
    expect(calls[10]!.permit).toBeDefined();
  });

  test('R4: a full order count holds no cancel back, and an exit finds its reserve', async () => {
    const { time, gate } = gateAt();
    gate.observe({ counts: [{ kind: 'orders', intervalMs: 10_000, count: 45, limit: 50 }] });
    const entry = asking(gate, { weight: 1, orders: 1 });
    const cancel = asking(gate, { weight: 1 });
    const exit = asking(gate, { weight: 1, orders: 1 }, 'exit');
    await time.advance(0);
    expect(entry.permit).toBeUndefined();
    expect(entry.held?.limiter).toBe('orders per 10 s');
    expect(cancel.permit).toBeDefined();
    expect(exit.permit).toBeDefined();
  });

  test('R4: -1015 stops orders and lets cancels through', async () => {
    const { time, gate } = gateAt();
    gate.observe({
      counts: [],
      silence: { untilMs: START + 4000, scope: 'orders', isBan: false },
    });
    const order = asking(gate, { weight: 1, orders: 1 }, 'exit');
    const cancel = asking(gate, { weight: 1 }, 'exit');
    await time.advance(3999);
    expect(order.permit).toBeUndefined();
    expect(cancel.permit).toBeDefined();
    await time.advance(1);
    expect(order.permit).toBeDefined();
  });

  test('an order that was not sent gives its place in the second back', async () => {
    const { gate } = gateAt();
    const permits: Permit[] = [];
    for (let i = 0; i < 10; i++) permits.push(await granted(gate, { weight: 1, orders: 1 }));
    permits[0]!.abandon();
    await granted(gate, { weight: 1, orders: 1 });
  });

  test('the count of an order that was sent earlier does not replace that of a later one', async () => {
    const { gate } = gateAt();
    const count = (n: number) => ({ counts: [{ kind: 'orders', intervalMs: 10_000, count: n } as const] });
    const [first, second] = [
      await granted(gate, { weight: 0, orders: 1 }),
      await granted(gate, { weight: 0, orders: 1 }),
    ];
    second.settle(count(45));
    first.settle(count(30));
    expect(await gate.acquire({ weight: 0, orders: 1 }, 'normal')).toMatchObject({ ok: false });
  });

  test('a fill gives room back: the venue states a lower count (binance-spot.md section 3.3)', async () => {
    const { gate } = gateAt();
    const count = (n: number) => ({ counts: [{ kind: 'orders', intervalMs: 10_000, count: n } as const] });
    (await granted(gate, { weight: 0, orders: 1 })).settle(count(45));
    expect(await gate.acquire({ weight: 0, orders: 5 }, 'normal')).toMatchObject({ ok: false });
    gate.observe(count(30));
    expect(await gate.acquire({ weight: 0, orders: 5 }, 'normal')).toMatchObject({ ok: true });
  });
});

describe('requests and connections', () => {
  test('a connection takes of its own limit too: 300 in 5 min (binance-spot.md section 3.1), a tenth of them for exits', async () => {
    const { time, gate } = gateAt(START, { waitMsMax: 600_000, waitingMax: 400 });
    const attempts = Array.from({ length: 271 }, () => asking(gate, { weight: 2, connections: 1 }));
    await time.advance(0);
    for (const { permit } of attempts) permit?.settle(NOTHING);
    expect(attempts.filter(({ permit }) => permit !== undefined)).toHaveLength(270);
    await time.advance(4 * MINUTE + 59_999);
    expect(attempts[270]!.permit).toBeUndefined();
    await time.advance(1);
    expect(attempts[270]!.permit).toBeDefined();
  });

  test('raw requests are counted apart from their weight', async () => {
    const { gate } = gateAt();
    gate.learn([{ type: 'RAW_REQUESTS', intervalMs: 300_000, limit: 20, count: undefined }]);
    gate.learn([{ type: 'CONNECTIONS', intervalMs: 300_000, limit: 10, count: undefined }]);
    for (let i = 0; i < 18; i++) await granted(gate, { weight: 0, rawRequests: 1 });
    expect(await gate.acquire({ weight: 0, rawRequests: 1 }, 'normal')).toMatchObject({
      error: { limiter: 'raw_requests per 300 s' },
    });
    await granted(gate, { weight: 0, connections: 9 });
    expect(await gate.acquire({ weight: 0, connections: 1 }, 'normal')).toMatchObject({
      error: { limiter: 'connections per 300 s' },
    });
  });
});

describe('silence', () => {
  const silence = (ms: number, isBan = false) => ({
    counts: [],
    silence: { untilMs: START + ms, scope: 'everything', isBan } as const,
  });

  test('R1: 429 silences every caller until the stated instant, exits too', async () => {
    const { time, gate } = gateAt();
    (await granted(gate, { weight: 1 })).settle(silence(3000));
    const calls = [asking(gate, { weight: 1 }), asking(gate, { weight: 1 }, 'exit')];
    await time.advance(2999);
    expect(calls.map(({ permit }) => permit)).toEqual([undefined, undefined]);
    await time.advance(1);
    expect(calls.every(({ permit }) => permit !== undefined)).toBe(true);
  });

  test('R1: afterwards they do not all begin at the very instant', () => {
    const until = (seed: number): number | undefined => {
      const time = new VirtualTime(START);
      const outside = { clock: time, timers: time, random: new SeededRandom(seed), bans: memory() };
      const gate = new SharedRateGate(outside, { ...DEFAULT_RATE_GATE_SETTINGS, jitterMsMax: 500 });
      gate.observe(silence(1000));
      return gate.silentUntilMs();
    };
    const ends = [1, 2, 3, 4, 5].map((seed) => until(seed)! - START);
    expect(new Set(ends).size).toBe(5);
    for (const end of ends) expect(end).toSatisfy((ms: number) => ms >= 1000 && ms <= 1500);
  });

  test('R1: a shorter silence that is told later does not end a longer one', async () => {
    const { time, gate } = gateAt();
    gate.observe(silence(4000));
    gate.observe(silence(1000));
    const call = asking(gate, { weight: 1 });
    await time.advance(3999);
    expect(call.permit).toBeUndefined();
  });

  test('R2: a ban refuses everything at once, with its end, and survives a restart', async () => {
    const bans = memory();
    const { gate } = gateAt(START, {}, bans);
    gate.observe(silence(3_600_000, true));
    expect(bans.untilMs).toBe(START + 3_600_000);
    const { time, gate: restarted } = gateAt(START + 1000, {}, bans);
    expect(await restarted.acquire({ weight: 1 }, 'exit')).toEqual({
      ok: false,
      error: { reason: 'held_back', limiter: 'a ban', retryAtMs: START + 3_600_000 },
    });
    await time.advance(3_599_000);
    expect(restarted.silentUntilMs()).toBeUndefined();
    expect(await restarted.acquire({ weight: 1 }, 'exit')).toMatchObject({ ok: true });
  });
});

describe('waiting', () => {
  test('what would wait longer than allowed is refused at once, and what has waited so long is refused then', async () => {
    const { time, gate } = gateAt(START + 56_000);
    (await granted(gate, { weight: 1 })).settle(weightCount(1080));
    const waits = asking(gate, { weight: 1 });
    gate.observe({
      counts: [],
      silence: { untilMs: START + 70_000, scope: 'everything', isBan: false },
    });
    await time.advance(5000);
    expect(waits.held).toEqual({
      reason: 'held_back',
      limiter: 'the silence after 429',
      retryAtMs: START + 70_000,
    });
    expect(time.pending).toBe(0);
    expect(await gate.acquire({ weight: 1 }, 'normal')).toMatchObject({ ok: false });
  });

  test('a full queue refuses, each priority for itself', async () => {
    const { time, gate } = gateAt(START + 59_000, { waitingMax: 2 });
    (await granted(gate, { weight: 1 })).settle(weightCount(1200));
    const normal = Array.from({ length: 3 }, () => asking(gate, { weight: 1 }));
    const exits = Array.from({ length: 3 }, () => asking(gate, { weight: 1 }, 'exit'));
    await time.advance(0);
    expect(gate.waitingCount).toBe(4);
    expect(normal.map(({ held }) => held?.limiter)).toEqual([undefined, undefined, 'weight per 60 s']);
    expect(exits[2]!.held).toBeDefined();
    await time.advance(1000);
    expect([...normal, ...exits].filter(({ permit }) => permit !== undefined)).toHaveLength(4);
  });

  test('nobody small overtakes somebody large that waits for the same', async () => {
    const { time, gate } = gateAt(START + 58_000);
    (await granted(gate, { weight: 1 })).settle(weightCount(1000));
    const large = asking(gate, { weight: 250 });
    const small = asking(gate, { weight: 1 });
    await time.advance(1999);
    expect(small.permit).toBeUndefined();
    await time.advance(1);
    expect([large.permit, small.permit].every((permit) => permit !== undefined)).toBe(true);
  });

  test('room that an answer leaves is used by those who wait', async () => {
    const { time, gate } = gateAt(START + 58_000);
    const first = await granted(gate, { weight: 1080 });
    const second = asking(gate, { weight: 100 });
    await time.advance(10);
    expect(second.permit).toBeUndefined();
    first.settle(weightCount(20));
    await time.advance(0);
    expect(second.permit).toBeDefined();
  });
});

/** A venue that counts what reaches it in calendar minutes, and answers after a while. */
async function runAgainstVenue(seed: number): Promise<{ readonly most: number; readonly served: number }> {
  const random = new SeededRandom(seed);
  const { time, gate } = gateAt(START + (random.nextUint32() % MINUTE));
  const used = new Map<number, number>();
  let served = 0;
  const callOnce = async (priority: Priority): Promise<void> => {
    const weight = 1 + (random.nextUint32() % 60);
    const result = await gate.acquire({ weight, rawRequests: 1 }, priority);
    if (!result.ok) return;
    time.after(random.nextFraction() * 300, () => {
      const minute = Math.floor(time.nowMs() / MINUTE);
      const count = (used.get(minute) ?? 0) + weight;
      used.set(minute, count);
      served += 1;
      const isLost = random.nextFraction() < 0.1;
      time.after(random.nextFraction() * 300, () =>
        result.value.settle(isLost ? NOTHING : weightCount(count)),
      );
    });
  };
  for (let step = 0; step < 2000; step++) {
    void callOnce(random.nextFraction() < 0.1 ? 'exit' : 'normal');
    await time.advance(random.nextFraction() * 100);
  }
  return { most: Math.max(...used.values()), served };
}

test.each([1, 2, 3, 4, 5, 6])(
  'the venue never counts more than it allows, and most of it is used (seed %d)',
  async (seed) => {
    const { most, served } = await runAgainstVenue(seed);
    expect(most).toBeLessThanOrEqual(1200);
    expect(most).toBeGreaterThan(1000);
    expect(served).toBeGreaterThan(50);
  },
);

test('R6: a recovery of 500 orders takes its turns and leaves the reserve to exits', async () => {
  const { time, gate } = gateAt(START, { waitMsMax: 120_000, waitingMax: 1000 });
  const used = new Map<number, number>();
  const queries = Array.from({ length: 500 }, async () => {
    const result = await gate.acquire({ weight: 4 }, 'normal');
    if (!result.ok) return;
    const minute = Math.floor(time.nowMs() / MINUTE);
    used.set(minute, (used.get(minute) ?? 0) + 4);
    result.value.settle(weightCount(used.get(minute)!));
  });
  await time.advance(0);
  expect(await gate.acquire({ weight: 120 }, 'exit')).toMatchObject({ ok: true });
  await time.advance(120_000);
  await Promise.all(queries);
  expect([...used.values()].reduce((a, b) => a + b)).toBe(2000);
  expect(Math.max(...used.values())).toBeLessThanOrEqual(1080);
});
