import {
  type Row,
  referenceOrders,
  type ScriptedOrder,
  type ScriptOptions,
  type ScriptResult,
} from './reference-backtest.ts';

/** Bars a minute apart from time 0, each written as 'open high low close'. */
export const barsOf = (...texts: string[]): Row[] =>
  texts.map((text, index) => {
    const [open, high, low, close] = text.split(' ') as [string, string, string, string];
    return { timeMs: index * 60_000, open, high, low, close, volume: '1' };
  });

/** A bar in which nothing happens at 100. */
export const calm = '100 100 100 100';

const plainOptions: ScriptOptions = {
  cash: '1000',
  makerFee: '0.0005',
  takerFee: '0.001',
  slippageBps: 0,
  tick: '0.01',
  step: '0.001',
  limitFill: 'through',
};

export const run = (rows: Row[], script: ScriptedOrder[], options: Partial<ScriptOptions> = {}) =>
  referenceOrders(rows, script, { ...plainOptions, ...options });

export const order = (
  type: ScriptedOrder['type'],
  side: ScriptedOrder['side'],
  rest: Partial<ScriptedOrder>,
): ScriptedOrder => ({ atBar: 0, type, side, ...rest });

/** The fills as 'order side quantity @ price liquidity', for tests about which order trades where. */
export const tradesOf = (result: ScriptResult): string[] =>
  result.fills.map((f) => `${f.order} ${f.side} ${f.quantity} @ ${f.price} ${f.liquidity}`);
