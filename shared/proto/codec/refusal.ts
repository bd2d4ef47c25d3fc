import { ORDER_TYPES } from '@tradewind/core/orders';
import type { BreakerScope, LimitScope, Refusal } from '@tradewind/core/risk';
import type { SignalRefusal } from '../contracts/event.ts';
import * as wire from '../generated/tradewind/v1/risk_pb.js';
import { type Codec, list, Malformed, narrowed } from './codec.ts';
import { symbolStatus } from './market.ts';
import { side } from './orders.ts';
import { optional, record, tagged } from './record.ts';
import {
  assetAmount,
  equityAmount,
  fraction,
  lower,
  numberText,
  price,
  quantity,
  quoteAmount,
  text,
  whole,
  word,
} from './scalars.ts';

type AnyScope = { readonly kind: BreakerScope['kind'] | LimitScope['kind']; readonly name?: string };

const anyScope = record<AnyScope, wire.Scope>(wire.ScopeSchema, {
  kind: lower(wire.ScopeKind),
  name: optional(text),
});

const hasName = ({ kind, name }: AnyScope): boolean =>
  (name !== undefined) === (kind !== 'system' && kind !== 'account');

export const breakerScope: Codec<BreakerScope, wire.Scope> = narrowed(
  anyScope,
  (scope): scope is BreakerScope => scope.kind !== 'asset' && hasName(scope),
  'is no scope of a breaker',
);

const limitScope: Codec<LimitScope, wire.Scope> = narrowed(
  anyScope,
  (scope): scope is LimitScope => scope.kind !== 'system' && hasName(scope),
  'is no scope of a limit',
);

/** Whether a bound of the venue is one of a symbol or of the account; which symbol stands beside it. */
const venueScope: Codec<'symbol' | 'account', wire.Scope> = {
  encode: (kind) => anyScope.encode({ kind }),
  decode: (message) => {
    const { kind } = anyScope.decode(message);
    if (kind !== 'symbol' && kind !== 'account') throw new Malformed(`is no scope of the venue: ${kind}`);
    return kind;
  },
};

const exactly = <const Value extends number>(only: Value): Codec<Value, string> =>
  narrowed(numberText, (value): value is Value => value === only, `is not ${only}`);

const timeInForce = word('GTC', 'IOC', 'FOK');
const orderType = word(...ORDER_TYPES);
const leg = word('above', 'below', 'working', 'pending', 'pending_above', 'pending_below');

const PRICE_BOUND = { of: word('price', 'stop_price'), bound: price, was: price };
const QUANTITY_BOUND = {
  filter: word('LOT_SIZE', 'MARKET_LOT_SIZE'),
  of: word('quantity', 'iceberg_quantity'),
  bound: quantity,
  was: quantity,
};
const NOTIONAL_BOUND = { bound: quoteAmount, was: quoteAmount };
const EQUITY_BOUND = { maximum: equityAmount, was: equityAmount };
const SCOPED_EQUITY_BOUND = { scope: limitScope, ...EQUITY_BOUND };
const CLIENT_ORDER_ID = { clientOrderId: text };

type LegRefusal = Extract<Refusal, { readonly reason: 'leg_refused' }>['because'];

/** What a leg is refused for is a refusal of its own, that names no leg. */
const because: Codec<LegRefusal, wire.Refusal> = {
  encode: (value) => signalRefusal.encode(value),
  decode: (message) => {
    const value = signalRefusal.decode(message);
    if (!LEG_REASONS.has(value.reason)) throw new Malformed(`is no refusal of a leg: ${value.reason}`);
    return value as LegRefusal;
  },
};

const LEG_REASONS: ReadonlySet<string> = new Set<LegRefusal['reason']>([
  'quantity_not_positive',
  'quote_amount_not_positive',
  'price_not_positive',
  'stop_price_not_positive',
  'trailing_delta_not_a_positive_whole_number',
  'iceberg_quantity_not_positive',
  'iceberg_not_below_quantity',
  'iceberg_needs_gtc',
  'peg_offset_out_of_range',
  'primary_peg_needs_gtc',
  'post_only_needs_primary_peg',
]);

export const signalRefusal: Codec<SignalRefusal, wire.Refusal> = tagged<
  SignalRefusal,
  'reason',
  wire.Refusal
