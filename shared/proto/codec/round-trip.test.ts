import { type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { err, ok, type Result } from '@tradewind/core/result';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TOPICS } from '../bus/topics.ts';
import type { BusMessages, Topic } from '../contracts/bus.ts';
import type { TradingEvent } from '../contracts/event.ts';
import { TradingEventSchema } from '../generated/tradewind/v1/events_pb.js';
import * as market from '../generated/tradewind/v1/market_data_pb.js';
import * as execution from '../generated/tradewind/v1/order_execution_pb.js';
import * as risk from '../generated/tradewind/v1/risk_manager_pb.js';
import * as engine from '../generated/tradewind/v1/strategy_engine_pb.js';
import {
  anyBars,
  anyBreak,
  anyChecks,
  anyCommittedEvent,
  anyExecutionState,
  anyLimits,
  anyMarketUpdate,
  anyRiskState,
  anySignal,
  anySnapshot,
  anyStrategyStatus,
  EVENT_KINDS,
} from './arbitrary-messages.test-support.ts';
import {
  anyBreakerScope,
  anyBreakers,
  anyFlag,
  anyIntent,
  anyInterval,
  anyLedgerOrder,
  anyList,
  anyQuantity,
  anyRefusal,
  anyText,
  anyTexts,
  anyTrip,
  anyWanted,
  anyWhole,
  maybe,
  recordOf,
} from './arbitrary-parts.test-support.ts';
import { busMessageText, decodeBusMessage, encodeBusMessage } from './bus-message.ts';
import { type Codec, decodeWith } from './codec.ts';
import { tradingEvent } from './events.ts';
import { marketDataMethods } from './market-data-service.ts';
import { orderExecutionMethods } from './order-execution-service.ts';
import { riskManagerMethods } from './risk-manager-service.ts';
import { strategyEngineMethods } from './strategy-engine-service.ts';

/** What arrives on the other side of a wire. */
function arrived<Domain, Wire extends Message>(
  schema: DescMessage,
  codec: Codec<Domain, Wire>,
  value: Domain,
) {
  const bytes = toBinary(schema, codec.encode(value));
  return decodeWith(codec, fromBinary(schema, bytes) as Wire);
}

function survives<Domain, Wire extends Message>(
  schema: DescMessage,
  codec: Codec<Domain, Wire>,
  values: fc.Arbitrary<Domain>,
  numRuns = 40,
): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(arrived(schema, codec, value)).toStrictEqual(ok(value));
    }),
    { numRuns },
  );
}

