import type { Amount, Quantity, QuoteAmount } from '@tradewind/core/money';
import {
  type Fill,
  ORDER_STATES,
  ORDER_TYPES,
  type OrderEventKind,
  type OrderIntent,
  type OrderListIntent,
  type OrderRecord,
  type OrderTerms,
  type OrderType,
  type Peg,
  SELF_TRADE_PREVENTION_MODES,
  type Side,
  type TimeInForce,
  type Trigger,
} from '@tradewind/core/orders';
import { ACCOUNT_NAMES, type Account, type PositionState, type Posting } from '@tradewind/core/portfolio';
import type { DailyProfit } from '../contracts/ledger.ts';
import {
  amountOf,
  type Codec,
  list,
  Malformed,
  name,
  oneOf,
  optional,
  price,
  shape,
  tagged,
  text,
  whole,
} from './codec.ts';

export const amount = amountOf<Amount>();
export const quantity = amountOf<Quantity>();
export const quoteAmount = amountOf<QuoteAmount>();

export const orderType = oneOf<OrderType>(ORDER_TYPES);
export const side = oneOf<Side>(['BUY', 'SELL']);
export const timeInForce = oneOf<TimeInForce>(['GTC', 'IOC', 'FOK']);
export const pegPriceType = oneOf<Peg['priceType']>(['PRIMARY_PEG', 'MARKET_PEG']);

const ORDER_EVENT_KINDS: Readonly<Record<OrderEventKind, true>> = {
  sent: true,
  timed_out: true,
  accepted: true,
  accepted_pending: true,
  confirmed_working: true,
  confirmed_pending: true,
  rejected: true,
  filled_in_part: true,
  filled_in_full: true,
  amended: true,
  prevented: true,
  cancel_sent: true,
  cancel_refused: true,
  canceled: true,
  expired: true,
  expired_in_match: true,
  absence_proven: true,
};
export const orderEventKind = oneOf(Object.keys(ORDER_EVENT_KINDS) as readonly OrderEventKind[]);

const peg = shape<Peg>({ priceType: pegPriceType, offsetLevels: optional(whole) });
const limitPart = {
  quantity,
  price,
  icebergQuantity: optional(quantity),
  peg: optional(peg),
};

/** A shape of which a value has one alternative at least, or exactly one: what the type says with `never`. */
const demanding = <T extends object>(
  codec: Codec<Partial<T>>,
  isWhole: (value: Partial<T>) => boolean,
): Codec<T> => ({
  write: codec.write,
  read(json, at) {
    const value = codec.read(json, at);
    if (!isWhole(value)) throw new Malformed(`${at} has not what it must have one of`);
    return value as T;
  },
});

type Flat<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };
const trigger = demanding<Trigger>(
  shape<Flat<{ stopPrice: Trigger['stopPrice']; trailingDeltaBps: number }>>({
    stopPrice: optional(price as Codec<NonNullable<Trigger['stopPrice']>>),
    trailingDeltaBps: optional(whole),
  }) as Codec<Partial<Trigger>>,
  ({ stopPrice, trailingDeltaBps }) => stopPrice !== undefined || trailingDeltaBps !== undefined,
);
interface MarketSize {
  readonly quantity: Quantity;
  readonly quoteAmount: QuoteAmount;
}
const marketSize = demanding<MarketSize>(
  shape<Partial<MarketSize>>({ quantity: optional(quantity), quoteAmount: optional(quoteAmount) }),
  (size) => (size.quantity === undefined) !== (size.quoteAmount === undefined),
);
const stop = shape({ quantity, trigger });
const stopLimit = shape({ ...limitPart, timeInForce, trigger });

const terms: Codec<OrderTerms> = tagged<'type', OrderTerms>('type', {
  MARKET: marketSize as Codec<never>,
  LIMIT: shape({ ...limitPart, timeInForce }),
  LIMIT_MAKER: shape(limitPart),
  STOP_LOSS: stop,
  TAKE_PROFIT: stop,
  STOP_LOSS_LIMIT: stopLimit,
  TAKE_PROFIT_LIMIT: stopLimit,
});

export const orderIntent = shape<OrderIntent>({
  clientOrderId: name,
  strategy: name,
  symbol: name,
  side,
  terms,
  selfTradePrevention: optional(oneOf(SELF_TRADE_PREVENTION_MODES)),
  tag: text,
  decidedAtMs: whole,
});

export const orderListIntent = tagged<'kind', OrderListIntent>('kind', {
  OCO: shape({ listClientOrderId: name, above: orderIntent, below: orderIntent }),
  OTO: shape({ listClientOrderId: name, working: orderIntent, pending: orderIntent }),
  OTOCO: shape({
    listClientOrderId: name,
    working: orderIntent,
    pendingAbove: orderIntent,
    pendingBelow: orderIntent,
  }),
});

/** Orders have no `kind`, lists have one. */
export const wanted: Codec<OrderIntent | OrderListIntent> = {
  write: (value) => ('kind' in value ? orderListIntent.write(value) : orderIntent.write(value)),
  read: (json, at) =>
    typeof json === 'object' && json !== null && 'kind' in json
      ? orderListIntent.read(json, at)
      : orderIntent.read(json, at),
};

export const orderRecord = shape<OrderRecord>({
  clientOrderId: name,
  symbol: name,
  state: oneOf(ORDER_STATES),
  venueOrderId: optional(whole),
  quantity: optional(quantity),
  executedQuantity: quantity,
  executedQuoteAmount: quoteAmount,
  preventedQuantity: quantity,
});

export const fill = shape<Fill>({
  clientOrderId: name,
  strategy: name,
  symbol: name,
  side,
  quantity,
  price,
  fee: shape({ asset: name, amount }),
  liquidity: oneOf(['MAKER', 'TAKER']),
  tradeId: whole,
  timeMs: whole,
  tag: text,
});

/** Accounts are recorded by name. */
const account: Codec<Account> = {
  write: (value) => ACCOUNT_NAMES[value],
  read(json, at) {
    const index = ACCOUNT_NAMES.indexOf(json as (typeof ACCOUNT_NAMES)[number]);
    if (index < 0) throw new Malformed(`${at} is not one of ${ACCOUNT_NAMES.join(', ')}`);
    return index as Account;
  },
};

export const posting = shape<Posting>({ subAccount: name, account, asset: name, amount });
export const postings = list(posting);

export const position = shape<PositionState>({
  strategy: name,
  symbol: name,
  quantity,
  cost: quoteAmount,
  realizedPnl: quoteAmount,
  realizedBefore: quoteAmount,
});

export const profit = shape<DailyProfit>({
  dayMs: whole,
  strategy: name,
  symbol: name,
  quoteAsset: name,
  realizedPnl: quoteAmount,
  fills: whole,
  roundTrips: whole,
  wonRoundTrips: whole,
});
