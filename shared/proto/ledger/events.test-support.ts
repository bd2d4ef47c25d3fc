import type { IntervalName } from '@tradewind/core/market';
import { type Amount, fromUnits, type Price, type Quantity, type QuoteAmount } from '@tradewind/core/money';
import {
  ORDER_STATES,
  type OrderEventKind,
  type OrderIntent,
  type OrderListIntent,
  type OrderRecord,
  type OrderTerms,
} from '@tradewind/core/orders';
import type { Account, PositionState, Posting } from '@tradewind/core/portfolio';
import type { BreakerScope, BreakerStates, EquityAmount, LimitScope } from '@tradewind/core/risk';
import type { SavedState } from '@tradewind/core/strategy';
import fc from 'fast-check';
import type { EventBody, EventKind, Signal, SignalRefusal, TradingEvent } from '../contracts/event.ts';

/** Names as they occur, and some that try to break out of a line or a column. */
export const nameArbitrary: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'BTCUSDT',
    'ema-cross',
    'owner',
    'a b',
    "o'k",
    '币安人生',
    '__proto__',
    'x"y',
    '\\',
    '🐋',
    '$',
  ),
  fc.stringMatching(/^[A-Za-z0-9_.:-]{1,36}$/),
);
/** Any text that JavaScript knows: line breaks, NUL and halves of pairs as well. */
export const textArbitrary: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', '\n', '\u0000', '\ud800', '\u2028', '{"a":1}', "'; DROP TABLE journal; --"),
);
const units = fc.oneof(
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  fc.constantFrom(0n, 1n, -1n, 10n ** 8n, 10n ** 40n),
);
const amount = units.map((each) => fromUnits<Amount>(each));
const quantity = units.map((each) => fromUnits<Quantity>(each));
const quoteAmount = units.map((each) => fromUnits<QuoteAmount>(each));
const equity = units.map((each) => fromUnits<EquityAmount>(each));
const price = units.map((each) => fromUnits<Price>(each));
const whole = fc.maxSafeInteger();
const double = fc.double();
const name = nameArbitrary;
const text = textArbitrary;

const all = <T extends object>(
  fields: { readonly [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> },
  optional: readonly (keyof T)[] = [],
) =>
  fc.record(fields as { [K in keyof T]: fc.Arbitrary<T[K]> }, {
    requiredKeys: Object.keys(fields).filter((key) => !optional.includes(key as keyof T)) as (keyof T)[],
    noNullPrototype: true,
  }) as fc.Arbitrary<T>;

const side = fc.constantFrom('BUY' as const, 'SELL' as const);
const timeInForce = fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const);
const peg = all(
  { priceType: fc.constantFrom('PRIMARY_PEG' as const, 'MARKET_PEG' as const), offsetLevels: whole },
  ['offsetLevels'],
);
const trigger = fc.oneof(
  all({ stopPrice: price, trailingDeltaBps: whole }, ['trailingDeltaBps']),
  all({ trailingDeltaBps: whole }),
);
const limitPart = { quantity, price, icebergQuantity: quantity, peg };
const LIMIT_OPTIONAL = ['icebergQuantity', 'peg'] as const;
const type = <T extends string>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const terms = fc.oneof(
  all({ type: type('MARKET'), quantity }),
  all({ type: type('MARKET'), quoteAmount }),
  all({ type: type('LIMIT'), ...limitPart, timeInForce }, LIMIT_OPTIONAL),
  all({ type: type('LIMIT_MAKER'), ...limitPart }, LIMIT_OPTIONAL),
  all({ type: type('STOP_LOSS', 'TAKE_PROFIT'), quantity, trigger }),
  all(
    { type: type('STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'), ...limitPart, timeInForce, trigger },
    LIMIT_OPTIONAL,
  ),
) as fc.Arbitrary<OrderTerms>;
export const intentArbitrary: fc.Arbitrary<OrderIntent> = all<OrderIntent>(
  {
    clientOrderId: name,
    strategy: name,
    symbol: name,
    side,
    terms,
    selfTradePrevention: type('NONE', 'EXPIRE_MAKER', 'DECREMENT', 'TRANSFER'),
    tag: text,
    decidedAtMs: whole,
  },
  ['selfTradePrevention'],
);
const intent = intentArbitrary;
const orderList: fc.Arbitrary<OrderListIntent> = fc.oneof(
  all({ kind: type('OCO'), listClientOrderId: name, above: intent, below: intent }),
  all({ kind: type('OTO'), listClientOrderId: name, working: intent, pending: intent }),
  all({
    kind: type('OTOCO'),
    listClientOrderId: name,
    working: intent,
    pendingAbove: intent,
    pendingBelow: intent,
  }),
);
const record = all<OrderRecord>(
  {
    clientOrderId: name,
    symbol: name,
    state: fc.constantFrom(...ORDER_STATES),
    venueOrderId: whole,
    quantity,
    executedQuantity: quantity,
    executedQuoteAmount: quoteAmount,
    preventedQuantity: quantity,
  },
  ['venueOrderId', 'quantity'],
);
const position = all<PositionState>({
  strategy: name,
  symbol: name,
  quantity,
  cost: quoteAmount,
  realizedPnl: quoteAmount,
  realizedBefore: quoteAmount,
});
/** Balanced: what one account loses another gains. */
const postings: fc.Arbitrary<readonly Posting[]> = fc
  .array(
    fc
      .tuple(name, name, name, fc.constantFrom<Account>(0, 1, 2), fc.constantFrom<Account>(3, 4, 5), amount)
      .map(([one, other, asset, from, to, moved]): Posting[] => [
        { subAccount: one, account: from, asset, amount: fromUnits(-(moved as unknown as bigint)) },
        { subAccount: other, account: to, asset, amount: moved },
      ]),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.flat());

