/** The middle of several measurements, and how far they spread. */
export interface Summary {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
  return { median, minimum: sorted[0] as number, maximum: sorted.at(-1) as number };
}

/** The middle of many measurements, and the half of them around it: a few wild ones among many say nothing. */
export interface Spread {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 1 / 2),
    lowerQuartile: quantile(sorted, 1 / 4),
    upperQuartile: quantile(sorted, 3 / 4),
  };
}

/** Linear between the two values around the place. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

export const showSpread = ({ median, lowerQuartile, upperQuartile }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${lowerQuartile.toFixed(digits)}-${upperQuartile.toFixed(digits)})`;

/** Of each round its own ratio, because the two numbers of one round were taken in the same minute. */
export const ratios = (values: readonly number[], floors: readonly number[]): Summary =>
  summarize(values.map((value, round) => value / (floors[round] as number)));

export const showSummary = ({ median, minimum, maximum }: Summary, digits: number): string =>
  `${median.toFixed(digits)} (${minimum.toFixed(digits)}-${maximum.toFixed(digits)})`;
