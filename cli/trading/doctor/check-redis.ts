import { RedisBus } from '@tradewind/redis';
import { type Random, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import type { Finding } from './finding.ts';

/** Whether Redis answers, and whether messages lie there that nobody could handle. */
export async function checkRedis(url: string | undefined, random: Random): Promise<Finding> {
  if (url === undefined) {
    return { check: 'redis', state: 'skipped', what: 'not configured; services in one process need none' };
  }
  const outside = { clock: systemClock, timers: systemTimers, random, telemetry: silentTelemetry };
  const bus = new RedisBus({ ...outside, url, consumer: 'doctor' });
  try {
    const letters = await bus.deadLetters(1);
    return letters.length === 0
      ? { check: 'redis', state: 'good', what: 'Redis answers; there are no dead letters' }
      : {
          check: 'redis',
          state: 'warning',
          what: 'Redis answers; there are dead letters',
          todo: 'find out why with tradewind dead-letters list, then replay them',
        };
  } catch (error) {
    return {
      check: 'redis',
      state: 'wrong',
      what: (error as Error).message,
      todo: 'start Redis, and check redis.url; services that run apart wait for it and take no new risk',
    };
  } finally {
    await bus.close();
  }
}
