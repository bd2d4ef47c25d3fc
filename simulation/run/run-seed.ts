import { SeededRandom } from '@tradewind/utils';
import type { MakeCheck, Violation } from '../checks/check.ts';
import { CHECKS } from '../checks/checks.ts';
import { KINDS } from '../happenings/kinds.ts';
import { drawPlan, type Plan } from '../happenings/plan.ts';
import type { Replace, World } from '../world/world.ts';
import { becomesQuiet, isReadyWithin } from './settling.ts';
import { RunEnded, WatchedWorld } from './watched-world.ts';

export interface RunOptions {
  readonly seed: number;
  /** Left out: drawn from the seed. */
  readonly plan?: Plan;
  readonly isTraced?: boolean;
  readonly checks?: readonly MakeCheck[];
  /** Left out: the system is as it is. */
  readonly replace?: Replace;
}

export interface RunResult {
  readonly seed: number;
  readonly plan: Plan;
  /** What went wrong first; undefined when nothing did. */
  readonly violation: Violation | undefined;
  /** Of everything that was seen: equal for equal seeds. */
  readonly hash: string;
  readonly virtualMs: number;
  /** How often a fault struck, by kind; of those of the exchange, each request or message that one struck. */
  readonly struck: ReadonlyMap<string, number>;
  readonly events: number;
  readonly trace: string;
}

/** The market alone, so that there are prices; then the system in peace. */
const MARKET_MS = 30_000;
const PEACE_MS = 20_000;
/** After the last fault the system must agree with the exchange again, or say why it does not trade. */
const LIVENESS_MS = 300_000;

/** The longest that a difference may go unnoticed: two sweeps, the first of which may meet an account that does not stand still (faults.md U1, B7). */
const SWEEP_MS = 75_000;

/** One run of everything: a time of danger in which nothing wrong may happen, and one of peace in which all must become well. */
export async function runSeed({
  seed,
  plan = drawPlan(seed),
  isTraced = false,
  checks = CHECKS,
  replace = () => ({}),
}: RunOptions): Promise<RunResult> {
  const watched = new WatchedWorld({ seed, deployment: plan.deployment, checks, isTraced, replace });
  const { world, log } = watched;
  const struck = new Map<string, number>();
  try {
    await live(watched, plan, struck);
  } catch (error) {
    if (!(error instanceof RunEnded))
      watched.checks.fail(
        'nothing is thrown',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
  }
  for (const process of world.processes) process.kill();
  const { violation } = watched.checks;
  if (violation !== undefined) log.add('VIOLATION', `${violation.check}: ${violation.what}`);
  for (const [fault, times] of world.exchangeFaults.struck)
    struck.set(fault, (struck.get(fault) ?? 0) + times);
  return {
    seed,
    plan,
    violation,
    virtualMs: world.time.elapsedMs(),
    struck,
    events: await world.store.ledger.lastSeq(),
    trace: log.text,
    hash: log.end(),
  };
}

async function live(
  { world, checks, log }: WatchedWorld,
  plan: Plan,
  struck: Map<string, number>,
): Promise<void> {
  const { time, simulator } = world;
  simulator.startMarket();
  await time.advance(MARKET_MS);
  world.start();
  await time.advance(PEACE_MS);
  const ends = schedule(world, plan, (kind, text) => {
    struck.set(kind, (struck.get(kind) ?? 0) + 1);
    log.add('world', `${kind}: ${text}`);
  });
  await time.advance(plan.dangerMs);
  for (const end of ends) end();
  log.add('world', 'peace');
  if (!(await isReadyWithin(world, LIVENESS_MS))) checks.fail('liveness', await describe(world));
  else if (!(await becomesQuiet(world)))
    checks.fail('liveness', `it does not come to rest: ${await describe(world)}`);
  else {
    await time.advance(SWEEP_MS);
    await checks.atRest();
  }
  // So that a violation at rest ends the run like any other.
  await time.advance(1);
}

/** @returns the ends of what is not over by itself; to be called when the danger is */
function schedule(
  world: World,
  { happenings, dangerMs }: Plan,
  began: (kind: string, text: string) => void,
): Set<() => void> {
  const ends = new Set<() => void>();
  for (const { kind, atMs, forMs, seed } of happenings)
    world.time.after(atMs, () => {
      const { text, end } = KINDS.get(kind)!.begin(world, new SeededRandom(seed));
      began(kind, forMs === 0 ? text : `${text}, for ${forMs} ms`);
      if (end === undefined) return;
      const once = (): void => {
        if (ends.delete(once)) end();
      };
      ends.add(once);
      if (atMs + forMs < dangerMs) world.time.after(forMs, once);
    });
  return ends;
}

async function describe({ supervisors, services }: World): Promise<string> {
  const runs = [...supervisors.values()].map(({ current: { name, lifeline, running } }) => {
    if (!lifeline.isAlive) return `${name} is dead`;
    return running === undefined ? `${name} has not started` : name;
  });
  const { orderExecution, riskManager, strategyEngine } = services;
  const risk = await riskManager?.state();
  const states = [await orderExecution?.state(), risk?.state, risk?.detail, await strategyEngine?.list()];
  return `${runs.join(', ')}: ${JSON.stringify(states, (_, value) => (typeof value === 'bigint' ? String(value) : value))}`;
}
