import { ACCOUNT_NAMES, type Account, type PositionState, type Posting } from '@tradewind/core/portfolio';
import type {
  AlertBody,
  AnswerBody,
  BalanceBody,
  BreakBody,
  CommittedEvent,
  ConfigurationBody,
  ControlBody,
  EvaluationBody,
  EventBody,
  EventHead,
  FillBody,
  IntentBody,
  LeaderBody,
  OrderBody,
  SignalBody,
  StrategyBody,
  TradingEvent,
  ValuationBody,
  VerdictBody,
} from '../contracts/event.ts';
import * as wire from '../generated/tradewind/v1/events_pb.js';
import { kinds } from './choice.ts';
import { type Codec, decodePart, list, Malformed, narrowed } from './codec.ts';
import { fill, orderEventKind, orderRecord, wanted } from './orders.ts';
import { optional, record } from './record.ts';
import { breakerScope, signalRefusal } from './refusal.ts';
import { breakerStates, checkResult } from './risk.ts';
import { savedState } from './saved-state.ts';
import {
  assetAmount,
  dashed,
  equityAmount,
  flag,
  fraction,
  fractions,
  intervalName,
  lower,
  price,
  quantity,
  quoteAmount,
  text,
  texts,
  whole,
} from './scalars.ts';
import { signal } from './signal.ts';

type Body<Kinded> = Omit<Kinded, 'kind'>;

const accountName = lower(wire.PostingAccount);
const account: Codec<Account, wire.PostingAccount> = {
  encode: (value) => accountName.encode(ACCOUNT_NAMES[value]),
  decode: (message) => ACCOUNT_NAMES.indexOf(accountName.decode(message)) as Account,
};

const postings = list(
  record<Posting, wire.Posting>(wire.PostingSchema, {
    subAccount: text,
    account,
    asset: text,
    amount: assetAmount,
  }),
);

const position = record<PositionState, wire.PositionState>(wire.PositionStateSchema, {
  strategy: text,
  symbol: text,
  quantity,
  cost: quoteAmount,
  realizedPnl: quoteAmount,
  realizedBefore: quoteAmount,
});

/** A break by itself, as states and answers carry it. */
const breakFields = record<Body<BreakBody>, wire.BreakBody>(wire.BreakBodySchema, {
  state: lower(wire.BreakState),
  name: text,
  asset: text,
  ledger: assetAmount,
  venue: assetAmount,
  detail: text,
});
export const breakBody: Codec<BreakBody, wire.BreakBody> = {
  encode: breakFields.encode,
  decode: (message) => ({ kind: 'break', ...breakFields.decode(message) }),
};

type SubAccountValue = ValuationBody['subAccounts'][number];
type ValuationPrice = ValuationBody['prices'][number];

