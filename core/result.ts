/** What an expected failure looks like: a value the caller must look at, never an exception. */
export type Result<T, E> = Ok<T> | Err<E>;
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}
export interface Err<E> {
  readonly ok: false;
  readonly error: E;
}

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const err = <E>(error: E): Err<E> => ({ ok: false, error });

/** A broken assumption of ours. Nobody catches it to carry on: the process stops and starts again. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** States what must hold. `claim` says it positively: 'a fill has a quantity above zero'. */
export function invariant(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new InvariantViolation(`does not hold: ${claim}`);
}

/** Ends a `switch` over a closed union, so that a new case fails to compile wherever it is forgotten. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unreachable case: ${String(value)}`);
}
