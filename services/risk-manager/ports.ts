import type { Caller } from '@tradewind/binance';
import type { ExchangeFilters } from '@tradewind/core/market';
import type { CommittedEvent, Ledger, MarketData } from '@tradewind/proto';
import type { Clock, Random, Telemetry, Timers } from '@tradewind/utils';
import type { RiskManagerSettings } from './settings.ts';

/** All that the risk manager needs of the world. */
export interface RiskManagerParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly ledger: Pick<Ledger, 'commit' | 'load' | 'read'>;
  readonly marketData: Pick<MarketData, 'snapshot'>;
  /** A connection of its own, so that it can cancel everything when that of order execution hangs. */
  readonly caller: Caller;
  /** The second place where halts are kept. */
  readonly haltFile: HaltFile;
  /** The filters over all symbols, as the exchange states them now. */
  readonly exchangeFilters: () => ExchangeFilters;
  /** Takes what has been committed here to the bus. Must not throw. */
  readonly publish: (events: readonly CommittedEvent[]) => void;
  readonly settings: RiskManagerSettings;
}

export type HaltFileReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly detail: string };

/** A text that outlives the process. Neither method rejects; either may hang. */
export interface HaltFile {
  read(): Promise<HaltFileReading>;
  /** Replaces the whole text at once: a reader sees the old or the new. @returns what went wrong, or undefined once it is on the disk */
  write(text: string): Promise<string | undefined>;
}
