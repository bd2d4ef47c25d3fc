import { SeededRandom, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import { Redis } from 'ioredis';
import type { OwnRedis } from '../../tools/own-redis.ts';
import { RedisBus, type RedisBusOptions, type RedisBusSettings } from './redis-bus.ts';

/** Asks or tells a server something beside the bus. */
export async function admin<T>(server: OwnRedis, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(server.url, { retryStrategy: () => 10, maxRetriesPerRequest: null, protocol: 2 });
  client.on('error', () => undefined);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

export const busOn = (
  url: string,
  settings: Partial<RedisBusSettings>,
  more: Partial<RedisBusOptions> = {},
): RedisBus =>
  new RedisBus({
    url,
    consumer: 'test',
    clock: systemClock,
    timers: systemTimers,
    random: new SeededRandom(1),
    telemetry: silentTelemetry,
    settings: {
      retry: { firstDelayMs: 2, longestDelayMs: 4 },
      reconnect: { firstDelayMs: 5, longestDelayMs: 20 },
      ...settings,
    },
    ...more,
  });

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));

export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await isTrue()); attempt += 1) {
    if (attempt === 2_000) throw new Error('what was waited for did not happen');
    await pause(2);
  }
}
