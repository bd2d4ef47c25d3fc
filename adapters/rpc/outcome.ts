/** What is known of a call: its answer, that it surely never reached the service, or nothing. */
export type CallOutcome<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'not_received'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };

/**
 * Nobody knows whether the service has done what was asked: the answer was lost, late or unreadable, or the service failed on the way.
 * Never to be taken as failed: ask, or do it again where doing it twice is doing it once.
 */
export class CallUnknown extends Error {
  override readonly name = 'CallUnknown';
}

/** The call surely changed nothing: it never reached the service, was refused before it began, or only asked. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
}

/** For what a contract has no value for. */
export function valueOrThrow<T>(outcome: CallOutcome<T>): T {
  if (outcome.kind === 'answered') return outcome.value;
  throw outcome.kind === 'unknown' ? new CallUnknown(outcome.detail) : new CallFailed(outcome.detail);
}

/** For what only asks: a lost answer is a question that failed, and can be asked again. */
export function answerOrThrow<T>(outcome: CallOutcome<T>): T {
  if (outcome.kind === 'answered') return outcome.value;
  throw new CallFailed(outcome.detail);
}
