export type { HostingInput, HostingOutput, HostingSettings } from './hosting/messages.ts';
export {
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
  forgetBlocked,
  readBlocked,
  startWatchdog,
  type WatchdogOptions,
} from './watchdog/start-watchdog.ts';
export { startStrategyThread } from './worker/start-thread.ts';
