export interface VariantOptions {
  readonly bars: number;
  /** Strategies that take turns in one process; variants that know only one strategy do not look at it. */
  readonly strategies: readonly string[];
  /** Whether the outcome lists every fill. */
  readonly listFills: boolean;
}
