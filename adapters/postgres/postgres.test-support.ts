import { existsSync, mkdtempSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemTimers } from '@tradewind/utils';
import pg from 'pg';
import { test } from 'vitest';
import type { SocketAddress } from './ledger/connection.ts';
import { PostgresLedger, type PostgresLedgerOptions } from './ledger/postgres-ledger.ts';
import { EmbeddedPostgres } from './server/embedded-postgres.ts';
import { binariesIn, npmServerFolder, type ServerBinaries } from './server/server-binaries.ts';

/** The servers that tests run on, each skipped by name where it is not installed. */
export const SERVERS: readonly TestServerKind[] = [
  { name: 'PostgreSQL of npm', folder: npmServerFolder(process.platform, process.arch) },
  {
    name: 'PostgreSQL 15 of Debian',
    folder: '/usr/lib/postgresql/15/bin',
    binaries: binariesIn('/usr/lib/postgresql/15/bin'),
  },
].map(({ name, folder, binaries }) => ({
  name,
  isThere: folder !== undefined && existsSync(folder),
  ...(binaries === undefined ? {} : { binaries }),
}));

export interface TestServerKind {
  readonly name: string;
  readonly isThere: boolean;
  readonly binaries?: ServerBinaries;
}

const anyServer = SERVERS.find(({ isThere }) => isThere);
/** A test that needs a server, whichever. */
export const testWithPostgres = test.skipIf(anyServer === undefined);

export const STAMP = { build: 'test', configurationHash: 'none' };

const TABLES = [
  'journal',
  'journal_orders',
  'postings',
  'client_order_ids',
  'orders',
  'fills',
  'booked_keys',
  'balances',
  'positions',
  'profits',
  'watermarks',
  'breaks',
  'strategies',
  'last_words',
];

/** A server in a new folder, with ledgers and direct connections to it. */
export class TestServer {
  readonly folder: string;
  readonly address: SocketAddress;
  private readonly server: EmbeddedPostgres;
  private readonly ledgers: PostgresLedger[] = [];

  private constructor(folder: string, server: EmbeddedPostgres) {
    this.folder = folder;
    this.server = server;
    this.address = server.address;
  }

  /** @param settings  tests that kill nothing do without the disk: `fsync=off` */
  static async start(
    kind: TestServerKind | undefined = anyServer,
    settings: readonly string[] = ['fsync=off'],
  ): Promise<TestServer> {
    const folder = mkdtempSync(join(tmpdir(), 'tradewind-ledger-'));
    // As root the server runs under another account, which has to get there.
    await chmod(folder, 0o755);
    const server = await EmbeddedPostgres.start({
      dataFolder: folder,
      timers: systemTimers,
      settings,
      ...(kind?.binaries === undefined ? {} : { binaries: kind.binaries }),
    });
    if (!server.ok) throw new Error(server.error);
    return new TestServer(folder, server.value);
  }

  async ledger(more: Partial<PostgresLedgerOptions> = {}): Promise<PostgresLedger> {
    const ledger = await PostgresLedger.open({
      address: this.address,
      timers: systemTimers,
      stamp: STAMP,
      ...more,
    });
    if (!ledger.ok) throw new Error(ledger.error);
    this.ledgers.push(ledger.value);
    return ledger.value;
  }

  /** As the owner of the database, who can do everything. */
  sql<Row extends object>(text: string): Promise<readonly Row[]> {
    return this.sqlIn<Row>(this.address.database, text);
  }

  /** The same in another database of the server. */
  sqlElsewhere(text: string): Promise<readonly object[]> {
    return this.sqlIn('postgres', text);
  }

  private async sqlIn<Row extends object>(database: string, text: string): Promise<readonly Row[]> {
    const { socketFolder: host, port, user } = this.address;
    const client = new pg.Client({ host, port, user, database });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Behind the ledger's back: without its triggers. */
  async tamper(text: string): Promise<void> {
    await this.sql(`SET session_replication_role = replica; ${text}`);
  }

  /** As it was after the migrations. */
  async empty(): Promise<void> {
    await this.tamper(`
      ${TABLES.map((table) => `DELETE FROM tradewind.${table};`).join(' ')}
      UPDATE tradewind.head SET seq = 0, at_ms = 0, hash = repeat('0', 64),
        epoch = 0, holder = NULL, until = '-infinity'`);
  }

  async stop(): Promise<void> {
    await Promise.all(this.ledgers.map((ledger) => ledger.close()));
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
