import { create } from '@bufbuild/protobuf';
import type {
  Fee,
  Fill,
  LimitMakerTerms,
  LimitTerms,
  OrderIntent,
  OrderListIntent,
  OrderRecord,
  OrderTerms,
  Peg,
  StopLimitTerms,
  StopTerms,
  Trigger,
} from '@tradewind/core/orders';
import { unreachable } from '@tradewind/core/result';
import type { Wanted } from '@tradewind/core/risk';
import type { LedgerOrder } from '../contracts/ledger.ts';
import * as wire from '../generated/tradewind/v1/orders_pb.js';
import { type Codec, decodePart, Malformed, narrowed } from './codec.ts';
import { optional, record, tagged } from './record.ts';
import { assetAmount, lower, price, quantity, quoteAmount, text, upper, whole } from './scalars.ts';

export const side = upper(wire.Side);
export const orderType = upper(wire.OrderType);
export const selfTradePrevention = upper(wire.SelfTradePrevention);
export const orderEventKind = lower(wire.OrderEventKind);
const timeInForce = upper(wire.TimeInForce);

const trigger: Codec<Trigger, wire.Trigger> = narrowed(
  record<
    { readonly stopPrice?: Trigger['stopPrice'] & {}; readonly trailingDeltaBps?: number },
    wire.Trigger
  >(wire.TriggerSchema, { stopPrice: optional(price), trailingDeltaBps: optional(whole) }),
  (value): value is Trigger => value.stopPrice !== undefined || value.trailingDeltaBps !== undefined,
  'has neither a stop price nor a trailing delta',
);

const peg = record<Peg, wire.Peg>(wire.PegSchema, {
  priceType: upper(wire.PegPriceType),
  offsetLevels: optional(whole),
});

const LIMIT_PART = { quantity, price, icebergQuantity: optional(quantity), peg: optional(peg) };
const STOP = { quantity, trigger };
const STOP_LIMIT = { ...LIMIT_PART, timeInForce, trigger };

/** A market order has either a quantity or an amount of quote. */
interface AnyMarketTerms {
  readonly type: 'MARKET';
  readonly quantity?: LimitTerms['quantity'];
  readonly quoteAmount?: OrderRecord['executedQuoteAmount'];
}
type AnyTerms = LimitTerms | LimitMakerTerms | StopTerms | StopLimitTerms | AnyMarketTerms;

const terms: Codec<OrderTerms, wire.OrderTerms> = narrowed(
  tagged<AnyTerms, 'type', wire.OrderTerms>(wire.OrderTermsSchema, 'type', orderType, {
    LIMIT: { ...LIMIT_PART, timeInForce },
    LIMIT_MAKER: LIMIT_PART,
    MARKET: { quantity: optional(quantity), quoteAmount: optional(quoteAmount) },
    STOP_LOSS: STOP,
    TAKE_PROFIT: STOP,
    STOP_LOSS_LIMIT: STOP_LIMIT,
    TAKE_PROFIT_LIMIT: STOP_LIMIT,
  }),
  (value): value is OrderTerms =>
    value.type !== 'MARKET' || (value.quantity === undefined) !== (value.quoteAmount === undefined),
  'a market order has either a quantity or an amount of quote',
);

export const orderIntent = record<OrderIntent, wire.OrderIntent>(wire.OrderIntentSchema, {
  clientOrderId: text,
  strategy: text,
  symbol: text,
  side,
  terms,
  selfTradePrevention: optional(selfTradePrevention),
  tag: text,
  decidedAtMs: whole,
});

type Legs<Kind extends OrderListIntent['kind']> = Omit<
  Extract<OrderListIntent, { readonly kind: Kind }>,
  'kind'
>;

const oco = record<Legs<'OCO'>, wire.OneCancelsTheOther>(wire.OneCancelsTheOtherSchema, {
  listClientOrderId: text,
  above: orderIntent,
  below: orderIntent,
});
const oto = record<Legs<'OTO'>, wire.OneTriggersTheOther>(wire.OneTriggersTheOtherSchema, {
  listClientOrderId: text,
  working: orderIntent,
  pending: orderIntent,
});
const otoco = record<Legs<'OTOCO'>, wire.OneTriggersAPair>(wire.OneTriggersAPairSchema, {
  listClientOrderId: text,
  working: orderIntent,
  pendingAbove: orderIntent,
  pendingBelow: orderIntent,
});

export const orderList: Codec<OrderListIntent, wire.OrderListIntent> = {
  encode: (value) => create(wire.OrderListIntentSchema, { list: encodeLegs(value) }),
  decode: ({ list }) => {
    switch (list.case) {
      case 'oco':
        return { kind: 'OCO', ...decodePart('oco', oco, list.value) };
      case 'oto':
        return { kind: 'OTO', ...decodePart('oto', oto, list.value) };
      case 'otoco':
        return { kind: 'OTOCO', ...decodePart('otoco', otoco, list.value) };
      case undefined:
        throw Malformed.within('list', new Malformed('is missing'));
      default:
        return unreachable(list);
    }
  },
};

function encodeLegs(value: OrderListIntent): wire.OrderListIntent['list'] {
  switch (value.kind) {
    case 'OCO':
      return { case: 'oco', value: oco.encode(value) };
    case 'OTO':
      return { case: 'oto', value: oto.encode(value) };
    case 'OTOCO':
      return { case: 'otoco', value: otoco.encode(value) };
    default:
      return unreachable(value);
  }
}

export const wanted: Codec<Wanted, wire.Wanted> = {
  encode: (value) =>
    create(wire.WantedSchema, {
      wanted:
        'kind' in value
          ? { case: 'list', value: orderList.encode(value) }
          : { case: 'order', value: orderIntent.encode(value) },
    }),
  decode: (message) => {
    const choice = message.wanted;
    if (choice.case === 'order') return decodePart('order', orderIntent, choice.value);
    if (choice.case === 'list') return decodePart('list', orderList, choice.value);
    throw new Malformed('is missing');
  },
};

export const orderRecord = record<OrderRecord, wire.OrderRecord>(wire.OrderRecordSchema, {
  clientOrderId: text,
  symbol: text,
  state: lower(wire.OrderState),
  venueOrderId: optional(whole),
  quantity: optional(quantity),
  executedQuantity: quantity,
  executedQuoteAmount: quoteAmount,
  preventedQuantity: quantity,
});

export const fill = record<Fill, wire.Fill>(wire.FillSchema, {
  clientOrderId: text,
  strategy: text,
  symbol: text,
  side,
  quantity,
  price,
  fee: record<Fee, wire.Fee>(wire.FeeSchema, { asset: text, amount: assetAmount }),
  liquidity: upper(wire.Liquidity),
  tradeId: whole,
  timeMs: whole,
  tag: text,
});

export const ledgerOrder = record<LedgerOrder, wire.LedgerOrder>(wire.LedgerOrderSchema, {
  intent: orderIntent,
  listClientOrderId: optional(text),
  record: orderRecord,
  expiresAtMs: whole,
  createdAtMs: whole,
  correlationId: text,
});
