export type { RpcClient, RpcClientOptions } from './caller.ts';
export type { ConnectionHealth, ConnectionTimes } from './connection.ts';
export { MarketDataClient, type MarketDataClientOptions } from './market-data-client.ts';
export { OrderExecutionClient } from './order-execution-client.ts';
export { RiskManagerClient } from './risk-manager-client.ts';
export type { ServedContracts } from './serve.ts';
export { type RpcServer, type RpcServerOptions, startRpcServer } from './server.ts';
export { StrategyEngineClient } from './strategy-engine-client.ts';
