import {
  type Bars,
  BarsBuilder,
  decimalsOf,
  type Instrument,
  Interval,
  type IntervalName,
} from '@tradewind/core/market';
import type { FillAssumptions } from '@tradewind/core/matching/bars';
import { PRICE_SCALE, type Price, type Quantity, unitsOf } from '@tradewind/core/money';
import type { StrategyDefinition } from '@tradewind/core/strategy';
import type { ClosedBar, CommittedEvent } from '@tradewind/proto';

/** A recorded session: what the market was, before and during it. */
export interface ParitySession {
  readonly name: string;
  /** Epoch ms. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** By 'BTCUSDT-1m': each bar once, oldest first, those from before the session with which strategies were warmed up included. */
  readonly bars: ReadonlyMap<string, readonly ClosedBar[]>;
}

/** A strategy as it is configured; its parameters and its state come from the ledger. */
export interface ParityStrategy {
  readonly strategy: string;
  readonly definition: StrategyDefinition;
  readonly symbols: readonly string[];
  readonly interval: IntervalName;
}

export interface ParityInput {
  readonly session: ParitySession;
  /** Of the kinds in `PARITY_KINDS`, in their order, from the beginning of the ledger to the end of the session. */
  readonly events: readonly CommittedEvent[];
  readonly strategies: readonly ParityStrategy[];
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** The account's fees, and how the backtest is to fill. */
  readonly assumptions: FillAssumptions;
}

/** What of the ledger is looked at. */
export const PARITY_KINDS = [
  'evaluation',
  'signal',
  'verdict',
  'order',
  'fill',
  'balance',
  'strategy',
] as const;

/** Bars as the market data told them, in columns. */
export function columnsOf(symbol: string, interval: IntervalName, closed: readonly ClosedBar[]): Bars {
  const builder = new BarsBuilder(symbol, Interval.parse(interval)!);
  for (const { openTimeMs, open, high, low, close, volume } of closed) {
    const decimals = Math.max(...[open, high, low, close].map(decimalsOf));
    const counted = (value: Price | Quantity, places: number): number =>
      Number(unitsOf(value) / 10n ** BigInt(PRICE_SCALE - places));
    const volumeDecimals = decimalsOf(volume);
    builder.append(
      openTimeMs,
      counted(open, decimals),
      counted(high, decimals),
      counted(low, decimals),
      counted(close, decimals),
      decimals,
      counted(volume, volumeDecimals),
      volumeDecimals,
    );
  }
  return builder.build();
}
