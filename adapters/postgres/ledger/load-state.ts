import { InvariantViolation } from '@tradewind/core/result';
import type { LedgerState } from '@tradewind/proto';
import {
  BOOKED_KEYS_MS,
  breakBody,
  breakerStates,
  type Codec,
  DAY_MS,
  datedValuation,
  ENDED_ORDERS_MS,
  inOrder,
  orderIntent,
  orderRecord,
  PROFITS_MS,
  parsedOf,
  position,
  posting,
  profit,
  strategyBody,
} from '@tradewind/proto/ledger';

/** Everything in one statement, so that all of it is of one instant. Decimals are texts without trailing zeros. */
export const LOAD_STATE = `
SELECT json_build_object(
  'seq', head.seq,
  'balances', coalesce((SELECT json_agg(json_build_object('subAccount', sub_account, 'account', account, 'asset', asset,
      'amount', trim_scale(amount)::text)) FROM tradewind.balances WHERE amount <> 0), '[]'),
  'positions', coalesce((SELECT json_agg(json_build_object('strategy', strategy, 'symbol', symbol,
      'quantity', trim_scale(quantity)::text, 'cost', trim_scale(cost)::text,
      'realizedPnl', trim_scale(realized_pnl)::text, 'realizedBefore', trim_scale(realized_before)::text))
    FROM tradewind.positions), '[]'),
  'orders', coalesce((SELECT json_agg(json_build_object('intent', intent, 'list', list_client_order_id, 'record', record,
      'expiresAtMs', expires_at_ms, 'createdAtMs', created_at_ms, 'correlationId', correlation_id)
      ORDER BY intent_seq, leg)
    FROM (SELECT * FROM tradewind.orders WHERE ended_at_ms IS NULL
      UNION ALL SELECT * FROM tradewind.orders WHERE ended_at_ms >= head.at_ms - ${ENDED_ORDERS_MS}) AS loaded), '[]'),
  'watermarks', coalesce((SELECT json_agg(json_build_array(symbol, trade_id)) FROM tradewind.watermarks), '[]'),
  'profits', coalesce((SELECT json_agg(json_build_object('dayMs', day_ms, 'strategy', strategy, 'symbol', symbol,
      'quoteAsset', quote_asset, 'realizedPnl', trim_scale(realized_pnl)::text, 'fills', fills,
      'roundTrips', round_trips, 'wonRoundTrips', won_round_trips))
    FROM tradewind.profits WHERE day_ms > head.at_ms - ${PROFITS_MS + DAY_MS}), '[]'),
  'breakers', (SELECT body FROM tradewind.last_words WHERE name = 'breakers'),
  'valuation', (SELECT body FROM tradewind.last_words WHERE name = 'valuation'),
  'breaks', coalesce((SELECT json_agg(body) FROM tradewind.breaks WHERE is_open), '[]'),
  'strategies', coalesce((SELECT json_agg(body) FROM tradewind.strategies), '[]'),
  'keys', coalesce((SELECT json_agg(key) FROM tradewind.booked_keys WHERE at_ms >= head.at_ms - ${BOOKED_KEYS_MS}), '[]')
) AS state FROM tradewind.head`;

/** What LOAD_STATE answers. */
export interface StoredState {
  readonly seq: number;
  readonly balances: readonly never[];
  readonly positions: readonly never[];
  readonly profits: readonly never[];
  readonly orders: readonly {
    readonly intent: string;
    readonly list: string | null;
    readonly record: string;
    readonly expiresAtMs: number;
    readonly createdAtMs: number;
    readonly correlationId: string;
  }[];
  readonly watermarks: readonly (readonly [symbol: string, tradeId: number])[];
  readonly breakers: string | null;
  readonly valuation: string | null;
  readonly breaks: readonly string[];
  readonly strategies: readonly string[];
  readonly keys: readonly string[];
}

/** @throws InvariantViolation when what is stored is not what was written */
export function stateOf(stored: StoredState): LedgerState {
  return inOrder({
    seq: stored.seq,
    balances: stored.balances.map((each) => posting.read(each, 'balance')),
    positions: stored.positions.map((each) => position.read(each, 'position')),
    orders: stored.orders.map(({ intent, list, record, expiresAtMs, createdAtMs, correlationId }) => ({
      intent: parsed(orderIntent, intent),
      ...(list === null ? {} : { listClientOrderId: list }),
      record: parsed(orderRecord, record),
      expiresAtMs,
      createdAtMs,
      correlationId,
    })),
    bookedThrough: new Map(stored.watermarks),
    breakers: stored.breakers === null ? undefined : parsed(breakerStates, stored.breakers),
    valuation:
      stored.valuation === null
        ? undefined
        : { kind: 'valuation', ...parsed(datedValuation, stored.valuation) },
    profits: stored.profits.map((each) => profit.read(each, 'profit')),
    breaks: stored.breaks.map((each) => ({ kind: 'break', ...parsed(breakBody, each) })),
    strategies: stored.strategies.map((each) => ({ kind: 'strategy', ...parsed(strategyBody, each) })),
    bookedKeys: stored.keys,
  });
}

function parsed<T>(codec: Codec<T>, json: string): T {
  const value = parsedOf(codec, json);
  if (!value.ok) throw new InvariantViolation(`a projection is what was written: ${value.error.detail}`);
  return value.value;
}
