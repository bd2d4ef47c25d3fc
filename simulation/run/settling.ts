import type { ExecutionState } from '@tradewind/proto';
import type { TradingSystem } from '@tradewind/trading-system';
import { STRATEGIES } from '../world/settings.ts';
import type { World } from '../world/world.ts';

const LOOK_EVERY_MS = 1_000;
/** Longer than the three spaced proofs of an absence may take (faults.md O3). */
const REST_WITHIN_MS = 120_000;

/** Lets time pass until the system trades, or says why it does not. */
export const isSettled = (world: World, withinMs: number): Promise<boolean> =>
  waitFor(
    world,
    withinMs,
    (state) => (state.state === 'ready' || state.state === 'degraded') && state.inDoubt === 0,
  );

/** Nobody wants anything any more, and nothing is open: what books and exchange say can be compared. */
export async function becomesQuiet(world: World): Promise<boolean> {
  const system = world.running?.system;
  if (system === undefined) return false;
  const by = { by: 'operator', why: 'the end of the day' };
  for (const strategy of STRATEGIES) void system.strategyEngine.stop({ strategy, ...by });
  await world.time.advance(LOOK_EVERY_MS);
  void system.orderExecution.cancelAll({ ...by, correlationId: 'the end of the day' });
  return waitFor(world, REST_WITHIN_MS, ({ openOrders, inDoubt }) => openOrders === 0 && inDoubt === 0);
}

async function waitFor(
  world: World,
  withinMs: number,
  isReached: (state: ExecutionState) => boolean,
): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_EVERY_MS) {
    const state = await stateOf(world.running?.system);
    if (state !== undefined && isReached(state)) return true;
    await world.time.advance(LOOK_EVERY_MS);
  }
  return false;
}

const stateOf = async (system: TradingSystem | undefined): Promise<ExecutionState | undefined> =>
  system === undefined ? undefined : system.orderExecution.state();
