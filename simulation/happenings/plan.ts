import { SeededRandom } from '@tradewind/utils';
import type { Deployment } from '../world/services.ts';
import { between, type Happening } from './happening.ts';
import { KINDS } from './kinds.ts';

/** What happens in one run. */
export interface Plan {
  readonly deployment: Deployment;
  /** How long anything may happen, ms. */
  readonly dangerMs: number;
  readonly happenings: readonly Happening[];
}

/**
 * Draws a plan. Which kinds are possible at all is drawn, too: a run with few kinds many times finds what a run with a little of
 * everything hides (A. Groce et al., "Swarm testing", ISSTA 2012).
 */
export function drawPlan(seed: number): Plan {
  const random = new SeededRandom(seed);
  const share = 0.1 + random.nextFraction() * 0.6;
  const possible = [...KINDS.values()].filter(() => random.nextFraction() < share);
  const dangerMs = between(random, 60, 240) * 1_000;
  const count = possible.length === 0 ? 0 : between(random, 1, 16);
  const happenings = Array.from({ length: count }, (_, id): Happening => {
    const { name, lastsMs } = possible[random.nextUint32() % possible.length]!;
    return {
      id,
      kind: name,
      atMs: between(random, 0, dangerMs),
      forMs: between(random, ...lastsMs),
      seed: random.nextUint32(),
    };
  });
  return {
    deployment: drawDeployment(seed),
    dangerMs,
    happenings: happenings.sort((one, other) => one.atMs - other.atMs),
  };
}

/** One run in four is one of services apart. Of a chance of its own: what happens in a run is drawn in the same way for both. */
const drawDeployment = (seed: number): Deployment =>
  new SeededRandom(seed ^ DEPLOYMENT_CHANCES).nextUint32() % 4 === 0 ? 'apart' : 'together';

const DEPLOYMENT_CHANCES = 0x6a09e667;
