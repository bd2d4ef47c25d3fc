import type {
  Caller,
  OrderEntry,
  ServerClock,
  UserStream,
  UserStreamListener,
  UserStreamOptions,
} from '@tradewind/binance';
import type { Instrument } from '@tradewind/core/market';
import type { CommittedEvent, Ledger, MarketData, RiskManager } from '@tradewind/proto';
import type { Clock, Random, Telemetry, Timers } from '@tradewind/utils';
import type { ExecutionSettings } from './settings.ts';

/** All that order execution needs of the world. */
export interface ExecutionParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** The venue's time; kept in step by whoever made it. */
  readonly serverClock: Pick<ServerClock, 'nowMs' | 'isTrusted'>;
  readonly telemetry: Telemetry;
  readonly ledger: Ledger;
  readonly risk: Pick<RiskManager, 'validate' | 'epoch' | 'withdraw' | 'record' | 'halt' | 'heartbeat'>;
  readonly marketData: Pick<MarketData, 'snapshot'>;
  /** Nobody else may have one: order execution is the only writer to the exchange. */
  readonly entry: OrderEntry;
  /** For questions. */
  readonly caller: Caller;
  readonly openUserFeed: OpenUserFeed;
  /** By symbol, those that are traded; may be brought up to date by its owner. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly starts: StartCounter;
  /** Takes what has been committed to the bus, in the order of `seq`. Must not throw. */
  readonly publish: (events: readonly CommittedEvent[]) => void;
  /** Names this run of this process. */
  readonly holder: string;
  readonly settings: ExecutionSettings;
}

/** A user stream with whatever carries it: the stream is the listener of a `WebSocketApi` that `start` and `stop` rule. */
export interface UserFeed {
  readonly stream: UserStream;
  start(): void;
  stop(): void;
}
/** Makes a new one each time: after a restart nothing of an old stream may be believed. */
export type OpenUserFeed = (
  options: Pick<UserStreamOptions, 'symbols' | 'bookedThrough' | 'sinceMs' | 'limits'>,
  listener: UserStreamListener,
) => UserFeed;

/** Remembers when this service was started, across crashes (faults.md X5). */
export interface StartCounter {
  /**
   * Adds a start.
   * @returns the starts of the last hour, this one included, epoch ms, oldest first; at most 100
   */
  add(atMs: number): Promise<readonly number[]>;
}
