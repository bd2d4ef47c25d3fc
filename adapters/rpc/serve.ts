import type { DescService } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import type { MarketData, OrderExecution, RiskManager, StrategyEngine } from '@tradewind/proto';
import {
  type Codec,
  decodeWith,
  marketDataMethods,
  orderExecutionMethods,
  riskManagerMethods,
  strategyEngineMethods,
} from '@tradewind/proto/codec';
import { MarketDataService } from '@tradewind/proto/generated/market_data_pb.js';
import { OrderExecutionService } from '@tradewind/proto/generated/order_execution_pb.js';
import { RiskManagerService } from '@tradewind/proto/generated/risk_manager_pb.js';
import { StrategyEngineService } from '@tradewind/proto/generated/strategy_engine_pb.js';
import { type Clock, pause, type Telemetry, type Timers } from '@tradewind/utils';
import { NOT_BEGUN_HEADER } from './caller.ts';
import { EPOCH_LASTS_MS } from './told-epoch.ts';
import { toldPrices } from './told-prices.ts';
import { UpdateQueue } from './update-queue.ts';

/** The contracts that a process serves. */
export interface ServedContracts {
  readonly marketData?: MarketData;
  readonly strategyEngine?: StrategyEngine;
  readonly riskManager?: RiskManager;
  readonly orderExecution?: OrderExecution;
}

export interface ServeOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  /** How many market updates a reader may be behind. */
  readonly updatesMaximum: number;
  /** How often a stream without news gives a sign of life. */
  readonly signOfLifeMs: number;
}

interface Method<Request, RequestWire, Response, ResponseWire> {
  readonly request: Codec<Request, RequestWire>;
  readonly response: Codec<Response, ResponseWire>;
}

/** What a service is told to for each contract: an implementation of some of its methods. */
export type AddService = <S extends DescService>(service: S, implementation: Partial<ServiceImpl<S>>) => void;

/** Puts every contract behind its routes: requests are read strictly, answers carry the correlation id of their request. */
export function routesOf(contracts: ServedContracts, options: ServeOptions): (add: AddService) => void {
  const { telemetry } = options;

  const unary =
    <Request extends { readonly correlationId: string }, RequestWire, Response, ResponseWire>(
      name: string,
      method: Method<Request, RequestWire, Response, ResponseWire>,
      handle: (request: Request) => Promise<Omit<Response, 'correlationId'>>,
    ) =>
    async (message: RequestWire): Promise<ResponseWire> => {
      const request = readRequest(method.request, message);
      const { correlationId } = request;
      try {
        const parts = await handle(request);
        return method.response.encode({ correlationId, ...parts } as Response);
      } catch (error) {
        // What was thrown may hold what is nobody's business outside; the log redacts, an answer would not.
        const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        telemetry.log.write('error', 'rpc_service_failed', { method: name, detail }, correlationId);
        // biome-ignore lint/style/useErrorCause: the cause is the last argument of this error.
        throw new ConnectError('the service failed, its log says how', Code.Internal, {}, [], error);
      }
    };

  return (add) => {
    const { marketData, strategyEngine, riskManager, orderExecution } = contracts;
    if (marketData !== undefined) {
      const methods = marketDataMethods;
      add(MarketDataService, {
        getSnapshot: unary('getSnapshot', methods.getSnapshot, async ({ symbol }) => ({
          snapshot: await marketData.snapshot(symbol),
        })),
        getHistory: unary('getHistory', methods.getHistory, async ({ symbol, interval, count }) => ({
          result: await marketData.history(symbol, interval, count),
        })),
        subscribe: (message, context) =>
          updatesOf(marketData, readRequest(methods.subscribe.request, message), context, options),
        async *followPrices(message, { signal }) {
          const { symbols, correlationId } = readRequest(methods.followPrices.request, message);
          for await (const prices of toldPrices(marketData, symbols, signal, options))
            yield methods.followPrices.response.encode({ correlationId, ...prices });
        },
      });
    }
    if (strategyEngine !== undefined) {
      const methods = strategyEngineMethods;
      add(StrategyEngineService, {
        listStrategies: unary('listStrategies', methods.listStrategies, async () => ({
          strategies: await strategyEngine.list(),
        })),
        generateSignal: unary('generateSignal', methods.generateSignal, async ({ strategy }) => ({
          result: await strategyEngine.generateSignal(strategy),
        })),
        updateParameters: unary('updateParameters', methods.updateParameters, async ({ command }) => ({
          result: await strategyEngine.updateParameters(command),
        })),
        startStrategy: unary('startStrategy', methods.startStrategy, async ({ command }) => ({
          result: await strategyEngine.start(command),
        })),
        stopStrategy: unary('stopStrategy', methods.stopStrategy, async ({ command }) => ({
          result: await strategyEngine.stop(command),
        })),
      });
    }
    if (riskManager !== undefined) {
      const methods = riskManagerMethods;
      add(RiskManagerService, {
        validate: unary('validate', methods.validate, async ({ wanted, correlationId }) => ({
          verdict: await riskManager.validate(wanted, correlationId),
        })),
        withdraw: unary('withdraw', methods.withdraw, async ({ clientOrderIds }) => {
          await riskManager.withdraw(clientOrderIds);
          return {};
        }),
        record: unary('record', methods.record, async ({ events }) => {
          await riskManager.record(events);
          return {};
        }),
        getLimits: unary('getLimits', methods.getLimits, async () => ({
          limits: await riskManager.limits(),
        })),
        getRiskState: unary('getRiskState', methods.getRiskState, async () => ({
          state: await riskManager.state(),
        })),
        halt: unary('halt', methods.halt, async ({ order }) => {
          // Stopped before anything is waited for. Who was told before that it is not believes so no longer than this.
          const [result] = await Promise.all([
            riskManager.halt(order),
            pause(options.timers, EPOCH_LASTS_MS),
          ]);
          return { result };
        }),
        resume: unary('resume', methods.resume, async ({ order }) => ({
          result: await riskManager.resume(order),
        })),
        heartbeat: unary('heartbeat', methods.heartbeat, async ({ beat }) => {
          await riskManager.heartbeat(beat);
          return { epoch: riskManager.epoch() };
        }),
      });
    }
    if (orderExecution !== undefined) {
      const methods = orderExecutionMethods;
      add(OrderExecutionService, {
        submit: unary('submit', methods.submit, async ({ signal, correlationId }) => ({
          result: await orderExecution.submit(signal, correlationId),
        })),
        cancel: unary('cancel', methods.cancel, async ({ command }) => ({
          result: await orderExecution.cancel(command),
        })),
        amend: unary('amend', methods.amend, async ({ command }) => ({
          result: await orderExecution.amend(command),
        })),
        replace: unary('replace', methods.replace, async ({ command }) => ({
          result: await orderExecution.replace(command),
        })),
        cancelAll: unary('cancelAll', methods.cancelAll, async ({ command }) => ({
          result: await orderExecution.cancelAll(command),
        })),
        flatten: unary('flatten', methods.flatten, async ({ command }) => ({
          result: await orderExecution.flatten(command),
        })),
        getOrder: unary('getOrder', methods.getOrder, async ({ clientOrderId }) => ({
          order: await orderExecution.order(clientOrderId),
        })),
        listOpenOrders: unary('listOpenOrders', methods.listOpenOrders, async () => ({
          orders: await orderExecution.openOrders(),
        })),
        reconcile: unary('reconcile', methods.reconcile, async () => ({
          result: await orderExecution.reconcile(),
        })),
        forget: unary('forget', methods.forget, async ({ command }) => ({
          result: await orderExecution.forget(command),
        })),
        resolveBreak: unary('resolveBreak', methods.resolveBreak, async ({ command }) => ({
          result: await orderExecution.resolveBreak(command),
        })),
        getExecutionState: unary('getExecutionState', methods.getExecutionState, async () => ({
          state: await orderExecution.state(),
        })),
      });
    }
  };
}

