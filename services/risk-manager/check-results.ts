import { type Amount, formatAmount } from '@tradewind/core/money';
import type { CheckMade } from '@tradewind/core/risk';
import type { CheckResult } from '@tradewind/proto';

/** Checks as they are recorded: decimals as text. */
export const resultsOf = (made: readonly CheckMade[]): readonly CheckResult[] =>
  made.map(({ check, isPassed, was, limit, unit }) => {
    if (limit === undefined) return { check, isPassed };
    // No limit, and so nothing that was measured against it.
    if (limit === 'none' || was === undefined || unit === undefined)
      return { check, isPassed, limit: 'none' };
    return { check, isPassed, was: textOf(was), limit: textOf(limit), unit };
  });

/** The difference of two clocks has digits that no clock has told: 52.81115899999713. */
const DIGITS_AFTER_THE_POINT = 9;

const textOf = (value: Amount | number): string =>
  typeof value === 'number' ? String(Number(value.toFixed(DIGITS_AFTER_THE_POINT))) : formatAmount(value);
