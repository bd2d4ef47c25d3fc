import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { Lane, type MessageFate } from './lane.ts';

const START_MS = 1_700_000_000_000;

function started() {
  const time = new VirtualTime(START_MS);
  const came: string[] = [];
  const lane = new Lane<string>(time, (item) => came.push(`${item}@${time.elapsedMs()}`));
  const pass = (item: string, fate: Partial<MessageFate<string>> = {}): void =>
    lane.pass({ item, isDropped: false, delayMs: 0, hold: undefined, copies: [], ...fate });
  return { time, came, lane, pass };
}

test('what nothing strikes passes at once and in order', () => {
  const { came, pass } = started();
  for (const item of ['a', 'b', 'c']) pass(item);
  expect(came).toEqual(['a@0', 'b@0', 'c@0']);
});

test('messages are dropped, delayed and repeated', async () => {
  const { time, came, pass } = started();
  pass('dropped', { isDropped: true });
  pass('late', { delayMs: 30 });
  pass('twice', { copies: [{ times: 2, gapMs: 10 }] });
  pass('now');
  await time.advance(100);
  expect(came).toEqual(['twice@0', 'now@0', 'twice@10', 'twice@20', 'late@30']);
});

test('a message that is held back comes after the next ones, or when its time is over', async () => {
  const { time, came, pass } = started();
  pass('held', { hold: { by: 2, holdMs: 1000 } });
  for (const item of ['a', 'b', 'c']) pass(item);
  pass('alone', { hold: { by: 5, holdMs: 1000 } });
  await time.advance(2000);
  expect(came).toEqual(['a@0', 'b@0', 'held@0', 'c@0', 'alone@1000']);
});

test('after its end nothing comes out of a lane', async () => {
  const { time, came, lane, pass } = started();
  pass('late', { delayMs: 30 });
  pass('held', { hold: { by: 1, holdMs: 10 } });
  lane.close();
  pass('after');
  await time.advance(100);
  expect(came).toEqual([]);
  expect(time.pending).toBe(0);
});

test('more than can wait passes at once', () => {
  const { came, pass } = started();
  for (let count = 0; count < 10_001; count += 1) pass(String(count), { delayMs: 1000 });
  expect(came).toEqual(['10000@0']);
});
