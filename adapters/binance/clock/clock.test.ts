import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { done, type Outcome, unknown } from '../outcome.ts';
import { ClockSynchronizer } from './clock-synchronizer.ts';
import { ServerClock } from './server-clock.ts';

const WALL = Date.UTC(2026, 0, 5, 12, 0, 0);

/** A machine whose wall clock can be set, and which can sleep. */
class Machine {
  readonly time = new VirtualTime(WALL);
  wallShiftMs = 0;
  nowMs = (): number => this.time.nowMs() + this.wallShiftMs;
  elapsedMs = (): number => this.time.elapsedMs();
}

/** A venue that is ahead of the true time and answers after these many ms there and back. */
function venueOf(
  machine: Machine,
  aheadMs: () => number,
  delays: () => readonly [there: number, back: number],
) {
  return (): Promise<Outcome<number>> =>
    new Promise((answer) => {
      const [there, back] = delays();
      machine.time.after(there, () => {
        const serverTimeMs = Math.floor(WALL + machine.time.elapsedMs() + aheadMs());
        machine.time.after(back, () => answer(done(serverTimeMs)));
      });
    });
}

async function settled<T>(machine: Machine, promise: Promise<T>, withinMs = 60_000): Promise<T> {
  await machine.time.advance(withinMs);
  return promise;
}

describe('the clock of the venue', () => {
  test('until it is measured it is the wall clock, and not trusted', () => {
    const machine = new Machine();
    const clock = new ServerClock(machine);
    expect(clock.nowMs()).toBe(WALL);
    expect(clock.isTrusted()).toBe(false);
  });

  test('C1: the midpoint of an even round trip is the venue’s time', async () => {
    const machine = new Machine();
    const clock = new ServerClock(machine);
    const ask = venueOf(
      machine,
      () => -3500,
      () => [40, 40],
    );
    const reading = await settled(machine, new ClockSynchronizer(machine, clock, ask).synchronize());
    expect(reading).toEqual({ ok: true, value: { offsetMs: -3500, uncertaintyMs: 40 } });
    expect(clock.nowMs()).toBe(machine.nowMs() - 3500);
    expect(clock.isTrusted()).toBe(true);
  });

  test('however uneven the ways, the error stays within half of the quickest round trip', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = new SeededRandom(seed);
      const machine = new Machine();
      const clock = new ServerClock(machine);
      const aheadMs = Math.floor(random.nextFraction() * 20_000) - 10_000;
      const trips: number[] = [];
      const ask = venueOf(
        machine,
        () => aheadMs,
        () => {
          const delays = [random.nextFraction() * 300, random.nextFraction() * 300] as const;
          trips.push(delays[0] + delays[1]);
          return delays;
        },
      );
      const reading = await settled(machine, new ClockSynchronizer(machine, clock, ask).synchronize());
      expect(reading.ok).toBe(true);
      // The venue tells whole milliseconds, and so do we.
      expect(Math.abs(clock.nowMs() - (machine.time.nowMs() + aheadMs))).toBeLessThanOrEqual(
        Math.min(...trips) / 2 + 2,
      );
    }
  });

  test('C3: a step of the wall clock changes no signature, and asks for a new measurement', async () => {
    const machine = new Machine();
    const clock = new ServerClock(machine);
    clock.adjust([{ sentAtMs: 0, receivedAtMs: 0, serverTimeMs: WALL }]);
    await machine.time.advance(1000);
    machine.wallShiftMs = -5000;
    expect(clock.nowMs()).toBe(WALL + 1000);
    expect(clock.isTrusted()).toBe(false);
    clock.adjust([{ sentAtMs: 1000, receivedAtMs: 1000, serverTimeMs: WALL + 1000 }]);
    expect(clock.nowMs()).toBe(WALL + 1000);
    expect(clock.isTrusted()).toBe(true);
  });

  test('C5: after ten minutes of sleep the time is not trusted, and the jump is believed when it is measured twice', async () => {
    const machine = new Machine();
    const clock = new ServerClock(machine);
    clock.adjust([{ sentAtMs: 0, receivedAtMs: 0, serverTimeMs: WALL }]);
    // The clock that cannot jump stands still in sleep; the wall and the venue go on.
    machine.wallShiftMs = 600_000;
    expect(clock.isTrusted()).toBe(false);
    const ask = venueOf(
      machine,
      () => 600_000,
      () => [5, 5],
    );
    const reading = await settled(machine, new ClockSynchronizer(machine, clock, ask).synchronize());
    expect(reading.ok).toBe(true);
    expect(clock.nowMs()).toBe(machine.nowMs());
  });

  test.each([
    {
      title: 'too slow an answer',
      samples: [{ sentAtMs: 0, receivedAtMs: 2001, serverTimeMs: WALL + 1000 }],
      refusal: { reason: 'no_usable_sample' },
    },
    {
      title: 'a time that cannot be',
      samples: [{ sentAtMs: 0, receivedAtMs: 0, serverTimeMs: WALL + 3_600_001 }],
      refusal: { reason: 'offset_implausible', offsetMs: 3_600_001 },
    },
    {
      title: 'samples that contradict one another',
      samples: [
        { sentAtMs: 0, receivedAtMs: 10, serverTimeMs: WALL + 5 },
        { sentAtMs: 10, receivedAtMs: 20, serverTimeMs: WALL + 115 },
      ],
      refusal: { reason: 'samples_disagree', byMs: 100 },
    },
  ])('$title is refused', ({ samples, refusal }) => {
    const clock = new ServerClock(new Machine());
    expect(clock.adjust(samples)).toEqual({ ok: false, error: refusal });
    expect(clock.nowMs()).toBe(WALL);
  });

  test('one measurement that jumps is refused, and a different second one too', () => {
    const clock = new ServerClock(new Machine());
    const at = (serverTimeMs: number) => clock.adjust([{ sentAtMs: 0, receivedAtMs: 0, serverTimeMs }]);
    at(WALL);
    expect(at(WALL + 1001)).toEqual({ ok: false, error: { reason: 'jumped', byMs: 1001 } });
    expect(at(WALL - 5000)).toEqual({ ok: false, error: { reason: 'jumped', byMs: -5000 } });
    expect(clock.nowMs()).toBe(WALL);
    expect(at(WALL - 5000)).toMatchObject({ ok: true });
    expect(clock.nowMs()).toBe(WALL - 5000);
  });
});

