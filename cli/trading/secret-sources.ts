import { readFile } from 'node:fs/promises';
import {
  type Configuration,
  resolveSecret,
  type Secret,
  type SecretProblem,
  type SecretSources,
} from '@tradewind/config';
import { ok, type Result } from '@tradewind/core/result';
import { readVault } from '@tradewind/vault';

/** Environment variables, files, and the Vault that the configuration names. */
export async function secretSources({ vault }: Configuration): Promise<SecretSources> {
  const plain: SecretSources = { environment: (name) => process.env[name], file: readSecretFile };
  if (vault === undefined) return plain;
  const { url, mount } = vault;
  return {
    ...plain,
    vault: async (path, field) => {
      const token = await resolveSecret(vault.token, plain);
      if (!token.ok) throw new Error(`the token of the Vault, ${token.error.reference}: ${token.error.what}`);
      return readVault({ url, mount, token: token.value.reveal() }, path, field);
    },
  };
}

async function readSecretFile(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Every secret that a configuration names, by what it is for. */
export interface ResolvedSecrets {
  readonly apiKey: Secret | undefined;
  readonly apiSecret: Secret | undefined;
  readonly ledgerUrl: Secret | undefined;
  readonly redisUrl: Secret | undefined;
  readonly servicesToken: Secret | undefined;
  readonly gatewayToken: Secret | undefined;
}

const referencesOf = (
  config: Configuration,
): Readonly<Record<keyof ResolvedSecrets, string | undefined>> => ({
  apiKey: config.exchange.key?.api_key,
  apiSecret: config.exchange.key?.secret,
  ledgerUrl: config.ledger?.url,
  redisUrl: config.redis?.url,
  servicesToken: config.services?.token,
  gatewayToken: config.gateway.token,
});

/** Looks up every secret. The first that is not there ends it: nothing starts with half of its keys. */
export async function resolveSecrets(config: Configuration): Promise<Result<ResolvedSecrets, SecretProblem>> {
  const sources = await secretSources(config);
  const found: Partial<Record<keyof ResolvedSecrets, Secret>> = {};
  for (const [name, reference] of Object.entries(referencesOf(config))) {
    if (reference === undefined) continue;
    const secret = await resolveSecret(reference, sources);
    if (!secret.ok) return secret;
    found[name as keyof ResolvedSecrets] = secret.value;
  }
  return ok({
    apiKey: found.apiKey,
    apiSecret: found.apiSecret,
    ledgerUrl: found.ledgerUrl,
    redisUrl: found.redisUrl,
    servicesToken: found.servicesToken,
    gatewayToken: found.gatewayToken,
  });
}

/** Every reference that leads nowhere. */
export async function checkSecrets(config: Configuration): Promise<readonly SecretProblem[]> {
  const sources = await secretSources(config);
  const problems: SecretProblem[] = [];
  for (const reference of Object.values(referencesOf(config))) {
    if (reference === undefined) continue;
    const secret = await resolveSecret(reference, sources);
    if (!secret.ok) problems.push(secret.error);
  }
  return problems;
}
