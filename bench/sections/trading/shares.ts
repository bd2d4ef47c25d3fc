import { showSummary, summarize } from '../../harness/summary.ts';
import type { Percentiles } from '../../variants/trading/percentiles.ts';

type Share = keyof Percentiles;

/** Over the rounds: median, least and most. */
export const shown = (lines: readonly Percentiles[], share: Share, digits: number): string =>
  showSummary(summarize(lines.map((line) => line[share])), digits);

export const middle = (lines: readonly Percentiles[], share: Share): number =>
  summarize(lines.map((line) => line[share])).median;
