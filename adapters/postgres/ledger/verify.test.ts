import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quantity, zero } from '@tradewind/core/money';
import type { OrderRecord } from '@tradewind/core/orders';
import { entryOf } from '@tradewind/proto/ledger';
import {
  alert,
  allocation,
  event,
  fillEvent,
  intentEvent,
  orderEvent,
  orderIntent,
} from '@tradewind/proto/ledger/conformance';
import { systemTimers } from '@tradewind/utils';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { STAMP, TestServer, testWithPostgres as test } from '../postgres.test-support.ts';
import { BatchWriter } from './batch-writer.ts';
import { Connection } from './connection.ts';
import { openHeadFiles } from './head-files.ts';
import type { HeadKeeper } from './head-keeper.ts';
import { LedgerReader } from './ledger-reader.ts';
import { MIGRATIONS, migrate } from './migrate.ts';
import { PostgresLedger } from './postgres-ledger.ts';
import { type Verification, verifyLedger } from './verify.ts';

let server: TestServer;
let reader: LedgerReader;
let keeper: HeadKeeper;
const file = (name: string): string => join(server.folder, name);

beforeAll(async () => {
  server = await TestServer.start();
  const ledger = await server.ledger();
  await ledger.close();
  reader = new LedgerReader(server.address, systemTimers);
});
afterAll(async () => {
  await reader.close();
  await server.stop();
});

const WORKING: OrderRecord = {
  clientOrderId: 'a',
  symbol: 'BTCUSDT',
  state: 'working',
  venueOrderId: 7,
  quantity: quantity('1'),
  executedQuantity: zero(),
  executedQuoteAmount: zero(),
  preventedQuantity: zero(),
};

/** Six entries of which the end is signed. */
beforeEach(async () => {
  await server.empty();
  await rm(file('head.json'), { force: true });
  keeper = await openHeadFiles({ headFile: file('head.json'), keyFile: file('keys/head.key') });
  const ledger = await server.ledger({ headKeeper: keeper });
  await ledger.acquireLease({ holder: 'one', durationMs: 60_000 });
  const written = await Promise.all([
    ledger.commit([allocation('1', '1000', { key: 'first' }), intentEvent(orderIntent('a'), 1)]),
    ledger.commit([orderEvent('3', WORKING), fillEvent('4', { tradeId: 1 })]),
    ledger.commit([
      alert('5'),
      event('6', {
        kind: 'strategy',
        action: 'saved',
        strategy: 'ema-cross',
        by: 'engine',
        why: '',
        parameters: {},
        state: null,
      }),
    ]),
  ]);
  expect(written.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'committed']);
  await ledger.close();
});

const verify = (): Promise<Verification> => verifyLedger(reader, keeper);
const brokenAt = async (seq: number, words: string): Promise<void> => {
  const verification = await verify();
  expect(verification).toMatchObject({ kind: 'broken', seq });
  expect(verification.kind === 'broken' && verification.what).toContain(words);
};

test('a ledger that nobody touched is whole, and its end is vouched for', async () => {
  expect(await verify()).toMatchObject({ kind: 'whole', entries: 6, signedSeq: 6 });
  expect(await verifyLedger(reader)).toMatchObject({ kind: 'whole', entries: 6, signedSeq: undefined });
});

test('an empty ledger is whole', async () => {
  await server.empty();
  await rm(file('head.json'));
  expect(await verify()).toMatchObject({ kind: 'whole', entries: 0, signedSeq: undefined });
});

