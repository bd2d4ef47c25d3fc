import { type Amount, formatAmount, fromUnits } from '../money/index.ts';

/**
 * A refusal as one line for a person: its reason, then its numbers by name:
 * `notional_below_minimum: bound 5, was 3.2`.
 */
export function describeRefusal(refusal: { readonly reason: string }): string {
  const { reason, ...numbers } = refusal;
  const parts = Object.entries(numbers).map(([name, value]) => `${name} ${describeValue(value)}`);
  return parts.length === 0 ? reason : `${reason}: ${parts.join(', ')}`;
}

function describeValue(value: unknown): string {
  // Every amount of a refusal, price or quantity, has 8 decimals.
  if (typeof value === 'bigint') return formatAmount(fromUnits<Amount>(value));
  if (Array.isArray(value)) return value.map(describeValue).join(' and ');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(describeValue).join(' ');
  return String(value);
}
