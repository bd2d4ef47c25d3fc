import { between, type HappeningKind, IN_FLIGHT_MS, kindsOf } from './happening.ts';

/** How long somebody who has been replaced goes on before it is noticed. */
const AWAKE_MS = 15_000;

const processKind = kindsOf('process');
const clockKind = kindsOf('clock');

export const PROCESS: readonly HappeningKind[] = [
  processKind('kill', ['X1', 'P1', 'P2', 'P3'], [0, 0], (world, random) => ({
    text: world.anySupervisor(random).kill(),
  })),
  processKind('killed_in_flight', ['X1', 'P2', 'O1'], [0, 0], (world, random) => {
    const afterMs = between(random, 0, IN_FLIGHT_MS);
    world.atNextCommand(() => world.time.after(afterMs, () => world.supervisorOf('order-execution').kill()));
    return { text: `${afterMs} ms after the next order, cancel or change has left` };
  }),
  processKind('crash_loop', ['X5'], [2_000, 20_000], (world, random) => {
    const { time } = world;
    const supervisor = world.anySupervisor(random);
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
  }),
  processKind('stop', ['X6'], [0, 0], (world, random) => ({ text: world.anySupervisor(random).stop() })),
  processKind('pause', ['X3', 'X4'], [500, 40_000], (world, random) => {
    const { current } = world.anySupervisor(random);
    current.lifeline.pause();
    return { text: `${current.name} stands still`, end: () => current.lifeline.resume() };
  }),
  processKind('started_twice', ['X4'], [5_000, 60_000], (world, random) => {
    const second = world.anySupervisor(random).second();
    return { text: `${second.name} beside it`, end: () => second.kill() };
  }),
  processKind('replaced_while_paused', ['X4', 'P12'], [5_000, 40_000], (world, random) => {
    const { time } = world;
    const old = world.anySupervisor(random).replace();
    old.lifeline.pause();
    return {
      text: `${old.name} stands still while another takes its place, and wakes up for a while`,
      end: () => {
        old.lifeline.resume();
        time.after(AWAKE_MS, () => old.kill());
      },
    };
  }),
];

export const CLOCK: readonly HappeningKind[] = [
  clockKind('clock_step', ['C1', 'C3'], [2_000, 40_000], ({ clock }, random) => {
    const byMs = between(random, -20_000, 20_000);
    clock.shift(byMs);
    return { text: `by ${byMs} ms`, end: () => clock.shift(-byMs) };
  }),
  clockKind('suspend', ['C5'], [6_000, 60_000], ({ supervisors, clock, processes }) => {
    clock.fallAsleep();
    for (const { current } of supervisors.values()) current.lifeline.pause();
    return {
      text: 'the machine sleeps',
      end: () => {
        if (clock.wakeUp()) for (const { lifeline } of processes) lifeline.resume();
      },
    };
  }),
  clockKind('exchange_clock', ['C1', 'M8'], [2_000, 40_000], (world, random) => {
    const byMs = between(random, -3_000, 3_000);
    world.simulator.clock.shift(byMs);
    return { text: `that of the exchange, by ${byMs} ms`, end: () => world.simulator.clock.shift(-byMs) };
  }),
];
