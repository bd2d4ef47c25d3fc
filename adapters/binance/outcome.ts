/**
 * How a call ended. What is not surely done and not surely refused is unknown, and unknown is a question: the caller asks the
 * exchange before anything else is done with that order (binance-spot.md section 7.4).
 */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause };

/** The request has surely had no effect. */
export type CallFailure =
  /** The exchange refused; `retry` says whether the same request may succeed later. */
  | {
      readonly reason: 'refused';
      /** The exchange's own; 0 where a gateway or firewall refused, which has none. */
      readonly code: number;
      readonly message: string;
      readonly status: number;
      readonly retry: 'never' | 'after_change' | 'later';
    }
  /** Our own gate held it back: weight, order count, a ban. */
  | { readonly reason: 'held_back'; readonly limiter: string; readonly retryAtMs: number }
  /** It never left this machine. */
  | { readonly reason: 'not_sent'; readonly detail: string };

/** Why nobody knows whether the request had an effect. */
export type UnknownCause =
  | { readonly reason: 'timed_out' }
  | { readonly reason: 'connection_lost'; readonly detail: string }
  | {
      readonly reason: 'server_error';
      readonly status: number;
      readonly code?: number;
      readonly message: string;
    }
  /** An answer that cannot be read, or an error code that is in no document. */
  | { readonly reason: 'unreadable_answer'; readonly status: number; readonly detail: string };

/** Of a call that was not wanted any more when its turn came (`Call.mayLeave`). */
export const TOO_LATE = 'too late when its turn came';

export const done = <T>(value: T): Outcome<T> => ({ kind: 'done', value });
export const failed = (failure: CallFailure): Outcome<never> => ({ kind: 'failed', failure });
export const unknown = (cause: UnknownCause): Outcome<never> => ({ kind: 'unknown', cause });
