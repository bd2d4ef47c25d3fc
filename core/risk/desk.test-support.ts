import type { OrderIntent, OrderTerms, Side } from '../orders/index.ts';
import { NOTHING_TRIPPED } from './breakers.ts';
import { RiskDesk } from './desk.ts';
import type { RiskLimits } from './limits.ts';
import { intentOf, limitsWith, TestView } from './world.test-support.ts';

/** A desk in a world of one price, 100, with 1000 USDT; and a short way to ask it. */
export function deskWith(
  change: Parameters<typeof limitsWith>[0] = {},
  view = new TestView(),
  limits: RiskLimits = limitsWith(change),
) {
  const desk = new RiskDesk(limits, view, NOTHING_TRIPPED);
  const ask = (side: Side, terms: OrderTerms, intent: Partial<OrderIntent> = {}) => {
    const answer = desk.review(intentOf(side, terms, intent));
    return answer.ok ? 'approved' : answer.error;
  };
  return { desk, view, ask };
}
export const missing = (value: string, of: string) => ({ reason: 'missing_value', value, of });
export const account = { kind: 'account' } as const;
export const ofStrategy = { kind: 'strategy', name: 'alpha' } as const;
export const ofSymbol = { kind: 'symbol', name: 'BTCUSDT' } as const;
export const ofAsset = { kind: 'asset', name: 'BTC' } as const;
