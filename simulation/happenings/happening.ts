import type { SeededRandom } from '@tradewind/utils';
import type { World } from '../world/world.ts';

/** One thing that happens to the world, drawn from the seed: a plan is a list of them, and any of them can be left out. */
export interface Happening {
  readonly id: number;
  readonly kind: string;
  /** From the beginning of the dangerous phase. */
  readonly atMs: number;
  readonly forMs: number;
  /** Of its own chances, so that leaving others out changes nothing of it. */
  readonly seed: number;
}

/** Which part of the world it comes from; `day` is what is no fault. */
export type Group = 'network' | 'exchange' | 'store' | 'bus' | 'rpc' | 'disk' | 'process' | 'clock' | 'day';

export interface HappeningKind {
  readonly name: string;
  readonly group: Group;
  /** How long it lasts, the shortest and the longest, ms; 0 for what is over at once. */
  readonly lastsMs: readonly [number, number];
  /** Of the fault catalogue: the rows that it brings about. */
  readonly rows: readonly string[];
  begin(world: World, random: SeededRandom): Begun;
}

export interface Begun {
  /** For the trace: what exactly happens. */
  readonly text: string;
  /** Makes it good again. */
  readonly end?: () => void;
}

/** Makes the kinds of one group. */
export const kindsOf =
  (group: Group) =>
  (
    name: string,
    rows: readonly string[],
    lastsMs: HappeningKind['lastsMs'],
    begin: HappeningKind['begin'],
  ): HappeningKind => ({ name, group, rows, lastsMs, begin });

/** In good conditions a request is answered within so many ms. */
export const IN_FLIGHT_MS = 14;

export const between = (random: SeededRandom, least: number, most: number): number =>
  least + Math.floor(random.nextFraction() * (most - least + 1));

export const oneOf = <T>(random: SeededRandom, choices: readonly T[]): T =>
  choices[random.nextUint32() % choices.length]!;
