export type { Bus, BusMessages, DeadLetter, Topic } from './contracts/bus.ts';
export * from './contracts/event.ts';
export type * from './contracts/ledger.ts';
export * from './contracts/market-data.ts';
export type * from './contracts/order-execution.ts';
export type * from './contracts/risk-manager.ts';
export type * from './contracts/strategy-engine.ts';
