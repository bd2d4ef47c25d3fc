export {
  DEFAULT_REDIS_BUS_SETTINGS,
  RedisBus,
  type RedisBusOptions,
  type RedisBusSettings,
} from './redis-bus.ts';
export type { RedisHealth } from './redis-link.ts';