>(wire.RefusalSchema, 'reason', lower(wire.RefusalReason), {
  quantity_not_positive: { was: quantity },
  quote_amount_not_positive: { was: quoteAmount },
  price_not_positive: { was: price },
  stop_price_not_positive: { was: price },
  trailing_delta_not_a_positive_whole_number: { was: numberText },
  iceberg_quantity_not_positive: { was: quantity },
  iceberg_not_below_quantity: { quantity, was: quantity },
  iceberg_needs_gtc: { was: timeInForce },
  peg_offset_out_of_range: { minimum: exactly(1), maximum: exactly(100), was: numberText },
  primary_peg_needs_gtc: { was: timeInForce },
  post_only_needs_primary_peg: { was: word('PRIMARY_PEG', 'MARKET_PEG') },
  leg_refused: { leg, because },
  leg_type_not_allowed: { leg, side, was: orderType },
  pending_by_quote_amount: {},
  legs_differ: { in: word('symbol', 'strategy', 'side', 'quantity', 'selfTradePrevention') },
  prices_not_in_order: { above: price, below: price },
  client_order_id_repeated: CLIENT_ORDER_ID,
  symbol_not_tradable: { symbol: text, status: symbolStatus, blockers: list(text) },
  order_type_not_supported: { was: orderType },
  feature_not_supported: {
    feature: word(
      'iceberg',
      'quote_amount_market',
      'trailing_stop',
      'peg',
      'oco',
      'oto',
      'self_trade_prevention',
    ),
  },
  price_below_minimum: PRICE_BOUND,
  price_above_maximum: PRICE_BOUND,
  price_off_tick: PRICE_BOUND,
  price_outside_percent: { minimum: price, maximum: price, was: price },
  quantity_below_minimum: QUANTITY_BOUND,
  quantity_above_maximum: QUANTITY_BOUND,
  quantity_off_step: QUANTITY_BOUND,
  quote_amount_below_one_step: { referencePrice: price, was: quoteAmount },
  notional_below_minimum: NOTIONAL_BOUND,
  notional_above_maximum: NOTIONAL_BOUND,
  too_many_iceberg_parts: { maximum: numberText, quantity, icebergQuantity: quantity },
  trailing_delta_out_of_range: { minimum: numberText, maximum: numberText, was: numberText },
  too_many_open: {
    scope: venueScope,
    kind: word('orders', 'algoOrders', 'icebergOrders', 'orderLists'),
    maximum: numberText,
    was: numberText,
  },
  position_above_maximum: { maximum: quantity, was: quantity },
  missing_value: {
    value: word(
      'instrument',
      'reference_price',
      'reference_price_age',
      'equity_rate',
      'balance',
      'symbol_position',
      'asset_exposure',
      'strategy_exposure',
      'account_exposure',
      'equity',
      'day_start_equity',
      'peak_equity',
      'open_orders',
    ),
    of: text,
  },
  trading_halted: { scope: breakerScope },
  trading_only_reduces: { scope: breakerScope },
  client_order_id_malformed: CLIENT_ORDER_ID,
  client_order_id_used: CLIENT_ORDER_ID,
  limit_not_stated: { scope: limitScope },
  price_age_out_of_bounds: { maximumMs: fraction, wasMs: fraction },
  price_outside_collar: { anchor: price, distanceMaximum: price, was: price },
  insufficient_balance: { asset: text, needed: assetAmount, available: assetAmount },
  order_rate_exceeded: { scope: limitScope, maximum: numberText, windowMs: whole },
  order_notional_over_limit: EQUITY_BOUND,
  order_share_of_equity_over_limit: EQUITY_BOUND,
  open_orders_over_limit: { scope: limitScope, maximum: numberText, was: numberText },
  position_over_limit: { symbol: text, maximum: quantity, was: quantity },
  exposure_over_limit: SCOPED_EQUITY_BOUND,
  concentration_over_limit: SCOPED_EQUITY_BOUND,
  daily_loss_over_limit: EQUITY_BOUND,
  drawdown_over_limit: EQUITY_BOUND,
  signal_expired: { expiresAtMs: whole, nowMs: whole },
  not_ready: { state: text, detail: text },
  not_leader: { epoch: whole },
  asset_has_break: { asset: text },
  reject_budget_spent: { maximum: numberText, windowMs: whole },
  ledger_unavailable: { detail: text },
  risk_unavailable: { detail: text },
  order_unknown: CLIENT_ORDER_ID,
  approval_outdated: { detail: text },
  canceled_by_command: {},
  queue_full: { maximum: numberText },
  not_warm: {},
});
