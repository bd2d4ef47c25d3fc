import { invariant } from '@tradewind/core/result';
import type { BarFigures } from '@tradewind/core/strategy';
import type { LiveInputs } from './live-inputs.ts';
import type { InputHistory, StrategySnapshot } from './messages.ts';

/** Bars that closed at the same time, with the places of their inputs, in the order of the inputs. */
export interface Instant {
  readonly timeMs: number;
  readonly bars: readonly { readonly place: number; readonly bar: BarFigures }[];
}

/** What closed after the last bars that the inputs have, instant by instant. */
export function instantsAfter(inputs: LiveInputs, history: readonly InputHistory[]): readonly Instant[] {
  const instants = new Map<number, { readonly place: number; readonly bar: BarFigures }[]>();
  for (const [place, { symbol, interval, latest }] of inputs.bars.entries()) {
    const fromMs = latest?.closeTimeMs ?? Number.NEGATIVE_INFINITY;
    for (const bar of historyOf(history, symbol, interval.name).bars) {
      if (bar.closeTimeMs <= fromMs) continue;
      const together = instants.get(bar.closeTimeMs);
      if (together === undefined) instants.set(bar.closeTimeMs, [{ place, bar }]);
      else together.push({ place, bar });
    }
  }
  return [...instants]
    .map(([timeMs, bars]): Instant => ({ timeMs, bars }))
    .sort((a, b) => a.timeMs - b.timeMs);
}

/** Why a strategy cannot go on from a snapshot; undefined when the history joins it without a hole. */
export function holeBetween(
  snapshot: StrategySnapshot,
  inputs: LiveInputs,
  history: readonly InputHistory[],
  nowMs: number,
): string | undefined {
  if (snapshot.inputs.length !== inputs.bars.length) return 'it looks at other bars now';
  for (const [place, { symbol, interval }] of inputs.bars.entries()) {
    const { closeTimeMs, ...saved } = snapshot.inputs[place]!;
    if (saved.symbol !== symbol || saved.interval !== interval.name) return 'it looks at other bars now';
    const { bars, isWhole } = historyOf(history, symbol, interval.name);
    if (closeTimeMs === null || isWhole) continue;
    const firstMs = bars[0]?.openTimeMs;
    const isMissing = firstMs === undefined ? interval.endOf(closeTimeMs) <= nowMs : firstMs > closeTimeMs;
    if (isMissing) return `the history does not reach back to when it was saved, ${closeTimeMs}`;
  }
  return undefined;
}

export function historyOf(history: readonly InputHistory[], symbol: string, interval: string): InputHistory {
  const found = history.find((each) => each.symbol === symbol && each.interval === interval);
  invariant(found !== undefined, `there is a history for every bar input: ${symbol} ${interval}`);
  return found;
}
