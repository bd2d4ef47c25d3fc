import { ledgerConformance } from '@tradewind/proto/ledger/conformance';
import { afterAll, beforeAll, describe } from 'vitest';
import { SERVERS, TestServer } from '../postgres.test-support.ts';
import type { PostgresLedger } from './postgres-ledger.ts';

describe.each(SERVERS)('the ledger in $name', (kind) => {
  let server: TestServer;
  let ledger: PostgresLedger;
  beforeAll(async () => {
    if (!kind.isThere) return;
    server = await TestServer.start(kind);
    ledger = await server.ledger();
  });
  afterAll(async () => {
    if (kind.isThere) await server.stop();
  });

  describe.skipIf(!kind.isThere)('keeps the contract', () => {
    ledgerConformance(async () => {
      await server.empty();
      return { ledger, pass: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)) };
    });
  });
});