const breakerScope: fc.Arbitrary<BreakerScope> = fc.oneof(
  all({ kind: type('system') }),
  all({ kind: type('account') }),
  all({ kind: type('strategy', 'symbol'), name }),
);
const limitScope: fc.Arbitrary<LimitScope> = fc.oneof(
  all({ kind: type('account') }),
  all({ kind: type('strategy', 'symbol', 'asset'), name }),
);
const breakers: fc.Arbitrary<BreakerStates> = all({
  trips: fc.array(
    all({
      scope: breakerScope,
      state: type('reducing', 'halted'),
      cause: fc.oneof(
        all({ kind: type('person'), by: text, why: text }),
        all({ kind: type('consecutive_losses'), maximum: double, was: double }),
        all({ kind: type('daily_loss', 'drawdown'), maximum: equity, was: equity }),
        all({ kind: type('guard'), guard: type('runaway', 'dead_man', 'unreadable_store'), detail: text }),
      ),
      atMs: whole,
    }),
    { maxLength: 3 },
  ),
  losses: fc
    .uniqueArray(fc.tuple(name, whole), { selector: ([each]) => each, maxLength: 3 })
    .map((pairs) => new Map(pairs)),
});

/** One of each group of reasons that carry the same fields. */
const refusal = fc.oneof(
  all({ reason: type('quantity_not_positive', 'iceberg_quantity_not_positive'), was: quantity }),
  all({ reason: type('quote_amount_not_positive'), was: quoteAmount }),
  all({ reason: type('price_not_positive', 'stop_price_not_positive'), was: price }),
  all({ reason: type('trailing_delta_not_a_positive_whole_number'), was: double }),
  all({ reason: type('iceberg_not_below_quantity'), quantity, was: quantity }),
  all({ reason: type('iceberg_needs_gtc', 'primary_peg_needs_gtc'), was: timeInForce }),
  all({
    reason: type('peg_offset_out_of_range'),
    minimum: fc.constant(1 as const),
    maximum: fc.constant(100 as const),
    was: double,
  }),
  all({ reason: type('post_only_needs_primary_peg'), was: type('MARKET_PEG') }),
  all({
    reason: type('leg_refused'),
    leg: type('above', 'pending_below'),
    because: all({ reason: type('price_not_positive'), was: price }),
  }),
  all({ reason: type('leg_type_not_allowed'), leg: type('working'), side, was: type('MARKET', 'LIMIT') }),
  all({ reason: type('pending_by_quote_amount', 'not_warm', 'canceled_by_command') }),
  all({ reason: type('legs_differ'), in: type('symbol', 'selfTradePrevention') }),
  all({ reason: type('prices_not_in_order'), above: price, below: price }),
  all({
    reason: type(
      'client_order_id_repeated',
      'client_order_id_malformed',
      'client_order_id_used',
      'order_unknown',
    ),
    clientOrderId: text,
  }),
  all({
    reason: type('symbol_not_tradable'),
    symbol: text,
    status: fc.oneof(type('HALT', 'TRADING'), all({ unknown: text })),
    blockers: fc.array(text, { maxLength: 2 }),
  }),
  all({ reason: type('order_type_not_supported'), was: type('STOP_LOSS') }),
  all({ reason: type('feature_not_supported'), feature: type('iceberg', 'oto') }),
  all({
    reason: type('price_below_minimum', 'price_off_tick'),
    of: type('price', 'stop_price'),
    bound: price,
    was: price,
  }),
  all({ reason: type('price_outside_percent'), minimum: price, maximum: price, was: price }),
  all({
    reason: type('quantity_below_minimum', 'quantity_off_step'),
    filter: type('LOT_SIZE', 'MARKET_LOT_SIZE'),
    of: type('quantity', 'iceberg_quantity'),
    bound: quantity,
    was: quantity,
  }),
  all({ reason: type('quote_amount_below_one_step'), referencePrice: price, was: quoteAmount }),
  all({
    reason: type('notional_below_minimum', 'notional_above_maximum'),
    bound: quoteAmount,
    was: quoteAmount,
  }),
  all({ reason: type('too_many_iceberg_parts'), maximum: double, quantity, icebergQuantity: quantity }),
  all({ reason: type('trailing_delta_out_of_range'), minimum: double, maximum: double, was: double }),
  all({
    reason: type('too_many_open'),
    scope: type('symbol', 'account'),
    kind: type('algoOrders'),
    maximum: double,
    was: double,
  }),
  all({ reason: type('position_above_maximum'), maximum: quantity, was: quantity }),
  all({ reason: type('missing_value'), value: type('equity', 'reference_price'), of: text }),
  all({ reason: type('trading_halted', 'trading_only_reduces'), scope: breakerScope }),
  all({ reason: type('limit_not_stated'), scope: limitScope }),
  all({ reason: type('price_age_out_of_bounds'), maximumMs: double, wasMs: double }),
  all({ reason: type('price_outside_collar'), anchor: price, distanceMaximum: price, was: price }),
  all({ reason: type('insufficient_balance'), asset: text, needed: amount, available: amount }),
  all({ reason: type('order_rate_exceeded'), scope: limitScope, maximum: double, windowMs: double }),
  all({
    reason: type(
      'order_notional_over_limit',
      'order_share_of_equity_over_limit',
      'daily_loss_over_limit',
      'drawdown_over_limit',
    ),
    maximum: equity,
    was: equity,
  }),
  all({ reason: type('open_orders_over_limit'), scope: limitScope, maximum: double, was: double }),
  all({ reason: type('position_over_limit'), symbol: text, maximum: quantity, was: quantity }),
  all({
    reason: type('exposure_over_limit', 'concentration_over_limit'),
    scope: limitScope,
    maximum: equity,
    was: equity,
  }),
  all({ reason: type('signal_expired'), expiresAtMs: double, nowMs: double }),
  all({ reason: type('not_ready'), state: text, detail: text }),
  all({ reason: type('not_leader'), epoch: double }),
  all({ reason: type('asset_has_break'), asset: text }),
  all({ reason: type('reject_budget_spent'), maximum: double, windowMs: double }),
  all({ reason: type('ledger_unavailable', 'risk_unavailable', 'approval_outdated'), detail: text }),
  all({ reason: type('queue_full'), maximum: double }),
) as fc.Arbitrary<SignalRefusal>;

