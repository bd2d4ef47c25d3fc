import { createClient } from '@connectrpc/connect';
import { err, type Result } from '@tradewind/core/result';
import type {
  ParametersCommand,
  Signal,
  StrategyCommand,
  StrategyEngine,
  StrategyProblem,
  StrategyStatus,
} from '@tradewind/proto';
import { strategyEngineMethods as methods } from '@tradewind/proto/codec';
import { StrategyEngineService } from '@tradewind/proto/generated/strategy_engine_pb.js';
import { Caller, type RpcClient, type RpcClientOptions } from './caller.ts';
import { answerOrThrow, type CallOutcome, valueOrThrow } from './outcome.ts';

type Changed = Result<StrategyStatus, StrategyProblem>;

/**
 * The strategy engine of another process. A call that surely never arrived is `unavailable`; a change of which nobody knows whether it
 * was made throws `CallUnknown`. `list` throws `CallFailed`.
 */
export class StrategyEngineClient implements StrategyEngine, RpcClient {
  private readonly caller: Caller;
  private readonly client;

  constructor(options: RpcClientOptions) {
    this.caller = new Caller(options);
    this.client = createClient(StrategyEngineService, this.caller.transport);
  }

  async list(): Promise<readonly StrategyStatus[]> {
    const { listStrategies } = this.client;
    const request = { correlationId: this.caller.nextCorrelationId() };
    return answerOrThrow(await this.caller.call('list', methods.listStrategies, listStrategies, request))
      .strategies;
  }

  async generateSignal(strategy: string): Promise<Result<readonly Signal[], StrategyProblem>> {
    const { generateSignal } = this.client;
    const request = { strategy, correlationId: this.caller.nextCorrelationId() };
    const outcome = await this.caller.call('generateSignal', methods.generateSignal, generateSignal, request);
    return outcome.kind === 'answered' ? outcome.value.result : err(unavailable(outcome.detail));
  }

  async updateParameters(command: ParametersCommand): Promise<Changed> {
    const { updateParameters } = this.client;
    const request = { command, correlationId: this.caller.nextCorrelationId() };
    return changedBy(
      await this.caller.call('updateParameters', methods.updateParameters, updateParameters, request),
    );
  }

  async start(command: StrategyCommand): Promise<Changed> {
    const request = { command, correlationId: this.caller.nextCorrelationId() };
    return changedBy(
      await this.caller.call('start', methods.startStrategy, this.client.startStrategy, request),
    );
  }

  async stop(command: StrategyCommand): Promise<Changed> {
    const request = { command, correlationId: this.caller.nextCorrelationId() };
    return changedBy(await this.caller.call('stop', methods.stopStrategy, this.client.stopStrategy, request));
  }

  get health() {
    return this.caller.connection.health;
  }

  onHealth(listener: Parameters<RpcClient['onHealth']>[0]): () => void {
    return this.caller.connection.onHealth(listener);
  }

  close(): void {
    this.caller.connection.close();
  }
}

const unavailable = (detail: string): StrategyProblem => ({ reason: 'unavailable', detail });

function changedBy(outcome: CallOutcome<{ readonly result: Changed }>): Changed {
  return outcome.kind === 'not_received' ? err(unavailable(outcome.detail)) : valueOrThrow(outcome).result;
}
