import type { StrategyDefinition } from '@tradewind/core/strategy';
import donchianBreakout from './donchian-breakout.ts';
import emaCross from './ema-cross.ts';
import rsiMeanReversion from './rsi-mean-reversion.ts';

/** The ready strategies; each lies in the file that has its name. */
export const strategies: readonly StrategyDefinition[] = [emaCross, rsiMeanReversion, donchianBreakout];
