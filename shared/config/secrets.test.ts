import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { resolveSecret, Secret, type SecretSources } from './index.ts';

const CANARY = 'canary-4711';
const sources: SecretSources = {
  environment: (name) => ({ KEY: CANARY, NOTHING: '' })[name],
  file: async (path) => (path === '/run/secrets/key' ? CANARY : undefined),
  vault: async (path, field) => {
    if (path === 'down') throw new Error('the Vault does not answer');
    return `${path} ${field}` === 'redis/main password' || `${path} ${field}` === 'redis/main value'
      ? CANARY
      : undefined;
  },
};
const reference = (inner: string): string => `$\{${inner}}`;

test.each(['env:KEY', 'file:/run/secrets/key', 'vault:redis/main#password', 'vault:redis/main'])(
  '%s is found where it says',
  async (inner) => {
    const found = await resolveSecret(reference(inner), sources);
    expect(found.ok && found.value.reveal()).toBe(CANARY);
  },
);

test.each([
  ['env:OTHER', 'no environment variable has this name'],
  ['env:NOTHING', 'is there, and empty'],
  ['file:/nowhere', 'there is no such file'],
  ['vault:redis/other', 'the Vault has nothing there'],
  ['vault:down', 'the Vault does not answer'],
])('%s is refused with the reference, which is no secret', async (inner, what) => {
  expect(await resolveSecret(reference(inner), sources)).toEqual({
    ok: false,
    error: { reference: reference(inner), what },
  });
});

test('without a vault in the configuration nothing is asked of one', async () => {
  const { vault: _, ...others } = sources;
  const found = await resolveSecret(reference('vault:redis/main'), others);
  expect(found.ok ? '' : found.error.what).toBe('the configuration names no vault');
});

test('I11: a secret is in no text, no JSON and no dump of what holds it', () => {
  const holder = { key: new Secret(CANARY) };
  const texts = [
    String(holder.key),
    `${holder.key}`,
    JSON.stringify(holder),
    inspect(holder, { depth: 9, showHidden: true }),
  ];
  for (const text of texts) expect(text).not.toContain(CANARY);
});
