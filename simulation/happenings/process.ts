import { between, type HappeningKind } from './happening.ts';

/** In good conditions a request is answered within so many ms. */
const IN_FLIGHT_MS = 14;
/** How long somebody who has been replaced goes on before it is noticed. */
const AWAKE_MS = 15_000;

export const PROCESS: readonly HappeningKind[] = [
  {
    name: 'kill',
    group: 'process',
    rows: ['X1', 'P1', 'P2', 'P3'],
    lastsMs: [0, 0],
    begin: ({ supervisor }) => ({ text: supervisor.kill() }),
  },
  {
    name: 'killed_in_flight',
    group: 'process',
    rows: ['X1', 'P2', 'O1'],
    lastsMs: [0, 0],
    begin: (world, random) => {
      const afterMs = between(random, 0, IN_FLIGHT_MS);
      world.atNextCommand(() => world.time.after(afterMs, () => world.supervisor.kill()));
      return { text: `${afterMs} ms after the next order, cancel or change has left` };
    },
  },
  {
    name: 'crash_loop',
    group: 'process',
    rows: ['X5'],
    lastsMs: [2_000, 20_000],
    begin: ({ supervisor, time }, random) => {
      let isOver = false;
      const again = (): void => {
        if (isOver) return;
        supervisor.kill();
        time.after(between(random, 500, 4_000), again);
      };
      again();
      return {
        text: 'it dies again and again',
        end: () => {
          isOver = true;
        },
      };
    },
  },
  {
    name: 'stop',
    group: 'process',
    rows: ['X6'],
    lastsMs: [0, 0],
    begin: ({ supervisor }) => ({ text: supervisor.stop() }),
  },
  {
    name: 'pause',
    group: 'process',
    rows: ['X3', 'X4'],
    lastsMs: [500, 40_000],
    begin: ({ supervisor: { current } }) => {
      current.lifeline.pause();
      return { text: `${current.name} stands still`, end: () => current.lifeline.resume() };
    },
  },
  {
    name: 'started_twice',
    group: 'process',
    rows: ['X4'],
    lastsMs: [5_000, 60_000],
    begin: ({ supervisor }) => {
      const second = supervisor.second();
      return { text: `${second.name} beside it`, end: () => second.kill() };
    },
  },
  {
    name: 'replaced_while_paused',
    group: 'process',
    rows: ['X4', 'P12'],
    lastsMs: [5_000, 40_000],
    begin: ({ supervisor, time }) => {
      const old = supervisor.replace();
      old.lifeline.pause();
      return {
        text: `${old.name} stands still while another takes its place, and wakes up for a while`,
        end: () => {
          old.lifeline.resume();
          time.after(AWAKE_MS, () => old.kill());
        },
      };
    },
  },
];

export const CLOCK: readonly HappeningKind[] = [
  {
    name: 'clock_step',
    group: 'clock',
    rows: ['C1', 'C3'],
    lastsMs: [2_000, 40_000],
    begin: ({ clock }, random) => {
      const byMs = between(random, -20_000, 20_000);
      clock.shift(byMs);
      return { text: `by ${byMs} ms`, end: () => clock.shift(-byMs) };
    },
  },
  {
    name: 'suspend',
    group: 'clock',
    rows: ['C5'],
    lastsMs: [6_000, 60_000],
    begin: ({ supervisor: { current }, clock, time }) => {
      const fromMs = time.elapsedMs();
      current.lifeline.pause();
      return {
        text: 'the machine sleeps',
        end: () => {
          clock.slept(time.elapsedMs() - fromMs);
          current.lifeline.resume();
        },
      };
    },
  },
  {
    name: 'exchange_clock',
    group: 'clock',
    rows: ['C1', 'M8'],
    lastsMs: [2_000, 40_000],
    begin: (world, random) => {
      const byMs = between(random, -3_000, 3_000);
      world.simulator.clock.shift(byMs);
      return { text: `that of the exchange, by ${byMs} ms`, end: () => world.simulator.clock.shift(-byMs) };
    },
  },
];
