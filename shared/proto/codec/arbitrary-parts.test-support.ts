import { Interval } from '@tradewind/core/market';
import {
  type Exact,
  fromUnits,
  type Price,
  type Quantity,
  type QuoteAmount,
  type Ratio,
} from '@tradewind/core/money';
import {
  type Fill,
  ORDER_STATES,
  ORDER_TYPES,
  type OrderIntent,
  type OrderListIntent,
  type OrderRecord,
  type OrderTerms,
  SELF_TRADE_PREVENTION_MODES,
} from '@tradewind/core/orders';
import type { BreakerScope, BreakerStates, EquityAmount, Trip, Wanted } from '@tradewind/core/risk';
import fc from 'fast-check';
import type { SignalRefusal } from '../contracts/event.ts';
import type { LedgerOrder } from '../contracts/ledger.ts';

/** Objects as literals make them. */
export const recordOf = ((parts: Record<string, fc.Arbitrary<unknown>>, constraints: object = {}) =>
  fc.record(parts, { ...constraints, noNullPrototype: true })) as typeof fc.record;

/** Also texts that are empty, long, or not of one alphabet. */
export const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
export const anyWhole = fc.oneof(fc.integer(), fc.maxSafeInteger());
export const anyFlag = fc.boolean();
export const anyNumber = fc.double();
const units = fc.oneof(fc.bigInt(-1_000_000n, 1_000_000n), fc.bigInt(-(10n ** 40n), 10n ** 40n));
const exact = <E extends Exact<string, number>>(): fc.Arbitrary<E> =>
  units.map((count) => fromUnits<E>(count));
export const anyPrice = exact<Price>();
export const anyQuantity = exact<Quantity>();
export const anyQuoteAmount = exact<QuoteAmount>();
export const anyEquity = exact<EquityAmount>();
export const anyAmount = exact<Exact<string, 8>>();
export const anyRatio = exact<Ratio>();
export const anyInterval = fc.constantFrom(...Interval.names);
export const anyTexts = fc.dictionary(anyText, anyText, { maxKeys: 4, noNullPrototype: true });
export const anyList = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 3 });
export const maybe = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(item, { nil: undefined });

const anySide = fc.constantFrom('BUY' as const, 'SELL' as const);
const anyTimeInForce = fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const);
const anyPeg = recordOf(
  { priceType: fc.constantFrom('PRIMARY_PEG' as const, 'MARKET_PEG' as const), offsetLevels: anyWhole },
  { requiredKeys: ['priceType'] },
);
const anyTrigger = fc.oneof(
  recordOf({ stopPrice: anyPrice, trailingDeltaBps: anyWhole }, { requiredKeys: ['stopPrice'] }),
  recordOf({ trailingDeltaBps: anyWhole }),
);
const limitPart = { quantity: anyQuantity, price: anyPrice, icebergQuantity: anyQuantity, peg: anyPeg };
const OPTIONAL_OF_LIMIT = ['icebergQuantity', 'peg'] as const;
const without = <T extends object, K extends keyof T>(all: T, optional: readonly K[]) =>
  (Object.keys(all) as (keyof T)[]).filter((name) => !optional.includes(name as K)) as Exclude<keyof T, K>[];

const limit = { type: fc.constant('LIMIT' as const), ...limitPart, timeInForce: anyTimeInForce };
const maker = { type: fc.constant('LIMIT_MAKER' as const), ...limitPart };
const stopLimit = {
  type: fc.constantFrom('STOP_LOSS_LIMIT' as const, 'TAKE_PROFIT_LIMIT' as const),
  ...limitPart,
  timeInForce: anyTimeInForce,
  trigger: anyTrigger,
};
const anyTerms: fc.Arbitrary<OrderTerms> = fc.oneof(
  recordOf({ type: fc.constant('MARKET' as const), quantity: anyQuantity }),
  recordOf({ type: fc.constant('MARKET' as const), quoteAmount: anyQuoteAmount }),
  recordOf(limit, { requiredKeys: without(limit, OPTIONAL_OF_LIMIT) }),
  recordOf(maker, { requiredKeys: without(maker, OPTIONAL_OF_LIMIT) }),
  recordOf({
    type: fc.constantFrom('STOP_LOSS' as const, 'TAKE_PROFIT' as const),
    quantity: anyQuantity,
    trigger: anyTrigger,
  }),
  recordOf(stopLimit, { requiredKeys: without(stopLimit, OPTIONAL_OF_LIMIT) }),
);

