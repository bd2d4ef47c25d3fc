import type { ParameterSpecs, StrategyDefinition } from '@tradewind/core/strategy';
import emaCross from '../../strategies/ema-cross.ts';
import { makeBars } from './market.ts';
import type { VariantOptions } from './options.ts';
import { runnerOf } from './strategies.ts';

export interface MemoryLine {
  /** Of the columns of bars. */
  readonly dataBytes: number;
  /** Resident memory of the process before, in the middle of and after its first run. */
  readonly residentBytes: { readonly before: number; readonly middle: number; readonly after: number };
  /** What is still reachable after each run, when its result has been dropped and garbage collected. */
  readonly keptBytes: readonly number[];
}

const RUNS = 5;

/** What the bars take, and whether running over them leaves anything behind. Needs --expose-gc. */
export function run({ bars: count }: VariantOptions): MemoryLine {
  const bars = makeBars(count);
  const columns = [bars.open, bars.high, bars.low, bars.close, bars.volume];
  let middle = 0;
  const watched = watchedAt(emaCross, Math.ceil(count / 2), () => {
    middle = process.memoryUsage.rss();
  });
  const runner = runnerOf(watched);
  collectGarbage();
  const before = process.memoryUsage.rss();
  runner(bars);
  const residentBytes = { before, middle, after: process.memoryUsage.rss() };
  const keptBytes = [kept()];
  for (let i = 1; i < RUNS; i += 1) {
    runner(bars);
    keptBytes.push(kept());
  }
  return {
    dataBytes: columns.reduce((sum, { byteLength }) => sum + byteLength, 0),
    residentBytes,
    keptBytes,
  };
}

/** The same strategy, which also calls `look` when it sees a certain bar. */
function watchedAt<Specs extends ParameterSpecs>(
  definition: StrategyDefinition<Specs>,
  bar: number,
  look: () => void,
): StrategyDefinition<Specs> {
  return {
    ...definition,
    create(context, values) {
      const strategy = definition.create(context, values);
      return {
        onBar(view) {
          if (view.count === bar) look();
          strategy.onBar?.(view);
        },
      };
    },
  };
}

function kept(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Twice, because the memory of array buffers that one collection finds unreachable is counted as free by the next. */
function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('start this variant with --expose-gc');
  globalThis.gc();
  globalThis.gc();
}