test.each([
  { column: 'payload', change: "replace(payload, '1000', '9000')" },
  { column: 'payload', change: "payload || ' '" },
  { column: 'id', change: "'x' || id" },
  { column: 'at_ms', change: 'at_ms + 1' },
  { column: 'kind', change: "'fill'" },
  { column: 'service', change: "'cli'" },
  { column: 'correlation_id', change: "'x'" },
  { column: 'cause_id', change: "'x'" },
  { column: 'build', change: "'x'" },
  { column: 'configuration_hash', change: "'x'" },
  { column: 'hash', change: "translate(hash, '0123456789', '1234567890')" },
])(
  'any changed byte is found, and the first broken entry named: $column = $change',
  async ({ column, change }) => {
    await server.tamper(`UPDATE tradewind.journal SET ${column} = ${change} WHERE seq IN (1, 3)`);
    await brokenAt(1, 'Entry 1 is not what was written');
  },
);

test('an entry that names another one before it is found', async () => {
  await server.tamper(`UPDATE tradewind.journal SET previous_hash = repeat('f', 64) WHERE seq = 4`);
  await brokenAt(4, 'does not follow');
});

test('an entry that is gone is found, and so are all of them', async () => {
  await server.tamper('DELETE FROM tradewind.journal WHERE seq = 3');
  await brokenAt(3, 'Entry 3 is missing: the next one is 4.');
  await server.tamper('DELETE FROM tradewind.journal');
  await brokenAt(1, 'ends with entry 0, and 6 were written');
});

test('two entries that have changed places are found', async () => {
  await server.tamper(
    'UPDATE tradewind.journal SET seq = -seq WHERE seq IN (2, 3); UPDATE tradewind.journal SET seq = 5 + seq WHERE seq < 0',
  );
  await brokenAt(2, 'Entry 2 does not follow');
});

const CUT = `DELETE FROM tradewind.journal WHERE seq > 4;
  UPDATE tradewind.head SET seq = 4, hash = (SELECT hash FROM tradewind.journal WHERE seq = 4)`;

test('a tail that is cut off together with the head shows in the signed end, and then the ledger does not open', async () => {
  await server.tamper(CUT);
  await brokenAt(5, 'The journal ends with entry 4, and entry 6 was signed as written: its tail is cut off.');
  const opened = await PostgresLedger.open({
    address: server.address,
    timers: systemTimers,
    stamp: { build: 'b', configurationHash: 'c' },
    headKeeper: keeper,
  });
  expect(opened.ok ? '' : opened.error).toContain('its tail is cut off. Restore a backup');
});

test('a journal that was written anew behind a cut, with hashes that fit, is not the signed one', async () => {
  await server.tamper(
    `${CUT}; DELETE FROM tradewind.postings WHERE seq > 4; DELETE FROM tradewind.strategies`,
  );
  const forger = await server.ledger();
  await forger.commit([alert('forged 5'), alert('forged 6')]);
  await forger.close();
  await brokenAt(6, 'Entry 6 is not the one whose hash was signed.');
});

test('a signed end that was changed, or belongs to another ledger, is found', async () => {
  const kept = await readFile(file('head.json'), 'utf8');
  await writeFile(file('head.json'), kept.replace('"seq":6', '"seq":4'));
  await brokenAt(0, 'The signature');
  await writeFile(file('head.json'), kept);
  await server.tamper("UPDATE tradewind.head SET ledger_id = 'another'");
  await brokenAt(0, 'that of another ledger');
});

test.each([
  {
    sql: "UPDATE tradewind.postings SET amount = 2 * amount WHERE seq = 4 AND asset = 'BTC'",
    seq: 4,
    says: 'The postings of entry 4',
  },
  { sql: 'DELETE FROM tradewind.postings WHERE seq = 1', seq: 1, says: 'The postings of entry 1' },
  { sql: "UPDATE tradewind.journal SET symbol = 'ETHUSDT' WHERE seq = 3", seq: 3, says: 'Entry 3 is filed' },
  { sql: 'DELETE FROM tradewind.journal_orders WHERE seq = 2', seq: 2, says: 'Entry 2 is filed' },
  {
    sql: "UPDATE tradewind.balances SET amount = amount + 1 WHERE account = 'free' AND asset = 'USDT'",
    seq: 0,
    says: 'the balances that',
  },
  {
    sql: "UPDATE tradewind.orders SET record = replace(record, 'working', 'filled')",
    seq: 0,
    says: 'the orders that',
  },
  { sql: 'DELETE FROM tradewind.client_order_ids', seq: 0, says: 'used order ids' },
  { sql: 'DELETE FROM tradewind.fills', seq: 0, says: 'booked fills' },
  { sql: 'UPDATE tradewind.watermarks SET trade_id = 99', seq: 0, says: 'watermarks of fills' },
])('what is kept beside the journal is compared with it: $sql', async ({ sql, seq, says }) => {
  await server.tamper(sql);
  await brokenAt(seq, says);
});

