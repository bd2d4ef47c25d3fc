import { SeededRandom } from '@tradewind/utils';
import type { Deployment } from '../world/services.ts';
import { between, type Happening, type HappeningKind } from './happening.ts';
import { EVERYWHERE, LATER } from './kinds.ts';
import { SERVICES } from './services.ts';

/** What happens in one run. */
export interface Plan {
  readonly deployment: Deployment;
  /** How long anything may happen, ms. */
  readonly dangerMs: number;
  readonly happenings: readonly Happening[];
}

/** How many things happen, at least and at most: everywhere, of each later list, and between services that run apart. */
const EVERYWHERE_COUNT = [1, 16] as const;
const LATER_COUNT = [0, 3] as const;
const SERVICES_COUNT = [1, 10] as const;

/**
 * Draws a plan. Which kinds are possible at all is drawn, too: a run with few kinds many times finds what a run with a little of
 * everything hides (A. Groce et al., "Swarm testing", ISSTA 2012). What came later, and what is only possible apart, is drawn by
 * itself: everything else of a seed stays as it was, and is the same in both deployments.
 */
export function drawPlan(seed: number, deployment = drawDeployment(seed)): Plan {
  const random = new SeededRandom(seed);
  const possible = drawPossible(random, EVERYWHERE);
  const dangerMs = between(random, 60, 240) * 1_000;
  const drawn = drawHappenings(random, possible, dangerMs, EVERYWHERE_COUNT);
  const add = (kinds: readonly HappeningKind[], chances: number, count: Count): void => {
    const own = new SeededRandom(seed ^ chances);
    drawn.push(...drawHappenings(own, drawPossible(own, kinds), dangerMs, count));
  };
  for (const [index, kinds] of LATER.entries()) add(kinds, LATER_CHANCES + index, LATER_COUNT);
  if (deployment === 'apart') add(SERVICES, SERVICES_CHANCES, SERVICES_COUNT);
  const happenings = drawn.map((each, id) => ({ ...each, id }));
  return { deployment, dangerMs, happenings: happenings.sort((one, other) => one.atMs - other.atMs) };
}

type Count = readonly [least: number, most: number];

function drawPossible(random: SeededRandom, kinds: readonly HappeningKind[]): readonly HappeningKind[] {
  const share = 0.1 + random.nextFraction() * 0.6;
  return kinds.filter(() => random.nextFraction() < share);
}

function drawHappenings(
  random: SeededRandom,
  possible: readonly HappeningKind[],
  dangerMs: number,
  [least, most]: Count,
): Omit<Happening, 'id'>[] {
  const count = possible.length === 0 ? 0 : between(random, least, most);
  return Array.from({ length: count }, () => {
    const { name, lastsMs } = possible[random.nextUint32() % possible.length]!;
    return {
      kind: name,
      atMs: between(random, 0, dangerMs),
      forMs: between(random, ...lastsMs),
      seed: random.nextUint32(),
    };
  });
}

/** One run in four is one of services apart. */
const drawDeployment = (seed: number): Deployment =>
  new SeededRandom(seed ^ DEPLOYMENT_CHANCES).nextUint32() % 4 === 0 ? 'apart' : 'together';

/** Chances of their own. */
const DEPLOYMENT_CHANCES = 0x6a09e667;
const SERVICES_CHANCES = 0x3c6ef372;
const LATER_CHANCES = 0x510e527f;