test('a jump that the next measurement did not confirm is as strange the second time', () => {
  const clock = new ServerClock(new Machine());
  const at = (serverTimeMs: number) => clock.adjust([{ sentAtMs: 0, receivedAtMs: 0, serverTimeMs }]);
  expect([WALL, WALL + 1001, WALL, WALL + 1001].map((ms) => at(ms).ok)).toEqual([true, false, true, false]);
});

describe('asking for the time', () => {
  test('whoever needs a trusted clock waits for the question that is under way', async () => {
    const machine = new Machine();
    const clock = new ServerClock(machine);
    const venue = venueOf(
      machine,
      () => 0,
      () => [5, 5],
    );
    const synchronizer = new ClockSynchronizer(machine, clock, venue);
    const trusted: boolean[] = [];
    for (let i = 0; i < 2; i++) void synchronizer.restoreTrust()!.then(() => trusted.push(clock.isTrusted()));
    await machine.time.advance(1000);
    expect(trusted).toEqual([true, true]);
  });

  test('who asks while somebody asks waits for the same answers', async () => {
    const machine = new Machine();
    let asked = 0;
    const venue = venueOf(
      machine,
      () => 0,
      () => [5, 5],
    );
    const synchronizer = new ClockSynchronizer(machine, new ServerClock(machine), () => {
      asked += 1;
      return venue();
    });
    const both = Promise.all([synchronizer.synchronize(), synchronizer.synchronize()]);
    expect((await settled(machine, both)).every(({ ok }) => ok)).toBe(true);
    expect(asked).toBe(5);
  });

  test('a venue that does not answer is asked twice and then left alone for ten seconds', async () => {
    const machine = new Machine();
    let asked = 0;
    const synchronizer = new ClockSynchronizer(machine, new ServerClock(machine), () => {
      asked += 1;
      return Promise.resolve(unknown({ reason: 'timed_out' }));
    });
    expect(await synchronizer.synchronize()).toEqual({
      ok: false,
      error: { reason: 'no_answer', last: 'timed_out' },
    });
    await synchronizer.restoreTrust();
    expect(asked).toBe(2);
    await machine.time.advance(10_000);
    await synchronizer.restoreTrust();
    expect(asked).toBe(4);
  });

  test('C2: it is asked for again and again, sooner after a failure, until that is ended', async () => {
    const machine = new Machine();
    const clock = new ServerClock(machine);
    const begun: number[] = [];
    const venue = venueOf(
      machine,
      () => 0,
      () => [0, 0],
    );
    const ask = (): Promise<Outcome<number>> => {
      const nowMs = machine.time.elapsedMs();
      begun.push(nowMs);
      return nowMs < 60_000 ? venue() : Promise.resolve(unknown({ reason: 'timed_out' }));
    };
    const end = new ClockSynchronizer(machine, clock, ask, 1).keepInStep(machine.time, 30_000);
    await machine.time.advance(85_000);
    expect(begun).toEqual([0, 30_000, 60_000, 70_000, 80_000]);
    end();
    await machine.time.advance(85_000);
    expect(begun).toHaveLength(5);
    expect(machine.time.pending).toBe(0);
  });
});
