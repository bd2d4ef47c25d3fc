/** How large the runs are. */
export interface Sizes {
  readonly bars: number;
  readonly rounds: number;
}

/** One topic of the benchmark: measures and prints. */
export interface Section {
  readonly title: (sizes: Sizes) => string;
  readonly run: (sizes: Sizes) => Promise<void>;
}
