import { randomInt } from 'node:crypto';
import { resolveSecret } from '@tradewind/config';
import { ok, type Result } from '@tradewind/core/result';
import { RedisBus } from '@tradewind/redis';
import { SeededRandom, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import { badInput, type Complaint } from '../complaint.ts';
import { type EnvironmentOptions, loadEnvironment } from './environment.ts';
import { secretSources } from './secret-sources.ts';

/** The bus that the services of an environment share when they run apart. */
export async function openRedisBus(options: EnvironmentOptions): Promise<Result<RedisBus, Complaint>> {
  const loaded = await loadEnvironment(options);
  if (!loaded.ok) return loaded;
  const { config } = loaded.value;
  if (config.redis === undefined) {
    return badInput(
      `${config.environment} names no redis; in one process messages that fail are in the log, and the ledger has what they told`,
    );
  }
  const url = await resolveSecret(config.redis.url, await secretSources(config));
  if (!url.ok) return badInput(`redis.url: ${url.error.reference}: ${url.error.what}`);
  return ok(
    new RedisBus({
      url: url.value.reveal(),
      consumer: `cli-${process.pid}`,
      clock: systemClock,
      timers: systemTimers,
      random: new SeededRandom(randomInt(2 ** 31)),
      telemetry: silentTelemetry,
    }),
  );
}
