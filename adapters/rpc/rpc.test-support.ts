import { price, quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent } from '@tradewind/core/orders';
import { NOTHING_TRIPPED } from '@tradewind/core/risk';
import type {
  ExecutionState,
  FeedStatus,
  MarketData,
  MarketUpdate,
  OrderExecution,
  RiskManager,
  Signal,
  Verdict,
} from '@tradewind/proto';
import { SeededRandom, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import type { RpcClientOptions } from './caller.ts';
import type { ServedContracts } from './serve.ts';
import { type RpcServer, type RpcServerOptions, startRpcServer } from './server.ts';

export const TOKEN = 'correct horse battery staple';

export const intent: OrderIntent = {
  clientOrderId: 'order-1',
  strategy: 'ema-cross',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms: { type: 'LIMIT', quantity: quantity('0.5'), price: price('60000.01'), timeInForce: 'GTC' },
  tag: 'entry',
  decidedAtMs: 1_700_000_000_000,
};
export const signal: Signal = {
  strategy: 'ema-cross',
  symbol: 'BTCUSDT',
  decidedAtMs: 1_700_000_000_000,
  expiresAtMs: 1_700_000_005_000,
  action: 'order',
  intent,
};
export const executionState: ExecutionState = {
  state: 'ready',
  detail: '',
  epoch: 3,
  openOrders: 1,
  inDoubt: 0,
  breaks: [],
  agreedAtMs: undefined,
};
export const feed = (state: FeedStatus['state'], sinceMs = 1): MarketUpdate => ({
  kind: 'feed',
  feed: { symbol: 'BTCUSDT', state, sinceMs, detail: '' },
});
export const trade = (id: number): MarketUpdate => ({
  kind: 'trade',
  trade: {
    symbol: 'BTCUSDT',
    id,
    price: price('100'),
    quantity: quantity('1'),
    timeMs: id,
    buyerIsMaker: true,
  },
  receivedAtMs: id,
});
export const approval = (wanted: OrderIntent): Verdict => ({
  kind: 'approved',
  approved: wanted as Approved<OrderIntent>,
  checks: [{ check: 'order_notional', isPassed: true, was: '1', limit: '2', unit: 'USDT' }],
  epoch: { run: 'risk-1', changes: 2, letOn: 0, trips: [] },
});

/** A service of which a test says only what it needs; anything else throws. */
export const only = <Service extends object>(part: Partial<Service>): Service => part as Service;
export const riskOf = (part: Partial<RiskManager>): { riskManager: RiskManager } => ({
  riskManager: only(part),
});
export const executionOf = (part: Partial<OrderExecution>): { orderExecution: OrderExecution } => ({
  orderExecution: only(part),
});
export const marketOf = (part: Partial<MarketData>): { marketData: MarketData } => ({
  marketData: only(part),
});
export const noBreakers = NOTHING_TRIPPED;

const outside = () => ({
  clock: systemClock,
  timers: systemTimers,
  random: new SeededRandom(1),
  telemetry: silentTelemetry,
});

export const serve = (contracts: ServedContracts, more: Partial<RpcServerOptions> = {}): Promise<RpcServer> =>
  startRpcServer({
    contracts,
    token: TOKEN,
    port: 0,
    clock: systemClock,
    timers: systemTimers,
    telemetry: silentTelemetry,
    signOfLifeMs: 20,
    closeMs: 100,
    ...more,
  });

export const optionsFor = (port: number, more: Partial<RpcClientOptions> = {}): RpcClientOptions => ({
  service: 'test-service',
  host: '127.0.0.1',
  port,
  token: TOKEN,
  name: 'test',
  ...outside(),
  times: { reconnect: { firstDelayMs: 5, longestDelayMs: 20 } },
  ...more,
});

export async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; !isTrue(); attempt += 1) {
    if (attempt === 2_000) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
