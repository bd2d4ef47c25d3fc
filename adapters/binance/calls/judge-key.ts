import type { KeyPermissions } from '../model/account.ts';

/** Why a key must not be used. */
export type KeyObjection =
  | { readonly reason: 'key_may_withdraw' }
  /** Universal transfers can move coins out of the account's spot wallet to other accounts. */
  | { readonly reason: 'key_may_transfer' }
  | { readonly reason: 'key_may_not_read' }
  | { readonly reason: 'key_may_not_trade' };

/** What a person should know about a key that is used nevertheless. */
export type KeyWarning =
  | { readonly reason: 'key_works_from_every_address' }
  | {
      readonly reason: 'key_may_more_than_needed';
      readonly permission: 'margin' | 'futures' | 'options' | 'portfolio_margin';
    };

export interface KeyJudgement {
  /** Empty means: may start. */
  readonly objections: readonly KeyObjection[];
  readonly warnings: readonly KeyWarning[];
}

/**
 * Judges a key before anything is done with it (binance-spot.md section 2.6, faults.md G3). What the answer leaves out is taken
 * for the worse: a withdrawal that nobody denies may be allowed.
 * @param wantsToTrade  false for a session that only watches
 */
export function judgeKey(key: KeyPermissions, wantsToTrade: boolean): KeyJudgement {
  const objections: KeyObjection[] = [];
  const warnings: KeyWarning[] = [];
  if (key.mayWithdraw !== false) objections.push({ reason: 'key_may_withdraw' });
  if (key.mayTransferUniversally === true || key.mayTransferInternally === true)
    objections.push({ reason: 'key_may_transfer' });
  if (key.mayRead !== true) objections.push({ reason: 'key_may_not_read' });
  if (wantsToTrade && key.mayTradeSpot !== true) objections.push({ reason: 'key_may_not_trade' });
  if (key.isIpRestricted !== true) warnings.push({ reason: 'key_works_from_every_address' });
  for (const [permission, isGiven] of [
    ['margin', key.mayTradeMargin],
    ['futures', key.mayTradeFutures],
    ['options', key.mayTradeOptions],
    ['portfolio_margin', key.mayTradePortfolioMargin],
  ] as const) {
    if (isGiven === true) warnings.push({ reason: 'key_may_more_than_needed', permission });
  }
  return { objections, warnings };
}
