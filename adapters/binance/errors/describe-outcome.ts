import { utcText } from '@tradewind/utils';
import type { CallFailure, Outcome, UnknownCause } from '../outcome.ts';

/** Why a call was not done, in words, for the record and for people. */
export function describeOutcome(outcome: Exclude<Outcome<unknown>, { readonly kind: 'done' }>): string {
  return outcome.kind === 'failed' ? describeFailure(outcome.failure) : describeUnknown(outcome.cause);
}

export function describeFailure(failure: CallFailure): string {
  switch (failure.reason) {
    case 'refused':
      return `refused with code ${failure.code}: ${failure.message}`;
    case 'held_back':
      return `held back by our own limit '${failure.limiter}' until ${untilText(failure.retryAtMs)}`;
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

/** Where more is asked for than a limit ever allows, no time helps. */
const untilText = (epochMs: number): string =>
  epochMs === Number.MAX_SAFE_INTEGER ? 'it is changed' : utcText(epochMs);
