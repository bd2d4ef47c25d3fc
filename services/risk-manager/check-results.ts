import { type Amount, formatAmount, unitsOf } from '@tradewind/core/money';
import type { CheckMade } from '@tradewind/core/risk';
import type { CheckResult } from '@tradewind/proto';

interface Made {
  readonly check: CheckMade;
  readonly result: CheckResult;
}

/**
 * Checks as they are recorded: decimals as text. An order waits for these texts, which are part of what is written before it leaves. Limits,
 * and much of what is held against them, are at one order what they were at the one before: a text is made anew only of another number.
 */
export class CheckTexts {
  /** The last check at each place of a verdict; no longer than the longest verdict. */
  private readonly latest: Made[] = [];

  resultsOf(made: readonly CheckMade[]): readonly CheckResult[] {
    return made.map((check, place) => {
      const before = this.latest[place];
      if (before !== undefined && isSame(before.check, check)) return before.result;
      const result = resultOf(check, before);
      this.latest[place] = { check, result };
      return result;
    });
  }
}

const isSame = (one: CheckMade, other: CheckMade): boolean =>
  isEqual(one.limit, other.limit) &&
  isEqual(one.was, other.was) &&
  one.isPassed === other.isPassed &&
  one.check === other.check &&
  one.unit === other.unit;

/** To compare what may be a number or an amount is a call out of compiled code; two amounts are compared in it. */
const isEqual = (one: CheckMade['limit'], other: CheckMade['limit']): boolean =>
  isAmount(one) && isAmount(other) ? unitsOf(one) === unitsOf(other) : one === other;

const isAmount = (value: CheckMade['limit']): value is Amount => typeof value === 'bigint';

function resultOf({ check, isPassed, was, limit, unit }: CheckMade, before: Made | undefined): CheckResult {
  if (limit === undefined) return { check, isPassed };
  // No limit, and so nothing that was measured against it.
  if (limit === 'none' || was === undefined || unit === undefined) return { check, isPassed, limit: 'none' };
  const isKnown = before?.result.was !== undefined && before.check.limit === limit;
  return { check, isPassed, was: textOf(was), limit: isKnown ? before.result.limit! : textOf(limit), unit };
}

/** Nine digits after the point; the difference of two clocks has more, which no clock has told: 52.81115899999713. */
const RESOLUTION = 1e9;

function textOf(value: Amount | number): string {
  if (typeof value !== 'number') return formatAmount(value);
  return String(Number.isInteger(value) ? value : Math.round(value * RESOLUTION) / RESOLUTION);
}
