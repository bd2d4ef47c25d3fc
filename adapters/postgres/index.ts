export type { DatabaseAddress } from './ledger/connection.ts';
export { openHeadFolder } from './ledger/head-folder.ts';
export type { HeadKeeper } from './ledger/head-keeper.ts';
export { LedgerUnavailable, PostgresLedger, type PostgresLedgerOptions } from './ledger/postgres-ledger.ts';
export { EmbeddedPostgres, type EmbeddedPostgresOptions } from './server/embedded-postgres.ts';
