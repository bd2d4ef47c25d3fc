/** Halts are missing bars, while a bar without a trade is there as long as the exchange serves the symbol. */
export class Pauses {
  /** Oldest first; the last one may still go on. */
  private readonly pauses: { readonly fromMs: number; toMs: number }[] = [];

  begin(nowMs: number): void {
    if (this.isPaused) return;
    if (this.pauses.length === KEPT) this.pauses.shift();
    this.pauses.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
  }

  end(nowMs: number): void {
    const last = this.pauses.at(-1);
    if (last !== undefined && this.isPaused) last.toMs = nowMs;
  }

  get isPaused(): boolean {
    return this.pauses.at(-1)?.toMs === Number.POSITIVE_INFINITY;
  }

  /** The pause that the whole of [fromMs, toMs) lies in. */
  covering(fromMs: number, toMs: number): { readonly fromMs: number; readonly toMs: number } | undefined {
    return this.pauses.findLast((pause) => pause.fromMs <= fromMs && pause.toMs >= toMs);
  }
}

/** Older ones are forgotten: then their time is served as bars without trades. */
const KEPT = 1000;