test.each(['journal', 'postings', 'journal_orders', 'client_order_ids', 'fills', 'booked_keys'])(
  'the database itself refuses to change, delete or empty tradewind.%s',
  async (table) => {
    const [row] = await server.sql<{ column: string }>(
      `SELECT attname AS column FROM pg_attribute WHERE attrelid = 'tradewind.${table}'::regclass AND attnum = 1`,
    );
    for (const sql of [
      `UPDATE tradewind.${table} SET ${row!.column} = ${row!.column}`,
      `DELETE FROM tradewind.${table}`,
      `TRUNCATE tradewind.${table}`,
    ]) {
      await expect(server.sql(sql)).rejects.toThrow('the ledger only grows');
    }
  },
);

test('the database itself refuses postings that do not sum to zero', async () => {
  const insert = "INSERT INTO tradewind.postings VALUES (9, 0, 'owner', 'free', 'BTC', 1)";
  await expect(server.sql(insert)).rejects.toThrow('the postings of event 9 sum to 1 BTC, not to zero');
});

test('P13: what was written under an earlier schema is whole, found and gone on with when that is brought up to date', async () => {
  await server.sqlElsewhere('CREATE DATABASE earlier');
  const address = { ...server.address, database: 'earlier' };
  const connection = new Connection({ address, timers: systemTimers, limitMs: 5000 });
  expect(await migrate(connection, MIGRATIONS.slice(0, 2))).toEqual({ ok: true, value: undefined });
  await connection.query({ text: "SELECT tradewind.acquire_lease('one', 60000)" });
  const writer = new BatchWriter(connection, STAMP, () => undefined);
  const events = [allocation('1', '1000'), intentEvent(orderIntent('a'), 1), fillEvent('3', { tradeId: 1 })];
  const entries = events.map((each) => entryOf(each, STAMP));
  expect(await writer.write([{ events, entries, epoch: undefined }])).toMatchObject([{ kind: 'committed' }]);
  await connection.close();

  const opened = await PostgresLedger.open({ address, timers: systemTimers, stamp: STAMP });
  const ledger = opened.ok ? opened.value : undefined;
  expect(await ledger?.commit([alert('4')])).toMatchObject({ kind: 'committed', events: [{ seq: 4 }] });
  const found = (query: object) => ledger?.read({ afterSeq: 0, limit: 10, ...query });
  expect(await found({ symbol: 'BTCUSDT' })).toHaveLength(2);
  expect(await found({ symbol: 'BTCUSDT', kinds: ['fill'] })).toMatchObject([{ id: '3' }]);
  expect(await found({ kinds: ['intent', 'alert'] })).toMatchObject([{ seq: 2 }, { id: '4' }]);
  await ledger?.close();
  const earlier = new LedgerReader(address, systemTimers);
  expect(await verifyLedger(earlier)).toMatchObject({ kind: 'whole', entries: 4 });
  await earlier.close();
});

test('the key that signs is made once, and only its owner may read it', async () => {
  expect((await stat(file('keys/head.key'))).mode & 0o777).toBe(0o600);
  const again = await openHeadFiles({ headFile: file('head.json'), keyFile: file('keys/head.key') });
  expect(again.isSignedBy('text', keeper.sign('text'))).toBe(true);
  expect(again.isSignedBy('other', keeper.sign('text'))).toBe(false);
});
