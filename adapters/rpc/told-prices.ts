import { type MarketData, type MarketSnapshot, type MarketUpdate, symbolOf } from '@tradewind/proto';
import { type Clock, doneWithin, pause, type Timers } from '@tradewind/utils';

export interface PricesTold {
  /** Epoch ms. */
  readonly toldAtMs: number;
  readonly snapshots: readonly MarketSnapshot[];
}

/** Changes are gathered for so long, ms: a reader is told fifty times a second at most, and never while a tick is just on its way. */
const GATHER_MS = 20;
/** All symbols are told again after so long, ms: by that who follows knows that what it was told still holds. */
const TELL_ALL_MS = 250;
const KINDS: readonly MarketUpdate['kind'][] = ['trade', 'quote'];

/** Snapshots of symbols, the latest of each that may have changed, until the signal ends it. */
export async function* toldPrices(
  marketData: MarketData,
  symbols: readonly string[],
  signal: AbortSignal,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): AsyncGenerator<PricesTold> {
  const changed = new Set<string>();
  let wake = (): void => undefined;
  const subscription = marketData.subscribe({ symbols, kinds: KINDS }, (update) => {
    changed.add(symbolOf(update));
    wake();
  });
  const leave = (): void => wake();
  signal.addEventListener('abort', leave);
  let tellAllAtMs = Number.NEGATIVE_INFINITY;
  try {
    while (!signal.aborted) {
      const nowMs = clock.elapsedMs();
      const isTimeForAll = nowMs >= tellAllAtMs;
      if (isTimeForAll) tellAllAtMs = nowMs + TELL_ALL_MS;
      const told = isTimeForAll ? symbols : [...changed];
      changed.clear();
      const toldAtMs = clock.nowMs();
      const snapshots = await Promise.all(told.map((symbol) => marketData.snapshot(symbol)));
      yield { toldAtMs, snapshots: snapshots.filter((snapshot) => snapshot !== undefined) };
      const news = new Promise<void>((resolve) => {
        wake = resolve;
        if (changed.size > 0 || signal.aborted) resolve();
      });
      const isNews = await doneWithin(timers, Math.max(0, tellAllAtMs - clock.elapsedMs()), news);
      if (isNews && !signal.aborted) await pause(timers, GATHER_MS);
    }
  } finally {
    signal.removeEventListener('abort', leave);
    subscription.end();
  }
}
