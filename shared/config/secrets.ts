import { err, ok, type Result } from '@tradewind/core/result';

/** Where secrets are kept. Each answers undefined for what is not there. */
export interface SecretSources {
  readonly environment: (name: string) => string | undefined;
  /** The file's text without the line break at its end. */
  readonly file: (path: string) => Promise<string | undefined>;
  /** `path#field` of a Vault's KV v2 store. Rejects with a sentence when the Vault cannot be asked. */
  readonly vault?: (path: string, field: string) => Promise<string | undefined>;
}

export interface SecretProblem {
  /** The reference as it stands in the file, which is no secret. */
  readonly reference: string;
  readonly what: string;
}

/** A value that nothing prints: not a log line, not JSON, not an error. Only who needs it asks for it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }
}

/** Looks up what a reference names: `${env:NAME}`, `${file:path}`, `${vault:path#field}`; the field is `value` when none is named. */
export async function resolveSecret(
  reference: string,
  sources: SecretSources,
): Promise<Result<Secret, SecretProblem>> {
  const [, kind, rest = ''] = /^\$\{(env|file|vault):([^}]+)\}$/.exec(reference) ?? [];
  const refuse = (what: string) => err({ reference, what });
  try {
    const value = await lookUp(kind, rest, sources);
    if (value === undefined) return refuse(MISSING[kind ?? ''] ?? 'is no reference to a secret');
    return value === '' ? refuse('is there, and empty') : ok(new Secret(value));
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const MISSING: Readonly<Record<string, string>> = {
  env: 'no environment variable has this name',
  file: 'there is no such file',
  vault: 'the Vault has nothing there',
};

async function lookUp(
  kind: string | undefined,
  rest: string,
  sources: SecretSources,
): Promise<string | undefined> {
  if (kind === 'env') return sources.environment(rest);
  if (kind === 'file') return sources.file(rest);
  if (kind !== 'vault') return undefined;
  if (sources.vault === undefined) throw new Error('the configuration names no vault');
  const [path = '', field = 'value'] = rest.split('#');
  return sources.vault(path, field);
}
