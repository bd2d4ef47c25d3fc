import { create } from '@bufbuild/protobuf';
import type {
  AccountLimits,
  AssetLimits,
  BreakerCause,
  BreakerStates,
  EquityAmount,
  Limit,
  OrderRate,
  RiskLimits,
  StrategyLimits,
  SymbolLimits,
  Trip,
} from '@tradewind/core/risk';
import type { CheckResult } from '../contracts/event.ts';
import type { LimitUse } from '../contracts/risk-manager.ts';
import * as wire from '../generated/tradewind/v1/risk_pb.js';
import { kinds } from './choice.ts';
import { type Codec, decodePart, list, Malformed, mapOf } from './codec.ts';
import { optional, record } from './record.ts';
import { breakerScope } from './refusal.ts';
import { equityAmount, flag, fraction, lower, numberText, quantity, ratio, text, whole } from './scalars.ts';

type Cause<Kind extends BreakerCause['kind']> = Omit<Extract<BreakerCause, { readonly kind: Kind }>, 'kind'>;
type Loss = { readonly maximum: EquityAmount; readonly was: EquityAmount };

const loss = record<Loss, wire.LossCause>(wire.LossCauseSchema, { maximum: equityAmount, was: equityAmount });

const anyCause = kinds<BreakerCause, wire.BreakerCause['cause']>({
  person: record<Cause<'person'>, wire.PersonCause>(wire.PersonCauseSchema, { by: text, why: text }),
  consecutive_losses: record<Cause<'consecutive_losses'>, wire.ConsecutiveLossesCause>(
    wire.ConsecutiveLossesCauseSchema,
    { maximum: whole, was: whole },
  ),
  daily_loss: loss,
  drawdown: loss,
  guard: record<Cause<'guard'>, wire.GuardCause>(wire.GuardCauseSchema, {
    guard: lower(wire.Guard),
    detail: text,
  }),
});

const cause: Codec<BreakerCause, wire.BreakerCause> = {
  encode: (value) => create(wire.BreakerCauseSchema, { cause: anyCause.encode(value) }),
  decode: (message) => anyCause.decode(message.cause),
};

export const tripState = lower(wire.TripState);

export const trip = record<Trip, wire.Trip>(wire.TripSchema, {
  scope: breakerScope,
  state: tripState,
  cause,
  atMs: whole,
});

export const breakerStates = record<BreakerStates, wire.BreakerStates>(wire.BreakerStatesSchema, {
  trips: list(trip),
  losses: mapOf(whole),
});

export const checkResult = record<CheckResult, wire.CheckResult>(wire.CheckResultSchema, {
  check: text,
  isPassed: flag,
  was: optional(text),
  limit: optional(text),
  unit: optional(text),
});

const limit = <Value extends object | number>(codec: Codec<Value, string>): Codec<Limit<Value>, string> => ({
  encode: (value) => (value === 'none' ? 'none' : codec.encode(value)),
  decode: (wireText) => (wireText === 'none' ? 'none' : codec.decode(wireText)),
});

const orderRate = record<OrderRate, wire.OrderRate>(wire.OrderRateSchema, {
  orders: whole,
  windowMs: whole,
  keptForReducing: whole,
});

const orderRateLimit: Codec<Limit<OrderRate>, wire.OrderRateLimit> = {
  encode: (value) =>
    create(wire.OrderRateLimitSchema, {
      limit:
        value === 'none'
          ? { case: 'none', value: create(wire.NoLimitSchema) }
          : { case: 'rate', value: orderRate.encode(value) },
    }),
  decode: ({ limit: choice }) => {
    if (choice.case === 'none') return 'none';
    if (choice.case === 'rate') return decodePart('rate', orderRate, choice.value);
    throw new Malformed('is missing');
  },
};

const EQUITY = limit(equityAmount);
const RATIO = limit(ratio);
const COUNT = limit(numberText);

export const riskLimits = record<RiskLimits, wire.RiskLimits>(wire.RiskLimitsSchema, {
  account: record<AccountLimits, wire.AccountLimits>(wire.AccountLimitsSchema, {
    orderNotionalMaximum: EQUITY,
    orderShareOfEquityMaximum: RATIO,
    exposureMaximum: EQUITY,
    openOrdersMaximum: COUNT,
    orderRate: orderRateLimit,
    dailyLossMaximum: EQUITY,
    drawdownMaximum: RATIO,
  }),
  strategies: mapOf(
    record<StrategyLimits, wire.StrategyLimits>(wire.StrategyLimitsSchema, {
      exposureMaximum: EQUITY,
      openOrdersMaximum: COUNT,
      orderRate: orderRateLimit,
      consecutiveLossesMaximum: COUNT,
    }),
  ),
  symbols: mapOf(
    record<SymbolLimits, wire.SymbolLimits>(wire.SymbolLimitsSchema, {
      positionMaximum: limit(quantity),
      exposureMaximum: EQUITY,
      openOrdersMaximum: COUNT,
      priceCollar: RATIO,
      priceAgeMsMaximum: COUNT,
    }),
  ),
  assets: mapOf(
    record<AssetLimits, wire.AssetLimits>(wire.AssetLimitsSchema, {
      exposureMaximum: EQUITY,
      shareOfEquityMaximum: RATIO,
    }),
  ),
});

export const limitUse = record<LimitUse, wire.LimitUse>(wire.LimitUseSchema, {
  name: text,
  was: text,
  limit: text,
  unit: text,
  share: fraction,
});
