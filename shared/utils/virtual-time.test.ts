import { describe, expect, test } from 'vitest';
import { VirtualTime } from './virtual-time.ts';

describe('virtual time', () => {
  test('timers fire in the order of their instants, and those of one instant in the order they were set', async () => {
    const time = new VirtualTime(1000);
    const fired: string[] = [];
    const at = (name: string) => () => fired.push(`${name}@${time.nowMs()}`);
    time.after(20, at('c'));
    time.after(10, at('a'));
    time.after(10, at('b'));
    await time.advance(15);
    expect(fired).toEqual(['a@1010', 'b@1010']);
    expect(time.nowMs()).toBe(1015);
    await time.advance(5);
    expect(fired).toEqual(['a@1010', 'b@1010', 'c@1020']);
    expect(time.elapsedMs()).toBe(20);
  });

  test('a look after each timer comes when everything that it led to has settled', async () => {
    const seen: string[] = [];
    const time = new VirtualTime(0, () => seen.push('look'));
    time.after(1, () => {
      void Promise.resolve()
        .then(() => seen.push('first'))
        .then(() => seen.push('second'));
    });
    time.after(1, () => seen.push('other'));
    await time.advance(5);
    expect(seen).toEqual(['first', 'second', 'look', 'other', 'look']);
  });

  test('a canceled timer does not fire, and one set while time passes does', async () => {
    const time = new VirtualTime(0);
    const fired: string[] = [];
    const canceled = time.after(5, () => fired.push('canceled'));
    time.after(1, () => {
      canceled.cancel();
      time.after(3, () => fired.push(`later@${time.nowMs()}`));
    });
    await time.advance(10);
    expect(fired).toEqual(['later@4']);
    expect(time.pending).toBe(0);
  });

  test('what waits for a promise goes on before the next timer fires', async () => {
    const time = new VirtualTime(0);
    const told: string[] = [];
    time.after(1, () => void Promise.resolve().then(() => told.push('promise of the first')));
    time.after(2, () => told.push('second'));
    await time.advance(2);
    expect(told).toEqual(['promise of the first', 'second']);
  });
});
