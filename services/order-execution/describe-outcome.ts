import type { CallFailure, UnknownCause } from '@tradewind/binance';

/** In words, for the record and for people. */
export function describeFailure(failure: CallFailure): string {
  switch (failure.reason) {
    case 'refused':
      return `refused with code ${failure.code}: ${failure.message}`;
    case 'held_back':
      return `held back by our own limit '${failure.limiter}'`;
    case 'not_sent':
      return `not sent: ${failure.detail}`;
  }
}

export function describeUnknown(cause: UnknownCause): string {
  switch (cause.reason) {
    case 'timed_out':
      return 'no answer in time';
    case 'connection_lost':
      return `connection lost: ${cause.detail}`;
    case 'server_error':
      return `server error ${cause.status}${cause.code === undefined ? '' : `, code ${cause.code}`}: ${cause.message}`;
    case 'unreadable_answer':
      return `an answer that cannot be read, status ${cause.status}: ${cause.detail}`;
  }
}
