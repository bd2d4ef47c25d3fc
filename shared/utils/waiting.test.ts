import { describe, expect, test } from 'vitest';
import { SeededRandom } from './random.ts';
import { VirtualTime } from './virtual-time.ts';
import { doneWithin, every, pause, Waits } from './waiting.ts';

describe('every', () => {
  test('waits from the end of what it did, so that a slow act never overlaps itself', async () => {
    const time = new VirtualTime(0);
    const begun: number[] = [];
    const end = every(time, 100, async () => {
      begun.push(time.elapsedMs());
      await pause(time, 50);
    });
    await time.advance(420);
    expect(begun).toEqual([100, 250, 400]);
    end();
    await time.advance(1_000);
    expect([begun.length, time.pending]).toEqual([3, 0]);
  });

  test('does not begin again when it is ended while it acts', async () => {
    const time = new VirtualTime(0);
    let acts = 0;
    const end = every(time, 100, () => {
      acts += 1;
      end();
    });
    await time.advance(1_000);
    expect([acts, time.pending]).toEqual([1, 0]);
  });
});

describe('doneWithin', () => {
  test.each([
    { work: 'is done in time', doneAfterMs: 99, isDone: true },
    { work: 'takes longer', doneAfterMs: 101, isDone: false },
  ])('says $isDone of what $work', async ({ doneAfterMs, isDone }) => {
    const time = new VirtualTime(0);
    const said = doneWithin(time, 100, pause(time, doneAfterMs));
    await time.advance(200);
    expect(await said).toBe(isDone);
    expect(time.pending).toBe(0);
  });

  test('what fails is not done', async () => {
    const time = new VirtualTime(0);
    expect(await doneWithin(time, 100, Promise.reject(new Error('no')))).toBe(false);
    expect(time.pending).toBe(0);
  });
});

describe('Waits', () => {
  test('says whether the time has passed or the wait was ended, and leaves no timer', async () => {
    const time = new VirtualTime(0);
    const waits = new Waits({ timers: time, random: new SeededRandom(1) });
    const short = waits.wait(100);
    const long = waits.wait(1_000);
    await time.advance(100);
    expect(await short).toBe(true);
    waits.end();
    expect([await long, waits.isOver, time.pending]).toEqual([false, true, 0]);
    expect(await waits.wait(1_000)).toBe(false);
  });

  test('backs off for half to all of the doubled delay', async () => {
    const time = new VirtualTime(0);
    const waits = new Waits({ timers: time, random: new SeededRandom(1) });
    let isOver = false;
    void waits.backOff({ firstDelayMs: 100, longestDelayMs: 1_000 }, 2).then(() => {
      isOver = true;
    });
    await time.advance(199);
    expect(isOver).toBe(false);
    await time.advance(201);
    expect(isOver).toBe(true);
  });
});
