export { ControlFront } from './control/control-front.ts';
export type {
  CommissionRates,
  Exchange,
  ExchangePort,
  ExecutionReport,
  SavedExchange,
} from './exchange/index.ts';
export type { FaultStatus } from './faults/engine.ts';
export { fillFromOutside, openQuantity, standingBefore } from './faults/outside-fill.ts';
export type { FaultPlan } from './faults/plan-schema.ts';
export { describeFaultPlanProblem, type FaultPlanProblem, readFaultPlan } from './faults/read-plan.ts';
export type { Answerer, Front, Upgrade } from './front.ts';
export { SimulatorHost } from './host.ts';
export {
  describeListenProblem,
  type ListenOptions,
  type ListenProblem,
  type RunningServer,
  startServer,
} from './server/server.ts';
export { type AccountSetup, demoAccounts, hmacKey, type KeySetup } from './setup/accounts.ts';
export { builtInExchangeInfo, DEFAULT_SYMBOLS } from './setup/built-in-exchange-info.ts';
export { findReplay, type Replay, type ReplayOptions } from './setup/replay.ts';
export { type FilterEntry, type SymbolEntry, symbolEntry } from './setup/symbol-entry.ts';
export { type MakeMarket, type Market, type TradersOptions, traders } from './setup/traders.ts';
export { type SavedSimulator, Simulator, type SimulatorOptions, type SimulatorPorts } from './simulator.ts';
export type { ServerSocket, SocketHandler, WireRequest, WireResponse } from './wire.ts';
