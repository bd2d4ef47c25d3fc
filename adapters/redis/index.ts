export {
  RedisBus,
  type RedisBusOptions,
  type RedisBusSettings,
} from './redis-bus.ts';
export type {
  OpenRedis,
  RedisConnection,
  RedisListener,
  RedisParameter,
  RedisPlace,
} from './redis-connection.ts';
export type { RedisHealth } from './redis-link.ts';
export type { ScriptName } from './scripts.ts';