export const anyIntent: fc.Arbitrary<OrderIntent> = recordOf(
  {
    clientOrderId: anyText,
    strategy: anyText,
    symbol: anyText,
    side: anySide,
    terms: anyTerms,
    selfTradePrevention: fc.constantFrom(...SELF_TRADE_PREVENTION_MODES),
    tag: anyText,
    decidedAtMs: anyWhole,
  },
  { requiredKeys: ['clientOrderId', 'strategy', 'symbol', 'side', 'terms', 'tag', 'decidedAtMs'] },
);

export const anyOrderList: fc.Arbitrary<OrderListIntent> = fc.oneof(
  recordOf({
    kind: fc.constant('OCO' as const),
    listClientOrderId: anyText,
    above: anyIntent,
    below: anyIntent,
  }),
  recordOf({
    kind: fc.constant('OTO' as const),
    listClientOrderId: anyText,
    working: anyIntent,
    pending: anyIntent,
  }),
  recordOf({
    kind: fc.constant('OTOCO' as const),
    listClientOrderId: anyText,
    working: anyIntent,
    pendingAbove: anyIntent,
    pendingBelow: anyIntent,
  }),
);
export const anyWanted: fc.Arbitrary<Wanted> = fc.oneof(anyIntent, anyOrderList);

export const anyRecord: fc.Arbitrary<OrderRecord> = recordOf(
  {
    clientOrderId: anyText,
    symbol: anyText,
    state: fc.constantFrom(...ORDER_STATES),
    venueOrderId: anyWhole,
    quantity: anyQuantity,
    executedQuantity: anyQuantity,
    executedQuoteAmount: anyQuoteAmount,
    preventedQuantity: anyQuantity,
  },
  {
    requiredKeys: [
      'clientOrderId',
      'symbol',
      'state',
      'executedQuantity',
      'executedQuoteAmount',
      'preventedQuantity',
    ],
  },
);

export const anyFill: fc.Arbitrary<Fill> = recordOf({
  clientOrderId: anyText,
  strategy: anyText,
  symbol: anyText,
  side: anySide,
  quantity: anyQuantity,
  price: anyPrice,
  fee: recordOf({ asset: anyText, amount: anyAmount }),
  liquidity: fc.constantFrom('MAKER' as const, 'TAKER' as const),
  tradeId: anyWhole,
  timeMs: anyWhole,
  tag: anyText,
});

export const anyLedgerOrder: fc.Arbitrary<LedgerOrder> = recordOf(
  {
    intent: anyIntent,
    listClientOrderId: anyText,
    record: anyRecord,
    expiresAtMs: anyWhole,
    createdAtMs: anyWhole,
    correlationId: anyText,
  },
  { requiredKeys: ['intent', 'record', 'expiresAtMs', 'createdAtMs', 'correlationId'] },
);

export const anyBreakerScope: fc.Arbitrary<BreakerScope> = fc.oneof(
  recordOf({ kind: fc.constantFrom('system' as const, 'account' as const) }) as fc.Arbitrary<BreakerScope>,
  recordOf({ kind: fc.constantFrom('strategy' as const, 'symbol' as const), name: anyText }),
);
const anyLimitScope = fc.oneof(
  recordOf({ kind: fc.constant('account' as const) }),
  recordOf({
    kind: fc.constantFrom('strategy' as const, 'symbol' as const, 'asset' as const),
    name: anyText,
  }),
);

