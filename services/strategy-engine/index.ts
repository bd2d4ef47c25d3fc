export type { HostingInput, HostingOutput, HostingSettings } from './hosting/messages.ts';
export {
  DEFAULT_SETTINGS,
  type EngineWatch,
  type InstanceOptions,
  type InstanceSettings,
  type MarketNeeds,
  marketNeedsOf,
  type StrategyEngineOptions,
  type Thread,
  type ThreadStarter,
} from './options.ts';
export { StrategyEngineService } from './strategy-engine-service.ts';
export { LoopState } from './watchdog/loop-state.ts';
export {
  BLOCKED_EXIT_STATUS,
  forgetBlocked,
  readBlocked,
  startWatchdog,
  type WatchdogOptions,
} from './watchdog/start-watchdog.ts';
export { startStrategyThread } from './worker/start-thread.ts';
