import type { Replaceable } from '../world/programs/program.ts';
import type { World } from '../world/world.ts';

/**
 * A system that is broken in one place, to see whether the checks notice. The product has no switch for it: something between it and the
 * world does what a naive bot does, and so can be there in a simulation only.
 */
export interface Variant {
  /** As the issue and the catalogue call it. */
  readonly name: string;
  /** Of the fault catalogue. */
  readonly rows: readonly string[];
  /** What a process gets instead of what is its own; called once for each process. */
  replace(own: Replaceable, world: World): Partial<Replaceable>;
}
