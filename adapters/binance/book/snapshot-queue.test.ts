import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { ScriptedSnapshots, snapshot } from './book.test-support.ts';
import { SnapshotQueue } from './snapshot-queue.ts';

function makeQueue(perMinute: number) {
  const time = new VirtualTime(0);
  const source = new ScriptedSnapshots(time);
  return { time, source, queue: new SnapshotQueue({ source, clock: time, timers: time, perMinute }) };
}
const symbolsOf = ({ asked }: ScriptedSnapshots): string => asked.map(({ symbol }) => symbol).join(' ');

test('M2: forty books that ask at once stay within the budget of every minute, and each gets its answer', async () => {
  const { time, source, queue } = makeQueue(8);
  source.answer = () => snapshot(1, [], []);
  let answers = 0;
  for (let i = 0; i < 40; i += 1) queue.ask(`S${i}`, 'urgent', () => (answers += 1));
  await time.advance(0);
  expect(source.asked).toHaveLength(8);
  await time.advance(239_999);
  expect(source.asked).toHaveLength(32);
  await time.advance(1);
  expect([source.asked.length, answers, time.pending]).toEqual([40, 40, 0]);
  for (const { atMs } of source.asked) {
    const inMinute = source.asked.filter((one) => one.atMs >= atMs && one.atMs < atMs + 60_000);
    expect(inMinute.length).toBeLessThanOrEqual(8);
  }
});

test('asks for one at a time; who has no valid book goes before who only checks one', async () => {
  const { source, queue } = makeQueue(8);
  const answers: string[] = [];
  const ask = (symbol: string, urgency: 'urgent' | 'patient') =>
    queue.ask(symbol, urgency, ({ kind }) => answers.push(`${symbol} ${kind}`));
  ask('A', 'patient');
  ask('B', 'patient');
  ask('C', 'urgent');
  expect(symbolsOf(source)).toBe('A');
  for (let i = 0; i < 3; i += 1) await source.reply(snapshot(1, [], []));
  expect([symbolsOf(source), answers]).toEqual(['A C B', ['A done', 'C done', 'B done']]);
});

test('a canceled ticket is neither asked for nor answered', async () => {
  const { source, queue } = makeQueue(8);
  const answers: string[] = [];
  const first = queue.ask('A', 'urgent', () => answers.push('A'));
  const second = queue.ask('B', 'urgent', () => answers.push('B'));
  queue.ask('C', 'urgent', () => answers.push('C'));
  first.cancel();
  second.cancel();
  await source.reply(snapshot(1, [], []));
  await source.reply(snapshot(1, [], []));
  expect([symbolsOf(source), answers]).toEqual(['A C', ['C']]);
});

test('an answer that never comes holds the others up for its time only', async () => {
  const { time, source, queue } = makeQueue(8);
  const answers: unknown[] = [];
  queue.ask('A', 'urgent', (outcome) => answers.push(outcome));
  queue.ask('B', 'urgent', ({ kind }) => answers.push(kind));
  await time.advance(14_999);
  expect(symbolsOf(source)).toBe('A');
  await time.advance(1);
  expect(symbolsOf(source)).toBe('A B');
  await source.reply(snapshot(1, [], []));
  await source.reply(snapshot(1, [], []));
  expect(answers).toEqual([{ kind: 'unknown', cause: { reason: 'timed_out' } }, 'done']);
});
