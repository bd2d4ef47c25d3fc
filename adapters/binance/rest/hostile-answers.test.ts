import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { Mutator } from '../../../tools/fuzz/mutator.ts';
import { type Tree, treeOf } from '../../../tools/fuzz/tree.ts';
import { testWithSharedData } from '../../../tools/shared-data.ts';
import examples from '../model/example-vectors.json' with { type: 'json' };
import { readUserEvent } from '../model/read-user-event.ts';
import { isSound } from '../model/sound.test-support.ts';
import { ANSWER_BODIES } from './answer-bodies.test-support.ts';
import { answerReaders, readerOf } from './answer-readers.test-support.ts';
import { recordedAnswers, recordedEvents } from './recordings.test-support.ts';

const RUNS = 1500;
const EVENTS: readonly Tree[] = [
  ...examples.userDataEvents.map(({ event }) => event),
  ...examples.lowLiquiditySequence,
].map(treeOf);

test.each(ANSWER_BODIES)('the example that is mutated is read: $reader', ({ reader, body }) => {
  expect(readerOf(reader).read(body)).toMatchObject({ ok: true });
});

test('every shape of answer is among them', () => {
  const covered = new Set(ANSWER_BODIES.map(({ reader }) => reader));
  expect(answerReaders.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual(['ping']);
});

/** JSON that was spoilt in its structure; what its bytes make unreadable is the business of whoever parses. */
function spoilt(mutator: Mutator, sample: Tree, others: readonly Tree[]): unknown {
  for (;;) {
    try {
      return JSON.parse(mutator.json(sample, others));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
}

test(`${RUNS} mutated user events are read soundly, or not at all`, () => {
  const mutator = new Mutator(new SeededRandom(5));
  let read = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const event = spoilt(mutator, mutator.oneOf(EVENTS), EVENTS);
    const reading = readUserEvent(event);
    if (!reading.ok) continue;
    read += 1;
    if (!isSound(reading.value)) expect.unreachable(JSON.stringify(event));
  }
  expect(read).toBeGreaterThan(RUNS / 10);
  expect(read).toBeLessThan(RUNS);
});

testWithSharedData(`${RUNS} mutated recordings are read soundly, or not at all`, () => {
  const mutator = new Mutator(new SeededRandom(6));
  const answers = recordedAnswers().map(({ reader, body }) => ({ reader, tree: treeOf(body) }));
  const events = recordedEvents().map(({ event }) => treeOf(event));
  const trees = answers.map(({ tree }) => tree);
  for (let run = 0; run < RUNS; run += 1) {
    const { reader, tree } = mutator.oneOf(answers);
    const body = spoilt(mutator, tree, trees);
    const reading = readerOf(reader).read(body);
    if (reading.ok && !isSound(reading.value)) expect.unreachable(`${reader}: ${JSON.stringify(body)}`);
    const event = spoilt(mutator, mutator.oneOf(events), events);
    const told = readUserEvent(event);
    if (told.ok && !isSound(told.value)) expect.unreachable(JSON.stringify(event));
  }
});
