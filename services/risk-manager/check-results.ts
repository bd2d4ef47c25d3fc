import { type Amount, formatAmount } from '@tradewind/core/money';
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
  one.was === other.was &&
  one.limit === other.limit &&
  one.isPassed === other.isPassed &&
  one.check === other.check &&
  one.unit === other.unit;

function resultOf({ check, isPassed, was, limit, unit }: CheckMade, before: Made | undefined): CheckResult {
  if (limit === undefined) return { check, isPassed };
  // No limit, and so nothing that was measured against it.
  if (limit === 'none' || was === undefined || unit === undefined) return { check, isPassed, limit: 'none' };
  const isKnown = before?.result.was !== undefined && before.check.limit === limit;
  return { check, isPassed, was: textOf(was), limit: isKnown ? before.result.limit! : textOf(limit), unit };
}

/** The difference of two clocks has digits that no clock has told: 52.81115899999713. */
const DIGITS_AFTER_THE_POINT = 9;

function textOf(value: Amount | number): string {
  if (typeof value !== 'number') return formatAmount(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(DIGITS_AFTER_THE_POINT)));
}
