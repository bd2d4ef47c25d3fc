import type { MarketData, OrderExecution, RiskManager, StrategyEngine } from '@tradewind/proto';

/** What trades, whichever processes it is in. */
export interface Services {
  readonly marketData: MarketData;
  readonly riskManager: RiskManager;
  readonly orderExecution: OrderExecution;
  readonly strategyEngine: StrategyEngine;
}

/** All services in one process, or each in its own: the two ways in which `npx tradewind start` runs them. */
export type Deployment = 'together' | 'apart';

export const SERVICE_NAMES = [
  'market-data',
  'risk-manager',
  'order-execution',
  'strategy-engine',
  'gateway',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Who calls whom when they run apart. */
export const RPC_LINKS: readonly (readonly [client: ServiceName, service: ServiceName])[] = [
  ['risk-manager', 'market-data'],
  ['order-execution', 'market-data'],
  ['order-execution', 'risk-manager'],
  ['strategy-engine', 'market-data'],
  ['strategy-engine', 'order-execution'],
  ['gateway', 'market-data'],
  ['gateway', 'risk-manager'],
  ['gateway', 'order-execution'],
  ['gateway', 'strategy-engine'],
];
