import type { Clock, Random, Timers } from '@tradewind/utils';
import type { Silence } from '../limits/limits.ts';
import type { SocketTransport } from '../ports.ts';
import type { ConnectionAttempts } from './connection-attempts.ts';

/** All times in ms. What is left out has the value of `DEFAULT_TIMES`. */
export interface ConnectorOptions {
  /** Asked before every attempt, because what is subscribed may be part of it. */
  readonly url: () => string;
  readonly transport: SocketTransport;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** One for all connectors of an IP. */
  readonly attempts: Pick<ConnectionAttempts, 'take' | 'holdUntil'>;
  readonly times?: Partial<ConnectorTimes>;
  /** The exchange has refused a socket with 429 or 418; `attempts` have been held. By our wall clock. */
  readonly silenced?: (silence: Silence) => void;
  /** Left out: whatever is sent goes out at once (the WebSocket API counts weight, not messages). */
  readonly pace?: Pace;
}

export interface ConnectorTimes {
  /** From the attempt to the open socket. */
  readonly openWithinMs: number;
  /** From the open socket to `ready`. */
  readonly readyWithinMs: number;
  /** No message and no ping for so long: `quiet` is told. */
  readonly quietAfterMs: number;
  /** No message and no ping for so long: the socket is dead, whatever the operating system thinks. */
  readonly deadAfterMs: number;
  /** The age at which a connection is replaced; each takes up to a tenth off by chance, so that they do not go together. */
  readonly replaceAfterMs: number;
  /** How long an old connection still delivers after its successor is ready. */
  readonly overlapMs: number;
  /** The delay before the first new attempt; it doubles with every failure. The delay waited is 50-100 % of it, by chance. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A connection that has been ready for so long makes earlier failures forgotten. */
  readonly steadyAfterMs: number;
}

export interface Pace {
  readonly messagesPerSecond: number;
  /** How many texts may wait; one more is refused. */
  readonly waitingMax: number;
}

/**
 * A stream socket is cut when it gets more than 5 messages a second, pongs and control messages included (binance-spot.md
 * section 3.1). Four leave one for the pong.
 */
export const STREAM_PACE: Pace = { messagesPerSecond: 4, waitingMax: 256 };

/**
 * The exchange pings every 20 s, but 3 minutes were seen in 2025 (binance-spot.md section 14, trap 28): a quiet line is first
 * asked, and is dead only when the question stays unanswered. It cuts every connection at 24 h.
 */
export const DEFAULT_TIMES: ConnectorTimes = {
  openWithinMs: 10_000,
  readyWithinMs: 20_000,
  quietAfterMs: 30_000,
  deadAfterMs: 45_000,
  replaceAfterMs: 23 * 3_600_000,
  overlapMs: 5_000,
  firstDelayMs: 500,
  longestDelayMs: 30_000,
  steadyAfterMs: 60_000,
};
