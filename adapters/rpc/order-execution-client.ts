import { createClient } from '@connectrpc/connect';
import type {
  AmendCommand,
  CancelAllResult,
  CancelCommand,
  CommandResult,
  ExecutionState,
  FlattenResult,
  ForgetCommand,
  LedgerOrder,
  OrderExecution,
  ReconciliationResult,
  ReplaceCommand,
  ResolveBreakCommand,
  ScopedCommand,
  Signal,
  SubmitResult,
} from '@tradewind/proto';
import { orderExecutionMethods as methods } from '@tradewind/proto/codec';
import { OrderExecutionService } from '@tradewind/proto/generated/order_execution_pb.js';
import { Caller, type RpcClient, type RpcClientOptions } from './caller.ts';
import { commandResultOf } from './command-result.ts';
import { answerOrThrow, type CallOutcome, valueOrThrow } from './outcome.ts';

/** These wait for the exchange, order by order. */
const LONG_MS = 60_000;

/**
 * The order execution of another process. `submit` and `replace` refuse as `not_ready` when the call surely never arrived, and throw
 * `CallUnknown` when nobody knows: then the order may be at the exchange, and the same signal may be submitted again, because its client
 * order id is taken once only. Commands are `unknown` then. `cancelAll` and `flatten` throw `CallFailed` or `CallUnknown`; what only
 * asks throws `CallFailed`.
 */
export class OrderExecutionClient implements OrderExecution, RpcClient {
  private readonly caller: Caller;
  private readonly client;

  constructor(options: RpcClientOptions) {
    this.caller = new Caller(options);
    this.client = createClient(OrderExecutionService, this.caller.transport);
  }

  async submit(signal: Signal, correlationId: string): Promise<SubmitResult> {
    const request = { signal, correlationId };
    return submitResultOf(await this.caller.call('submit', methods.submit, this.client.submit, request));
  }

  async replace(command: ReplaceCommand): Promise<SubmitResult> {
    return submitResultOf(
      await this.caller.call('replace', methods.replace, this.client.replace, requestOf(command)),
    );
  }

  async cancel(command: CancelCommand): Promise<CommandResult> {
    return commandResultOf(
      await this.caller.call('cancel', methods.cancel, this.client.cancel, requestOf(command)),
    );
  }

  async forget(command: ForgetCommand): Promise<CommandResult> {
    return commandResultOf(
      await this.caller.call('forget', methods.forget, this.client.forget, requestOf(command), LONG_MS),
    );
  }

  async amend(command: AmendCommand): Promise<CommandResult> {
    return commandResultOf(
      await this.caller.call('amend', methods.amend, this.client.amend, requestOf(command)),
    );
  }

  async resolveBreak(command: ResolveBreakCommand): Promise<CommandResult> {
    const { resolveBreak } = this.client;
    return commandResultOf(
      await this.caller.call('resolveBreak', methods.resolveBreak, resolveBreak, requestOf(command)),
    );
  }

  async cancelAll(command: ScopedCommand): Promise<CancelAllResult> {
    const { cancelAll } = this.client;
    return valueOrThrow(
      await this.caller.call('cancelAll', methods.cancelAll, cancelAll, requestOf(command), LONG_MS),
    ).result;
  }

  async flatten(command: ScopedCommand): Promise<FlattenResult> {
    const { flatten } = this.client;
    return valueOrThrow(
      await this.caller.call('flatten', methods.flatten, flatten, requestOf(command), LONG_MS),
    ).result;
  }

  async order(clientOrderId: string): Promise<LedgerOrder | undefined> {
    const request = { clientOrderId, correlationId: this.caller.nextCorrelationId() };
    return answerOrThrow(await this.caller.call('order', methods.getOrder, this.client.getOrder, request))
      .order;
  }

  async openOrders(): Promise<readonly LedgerOrder[]> {
    const { listOpenOrders } = this.client;
    return answerOrThrow(
      await this.caller.call('openOrders', methods.listOpenOrders, listOpenOrders, this.question()),
    ).orders;
  }

  async reconcile(): Promise<ReconciliationResult> {
    const { reconcile } = this.client;
    const outcome = await this.caller.call(
      'reconcile',
      methods.reconcile,
      reconcile,
      this.question(),
      LONG_MS,
    );
    if (outcome.kind === 'answered') return outcome.value.result;
    return { kind: 'failed', breaks: [], detail: outcome.detail };
  }

  async state(): Promise<ExecutionState> {
    const { getExecutionState } = this.client;
    return answerOrThrow(
      await this.caller.call('state', methods.getExecutionState, getExecutionState, this.question()),
    ).state;
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

  private question(): { readonly correlationId: string } {
    return { correlationId: this.caller.nextCorrelationId() };
  }
}

const requestOf = <Command extends { readonly correlationId: string }>(command: Command) => ({
  command,
  correlationId: command.correlationId,
});

function submitResultOf(outcome: CallOutcome<{ readonly result: SubmitResult }>): SubmitResult {
  if (outcome.kind === 'not_received') {
    return {
      kind: 'refused',
      refusal: { reason: 'not_ready', state: 'unreachable', detail: outcome.detail },
    };
  }
  return valueOrThrow(outcome).result;
}
