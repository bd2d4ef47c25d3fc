import { randomInt } from 'node:crypto';
import type { SecretProblem } from '@tradewind/config';
import { type Random, SeededRandom } from '@tradewind/utils';
import type { LoadedEnvironment } from '../environment.ts';
import { checkSecrets, type ResolvedSecrets, resolveSecrets } from '../secret-sources.ts';
import { venueSettingsOf } from '../venue-connections.ts';
import { checkDatabase } from './check-database.ts';
import { checkDisk } from './check-disk.ts';
import { checkExchange } from './check-exchange.ts';
import { checkRedis } from './check-redis.ts';
import { checkSystem } from './check-system.ts';
import { CHECKS, type Finding } from './finding.ts';

/** Looks at everything that a start needs, and at a system that runs. Changes nothing, and asks nothing while banned. */
export async function examine(environment: LoadedEnvironment): Promise<readonly Finding[]> {
  const { config, folder, file } = environment;
  const random = new SeededRandom(randomInt(2 ** 31));
  const missing = await checkSecrets(config);
  const secrets = missing.length === 0 ? await resolveSecrets(config) : undefined;
  const hasSecrets = secrets?.ok === true;
  const [disk, database, redis, system, exchange] = await Promise.all([
    checkDisk(folder.path),
    hasSecrets || config.ledger === undefined ? checkDatabase(environment) : unasked('database', NO_SECRET),
    hasSecrets || config.redis === undefined
      ? checkRedis(hasSecrets ? secrets.value.redisUrl?.reveal() : undefined, random)
      : unasked('redis', NO_SECRET),
    checkSystem(folder),
    hasSecrets ? checkKeysAndExchange(environment, secrets.value, random) : withoutSecrets(missing),
  ]);
  const configuration: Finding = {
    check: 'configuration',
    state: 'good',
    what: `${file}: nothing is wrong; ${config.environment}, ${config.mode}`,
  };
  return [configuration, ...disk, database, redis, ...system, ...exchange].sort(
    (a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check),
  );
}

async function checkKeysAndExchange(
  environment: LoadedEnvironment,
  secrets: ResolvedSecrets,
  random: Random,
): Promise<readonly Finding[]> {
  const { profile, urls } = environment.config.exchange;
  if (profile === 'simulator' && urls === undefined) {
    return [unasked('keys', BESIDE), ...AT_THE_EXCHANGE.map((check) => unasked(check, BESIDE))];
  }
  const settings = venueSettingsOf({ environment, secrets, simulator: undefined });
  if (!settings.ok) {
    const todo = 'give key and secret as the exchange gave them';
    return [
      { check: 'keys', state: 'wrong', what: settings.error, todo },
      ...AT_THE_EXCHANGE.map((check) => unasked(check, 'not looked at: no request can be signed')),
    ];
  }
  const what =
    settings.value.signer === undefined
      ? 'every secret is there; prices need no key'
      : 'every secret is there, and the key signs';
  const exchange = await checkExchange(environment, settings.value, random);
  return [{ check: 'keys', state: 'good', what }, ...exchange];
}

const withoutSecrets = (missing: readonly SecretProblem[]): readonly Finding[] => [
  ...missing.map(
    ({ reference, what }): Finding => ({
      check: 'keys',
      state: 'wrong',
      what: `${reference}: ${what}`,
      todo: 'put the secret there, or name where it is',
    }),
  ),
  ...AT_THE_EXCHANGE.map((check) => unasked(check, NO_SECRET)),
];

const AT_THE_EXCHANGE = ['limits', 'clock', 'permissions', 'rules'] as const;
const NO_SECRET = 'not looked at: a secret is missing';
const BESIDE = 'the simulator is started with the system, and made for its symbols and keys';

const unasked = (check: Finding['check'], what: string): Finding => ({ check, state: 'skipped', what });
