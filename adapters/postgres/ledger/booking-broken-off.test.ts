import { formatAmount } from '@tradewind/core/money';
import { alert, allocation, fillEvent } from '@tradewind/proto/ledger/conformance';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { TestServer, testWithPostgres as test } from '../postgres.test-support.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  // The first one makes the tables.
  await (await server.ledger()).close();
});
afterAll(() => server.stop());
beforeEach(() => server.empty());

/** What one fill is written to. */
const TABLES = ['journal', 'postings', 'fills', 'balances', 'positions'];

test.each(TABLES)(
  'P3: a fill whose booking breaks off in %s leaves nothing of it, and is booked whole afterwards',
  async (table) => {
    const ledger = await server.ledger({ limitMs: 1_000 });
    await ledger.commit([allocation('capital', '500')]);
    // The last row of the table that this transaction writes is written, and then its session ends.
    await server.sql(`
    CREATE OR REPLACE FUNCTION tradewind.die() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    CREATE TRIGGER die AFTER INSERT OR UPDATE ON tradewind.${table} FOR EACH STATEMENT EXECUTE FUNCTION tradewind.die()`);
    const fill = fillEvent('f', { tradeId: 1 });
    expect((await ledger.commit([alert('before'), fill])).kind).toBe('unknown');
    await server.sql(`DROP TRIGGER die ON tradewind.${table}`);

    const before = await ledger.load();
    expect([before.seq, before.positions]).toEqual([1, []]);
    const counts = await server.sql<{ n: string }>(
      'SELECT count(*) AS n FROM tradewind.fills UNION ALL SELECT count(*) FROM tradewind.postings',
    );
    expect(counts.map(({ n }) => Number(n))).toEqual([0, 2]);

    expect((await ledger.commit([alert('before'), fill])).kind).toBe('committed');
    expect((await ledger.commit([alert('before'), fill])).kind).toBe('committed');
    const { seq, positions, balances } = await ledger.load();
    expect([seq, positions.length]).toEqual([3, 1]);
    const usdt = balances.filter(
      ({ asset, subAccount, account }) => asset === 'USDT' && subAccount === 'ema-cross' && account === 0,
    );
    expect(usdt.map(({ amount }) => formatAmount(amount))).toEqual(['399.9']);
  },
);
