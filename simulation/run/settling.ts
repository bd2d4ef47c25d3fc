import type { ExecutionState } from '@tradewind/proto';
import type { Services } from '../world/services.ts';
import { SETTINGS, STRATEGIES } from '../world/settings.ts';
import type { World } from '../world/world.ts';

const LOOK_EVERY_MS = 1_000;
/** How long what was stopped is left alone until it runs again. */
const RESTART_MS = 40_000;
/** In the made-up market something happens in every symbol within so long. */
const HEARS_WITHIN_MS = 15_000;
/** Longer than the three spaced proofs of an absence may take (faults.md O3). */
const REST_WITHIN_MS = 120_000;

/**
 * Lets time pass until the system agrees with the exchange and trades: every service runs, the risk manager follows the ledger, and each
 * strategy that nobody has stopped hears of its market. One that stays stopped because it was started too often gets
 * what it asks for: a quiet time, and then a start by a person (faults.md X5).
 */
export async function isReadyWithin(world: World, withinMs: number): Promise<boolean> {
  const untilMs = world.time.elapsedMs() + withinMs;
  while (world.time.elapsedMs() < untilMs) {
    const state = await stateOf(world);
    if (state?.state === 'ready' && state.inDoubt === 0 && (await isTrading(world))) return true;
    if (state?.state === 'degraded' && state.detail.includes('starts within')) {
      await world.time.advance(SETTINGS.execution.crashLoop.windowMs);
      world.supervisorOf('order-execution').stop();
    }
    if (await hasLostTail(world)) await startAnew(world);
    await world.time.advance(LOOK_EVERY_MS);
  }
  return false;
}

async function startAnew({ supervisors, time }: World): Promise<void> {
  for (const supervisor of supervisors.values()) supervisor.stop();
  await time.advance(RESTART_MS);
}

/** What a person is asked for when the ledger came back without its end (faults.md P11). */
async function hasLostTail({ services: { orderExecution, riskManager } }: World): Promise<boolean> {
  const details = [(await orderExecution?.state())?.detail, (await riskManager?.state())?.detail];
  return details.some((detail) => detail?.includes('stop everything') === true);
}

async function isTrading({ isUp, services, clock }: World): Promise<boolean> {
  const { riskManager, strategyEngine } = services;
  if (!isUp || (await riskManager?.state())?.state !== 'ready') return false;
  const strategies = (await strategyEngine?.list()) ?? [];
  return strategies.every(
    ({ state, lastUpdateMs = 0 }) =>
      state === 'stopped' ||
      state === 'disabled' ||
      (state === 'running' && lastUpdateMs >= clock.nowMs() - HEARS_WITHIN_MS),
  );
}

/** Nobody wants anything any more, and nothing is open: what books and exchange say can be compared. */
export async function becomesQuiet(world: World): Promise<boolean> {
  const by = { by: 'operator', why: 'the end of the day' };
  for (const strategy of STRATEGIES)
    await give(world, async ({ strategyEngine }) => (await strategyEngine.stop({ strategy, ...by })).ok);
  // A process that was killed right before peace began may only be starting: then nothing is canceled, and what is open is named.
  await give(world, async ({ orderExecution }) => {
    const { unproven } = await orderExecution.cancelAll({ ...by, correlationId: 'the end of the day' });
    return unproven.length === 0;
  });
  for (let waitedMs = 0; waitedMs < REST_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    const state = await stateOf(world);
    if (state?.state === 'ready' && state.openOrders === 0 && state.inDoubt === 0) return true;
    // It may have been noticed only now, by the first commit of peace.
    if (await hasLostTail(world)) {
      await startAnew(world);
      return (await isReadyWithin(world, REST_WITHIN_MS)) && becomesQuiet(world);
    }
    await world.time.advance(LOOK_EVERY_MS);
  }
  return false;
}

/** Waits until a command was taken, and gives it again when it was not, as over a connection that turns out to be dead after seconds. */
async function give(world: World, command: (services: Services) => Promise<boolean>): Promise<void> {
  let isTaken = false;
  /** Who has not answered yet. */
  let asked: Services | undefined;
  for (let waitedMs = 0; !isTaken && waitedMs < REST_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    const { operated } = world;
    if (operated !== undefined && operated !== asked) {
      asked = operated;
      void command(operated)
        .catch(() => false)
        .then((is) => {
          isTaken ||= is;
          if (asked === operated) asked = undefined;
        });
    }
    await world.time.advance(LOOK_EVERY_MS);
  }
}

const stateOf = async (world: World): Promise<ExecutionState | undefined> =>
  world.services.orderExecution?.state();