const bodies = kinds<EventBody, wire.TradingEvent['body']>({
  evaluation: record<Body<EvaluationBody>, wire.Evaluation>(wire.EvaluationSchema, {
    strategy: text,
    symbol: text,
    interval: intervalName,
    closeTimeMs: whole,
    isWarm: flag,
    signals: whole,
    values: fractions,
  }),
  signal: record<Body<SignalBody>, wire.SignalBody>(wire.SignalBodySchema, {
    signal,
  }),
  verdict: record<Body<VerdictBody>, wire.VerdictBody>(wire.VerdictBodySchema, {
    strategy: text,
    symbol: text,
    clientOrderId: text,
    isApproved: flag,
    checks: list(checkResult),
    refusal: optional(signalRefusal),
  }),
  intent: record<Body<IntentBody>, wire.IntentBody>(wire.IntentBodySchema, {
    wanted,
    expiresAtMs: whole,
    epoch: whole,
  }),
  order: record<Body<OrderBody>, wire.OrderBody>(wire.OrderBodySchema, {
    strategy: text,
    event: orderEventKind,
    record: orderRecord,
    isOurs: flag,
    reason: optional(text),
    isGivenUp: optional(flag),
  }),
  answer: record<Body<AnswerBody>, wire.AnswerBody>(wire.AnswerBodySchema, {
    call: lower(wire.ExchangeCall),
    symbol: text,
    clientOrderId: text,
    outcome: lower(wire.CallOutcome),
    code: optional(whole),
    detail: optional(text),
    latencyMs: fraction,
  }),
  fill: record<Body<FillBody>, wire.FillBody>(wire.FillBodySchema, {
    fill,
    venueOrderId: whole,
    quoteAmount,
    postings,
    position,
    feePosition: optional(position),
    realizedPnl: quoteAmount,
    roundTripPnl: optional(quoteAmount),
    quoteAsset: text,
  }),
  balance: record<Body<BalanceBody>, wire.BalanceBody>(wire.BalanceBodySchema, {
    cause: lower(wire.BalanceCause),
    postings,
    detail: text,
    key: optional(text),
    position: optional(position),
  }),
  control: record<Body<ControlBody>, wire.ControlBody>(wire.ControlBodySchema, {
    action: lower(wire.ControlAction),
    scope: breakerScope,
    by: text,
    why: text,
    breakers: breakerStates,
  }),
  valuation: record<Body<ValuationBody>, wire.ValuationBody>(wire.ValuationBodySchema, {
    equityAsset: text,
    equity: equityAmount,
    dayStartEquity: equityAmount,
    peakEquity: equityAmount,
    subAccounts: list(
      record<SubAccountValue, wire.SubAccountValue>(wire.SubAccountValueSchema, {
        subAccount: text,
        equity: equityAmount,
        realizedToday: equityAmount,
        unrealized: equityAmount,
      }),
    ),
    prices: list(
      record<ValuationPrice, wire.ValuationPrice>(wire.ValuationPriceSchema, {
        symbol: text,
        price,
        ageMs: fraction,
      }),
    ),
  }),
  break: breakFields,
  strategy: record<Body<StrategyBody>, wire.StrategyBody>(wire.StrategyBodySchema, {
    action: lower(wire.StrategyAction),
    strategy: text,
    by: text,
    why: text,
    parameters: texts,
    state: savedState,
  }),
  configuration: record<Body<ConfigurationBody>, wire.ConfigurationBody>(wire.ConfigurationBodySchema, {
    environment: text,
    mode: lower(wire.TradingMode),
    hash: text,
    text,
  }),
  leader: record<Body<LeaderBody>, wire.LeaderBody>(wire.LeaderBodySchema, { epoch: whole, holder: text }),
  alert: record<Body<AlertBody>, wire.AlertBody>(wire.AlertBodySchema, {
    severity: lower(wire.Severity),
    name: text,
    message: text,
    fields: texts,
  }),
});

type AnyEvent = TradingEvent & { readonly seq?: number };
type AnyHead = EventHead & { readonly seq?: number };

const head = record<AnyHead, wire.TradingEvent>(wire.TradingEventSchema, {
  id: text,
  correlationId: text,
  causeId: optional(text),
  atMs: whole,
  service: dashed(wire.ServiceName),
  seq: optional(whole),
});

const anyEvent: Codec<AnyEvent, wire.TradingEvent> = {
  encode: (event) => {
    const message = head.encode(event);
    message.body = bodies.encode(event);
    return message;
  },
  decode: (message) => ({ ...head.decode(message), ...decodePart('body', bodies, message.body) }),
};

/** An event before the ledger has it. */
export const tradingEvent: Codec<TradingEvent, wire.TradingEvent> = narrowed(
  anyEvent,
  (event): event is TradingEvent => !('seq' in event),
  'has a place in the ledger already',
);

export const committedEvent: Codec<CommittedEvent, wire.TradingEvent> = {
  encode: anyEvent.encode,
  decode: (message) => {
    const event = anyEvent.decode(message);
    if (event.seq === undefined) throw Malformed.within('seq', new Malformed('is missing'));
    return event as CommittedEvent;
  },
};
