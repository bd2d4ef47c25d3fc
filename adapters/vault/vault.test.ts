import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readVault } from './index.ts';

const TOKEN = 'canary-token';

/** A Vault as its HTTP API says that it answers. */
async function vaultWith(
  answer: (request: IncomingMessage) => { status: number; body: string },
): Promise<string> {
  const server = createServer((request, response) => {
    const { status, body } = answer(request);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const secret = (data: object): string => JSON.stringify({ data: { data, metadata: { version: 3 } } });
const read = (url: string, path = 'redis/main', field = 'password'): Promise<string | undefined> =>
  readVault({ url, token: TOKEN, mount: 'secret' }, path, field);

test('a field is read from the path of the mount, with the token in its header', async () => {
  const asked: unknown[] = [];
  const url = await vaultWith(({ url: path, headers }) => {
    asked.push([path, headers['x-vault-token']]);
    return { status: 200, body: secret({ password: 'p' }) };
  });
  expect(await read(url)).toBe('p');
  expect(asked).toEqual([['/v1/secret/data/redis/main', TOKEN]]);
});

test('what is not there is undefined: the secret, its field, and what only its prototype has', async () => {
  expect(await read(await vaultWith(() => ({ status: 404, body: '{"errors":[]}' })))).toBeUndefined();
  const url = await vaultWith(() => ({ status: 200, body: secret({ other: 'x' }) }));
  expect(await read(url)).toBeUndefined();
  expect(await read(url, 'redis/main', 'constructor')).toBeUndefined();
});

test.each([
  [403, '{"errors":["permission denied"]}', 'the Vault does not let this token read secret/redis/main'],
  [503, '{"errors":["Vault is sealed"]}', 'the Vault answers 503 for secret/redis/main: it is sealed'],
  [200, '<html>', 'the Vault answers with what is no JSON'],
  [200, '{"data":{"password":"p"}}', 'the Vault answers without data.data: is its engine of version 2?'],
  [200, secret({ password: 7 }), 'secret/redis/main#password is no text'],
])('status %i with %s is told to a person, without the token', async (status, body, sentence) => {
  const url = await vaultWith(() => ({ status, body }));
  await expect(read(url)).rejects.toThrow(sentence);
});

test('a Vault that is not there is told as such', async () => {
  await expect(read('http://127.0.0.1:1')).rejects.toThrow('the Vault does not answer');
});
