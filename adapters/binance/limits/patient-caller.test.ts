import { SeededRandom, VirtualTime, Waits } from '@tradewind/utils';
import { beforeEach, expect, test } from 'vitest';
import { ping } from '../calls/market.ts';
import { done, failed, type Outcome } from '../outcome.ts';
import { patientCaller } from './patient-caller.ts';

const START_MS = Date.UTC(2026, 0, 5, 12);
const MINUTE_MS = 60_000;
let time: VirtualTime;
let waits: Waits;
let askedMs: number[];
let told: string[];

beforeEach(() => {
  time = new VirtualTime(START_MS);
  waits = new Waits({ timers: time, random: new SeededRandom(1) });
  askedMs = [];
  told = [];
});

/** Asks once; the answers come one after the other, and the last of them again and again. */
function ask(...answers: readonly Outcome<true>[]): Promise<Outcome<true>> {
  const caller = {
    perform: async <T>(): Promise<Outcome<T>> => {
      askedMs.push(time.nowMs() - START_MS);
      return answers[Math.min(askedMs.length, answers.length) - 1] as Outcome<T>;
    },
  };
  return patientCaller({
    caller,
    venueClock: time,
    waits,
    longestMs: 15 * MINUTE_MS,
    told: (sentence) => told.push(sentence),
  }).perform(ping());
}
const heldBack = (afterMs: number): Outcome<never> =>
  failed({ reason: 'held_back', limiter: 'a ban', retryAtMs: START_MS + afterMs });
const refused = (status: number): Outcome<never> =>
  failed({ reason: 'refused', code: -1003, message: 'Too many requests.', status, retry: 'later' });

test('R2: what a ban holds back is asked again when it has ended, and somebody is told', async () => {
  const answer = ask(refused(418), heldBack(2 * MINUTE_MS), done(true));
  await time.advance(3 * MINUTE_MS);
  expect(await answer).toEqual(done(true));
  expect(askedMs).toEqual([0, 1_000, 2 * MINUTE_MS]);
  expect(told.at(-1)).toBe(
    'the exchange may not be asked before 2026-01-05T12:02:00.000Z, because of its limits; the start waits for 119 s',
  );
});

test('R2: a ban that lasts longer than a start may wait is no reason to begin waiting', async () => {
  expect(await ask(heldBack(15 * MINUTE_MS + 1))).toEqual(heldBack(15 * MINUTE_MS + 1));
  expect(told).toEqual([]);
});

test('R3: one that is pushed back again and again ends when it has waited for as long as it may', async () => {
  const answer = ask(refused(429));
  await time.advance(20 * MINUTE_MS);
  expect(await answer).toEqual(refused(429));
  expect(askedMs.at(-1)).toBe(15 * MINUTE_MS);
});

test('whatever else fails is not waited for', async () => {
  expect(await ask(refused(400))).toEqual(refused(400));
});

test('who is told to stop waits no longer', async () => {
  const answer = ask(heldBack(MINUTE_MS));
  await time.advance(1_000);
  waits.end();
  expect(await answer).toEqual(heldBack(MINUTE_MS));
});
