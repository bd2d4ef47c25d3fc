import { createHash } from 'node:crypto';

/** What a run came to, in texts that are equal only when every digit is. Two engines may be compared only when these match. */
export interface Outcome {
  readonly fills: number;
  /** A hash over time, side, quantity, price and fee of every fill. */
  readonly fingerprint: string;
  readonly quote: string;
  readonly base: string;
  readonly realizedPnl: string;
  readonly drawdown: string;
  /** The sum over all bars of the share of equity in positions. */
  readonly exposureSum: string;
}

/** One fill as a line of text; quantity and price are counted in lots and ticks, the fee is written with all its decimals. */
export const fillText = (
  timeMs: number,
  side: 'BUY' | 'SELL',
  lots: number,
  ticks: number,
  fee: string,
): string => `${timeMs} ${side} ${lots} @ ${ticks} fee ${fee}`;

export function fingerprintOf(fillTexts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of fillTexts) hash.update(`${text}\n`);
  return hash.digest('hex').slice(0, 12);
}

/** Says whether all outcomes are equal, and where the first difference lies if not. */
export function compareOutcomes(outcomes: readonly Outcome[]): string {
  const [first, ...others] = outcomes as [Outcome, ...Outcome[]];
  for (const other of others) {
    for (const field of Object.keys(first) as (keyof Outcome)[]) {
      if (first[field] !== other[field]) return `DIFFERENT in ${field}: ${first[field]} and ${other[field]}`;
    }
  }
  const { fills, fingerprint, quote, base } = first;
  return `equal in all runs: ${fills} fills (${fingerprint}), ${quote} USDT, ${base} BTC, realised profit, drawdown, exposure`;
}
