import { type Exact, formatRatio } from '@tradewind/core/money';
import type { Account, CommissionRates } from '../exchange/index.ts';
import { fixedPoint } from '../notation/fixed-point.ts';

/** A copy in which every exact amount is a text of eight decimals. All amounts of orders, fills and trades have that scale. */
export function exactTexts(value: unknown): unknown {
  if (typeof value === 'bigint') return fixedPoint(value as unknown as Exact<string, 8>);
  if (Array.isArray(value)) return value.map(exactTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, exactTexts(each)]));
}

/** Rates have another scale than amounts. */
export const accountView = ({ standardCommission, ...account }: Account): unknown => ({
  ...(exactTexts(account) as object),
  standardCommission: ratesView(standardCommission),
});

const ratesView = ({ maker, taker, buyer, seller }: CommissionRates): unknown => ({
  maker: formatRatio(maker),
  taker: formatRatio(taker),
  buyer: formatRatio(buyer),
  seller: formatRatio(seller),
});
