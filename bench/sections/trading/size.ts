import type { Sizes } from '../section.ts';

/** From so many rounds on a run is a result, and not a look that ends within a few minutes. */
const RESULT_ROUNDS = 5;

/** How much a part of `trading` does. */
export const sized = (
  { rounds }: Sizes,
  { result, look }: { readonly result: number; readonly look: number },
): number => (rounds < RESULT_ROUNDS ? look : result);
