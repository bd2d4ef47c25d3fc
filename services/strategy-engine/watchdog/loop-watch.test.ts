import { describe, expect, test } from 'vitest';
import { LoopState } from './loop-state.ts';
import { LoopWatch } from './loop-watch.ts';

function watched() {
  let nowMs = 0;
  const ended: number[] = [];
  const state = new LoopState();
  const watch = new LoopWatch({
    state: new LoopState(state.buffer),
    clock: { elapsedMs: () => nowMs },
    haltAfterMs: 100,
    endAfterMs: 500,
    end: (instance) => ended.push(instance),
  });
  /** Looks every 10 ms, for a while in which the loop beats or does not. */
  const pass = (durationMs: number, beats: boolean): void => {
    for (const endMs = nowMs + durationMs; nowMs < endMs; ) {
      nowMs += 10;
      if (beats) state.beat();
      watch.look();
    }
  };
  const sleep = (durationMs: number): void => {
    nowMs += durationMs;
  };
  return { state, pass, sleep, ended };
}

describe('X3: a watchdog', () => {
  test('lets a loop that beats alone', () => {
    const { state, pass, ended } = watched();
    pass(1000, true);
    expect([state.isRiskHalted, ended]).toEqual([false, []]);
  });

  test('halts new risk when the loop is silent for too long, and names who was running', () => {
    const { state, pass, ended } = watched();
    pass(50, true);
    state.enter(2);
    pass(90, false);
    expect(state.isRiskHalted).toBe(false);
    pass(10, false);
    expect([state.isRiskHalted, state.blockedBy, ended]).toEqual([true, 2, []]);
    state.leave();
    pass(100, true);
    // Whoever owns the loop takes the halt off.
    expect([state.isRiskHalted, state.blockedBy]).toEqual([true, 2]);
    state.allowRisk();
    expect([state.isRiskHalted, state.blockedBy]).toEqual([false, 0]);
  });

  test('ends the process once when the silence goes on', () => {
    const { state, pass, ended } = watched();
    state.enter(3);
    pass(490, false);
    expect(ended).toEqual([]);
    pass(200, false);
    expect(ended).toEqual([3]);
  });

  test('C5: that stood still itself concludes nothing from it', () => {
    const { state, pass, sleep, ended } = watched();
    pass(50, true);
    sleep(600_000);
    pass(90, false);
    expect([state.isRiskHalted, ended]).toEqual([false, []]);
  });
});
