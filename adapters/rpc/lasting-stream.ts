import { ConnectError } from '@connectrpc/connect';
import {
  backoffMs,
  type Clock,
  type Random,
  type Telemetry,
  type Timer,
  type Timers,
} from '@tradewind/utils';
import type { Connection } from './connection.ts';

export interface StreamOutside {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/** Where a stream comes from. */
export interface StreamSource<Response> {
  readonly connection: Pick<Connection, 'health' | 'onHealth'>;
  readonly open: (signal: AbortSignal) => AsyncIterable<Response>;
  readonly outside: StreamOutside;
  readonly silenceMsMaximum: number;
}

export interface LastingStreamParts<Response> extends StreamSource<Response> {
  /** Takes what has come. @returns what is wrong with it, which ends the stream */
  readonly take: (response: Response) => string | undefined;
  /** It will be opened again; until then nothing comes. */
  readonly ended: (detail: string) => void;
}

const REOPEN = { firstDelayMs: 100, longestDelayMs: 5_000 };

/** A stream that goes on for ever: read while the connection is up, and opened again when it ends or is silent for too long. */
export class LastingStream<Response> {
  private readonly parts: LastingStreamParts<Response>;
  private readonly leaveConnection: () => void;
  private abort: AbortController | undefined;
  private timer: Timer | undefined;
  private failures = 0;
  private isEnded = false;

  constructor(parts: LastingStreamParts<Response>) {
    this.parts = parts;
    this.leaveConnection = parts.connection.onHealth(({ state }) => {
      if (state === 'up') this.begin();
    });
    if (parts.connection.health.state === 'up') this.begin();
  }

  end(): void {
    this.isEnded = true;
    this.leaveConnection();
    this.timer?.cancel();
    this.abort?.abort();
  }

  private begin(): void {
    if (this.isEnded || this.abort !== undefined) return;
    this.timer?.cancel();
    const abort = new AbortController();
    this.abort = abort;
    void this.read(abort).then((detail) => this.reopen(detail));
  }

  /** Reads until the stream ends. @returns why it did */
  private async read(abort: AbortController): Promise<string> {
    const { outside, open, take, silenceMsMaximum } = this.parts;
    const watch = (): Timer =>
      outside.timers.after(silenceMsMaximum, () => abort.abort('silent for too long'));
    const responses = open(abort.signal)[Symbol.asyncIterator]();
    for (;;) {
      const watchdog = watch();
      let next: IteratorResult<Response>;
      try {
        next = await responses.next();
      } catch (thrown) {
        return abort.signal.aborted ? String(abort.signal.reason) : ConnectError.from(thrown).message;
      } finally {
        watchdog.cancel();
      }
      if (next.done === true) return 'the service ended it';
      if (this.isEnded) return 'by us';
      const problem = take(next.value);
      if (problem !== undefined) {
        abort.abort();
        return problem;
      }
      this.failures = 0;
    }
  }

  private reopen(detail: string): void {
    this.abort = undefined;
    if (this.isEnded) return;
    const { connection, ended, outside } = this.parts;
    const { timers, random, telemetry } = outside;
    telemetry.log.write('warn', 'rpc_stream_ended', { detail });
    ended(detail);
    const delayMs = backoffMs(REOPEN, this.failures, random);
    this.failures += 1;
    this.timer = timers.after(delayMs, () => {
      // When the connection is down, its coming back begins anew.
      if (connection.health.state === 'up') this.begin();
    });
  }
}