/** A request that cannot be read was not begun, and the answer says so. */
function readRequest<Request, RequestWire>(
  codec: Codec<Request, RequestWire>,
  message: RequestWire,
): Request {
  const request = decodeWith(codec, message);
  if (request.ok) return request.value;
  const { path, problem } = request.error;
  throw new ConnectError(`${path} ${problem}`, Code.InvalidArgument, { [NOT_BEGUN_HEADER]: '1' });
}

type SubscribeMethods = (typeof marketDataMethods)['subscribe'];
type SubscribeRequest = ReturnType<SubscribeMethods['request']['decode']>;
type SubscribeResponse = ReturnType<SubscribeMethods['response']['encode']>;

/** Everything since the last message in one message, as fast as the reader takes them. */
async function* updatesOf(
  marketData: MarketData,
  { symbols, kinds, correlationId }: SubscribeRequest,
  { signal }: HandlerContext,
  { timers, telemetry, updatesMaximum, signOfLifeMs }: ServeOptions,
): AsyncGenerator<SubscribeResponse> {
  const queue = new UpdateQueue(updatesMaximum);
  const request = kinds.length === 0 ? { symbols } : { symbols, kinds };
  const subscription = marketData.subscribe(request, (update) => queue.push(update));
  const leave = (): void => queue.giveUp();
  signal.addEventListener('abort', leave);
  try {
    while (!signal.aborted) {
      await queue.waiting(timers, signOfLifeMs);
      if (queue.isOverrun) break;
      const { updates, dropped } = queue.take();
      yield marketDataMethods.subscribe.response.encode({ correlationId, updates, dropped });
    }
    if (signal.aborted) return;
    telemetry.log.write('warn', 'rpc_reader_overrun', { maximum: updatesMaximum }, correlationId);
    throw new ConnectError('the reader is too slow, it has to begin again', Code.ResourceExhausted);
  } finally {
    signal.removeEventListener('abort', leave);
    subscription.end();
  }
}
