/** Where the price of a symbol wants to go: what informed traders know and market makers guess. In quote per base, for computing only. */
export interface PricePath {
  /** @param elapsedMs  since the path began; never less than in the call before */
  priceAt(elapsedMs: number): number;
}
