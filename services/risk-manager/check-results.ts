import { type Amount, formatAmount } from '@tradewind/core/money';
import type { CheckMade } from '@tradewind/core/risk';
import type { CheckResult } from '@tradewind/proto';

/** Checks as they are recorded: decimals as text. */
export const resultsOf = (made: readonly CheckMade[]): readonly CheckResult[] =>
  made.map(({ check, isPassed, was, limit, unit }) => ({
    check,
    isPassed,
    ...(was === undefined ? {} : { was: textOf(was) }),
    ...(limit === undefined ? {} : { limit: limit === 'none' ? limit : textOf(limit) }),
    ...(unit === undefined ? {} : { unit }),
  }));

const textOf = (value: Amount | number): string =>
  typeof value === 'number' ? String(value) : formatAmount(value);
