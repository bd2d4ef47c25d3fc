import {
  type BackoffTimes,
  backoffMs,
  type Clock,
  type Random,
  type Telemetry,
  type Timers,
} from '@tradewind/utils';
import { type OpenRedis, openRedis, type RedisConnection } from './redis-connection.ts';

export interface LinkOptions {
  /** redis://[:password@]host:port[/database], or rediss:// for TLS. Never logged. */
  readonly url: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly reconnect: BackoffTimes;
  /** Left out: over the network. */
  readonly openRedis?: OpenRedis;
}

/** Whether Redis can be reached. */
export interface RedisHealth {
  readonly state: 'up' | 'down';
  /** Epoch ms. */
  readonly sinceMs: number;
  readonly detail: string;
}

/**
 * One connection to Redis, made again whenever it is lost. A command is sent on a connection that is ready or not at all, and once: who
 * sends it decides what its loss means.
 */
export class RedisLink {
  readonly redis: RedisConnection;
  private readonly options: LinkOptions;
  private readonly waiting = new Set<(isReady: boolean) => void>();
  private now: RedisHealth;

  constructor(options: LinkOptions, role: string) {
    this.options = options;
    this.now = { state: 'down', sinceMs: options.clock.nowMs(), detail: 'not connected yet' };
    const open = options.openRedis ?? openRedis;
    this.redis = open(
      {
        url: options.url,
        name: `tradewind-${role}`,
        reconnectAfterMs: (attempt) => backoffMs(options.reconnect, attempt - 1, options.random),
      },
      {
        ready: () => {
          this.change('up', '');
          this.answerWaiting(true);
        },
        failed: (detail) => this.change('down', detail),
        closed: () => this.change('down', 'the connection was closed'),
      },
    );
  }

  get health(): RedisHealth {
    return this.now;
  }

  /** Resolves with whether commands can be sent, at once or as soon as they can be within the time. */
  ready(longestMs: number): Promise<boolean> {
    if (this.now.state === 'up') return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (isReady: boolean): void => {
        timer.cancel();
        this.waiting.delete(end);
        resolve(isReady);
      };
      const timer = this.options.timers.after(longestMs, () => end(false));
      this.waiting.add(end);
    });
  }

  /**
   * Ends a command that a server which hangs would never answer, and the connection with it: what is still in its queue must not be
   * carried out when nobody waits for it any more.
   */
  async within<T>(longestMs: number, command: Promise<T>): Promise<T> {
    const { timers } = this.options;
    return new Promise<T>((resolve, reject) => {
      const timer = timers.after(longestMs, () => {
        reject(new Error(`Redis did not answer within ${longestMs} ms`));
        this.redis.disconnect(true);
      });
      command.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  close(): void {
    this.redis.disconnect(false);
    this.answerWaiting(false);
  }

  private answerWaiting(isReady: boolean): void {
    for (const end of [...this.waiting]) end(isReady);
  }

  private change(state: RedisHealth['state'], detail: string): void {
    if (state === this.now.state) return;
    const { clock, telemetry } = this.options;
    this.now = { state, sinceMs: clock.nowMs(), detail };
    telemetry.log.write(state === 'up' ? 'info' : 'warn', `redis_${state}`, { detail });
  }
}
