import { create } from '@bufbuild/protobuf';
import { err, ok, type Result } from '@tradewind/core/result';
import type { Signal } from '../contracts/event.ts';
import type {
  ParametersCommand,
  StrategyCommand,
  StrategyProblem,
  StrategyStatus,
} from '../contracts/strategy-engine.ts';
import * as engine from '../generated/tradewind/v1/strategy_engine_pb.js';
import { type Codec, decodePart, list, Malformed } from './codec.ts';
import { message, orUndefined, record } from './record.ts';
import { intervalName, lower, text, texts, whole } from './scalars.ts';
import { signal } from './signal.ts';

const strategyStatus = record<StrategyStatus, engine.StrategyStatus>(engine.StrategyStatusSchema, {
  strategy: text,
  definition: text,
  symbols: list(text),
  interval: intervalName,
  state: lower(engine.StrategyState),
  detail: text,
  parameters: texts,
  evaluations: whole,
  signals: whole,
  lastUpdateMs: orUndefined(whole),
});
const strategyProblem = record<StrategyProblem, engine.StrategyProblem>(engine.StrategyProblemSchema, {
  reason: lower(engine.StrategyProblemReason),
  detail: text,
});
const strategyCommand = record<StrategyCommand, engine.StrategyCommand>(engine.StrategyCommandSchema, {
  strategy: text,
  by: text,
  why: text,
});
const parametersCommand = record<ParametersCommand, engine.ParametersCommand>(
  engine.ParametersCommandSchema,
  {
    strategy: text,
    by: text,
    why: text,
    parameters: texts,
  },
);
const strategyResult: Codec<Result<StrategyStatus, StrategyProblem>, engine.StrategyResult> = {
  encode: (result) =>
    create(engine.StrategyResultSchema, {
      result: result.ok
        ? { case: 'status', value: strategyStatus.encode(result.value) }
        : { case: 'problem', value: strategyProblem.encode(result.error) },
    }),
  decode: ({ result }) => {
    if (result.case === 'status') return ok(decodePart('status', strategyStatus, result.value));
    if (result.case === 'problem') return err(decodePart('problem', strategyProblem, result.value));
    throw Malformed.within('result', new Malformed('is missing'));
  },
};
const signals = list(signal);
const generatedSignals: Codec<
  Result<readonly Signal[], StrategyProblem>,
  engine.GenerateSignalResponse['result']
> = {
  encode: (result) =>
    result.ok
      ? { case: 'signals', value: create(engine.SignalListSchema, { signals: signals.encode(result.value) }) }
      : { case: 'problem', value: strategyProblem.encode(result.error) },
  decode: (choice) => {
    if (choice.case === 'signals') return ok(decodePart('signals', signals, choice.value.signals));
    if (choice.case === 'problem') return err(decodePart('problem', strategyProblem, choice.value));
    throw new Malformed('is missing');
  },
};

export const strategyEngineMethods = {
  listStrategies: {
    request: message(engine.ListStrategiesRequestSchema, {}),
    response: message(engine.ListStrategiesResponseSchema, { strategies: list(strategyStatus) }),
  },
  generateSignal: {
    request: message(engine.GenerateSignalRequestSchema, { strategy: text }),
    response: message(engine.GenerateSignalResponseSchema, { result: generatedSignals }),
  },
  updateParameters: {
    request: message(engine.UpdateParametersRequestSchema, { command: parametersCommand }),
    response: message(engine.UpdateParametersResponseSchema, { result: strategyResult }),
  },
  startStrategy: {
    request: message(engine.StartStrategyRequestSchema, { command: strategyCommand }),
    response: message(engine.StartStrategyResponseSchema, { result: strategyResult }),
  },
  stopStrategy: {
    request: message(engine.StopStrategyRequestSchema, { command: strategyCommand }),
    response: message(engine.StopStrategyResponseSchema, { result: strategyResult }),
  },
};
