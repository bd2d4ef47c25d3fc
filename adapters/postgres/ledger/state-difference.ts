import type { LedgerState } from '@tradewind/proto';

/** Names of the parts of a state, as a person calls them. */
const PARTS: Readonly<Record<Exclude<keyof LedgerState, 'seq'>, string>> = {
  balances: 'balances',
  positions: 'positions',
  orders: 'orders',
  bookedThrough: 'watermarks of fills',
  breakers: 'breakers',
  valuation: 'valuations',
  profits: 'daily profits',
  breaks: 'breaks',
  strategies: 'states of strategies',
  bookedKeys: 'keys of booked movements',
};

/** The first part in which two states differ, by its name; undefined when they are equal to the last digit. */
export function differenceOf(one: LedgerState, other: LedgerState): string | undefined {
  const parts = Object.keys(PARTS) as (keyof typeof PARTS)[];
  const different = parts.find((part) => canonical(one[part]) !== canonical(other[part]));
  return different === undefined ? undefined : PARTS[different];
}

/** Equal for equal values, whatever the order of their fields. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'bigint') return `${each}n`;
    if (each instanceof Map) return [...each];
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
  }) ?? '';