const loss = { maximum: anyEquity, was: anyEquity };
export const anyTrip: fc.Arbitrary<Trip> = recordOf({
  scope: anyBreakerScope,
  state: fc.constantFrom('reducing' as const, 'halted' as const),
  cause: fc.oneof(
    recordOf({ kind: fc.constant('person' as const), by: anyText, why: anyText }),
    recordOf({ kind: fc.constant('consecutive_losses' as const), maximum: anyWhole, was: anyWhole }),
    recordOf({ kind: fc.constantFrom('daily_loss' as const, 'drawdown' as const), ...loss }),
    recordOf({
      kind: fc.constant('guard' as const),
      guard: fc.constantFrom('runaway' as const, 'dead_man' as const, 'unreadable_store' as const),
      detail: anyText,
    }),
  ),
  atMs: anyWhole,
});
export const anyBreakers: fc.Arbitrary<BreakerStates> = recordOf({
  trips: anyList(anyTrip),
  losses: fc.array(fc.tuple(anyText, anyWhole), { maxLength: 3 }).map((pairs) => new Map(pairs)),
});

type Variant<Reason> = SignalRefusal extends infer Each
  ? Each extends { readonly reason: infer Own }
    ? Reason extends Own
      ? Omit<Each, 'reason'>
      : never
    : never
  : never;
type Numbers<Reason> = { readonly [Name in keyof Variant<Reason>]: fc.Arbitrary<Variant<Reason>[Name]> };

const id = { clientOrderId: anyText };
const leg = fc.constantFrom(
  'above' as const,
  'below' as const,
  'working' as const,
  'pending' as const,
  'pending_above' as const,
  'pending_below' as const,
);
const anyOrderType = fc.constantFrom(...ORDER_TYPES);
export const anySymbolStatus = fc.oneof(
  fc.constantFrom(
    'TRADING' as const,
    'HALT' as const,
    'BREAK' as const,
    'END_OF_DAY' as const,
    'CANCEL_ONLY' as const,
  ),
  recordOf({ unknown: fc.constantFrom('AUCTION', 'PRE_TRADING', '') }),
);
const priceBound = {
  of: fc.constantFrom('price' as const, 'stop_price' as const),
  bound: anyPrice,
  was: anyPrice,
};
const quantityBound = {
  filter: fc.constantFrom('LOT_SIZE' as const, 'MARKET_LOT_SIZE' as const),
  of: fc.constantFrom('quantity' as const, 'iceberg_quantity' as const),
  bound: anyQuantity,
  was: anyQuantity,
};
const notionalBound = { bound: anyQuoteAmount, was: anyQuoteAmount };
const scoped = { scope: anyLimitScope, ...loss };

/** The terms that an order may not have: also what a leg is refused for. */
const TERMS_REFUSALS = {
  quantity_not_positive: { was: anyQuantity },
  quote_amount_not_positive: { was: anyQuoteAmount },
  price_not_positive: { was: anyPrice },
  stop_price_not_positive: { was: anyPrice },
  trailing_delta_not_a_positive_whole_number: { was: anyNumber },
  iceberg_quantity_not_positive: { was: anyQuantity },
  iceberg_not_below_quantity: { quantity: anyQuantity, was: anyQuantity },
  iceberg_needs_gtc: { was: anyTimeInForce },
  peg_offset_out_of_range: {
    minimum: fc.constant(1 as const),
    maximum: fc.constant(100 as const),
    was: anyNumber,
  },
  primary_peg_needs_gtc: { was: anyTimeInForce },
  post_only_needs_primary_peg: { was: fc.constantFrom('PRIMARY_PEG' as const, 'MARKET_PEG' as const) },
};
const ofReasons = (table: Readonly<Record<string, object>>): fc.Arbitrary<SignalRefusal> =>
  fc.oneof(
    ...Object.entries(table).map(([reason, numbers]) =>
      recordOf({ reason: fc.constant(reason), ...(numbers as Record<string, fc.Arbitrary<unknown>>) }),
    ),
  ) as fc.Arbitrary<unknown> as fc.Arbitrary<SignalRefusal>;