describe('an event arrives as it was told', () => {
  test.each(EVENT_KINDS)('%s', (kind) => {
    const topics = TOPICS.filter((topic): topic is Exclude<Topic, 'market-data'> => topic !== 'market-data');
    fc.assert(
      fc.property(
        anyCommittedEvent(kind),
        anyText,
        fc.constantFrom(...topics),
        (message, correlationId, topic) => {
          const bytes = encodeBusMessage(topic, message, correlationId);
          expect(decodeBusMessage(topic, bytes)).toStrictEqual(ok({ message, correlationId }));
          expect(JSON.parse(busMessageText(topic, message))).toHaveProperty(kind);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('one that the ledger does not have yet, too', () => {
    const uncommitted = fc
      .constantFrom(...EVENT_KINDS)
      .chain(anyCommittedEvent)
      .map(({ seq: _, ...event }) => event as TradingEvent);
    survives(TradingEventSchema, tradingEvent, uncommitted, 100);
  });
});

test('a market update arrives as it was told', () => {
  fc.assert(
    fc.property(anyMarketUpdate, anyText, (message, correlationId) => {
      const bytes = encodeBusMessage(
        'market-data',
        message satisfies BusMessages['market-data'],
        correlationId,
      );
      expect(decodeBusMessage('market-data', bytes)).toStrictEqual(ok({ message, correlationId }));
    }),
    { numRuns: 200 },
  );
});

/** A request or an answer with these parts, and the correlation id that each carries. */
const message = <Parts>(parts: { readonly [Name in keyof Parts]: fc.Arbitrary<Parts[Name]> }) =>
  recordOf({ correlationId: anyText, ...parts }) as fc.Arbitrary<
    { readonly correlationId: string } & { readonly [Name in keyof Parts]: Parts[Name] }
  >;
const resultOf = <T, E>(value: fc.Arbitrary<T>, problem: fc.Arbitrary<E>): fc.Arbitrary<Result<T, E>> =>
  fc.oneof(value.map(ok), problem.map(err));
const oneOf = <const T extends string>(...values: T[]) => fc.constantFrom(...values);
const is = <const T>(value: T) => fc.constant(value);
const texts = anyList(anyText);

const commandResult = fc.oneof(
  recordOf({ kind: is('done') }),
  recordOf({ kind: is('refused'), reason: anyText, detail: anyText }),
  recordOf({ kind: is('unknown'), detail: anyText }),
);

describe('every request and every answer arrives as it was sent:', () => {
  test('of the market data', () => {
    const { getSnapshot, subscribe, getHistory } = marketDataMethods;
    const problem = recordOf({ reason: oneOf('unknown_symbol', 'unavailable', 'gap'), detail: anyText });
    const kinds = fc.subarray(['trade', 'quote', 'book', 'bar', 'feed', 'instrument'] as const);
    const dropped = anyList(recordOf({ symbol: anyText, count: anyWhole }));
    survives(market.GetSnapshotRequestSchema, getSnapshot.request, message({ symbol: anyText }));
    survives(
      market.GetSnapshotResponseSchema,
      getSnapshot.response,
      message({ snapshot: maybe(anySnapshot) }),
    );
    survives(market.SubscribeRequestSchema, subscribe.request, message({ symbols: texts, kinds }));
    survives(
      market.SubscribeResponseSchema,
      subscribe.response,
      message({ updates: anyList(anyMarketUpdate), dropped }),
    );
    survives(
      market.GetHistoryRequestSchema,
      getHistory.request,
      message({ symbol: anyText, interval: anyInterval, count: anyWhole }),
    );
    survives(
      market.GetHistoryResponseSchema,
      getHistory.response,
      message({ result: resultOf(anyBars, problem) }),
      100,
    );
  });

  test('of the strategy engine', () => {
    const { listStrategies, generateSignal, updateParameters, startStrategy, stopStrategy } =
      strategyEngineMethods;
    const problem = recordOf({
      reason: oneOf('unknown_strategy', 'bad_parameters', 'unavailable', 'disabled'),
      detail: anyText,
    });
    const named = { strategy: anyText, by: anyText, why: anyText };
    const command = message({ command: recordOf(named) });
    const result = message({ result: resultOf(anyStrategyStatus, problem) });
    survives(engine.ListStrategiesRequestSchema, listStrategies.request, message({}));
    survives(
      engine.ListStrategiesResponseSchema,
      listStrategies.response,
      message({ strategies: anyList(anyStrategyStatus) }),
    );
    survives(engine.GenerateSignalRequestSchema, generateSignal.request, message({ strategy: anyText }));
    survives(
      engine.GenerateSignalResponseSchema,
      generateSignal.response,
      message({ result: resultOf(anyList(anySignal), problem) }),
    );
    survives(
      engine.UpdateParametersRequestSchema,
      updateParameters.request,
      message({ command: recordOf({ ...named, parameters: anyTexts }) }),
    );
    survives(engine.UpdateParametersResponseSchema, updateParameters.response, result);
    survives(engine.StartStrategyRequestSchema, startStrategy.request, command);
    survives(engine.StartStrategyResponseSchema, startStrategy.response, result);
    survives(engine.StopStrategyRequestSchema, stopStrategy.request, command);
    survives(engine.StopStrategyResponseSchema, stopStrategy.response, result);
  });

  test('of the risk manager', () => {
    const { validate, withdraw, record, getLimits, getRiskState, halt, resume, heartbeat } =
      riskManagerMethods;
    const anyRiskEpoch = recordOf({
      run: anyText,
      changes: anyWhole,
      letOn: anyWhole,
      trips: anyList(anyTrip),
    });
    const verdict = fc.oneof(
      recordOf({ kind: is('approved'), approved: anyWanted, checks: anyChecks, epoch: anyRiskEpoch }),
      recordOf({ kind: is('refused'), refusal: anyRefusal, checks: anyChecks }),
    );
    const state = oneOf('reducing', 'halted');
    const person = { scope: anyBreakerScope, by: anyText, why: anyText };
    const halted = { breakers: anyBreakers, storedIn: texts, canceled: texts, unproven: texts };
    const events = anyList(fc.constantFrom(...EVENT_KINDS).chain(anyCommittedEvent));
    survives(risk.ValidateRequestSchema, validate.request, message({ wanted: anyWanted }));
    survives(risk.ValidateResponseSchema, validate.response, message({ verdict }), 200);
    survives(risk.WithdrawRequestSchema, withdraw.request, message({ clientOrderIds: texts }));
    survives(risk.WithdrawResponseSchema, withdraw.response, message({}));
    survives(risk.RecordRequestSchema, record.request, message({ events }));
    survives(risk.RecordResponseSchema, record.response, message({}));
    survives(risk.GetLimitsRequestSchema, getLimits.request, message({}));
    survives(risk.GetLimitsResponseSchema, getLimits.response, message({ limits: anyLimits }));
    survives(risk.GetRiskStateRequestSchema, getRiskState.request, message({}));
    survives(risk.GetRiskStateResponseSchema, getRiskState.response, message({ state: anyRiskState }));
    survives(
      risk.HaltRequestSchema,
      halt.request,
      message({ order: recordOf({ ...person, state, cancelsOrders: anyFlag }) }),
    );
    survives(risk.HaltResponseSchema, halt.response, message({ result: recordOf(halted) }));
    survives(risk.ResumeRequestSchema, resume.request, message({ order: recordOf(person) }));
    survives(risk.ResumeResponseSchema, resume.response, message({ result: commandResult }));
    survives(
      risk.HeartbeatRequestSchema,
      heartbeat.request,
      message({ beat: recordOf({ epoch: anyWhole, openOrders: anyWhole }) }),
    );
    survives(
      risk.HeartbeatResponseSchema,
      heartbeat.response,
      message({ epoch: fc.option(anyRiskEpoch, { nil: undefined }) }),
    );
  });

  test('of the order execution', () => {
    const methods = orderExecutionMethods;
    const submitted = fc.oneof(
      recordOf({ kind: is('submitted'), clientOrderId: anyText, state: anyText }),
      recordOf({ kind: is('refused'), refusal: anyRefusal }),
    );
    const commanded = { by: anyText, correlationId: anyText };
    const ofOrder = { ...commanded, symbol: anyText, clientOrderId: anyText };
    const scoped = recordOf(
      { ...commanded, symbol: anyText, strategy: anyText, why: anyText },
      { requiredKeys: ['by', 'correlationId', 'why'] },
    );
    const canceled = { canceled: texts, unproven: texts };
    const kept = anyList(
      recordOf({ strategy: anyText, symbol: anyText, quantity: anyQuantity, why: anyText }),
    );
    const reconciled = recordOf({
      kind: oneOf('agreed', 'breaks', 'failed'),
      breaks: anyList(anyBreak),
      detail: anyText,
    });
    const replace = recordOf({ ...ofOrder, replacement: anyIntent, expiresAtMs: anyWhole });
    const amend = recordOf({ ...ofOrder, newQuantity: anyQuantity });
    const resolve = recordOf({ ...commanded, name: anyText, why: anyText });
    const done = message({ result: commandResult });
    survives(execution.SubmitRequestSchema, methods.submit.request, message({ signal: anySignal }));
    survives(execution.SubmitResponseSchema, methods.submit.response, message({ result: submitted }));
    survives(execution.CancelRequestSchema, methods.cancel.request, message({ command: recordOf(ofOrder) }));
    survives(execution.CancelResponseSchema, methods.cancel.response, done);
    survives(execution.AmendRequestSchema, methods.amend.request, message({ command: amend }));
    survives(execution.AmendResponseSchema, methods.amend.response, done);
    survives(execution.ReplaceRequestSchema, methods.replace.request, message({ command: replace }));
    survives(execution.ReplaceResponseSchema, methods.replace.response, message({ result: submitted }));
    survives(execution.CancelAllRequestSchema, methods.cancelAll.request, message({ command: scoped }));
    survives(
      execution.CancelAllResponseSchema,
      methods.cancelAll.response,
      message({ result: recordOf(canceled) }),
    );
    survives(execution.FlattenRequestSchema, methods.flatten.request, message({ command: scoped }));
    survives(
      execution.FlattenResponseSchema,
      methods.flatten.response,
      message({ result: recordOf({ ...canceled, orders: texts, kept }) }),
    );
    survives(execution.GetOrderRequestSchema, methods.getOrder.request, message({ clientOrderId: anyText }));
    survives(
      execution.GetOrderResponseSchema,
      methods.getOrder.response,
      message({ order: maybe(anyLedgerOrder) }),
    );
    survives(execution.ListOpenOrdersRequestSchema, methods.listOpenOrders.request, message({}));
    survives(
      execution.ListOpenOrdersResponseSchema,
      methods.listOpenOrders.response,
      message({ orders: anyList(anyLedgerOrder) }),
    );
    survives(execution.ReconcileRequestSchema, methods.reconcile.request, message({}));
    survives(execution.ReconcileResponseSchema, methods.reconcile.response, message({ result: reconciled }));
    survives(
      execution.ForgetRequestSchema,
      methods.forget.request,
      message({ command: recordOf({ ...ofOrder, why: anyText }) }),
    );
    survives(execution.ForgetResponseSchema, methods.forget.response, done);
    survives(
      execution.ResolveBreakRequestSchema,
      methods.resolveBreak.request,
      message({ command: resolve }),
    );
    survives(execution.ResolveBreakResponseSchema, methods.resolveBreak.response, done);
    survives(execution.GetExecutionStateRequestSchema, methods.getExecutionState.request, message({}));
    survives(
      execution.GetExecutionStateResponseSchema,
      methods.getExecutionState.response,
      message({ state: anyExecutionState }),
    );
  });
});
