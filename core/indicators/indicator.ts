import { invariant } from '../result.ts';

/**
 * What all indicators have in common. Each also has an `update` that takes the next closed bar's numbers and returns
 * the new value, O(1) and without allocation, and its values as fields.
 *
 * A value is NaN until the indicator is warm. Every comparison with NaN is false, so a crossing or a threshold test is
 * never true too early. It is not `undefined`, because a field that holds numbers and `undefined` boxes every number.
 */
export interface Indicator<State> {
  /** The number of updates after which every value is defined. */
  readonly warmup: number;
  readonly isReady: boolean;
  /**
   * A plain value that survives JSON. The states are type aliases, because an interface is not assignable to the record
   * of plain values that a strategy saves.
   */
  save(): State;
  /**
   * Continues exactly where `save` was called: every later value is equal to the last bit.
   * Throws a RangeError when the state was saved by an indicator of other parameters.
   */
  restore(state: State): void;
}

/** Refuses a period that is not a whole number from 1 up, with a RangeError that names it. */
export function requirePeriod(name: string, period: number): void {
  if (!Number.isSafeInteger(period) || period < 1) {
    throw new RangeError(`${name} must be a whole number of 1 or more, not ${period}`);
  }
}

/** Refuses the saved state of an indicator that had another parameter. */
export function requireSame(name: string, saved: number, own: number): void {
  if (saved !== own) throw new RangeError(`the saved state has ${name} ${saved}, this indicator has ${own}`);
}

/** A ring is full, or filled up to the place of the next value. */
export function requireRing(position: number, length: number, period: number): void {
  invariant(position >= 0 && position < period, 'the position in a saved ring lies in it');
  invariant(length === period || length === position, 'a saved ring is full, or filled up to its position');
}

/** NaN is no JSON: a value that is not yet defined is saved as null. */
export const toSaved = (value: number): number | null => (Number.isNaN(value) ? null : value);

export const fromSaved = (saved: number | null): number => saved ?? Number.NaN;