const REFUSALS: { readonly [Reason in SignalRefusal['reason']]: Numbers<Reason> } = {
  ...TERMS_REFUSALS,
  leg_refused: { leg, because: ofReasons(TERMS_REFUSALS) as Numbers<'leg_refused'>['because'] },
  leg_type_not_allowed: { leg, side: anySide, was: anyOrderType },
  pending_by_quote_amount: {},
  legs_differ: {
    in: fc.constantFrom(
      'symbol' as const,
      'strategy' as const,
      'side' as const,
      'quantity' as const,
      'selfTradePrevention' as const,
    ),
  },
  prices_not_in_order: { above: anyPrice, below: anyPrice },
  client_order_id_repeated: id,
  symbol_not_tradable: { symbol: anyText, status: anySymbolStatus, blockers: anyList(anyText) },
  order_type_not_supported: { was: anyOrderType },
  feature_not_supported: { feature: fc.constantFrom('iceberg' as const, 'self_trade_prevention' as const) },
  price_below_minimum: priceBound,
  price_above_maximum: priceBound,
  price_off_tick: priceBound,
  price_outside_percent: { minimum: anyPrice, maximum: anyPrice, was: anyPrice },
  quantity_below_minimum: quantityBound,
  quantity_above_maximum: quantityBound,
  quantity_off_step: quantityBound,
  quote_amount_below_one_step: { referencePrice: anyPrice, was: anyQuoteAmount },
  notional_below_minimum: notionalBound,
  notional_above_maximum: notionalBound,
  too_many_iceberg_parts: { maximum: anyNumber, quantity: anyQuantity, icebergQuantity: anyQuantity },
  trailing_delta_out_of_range: { minimum: anyNumber, maximum: anyNumber, was: anyNumber },
  too_many_open: {
    scope: fc.constantFrom('symbol' as const, 'account' as const),
    kind: fc.constantFrom(
      'orders' as const,
      'algoOrders' as const,
      'icebergOrders' as const,
      'orderLists' as const,
    ),
    maximum: anyNumber,
    was: anyNumber,
  },
  position_above_maximum: { maximum: anyQuantity, was: anyQuantity },
  missing_value: { value: fc.constantFrom('instrument' as const, 'open_orders' as const), of: anyText },
  trading_halted: { scope: anyBreakerScope },
  trading_only_reduces: { scope: anyBreakerScope },
  client_order_id_malformed: id,
  client_order_id_used: id,
  limit_not_stated: { scope: anyLimitScope },
  price_age_out_of_bounds: { maximumMs: anyNumber, wasMs: anyNumber },
  price_outside_collar: { anchor: anyPrice, distanceMaximum: anyPrice, was: anyPrice },
  insufficient_balance: { asset: anyText, needed: anyAmount, available: anyAmount },
  order_rate_exceeded: { scope: anyLimitScope, maximum: anyNumber, windowMs: anyWhole },
  order_notional_over_limit: loss,
  order_share_of_equity_over_limit: loss,
  open_orders_over_limit: { scope: anyLimitScope, maximum: anyNumber, was: anyNumber },
  position_over_limit: { symbol: anyText, maximum: anyQuantity, was: anyQuantity },
  exposure_over_limit: scoped,
  concentration_over_limit: scoped,
  daily_loss_over_limit: loss,
  drawdown_over_limit: loss,
  signal_expired: { expiresAtMs: anyWhole, nowMs: anyWhole },
  not_ready: { state: anyText, detail: anyText },
  not_leader: { epoch: anyWhole },
  asset_has_break: { asset: anyText },
  reject_budget_spent: { maximum: anyNumber, windowMs: anyWhole },
  ledger_unavailable: { detail: anyText },
  risk_unavailable: { detail: anyText },
  order_unknown: id,
  approval_outdated: { detail: anyText },
  canceled_by_command: {},
  queue_full: { maximum: anyNumber },
  not_warm: {},
};
export const anyRefusal = ofReasons(REFUSALS);
