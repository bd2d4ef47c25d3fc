import { request } from 'undici';

export interface VaultOptions {
  /** Where the Vault is, without a path: https://vault.internal:8200 */
  readonly url: string;
  readonly token: string;
  /** Where the KV version 2 engine is mounted. */
  readonly mount: string;
}

/**
 * Reads one field of a secret in HashiCorp Vault's KV version 2 engine.
 * Source: Vault's HTTP API, `GET /v1/:mount/data/:path`, header `X-Vault-Token`; the fields are in `data.data`.
 * @returns undefined when there is no such secret, or it has no such field
 * @throws Error with a sentence for people, without the token, when the Vault cannot be asked or refuses
 */
export async function readVault(
  { url, token, mount }: VaultOptions,
  path: string,
  field: string,
): Promise<string | undefined> {
  const address = `${url}/v1/${mount}/data/${path.split('/').map(encodeURIComponent).join('/')}`;
  const { status, body } = await ask(address, token);
  if (status === 404) return undefined;
  if (status === 403) throw new Error(`the Vault does not let this token read ${mount}/${path}`);
  if (status !== 200)
    throw new Error(
      `the Vault answers ${status} for ${mount}/${path}${status === 503 ? ': it is sealed' : ''}`,
    );
  const value = fieldOf(body, field);
  if (value !== undefined && typeof value !== 'string')
    throw new Error(`${mount}/${path}#${field} is no text`);
  return value;
}

async function ask(
  address: string,
  token: string,
): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const answer = await request(address, {
      headers: { 'x-vault-token': token },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    return { status: answer.statusCode, body: await answer.body.text() };
  } catch (error) {
    throw new Error(`the Vault does not answer: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

const TIMEOUT_MS = 5000;

function fieldOf(body: string, field: string): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch (cause) {
    throw new Error('the Vault answers with what is no JSON', { cause });
  }
  const fields = (answer as { data?: { data?: unknown } } | null)?.data?.data;
  if (typeof fields !== 'object' || fields === null)
    throw new Error('the Vault answers without data.data: is its engine of version 2?');
  return Object.hasOwn(fields, field) ? (fields as Record<string, unknown>)[field] : undefined;
}