const signalPart = { strategy: name, symbol: name, decidedAtMs: whole, expiresAtMs: whole };
const signal = fc.oneof(
  all({ action: type('order'), ...signalPart, intent }),
  all({ action: type('list'), ...signalPart, list: orderList }),
  all({ action: type('cancel'), ...signalPart, clientOrderId: name }),
) as fc.Arbitrary<Signal>;

const { savedState } = fc.letrec<{ savedState: SavedState }>((tie) => ({
  savedState: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'saved' },
    fc.oneof(fc.constant(null), fc.boolean(), fc.double(), text),
    fc.array(tie('savedState'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('$', '$$', '$x', '__proto__')), tie('savedState'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}));
const dictionary = <T>(member: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(text, member, { maxKeys: 3, noNullPrototype: true });

const interval = fc.constantFrom<IntervalName>('1s', '1m', '1h', '1M');
const orderEventKind = fc.constantFrom<OrderEventKind>(
  'sent',
  'accepted',
  'filled_in_full',
  'absence_proven',
);
const bodies: { readonly [K in EventKind]: fc.Arbitrary<Omit<Extract<EventBody, { kind: K }>, 'kind'>> } = {
  evaluation: all({
    strategy: name,
    symbol: name,
    interval,
    closeTimeMs: whole,
    isWarm: fc.boolean(),
    signals: whole,
    values: dictionary(double),
  }),
  signal: all({ signal }),
  verdict: all(
    {
      strategy: name,
      symbol: name,
      clientOrderId: name,
      isApproved: fc.boolean(),
      checks: fc.array(
        all({ check: text, isPassed: fc.boolean(), was: text, limit: text, unit: text }, [
          'was',
          'limit',
          'unit',
        ]),
        { maxLength: 3 },
      ),
      refusal,
    },
    ['refusal'],
  ),
  intent: all({ wanted: fc.oneof(intent, orderList), expiresAtMs: whole, epoch: whole }),
  order: all(
    {
      strategy: name,
      event: orderEventKind,
      record,
      isOurs: fc.boolean(),
      reason: text,
      isGivenUp: fc.boolean(),
    },
    ['reason', 'isGivenUp'],
  ),
  answer: all(
    {
      call: type('place', 'cancel_replace', 'query'),
      symbol: name,
      clientOrderId: name,
      outcome: type('done', 'failed', 'unknown'),
      code: double,
      detail: text,
      latencyMs: double,
    },
    ['code', 'detail'],
  ),
  fill: all(
    {
      fill: all({
        clientOrderId: name,
        strategy: name,
        symbol: name,
        side,
        quantity,
        price,
        fee: all({ asset: name, amount }),
        liquidity: type('MAKER', 'TAKER'),
        tradeId: whole,
        timeMs: whole,
        tag: text,
      }),
      venueOrderId: whole,
      quoteAmount,
      postings,
      position,
      feePosition: position,
      realizedPnl: quoteAmount,
      roundTripPnl: quoteAmount,
      quoteAsset: name,
    },
    ['feePosition', 'roundTripPnl'],
  ),
  balance: all(
    {
      cause: type('allocation', 'deposit', 'external_fill', 'opening'),
      postings,
      detail: text,
      key: name,
      position,
    },
    ['key', 'position'],
  ),
  control: all({
    action: type('halt', 'resume', 'losses'),
    scope: breakerScope,
    by: text,
    why: text,
    breakers,
  }),
  valuation: all({
    equityAsset: name,
    equity,
    dayStartEquity: equity,
    peakEquity: equity,
    subAccounts: fc.array(all({ subAccount: name, equity, realizedToday: equity, unrealized: equity }), {
      maxLength: 2,
    }),
    prices: fc.array(all({ symbol: name, price, ageMs: double }), { maxLength: 2 }),
  }),
  break: all({
    state: type('opened', 'closed'),
    name,
    asset: name,
    ledger: amount,
    venue: amount,
    detail: text,
  }),
  strategy: all({
    action: type('started', 'stopped', 'disabled', 'parameters', 'saved'),
    strategy: name,
    by: text,
    why: text,
    parameters: dictionary(text),
    state: savedState,
  }),
  configuration: all({ environment: text, mode: type('paper', 'testnet', 'live'), hash: text, text }),
  leader: all({ epoch: whole, holder: name }),
  alert: all({
    severity: type('info', 'warning', 'critical'),
    name: text,
    message: text,
    fields: dictionary(text),
  }),
};

const withKind = <K extends EventKind>(kind: K): fc.Arbitrary<EventBody> =>
  bodies[kind].map((body) => ({ kind, ...body }) as unknown as EventBody);

export const bodyArbitrary = fc.oneof(...(Object.keys(bodies) as EventKind[]).map(withKind));

/** Every kind of event with every kind of field, by themselves: no run of them makes sense together. */
export const eventArbitrary: fc.Arbitrary<TradingEvent> = fc
  .tuple(
    all(
      {
        id: name,
        correlationId: name,
        causeId: name,
        atMs: whole,
        service: type('market-data', 'order-execution', 'cli'),
      },
      ['causeId'],
    ),
    bodyArbitrary,
  )
  .map(([head, body]) => ({ ...head, ...body }) as TradingEvent);
