import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  busy,
  environmentFile,
  exchangeAt,
  exchangeWith,
  run,
  start,
  temporaryFolder,
  until,
} from './processes.test-support.ts';

const KEY = 'canaryKeyK7uP2wQ9';
const SECRET = 'canarySecretX4mB8vT1';
const TOKEN = 'canary-token-5hR3nL6y';
const WRONG_SECRET = 'canaryWrongJ2zD6kE0';
const CANARIES = [KEY, SECRET, TOKEN, WRONG_SECRET];

const canariesIn = (text: string): readonly string[] => CANARIES.filter((each) => text.includes(each));

/** Every file below a folder with the canaries in it; the database's own are read through an export of the ledger. */
function filesWithCanaries(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .filter((name) => canariesIn(readFileSync(join(folder, name), 'latin1')).length > 0);
}

test('I11: canary secrets are in nothing that a system says, writes, serves or records, whatever goes wrong', async () => {
  const simulator = await exchangeWith([`${KEY}:${SECRET}:USDT=20000,BTC=0.5`]);
  const folder = temporaryFolder();
  const changes = {
    ...busy(),
    environment: 'development',
    mode: 'testnet',
    paper: undefined,
    telemetry: { log_level: 'debug' },
    exchange: exchangeAt(simulator, { apiKey: KEY, names: ['CANARY_KEY', 'CANARY_SECRET'] }),
    gateway: { port: 0, token: '$' + '{env:CANARY_TOKEN}' },
  };
  const where = ['-e', environmentFile(folder, changes), '--data', join(folder, 'data')];
  const environment = { CANARY_KEY: KEY, CANARY_SECRET: SECRET, CANARY_TOKEN: TOKEN };
  const said: string[] = [];
  const hear = async (words: readonly string[], secrets: Record<string, string> = environment) => {
    const { code, out, error } = await run([...words, ...where], secrets);
    said.push(out, error);
    return code;
  };

  // What is wrong with a secret is said without it.
  const wrong = { ...environment, CANARY_SECRET: WRONG_SECRET };
  expect(await hear(['start', '--output', 'json'], wrong)).toBe(1);
  expect(await hear(['doctor'], wrong)).toBe(3);
  expect(await hear(['config', 'check', '--secrets'], { CANARY_KEY: KEY })).toBe(2);

  const system = start(where, environment);
  await until(
    () => system.said.includes(' bought '),
    () => system.said,
  );
  const { host, port } = JSON.parse(readFileSync(join(folder, 'data', 'running.json'), 'utf8'));
  const at = `http://${host}:${port}`;
  const authorization = `Bearer ${TOKEN}`;
  for (const [path, headers] of [
    ['/metrics', {}],
    ['/health', {}],
    ['/ready', {}],
    ['/api/v1/status', { authorization }],
    ['/api/v1/orders', { authorization }],
    ['/api/v1/status', { authorization: `Bearer ${TOKEN}x` }],
    [`/api/v1/${TOKEN}`, {}],
  ] as const) {
    said.push(await (await fetch(at + path, { headers })).text());
  }
  expect(await hear(['doctor', '--json'])).toBe(0);
  expect(await hear(['orders', 'cancel', 'nothing'])).toBe(3);
  expect(await hear(['strategies', 'set', 'busy', 'nothing=1'])).toBe(3);
  // Every request fails now, with all that belongs to it.
  await simulator.stop();
  expect(await hear(['reconcile'])).toBe(3);
  expect(await hear(['cancel-all'])).not.toBe(2);
  const ended = await system.end('SIGTERM');
  expect(await hear(['ledger', 'export'])).toBe(0);

  expect(canariesIn([ended.out, ended.error, ...said].join('\n'))).toEqual([]);
  expect(filesWithCanaries(join(folder, 'data'))).toEqual([]);
});
