export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

export function percentilesOf(values: readonly number[] | Float64Array): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}
