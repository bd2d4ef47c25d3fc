/** Why the venue refused, where its text tells more than its code (binance-spot.md sections 6 and 7.3). */
export type RefusalReason =
  /** The id is in use by an open order or list: after a doubt, the proof that the first attempt is alive (faults.md O5). */
  | { readonly reason: 'duplicate_order' }
  /** Of a cancel or amendment: there is no such order, or it is final already; ask, then look at what it executed (faults.md O9). */
  | { readonly reason: 'unknown_order' }
  /** Of a query; normal for a while after a placement (faults.md O3). */
  | { readonly reason: 'no_such_order' }
  | { readonly reason: 'insufficient_balance' }
  | { readonly reason: 'would_trigger_immediately' }
  | { readonly reason: 'would_match_immediately' }
  /** The symbol is not trading now, or not in this way (faults.md M9). */
  | { readonly reason: 'market_closed' }
  /** `filter` is the venue's name: `LOT_SIZE`. */
  | { readonly reason: 'filter_failure'; readonly filter: string }
  | { readonly reason: 'prices_not_in_order' }
  | { readonly reason: 'not_supported_for_symbol' }
  | { readonly reason: 'not_permitted' }
  | { readonly reason: 'too_little_liquidity' }
  | { readonly reason: 'cancel_restricted' }
  | { readonly reason: 'amendment_not_possible' }
  | { readonly reason: 'bad_order' }
  /** A code without texts of its own, or a text that is in no document. */
  | { readonly reason: 'other' };

/**
 * Reads the reason out of an error. Codes are stable and texts vary, so a text is looked at only inside the few codes that say
 * nothing without it (binance-spot.md section 7).
 */
export function refusalReasonOf(code: number, message: string): RefusalReason {
  if (code === -2013) return { reason: 'no_such_order' };
  if (!CODES_WITH_TEXTS.has(code)) return { reason: 'other' };
  const filter = FILTER_FAILURE.exec(message)?.[1];
  if (filter !== undefined) return { reason: 'filter_failure', filter };
  const text = plain(message);
  return { reason: TEXTS.find(([beginning]) => text.includes(beginning))?.[1] ?? 'other' };
}

/** Whether what was refused for this reason may be sent again; undefined where only the code can say. */
export function retryAfterRefusal({ reason }: RefusalReason): 'never' | 'after_change' | 'later' | undefined {
  switch (reason) {
    case 'market_closed':
    case 'no_such_order':
      return 'later';
    case 'insufficient_balance':
    case 'would_trigger_immediately':
    case 'would_match_immediately':
    case 'filter_failure':
    case 'prices_not_in_order':
    case 'too_little_liquidity':
    case 'cancel_restricted':
    case 'bad_order':
      return 'after_change';
    case 'duplicate_order':
    case 'unknown_order':
    case 'not_supported_for_symbol':
    case 'not_permitted':
    case 'amendment_not_possible':
      return 'never';
    case 'other':
      return undefined;
  }
}

const CODES_WITH_TEXTS: ReadonlySet<number> = new Set([-1010, -1013, -1014, -2010, -2011, -2038]);

const FILTER_FAILURE = /Filter failure:\s*([A-Z_]+)/;

type ReasonOfText = Exclude<RefusalReason['reason'], 'filter_failure' | 'no_such_order' | 'other'>;

/** Pieces that tell the texts of section 7.3 apart, in lower case and without punctuation; the first that fits counts. */
const TEXTS: readonly (readonly [piece: string, reason: ReasonOfText])[] = [
  ['duplicate order sent', 'duplicate_order'],
  ['unknown order sent', 'unknown_order'],
  ['insufficient balance', 'insufficient_balance'],
  ['would trigger immediately', 'would_trigger_immediately'],
  ['would immediately match', 'would_match_immediately'],
  ['market is closed', 'market_closed'],
  ['trading phase', 'market_closed'],
  ['require gtc for this phase', 'market_closed'],
  ['relationship of the prices', 'prices_not_in_order'],
  ['pending opo order', 'amendment_not_possible'],
  ['quantity increase', 'amendment_not_possible'],
  ['would change no state', 'amendment_not_possible'],
  ['not support for this symbol', 'not_supported_for_symbol'],
  ['not supported for this symbol', 'not_supported_for_symbol'],
  ['does not allow the specified self-trade', 'not_supported_for_symbol'],
  ['is disabled on this account', 'not_permitted'],
  ['may not place or cancel', 'not_permitted'],
  ['not permitted for this account', 'not_permitted'],
  ['restricted for this account', 'not_permitted'],
  ['trading is not enabled', 'not_permitted'],
  ['order book liquidity', 'too_little_liquidity'],
  ['due to cancel restrictions', 'cancel_restricted'],
  ['price * qty', 'bad_order'],
  ['icebergqty exceeds', 'bad_order'],
  ['unsupported order combination', 'bad_order'],
  ['cancel order is invalid', 'bad_order'],
  ['pegged price', 'bad_order'],
  ['price peg', 'bad_order'],
];

const plain = (message: string): string => message.toLowerCase().replace(/[`'".]/g, '');
