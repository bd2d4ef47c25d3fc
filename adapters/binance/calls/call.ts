import type { Result } from '@tradewind/core/result';
import type { VenueError } from '../errors/venue-error.ts';
import type { CallCost, Priority } from '../limits/limits.ts';
import type { ReadingFailure } from '../model/failure.ts';
import type { Parameters } from '../model/parameters.ts';
import type { Outcome } from '../outcome.ts';
import type { HttpRequest } from '../ports.ts';

/**
 * One call of the venue as data: everything that REST and the WebSocket API need to make it, so that both make the same call and
 * read the same answer (binance-spot.md section 10: results equal the REST bodies).
 */
export interface Call<T> {
  readonly method: HttpRequest['method'];
  readonly path: string;
  /** Its name in the WebSocket API; undefined where it has none. */
  readonly socketMethod: string | undefined;
  /** `signed` calls carry key, timestamp and signature, which are added last by whoever sends. */
  readonly security: 'none' | 'signed';
  readonly parameters: Parameters;
  /** What it is expected to cost; the answer tells what it did. */
  readonly cost: CallCost;
  readonly priority: Priority;
  /** Whether it may change anything at the venue: then a doubt about it must be settled before anything else is done. */
  readonly hasEffect: boolean;
  /** Asked when its turn has come, right before it is signed and leaves: false keeps it from leaving. Left out: it may. */
  readonly mayLeave?: () => boolean;
  /** Its `params` over the socket, signed beforehand. Left out, or too old when its turn comes: it is signed then. */
  readonly prepared?: PreparedParams;
  /** Reads the answer to a success. Never throws. */
  readonly read: (body: unknown) => Result<T, ReadingFailure>;
  /** Reads an error that is an answer: the two halves of a cancel-replace. undefined when this error is an ordinary one. */
  readonly readError?: (error: VenueError) => T | undefined;
}

/** Key, timestamp and signature are in it. */
export interface PreparedParams {
  readonly text: string;
  /** The timestamp in it, epoch ms of the venue's clock. */
  readonly atMs: number;
}

/** Makes calls, over REST or over the WebSocket API. */
export interface Caller {
  /** The same call, signed where that can be done beforehand: for one that will be performed within moments. Nothing leaves. */
  prepare?<T>(call: Call<T>): Call<T>;
  /** Sends once, and again only where the venue has proven that the first had no effect (-1021). Does not reject. */
  perform<T>(call: Call<T>): Promise<Outcome<T>>;
}
