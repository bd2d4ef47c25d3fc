import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { MarketTime } from './market-time.ts';

function started() {
  const around = new VirtualTime(1_700_000_000_000);
  const time = new MarketTime(around, around);
  const came: string[] = [];
  const set = (name: string, delayMs: number) =>
    time.after(delayMs, () => came.push(`${name}@${around.elapsedMs()}/${time.elapsedMs()}`));
  return { around, time, came, set };
}

test('it passes with the time around it', async () => {
  const { around, came, set } = started();
  set('c', 20);
  set('a', 10);
  set('b', 10);
  set('never', 15).cancel();
  await around.advance(30);
  expect(came).toEqual(['a@10/10', 'b@10/10', 'c@20/20']);
  expect(around.pending).toBe(0);
});

test('it stands still while it is paused, and goes on where it stood', async () => {
  const { around, time, came, set } = started();
  set('a', 50);
  await around.advance(20);
  time.pause();
  time.pause();
  await around.advance(1000);
  expect([came, time.elapsedMs()]).toEqual([[], 20]);
  time.resume();
  await around.advance(29);
  expect(came).toEqual([]);
  await around.advance(1);
  expect(came).toEqual(['a@1050/50']);
});

test('it can be moved on at will while it is paused', async () => {
  const { around, time, came, set } = started();
  time.after(10, () => set('set meanwhile', 5));
  set('b', 20);
  set('later', 60);
  time.pause();
  time.advance(50);
  expect([came, time.elapsedMs()]).toEqual([['set meanwhile@0/15', 'b@0/20'], 50]);
  time.resume();
  await around.advance(10);
  expect(came.at(-1)).toBe('later@10/60');
  expect(() => time.advance(1)).toThrow('stands still');
});
