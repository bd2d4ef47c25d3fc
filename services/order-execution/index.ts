export { OrderExecutionService } from './order-execution-service.ts';
export type { ExecutionParts, OpenUserFeed, StartCounter, UserFeed } from './ports.ts';
export {
  type CrashLoopSettings,
  DEFAULT_EXECUTION_SETTINGS,
  type ExecutionSettings,
  type InDoubtSettings,
  type StrategyExecution,
  type UnfilledPolicy,
} from './settings.ts';
