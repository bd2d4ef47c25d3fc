export type { DatabaseAddress, SocketAddress } from './ledger/connection.ts';
export { type HeadFiles, openHeadFiles } from './ledger/head-files.ts';
export type { HeadKeeper } from './ledger/head-keeper.ts';
export { LedgerReader, LedgerUnavailable } from './ledger/ledger-reader.ts';
export { PostgresLedger, type PostgresLedgerOptions } from './ledger/postgres-ledger.ts';
export { compareHead } from './ledger/signed-head.ts';
export { type Verification, verifyLedger } from './ledger/verify.ts';
export { EmbeddedPostgres, type EmbeddedPostgresOptions } from './server/embedded-postgres.ts';
