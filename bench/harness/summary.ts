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

/** Of each round its own ratio, because the two numbers of one round were taken in the same minute. */
export const ratios = (values: readonly number[], floors: readonly number[]): Summary =>
  summarize(values.map((value, round) => value / (floors[round] as number)));

export const showSummary = ({ median, minimum, maximum }: Summary, digits: number): string =>
  `${median.toFixed(digits)} (${minimum.toFixed(digits)}-${maximum.toFixed(digits)})`;
