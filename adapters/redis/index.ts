export {
  RedisBus,
  type RedisBusOptions,
  type RedisBusSettings,
} from './redis-bus.ts';
export type { RedisHealth } from './redis-link.ts';
