import type { SymbolStatus } from '@tradewind/core/market';
import type { TermsRefusal } from '@tradewind/core/orders';
import type { BreakerScope, EquityAmount, LimitScope, MissingValue } from '@tradewind/core/risk';
import type { SignalRefusal } from '../contracts/event.ts';
import { amountOf, type Codec, double, list, oneOf, price, shape, tagged, text } from './codec.ts';
import { amount, orderType, pegPriceType, quantity, quoteAmount, side, timeInForce } from './order-codecs.ts';

export const equityAmount = amountOf<EquityAmount>();

const nothing = shape<object>({});
const named = shape({ name: text });
export const breakerScope = tagged<'kind', BreakerScope>('kind', {
  system: nothing,
  account: nothing,
  strategy: named,
  symbol: named,
});
const limitScope = tagged<'kind', LimitScope>('kind', {
  account: nothing,
  strategy: named,
  symbol: named,
  asset: named,
});

const wasQuantity = shape({ was: quantity });
const wasPrice = shape({ was: price });
const wasTimeInForce = shape({ was: timeInForce });
const termsRefusals = {
  quantity_not_positive: wasQuantity,
  quote_amount_not_positive: shape({ was: quoteAmount }),
  price_not_positive: wasPrice,
  stop_price_not_positive: wasPrice,
  trailing_delta_not_a_positive_whole_number: shape({ was: double }),
  iceberg_quantity_not_positive: wasQuantity,
  iceberg_not_below_quantity: shape({ quantity, was: quantity }),
  iceberg_needs_gtc: wasTimeInForce,
  peg_offset_out_of_range: shape({ minimum: oneOf([1]), maximum: oneOf([100]), was: double }),
  primary_peg_needs_gtc: wasTimeInForce,
  post_only_needs_primary_peg: shape({ was: pegPriceType }),
} as const;
const termsRefusal: Codec<TermsRefusal> = tagged<'reason', TermsRefusal>('reason', termsRefusals);

const leg = oneOf(['above', 'below', 'working', 'pending', 'pending_above', 'pending_below']);
const listRefusals = {
  leg_refused: shape({ leg, because: termsRefusal }),
  leg_type_not_allowed: shape({ leg, side, was: orderType }),
  pending_by_quote_amount: nothing,
  legs_differ: shape({ in: oneOf(['symbol', 'strategy', 'side', 'quantity', 'selfTradePrevention']) }),
  prices_not_in_order: shape({ above: price, below: price }),
  client_order_id_repeated: shape({ clientOrderId: text }),
} as const;

const priceBound = shape({ of: oneOf(['price', 'stop_price']), bound: price, was: price });
const quantityBound = shape({
  filter: oneOf(['LOT_SIZE', 'MARKET_LOT_SIZE']),
  of: oneOf(['quantity', 'iceberg_quantity']),
  bound: quantity,
  was: quantity,
});
const notionalBound = shape({ bound: quoteAmount, was: quoteAmount });
const knownStatus = oneOf(['TRADING', 'HALT', 'BREAK', 'END_OF_DAY', 'CANCEL_ONLY']);
const unknownStatus = shape({ unknown: text });
const symbolStatus: Codec<SymbolStatus> = {
  write: (value) => (typeof value === 'string' ? value : unknownStatus.write(value)),
  read: (json, at) => (typeof json === 'string' ? knownStatus.read(json, at) : unknownStatus.read(json, at)),
};
const filterRefusals = {
  symbol_not_tradable: shape({
    symbol: text,
    status: symbolStatus,
    blockers: list(text),
  }),
  order_type_not_supported: shape({ was: orderType }),
  feature_not_supported: shape({
    feature: oneOf([
      'iceberg',
      'quote_amount_market',
      'trailing_stop',
      'peg',
      'oco',
      'oto',
      'self_trade_prevention',
    ]),
  }),
  price_below_minimum: priceBound,
  price_above_maximum: priceBound,
  price_off_tick: priceBound,
  price_outside_percent: shape({ minimum: price, maximum: price, was: price }),
  quantity_below_minimum: quantityBound,
  quantity_above_maximum: quantityBound,
  quantity_off_step: quantityBound,
  quote_amount_below_one_step: shape({ referencePrice: price, was: quoteAmount }),
  notional_below_minimum: notionalBound,
  notional_above_maximum: notionalBound,
  too_many_iceberg_parts: shape({ maximum: double, quantity, icebergQuantity: quantity }),
  trailing_delta_out_of_range: shape({ minimum: double, maximum: double, was: double }),
  too_many_open: shape({
    scope: oneOf(['symbol', 'account']),
    kind: oneOf(['orders', 'algoOrders', 'icebergOrders', 'orderLists']),
    maximum: double,
    was: double,
  }),
  position_above_maximum: shape({ maximum: quantity, was: quantity }),
} as const;

const MISSING_VALUES: Readonly<Record<MissingValue['value'], true>> = {
  instrument: true,
  reference_price: true,
  reference_price_age: true,
  equity_rate: true,
  balance: true,
  symbol_position: true,
  asset_exposure: true,
  strategy_exposure: true,
  account_exposure: true,
  equity: true,
  day_start_equity: true,
  peak_equity: true,
  open_orders: true,
};
const equityBound = shape({ maximum: equityAmount, was: equityAmount });
const scopedEquityBound = shape({ scope: limitScope, maximum: equityAmount, was: equityAmount });
const tripped = shape({ scope: breakerScope });
const riskRefusals = {
  missing_value: shape({
    value: oneOf(Object.keys(MISSING_VALUES) as readonly MissingValue['value'][]),
    of: text,
  }),
  trading_halted: tripped,
  trading_only_reduces: tripped,
  client_order_id_malformed: shape({ clientOrderId: text }),
  client_order_id_used: shape({ clientOrderId: text }),
  limit_not_stated: shape({ scope: limitScope }),
  price_age_out_of_bounds: shape({ maximumMs: double, wasMs: double }),
  price_outside_collar: shape({ anchor: price, distanceMaximum: price, was: price }),
  insufficient_balance: shape({ asset: text, needed: amount, available: amount }),
  order_rate_exceeded: shape({ scope: limitScope, maximum: double, windowMs: double }),
  order_notional_over_limit: equityBound,
  order_share_of_equity_over_limit: equityBound,
  open_orders_over_limit: shape({ scope: limitScope, maximum: double, was: double }),
  position_over_limit: shape({ symbol: text, maximum: quantity, was: quantity }),
  exposure_over_limit: scopedEquityBound,
  concentration_over_limit: scopedEquityBound,
  daily_loss_over_limit: equityBound,
  drawdown_over_limit: equityBound,
} as const;

export const signalRefusal = tagged<'reason', SignalRefusal>('reason', {
  ...termsRefusals,
  ...listRefusals,
  ...filterRefusals,
  ...riskRefusals,
  signal_expired: shape({ expiresAtMs: double, nowMs: double }),
  not_ready: shape({ state: text, detail: text }),
  not_leader: shape({ epoch: double }),
  asset_has_break: shape({ asset: text }),
  reject_budget_spent: shape({ maximum: double, windowMs: double }),
  ledger_unavailable: shape({ detail: text }),
  risk_unavailable: shape({ detail: text }),
  order_unknown: shape({ clientOrderId: text }),
  approval_outdated: shape({ detail: text }),
  canceled_by_command: nothing,
  queue_full: shape({ maximum: double }),
  not_warm: nothing,
});
