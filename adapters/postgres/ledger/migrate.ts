import { readdirSync, readFileSync } from 'node:fs';
import { err, ok, type Result } from '@tradewind/core/result';
import type { Connection } from './connection.ts';
import { sha256 } from './sha256.ts';

export interface Migration {
  /** 1, 2, 3 without holes. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

const FOLDER = new URL('../migrations/', import.meta.url);

/** The schema that this program was written for. */
export const MIGRATIONS: readonly Migration[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name, index) => ({ version: index + 1, name, sql: readFileSync(new URL(name, FOLDER), 'utf8') }));

/** An index of a journal of years takes longer than anything that trading waits for. */
const LIMIT_MS = 600_000;

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Brings the schema of a database to that of this program, or says in a sentence why that is not possible. All in one transaction: a
 * migration is there whole or not at all. An older program refuses a newer schema (faults.md P13).
 */
export async function migrate(
  connection: Connection,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Result<void, string>> {
  const missing = await missingOf(connection, migrations);
  if (!missing.ok || missing.value.length === 0) return missing.ok ? ok(undefined) : missing;
  // The simple protocol takes many statements at once, and PostgreSQL makes one transaction of them.
  const answer = await connection.query({
    text: `BEGIN; SET LOCAL statement_timeout = ${LIMIT_MS}; ${LOCK}; ${missing.value.map(scriptOf).join('\n')} COMMIT`,
    limitMs: LIMIT_MS,
  });
  if (answer.kind === 'done') return ok(undefined);
  await connection.query({ text: 'ROLLBACK' });
  // Another process may have done the same at the same moment.
  const left = await missingOf(connection, migrations);
  if (left.ok && left.value.length === 0) return ok(undefined);
  return err(`The schema of the ledger cannot be brought up to date: ${answer.detail}`);
}

/** Says why the schema of a database is not that of this program; for those who must not change it. */
export async function checkSchema(connection: Connection): Promise<Result<void, string>> {
  const missing = await missingOf(connection, MIGRATIONS);
  if (!missing.ok) return missing;
  if (missing.value.length === 0) return ok(undefined);
  return err(
    `The database has ${missing.value.length === MIGRATIONS.length ? 'no ledger' : 'a ledger with an older schema'}; it is made or brought up to date when Tradewind starts on it.`,
  );
}

/** Where two start at the same moment, one waits for the other. */
const LOCK = `SELECT pg_advisory_xact_lock(7233094582341)`;
const TABLE = `
  CREATE SCHEMA IF NOT EXISTS tradewind;
  CREATE TABLE IF NOT EXISTS tradewind.migrations (
    version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now());`;
const scriptOf = ({ version, name, sql }: Migration): string =>
  `${version === 1 ? TABLE : ''}
  INSERT INTO tradewind.migrations (version, name, checksum) VALUES (${version}, '${name}', '${sha256(sql)}');
  ${sql};`;

async function missingOf(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<Result<readonly Migration[], string>> {
  const isThere = await connection.query<{ readonly found: boolean }>({
    text: `SELECT to_regclass('tradewind.migrations') IS NOT NULL AS found`,
  });
  if (isThere.kind !== 'done') return err(`The database of the ledger does not answer: ${isThere.detail}`);
  if (isThere.rows[0]?.found !== true) return ok(migrations);
  const answer = await connection.query<Applied>({
    text: 'SELECT version, name, checksum FROM tradewind.migrations ORDER BY version',
  });
  if (answer.kind !== 'done') return err(`The schema of the ledger cannot be read: ${answer.detail}`);
  for (const { version, name, checksum } of answer.rows) {
    const known = migrations[version - 1];
    if (known === undefined) {
      return err(
        `The ledger has schema ${answer.rows.length}, and this program knows ${migrations.length}: a newer Tradewind has used it. Start that version, or a newer one.`,
      );
    }
    if (sha256(known.sql) !== checksum) {
      return err(
        `The ledger was made with another text of migration ${name}: this program and that database do not belong together.`,
      );
    }
  }
  return ok(migrations.slice(answer.rows.length));
}
