import { entryOf } from '@tradewind/proto/ledger';
import { alert, allocation, fillEvent, intentEvent, orderIntent } from '@tradewind/proto/ledger/conformance';
import { systemTimers } from '@tradewind/utils';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { STAMP, TestServer, testWithPostgres as test } from '../postgres.test-support.ts';
import { BatchWriter } from './batch-writer.ts';
import { Connection, type Statement } from './connection.ts';
import { LedgerUnavailable } from './ledger-reader.ts';
import { MIGRATIONS, migrate } from './migrate.ts';
import { PostgresLedger } from './postgres-ledger.ts';
import { rowsText } from './row-text.ts';

let server: TestServer;
let ledger: PostgresLedger;
beforeAll(async () => {
  server = await TestServer.start();
  // Makes the schema, which may take longer than the ledgers of these tests wait.
  await server.ledger();
});
afterAll(() => server.stop());
beforeEach(async () => {
  ledger = await server.ledger({ limitMs: 400 });
  await server.empty();
});
afterEach(async () => {
  await server.sql('DROP TRIGGER IF EXISTS fault ON tradewind.journal');
  await ledger.close();
});

/** Every insert into the journal goes through this first. */
const injectFault = (body: string): Promise<unknown> =>
  server.sql(`
    CREATE SEQUENCE IF NOT EXISTS tradewind.times; ALTER SEQUENCE tradewind.times RESTART;
    CREATE OR REPLACE FUNCTION tradewind.fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$;
    CREATE TRIGGER fault BEFORE INSERT ON tradewind.journal FOR EACH ROW EXECUTE FUNCTION tradewind.fault()`);

/** A sequence counts on when its transaction is undone. */
const failing = (times: number, code: string): string =>
  `IF nextval('tradewind.times') <= ${times} THEN RAISE EXCEPTION 'injected' USING ERRCODE = '${code}'; END IF;`;

test.each(['40001', '40P01'])(
  'P7: a transaction that the database ends with %s is written again as a whole',
  async (code) => {
    await injectFault(failing(3, code));
    expect((await ledger.commit([allocation('1', '5'), alert('2')])).kind).toBe('committed');
    const state = await ledger.load();
    expect([state.seq, state.balances.length]).toEqual([2, 2]);
  },
);

test('P7: a database that never takes a transaction has surely written nothing', async () => {
  await injectFault(failing(99, '40001'));
  expect((await ledger.commit([alert('1')])).kind).toBe('failed');
  expect(await ledger.lastSeq()).toBe(0);
});

test('P8: a full disk is a failure of which it is sure that nothing was written, and it passes', async () => {
  await injectFault(failing(1, '53100'));
  expect(await ledger.commit([alert('1')])).toMatchObject({ kind: 'failed', detail: 'injected (53100)' });
  expect((await ledger.commit([alert('1')])).kind).toBe('committed');
});

test('what the database cannot take of one commit fails none of its neighbours', async () => {
  await injectFault(`IF NEW.id = 'poison' THEN RAISE EXCEPTION 'injected' USING ERRCODE = '22000'; END IF;`);
  const results = await Promise.all(
    [alert('1'), alert('poison'), alert('3')].map((each) => ledger.commit([each])),
  );
  expect(results.map(({ kind }) => kind)).toEqual(['committed', 'failed', 'committed']);
});

test('P6: a connection that is lost while it commits is made anew, and what was written is not written again', async () => {
  // The session that writes is ended after its first event, before it is acknowledged.
  await injectFault(
    `IF nextval('tradewind.times') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;`,
  );
  expect(await ledger.commit([allocation('1', '5')])).toMatchObject({
    kind: 'committed',
    events: [{ seq: 1 }],
  });
  expect((await ledger.load()).balances).toHaveLength(2);
});

test('P6: when the connection is lost again nobody knows, and the same commit may be tried again', async () => {
  await injectFault(
    `IF nextval('tradewind.times') <= 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;`,
  );
  expect((await ledger.commit([alert('1')])).kind).toBe('unknown');
  expect(await ledger.commit([alert('1')])).toMatchObject({ kind: 'committed', events: [{ seq: 1 }] });
});

test('a database that hangs ends in an answer: unknown for what was sent, failed for what waited', async () => {
  const blocker = new Connection({ address: server.address, timers: systemTimers, limitMs: 60_000 });
  await ledger.commit([alert('0')]);
  await blocker.query({ text: 'BEGIN' });
  await blocker.query({ text: 'LOCK TABLE tradewind.head' });
  const first = ledger.commit([alert('1')]);
  // One turn of the event loop later the first is on its way.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const second = ledger.commit([alert('2')]);
  expect(['failed', 'unknown']).toContain((await first).kind);
  expect((await second).kind).toBe('failed');
  await blocker.query({ text: 'COMMIT' });
  await blocker.close();
  expect((await ledger.commit([alert('1')])).kind).toBe('committed');
});

test('P4: while no database answers, commits have surely failed, reads throw, and no lease is held', async () => {
  await ledger.commit([alert('1')]);
  const { address } = server;
  await server.sqlElsewhere(`ALTER DATABASE ${address.database} ALLOW_CONNECTIONS false`);
  await server.sqlElsewhere(
    `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = '${address.database}'`,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await ledger.commit([alert('2')])).toMatchObject({ kind: 'failed' });
  await expect(ledger.load()).rejects.toThrow(LedgerUnavailable);
  expect(await ledger.acquireLease({ holder: 'one', durationMs: 1000 })).toMatchObject({ kind: 'failed' });
  const opened = await PostgresLedger.open({ address, timers: systemTimers, stamp: STAMP });
  expect(opened.ok ? '' : opened.error).toContain('does not answer');
  await server.sqlElsewhere(`ALTER DATABASE ${address.database} ALLOW_CONNECTIONS true`);
  expect(await ledger.commit([alert('2')])).toMatchObject({ kind: 'committed', events: [{ seq: 2 }] });
});

test('commits that would wait in a queue that is full have surely failed', async () => {
  const small = await server.ledger({ group: { waitingMaximum: 3, batchMaximum: 2 } });
  const results = await Promise.all(['1', '2', '3', '4', '5'].map((id) => small.commit([alert(id)])));
  expect(results.map(({ kind }) => kind)).toEqual([
    'committed',
    'committed',
    'committed',
    'failed',
    'failed',
  ]);
  expect(results[3]).toMatchObject({ detail: 'the ledger is too busy: 3 events wait, and 3 may' });
});

test('X4: of two instances that commit at the same time each event has one place, and the chain is one', async () => {
  const other = await server.ledger();
  const ids = Array.from({ length: 60 }, (_, index) => `e${index}`);
  const results = await Promise.all(
    ids.map((id, index) => (index % 2 === 0 ? ledger : other).commit([alert(id)])),
  );
  const seqs = results.flatMap((result) =>
    result.kind === 'committed' ? result.events.map(({ seq }) => seq) : [],
  );
  expect(seqs.toSorted((a, b) => a - b)).toEqual(ids.map((_, index) => index + 1));
});

test('I9: of two instances only the one whose lease runs writes intents, however late the other one wakes', async () => {
  const other = await server.ledger();
  const lease = await ledger.acquireLease({ holder: 'old', durationMs: 1 });
  const old = lease.kind === 'held' ? lease.epoch : 0;
  await new Promise((resolve) => setTimeout(resolve, 5));
  const taken = await other.acquireLease({ holder: 'new', durationMs: 60_000 });
  const epoch = taken.kind === 'held' ? taken.epoch : 0;
  const late = Array.from({ length: 10 }, (_, index) =>
    ledger.commit([intentEvent(orderIntent(`late-${index}`), old)]),
  );
  const good = Array.from({ length: 10 }, (_, index) =>
    other.commit([intentEvent(orderIntent(`good-${index}`), epoch)]),
  );
  expect(new Set((await Promise.all(late)).map(({ kind }) => kind))).toEqual(new Set(['refused']));
  expect(new Set((await Promise.all(good)).map(({ kind }) => kind))).toEqual(new Set(['committed']));
  expect((await ledger.load()).orders).toHaveLength(10);
});

test('I2, I3: the constraints hold against whoever writes past the ledger', async () => {
  await ledger.acquireLease({ holder: 'one', durationMs: 60_000 });
  await ledger.commit([intentEvent(orderIntent('a'), 1), fillEvent('f', { tradeId: 1 })]);
  await expect(server.sql("INSERT INTO tradewind.client_order_ids VALUES ('a', 9)")).rejects.toThrow(
    'duplicate key',
  );
  await expect(server.sql('INSERT INTO tradewind.fills SELECT * FROM tradewind.fills')).rejects.toThrow(
    'duplicate key',
  );
});

test('P13: an older program refuses a newer schema, and a schema that is not its own', async () => {
  const connection = new Connection({ address: server.address, timers: systemTimers, limitMs: 5000 });
  const newer = [...MIGRATIONS, { version: MIGRATIONS.length + 1, name: 'x.sql', sql: 'SELECT 1' }];
  expect(await migrate(connection, newer)).toEqual({ ok: true, value: undefined });
  const opened = await PostgresLedger.open({ address: server.address, timers: systemTimers, stamp: STAMP });
  expect(opened.ok ? '' : opened.error).toContain('a newer Tradewind has used it');
  // One that runs already loses the lease.
  expect(await ledger.acquireLease({ holder: 'one', durationMs: 1000 })).toMatchObject({ kind: 'failed' });
  const changed = [{ ...newer[0]!, sql: 'SELECT 2' }, ...newer.slice(1)];
  const refused = await migrate(connection, changed);
  expect(refused.ok ? '' : refused.error).toContain('another text of migration 0001-ledger.sql');
  await server.sql(`DELETE FROM tradewind.migrations WHERE version > ${MIGRATIONS.length}`);
  await connection.close();
});

test('many commits that are refused together are answered together', async () => {
  const connection = new Connection({ address: server.address, timers: systemTimers, limitMs: 5000 });
  let asked = 0;
  const counting = {
    query: <Row extends object>(statement: Statement) => {
      asked += 1;
      return connection.query<Row>(statement);
    },
  };
  const writer = new BatchWriter(counting, STAMP, () => undefined);
  const parts = Array.from({ length: 50 }, (_, index) => {
    const event = alert(`${index}`);
    // The lease that there is has another epoch.
    return { events: [event], entries: [entryOf(event, STAMP)], epoch: index === 7 ? undefined : 99 };
  });
  const results = await writer.write(parts);
  await connection.close();
  expect(results.filter(({ kind }) => kind === 'refused')).toHaveLength(49);
  expect(results[7]).toMatchObject({ kind: 'committed', events: [{ seq: 1 }] });
  // The append, the question why not, and the append of what is left.
  expect(asked).toBe(3);
});

test('P13: a migration that fails leaves the schema as it was', async () => {
  const connection = new Connection({ address: server.address, timers: systemTimers, limitMs: 5000 });
  const broken = {
    version: MIGRATIONS.length + 1,
    name: 'y.sql',
    sql: 'CREATE TABLE tradewind.half (x int); SELECT 1 / 0',
  };
  const result = await migrate(connection, [...MIGRATIONS, broken]);
  expect(result.ok ? '' : result.error).toContain('division by zero');
  expect(await server.sql("SELECT 1 WHERE to_regclass('tradewind.half') IS NOT NULL")).toEqual([]);
  expect(await migrate(connection)).toEqual({ ok: true, value: undefined });
  await connection.close();
});

test('a migration may take longer than a commit may', async () => {
  const connection = new Connection({ address: server.address, timers: systemTimers, limitMs: 150 });
  const slow = { version: MIGRATIONS.length + 1, name: 'z.sql', sql: 'SELECT pg_sleep(0.3)' };
  expect(await migrate(connection, [...MIGRATIONS, slow])).toEqual({ ok: true, value: undefined });
  await server.sql(`DELETE FROM tradewind.migrations WHERE version > ${MIGRATIONS.length}`);
  await connection.close();
});

test('the database reads every text as it was', async () => {
  const texts = [
    '',
    ' ',
    '"',
    '\\',
    '{"a":"b\\n"}',
    '(1,2)',
    '{x}',
    "it's",
    'null',
    'é€😀',
    'a\nb\tc',
    ',',
    '\\"\\',
  ];
  const connection = new Connection({ address: server.address, timers: systemTimers, limitMs: 5000 });
  await connection.query({ text: 'CREATE TYPE pair AS (number integer, word text)' });
  const rows = rowsText(texts.map((text, index) => [index, text]));
  const read = await connection.query<{ readonly word: string }>({
    text: 'SELECT word FROM unnest($1::pair[]) ORDER BY number',
    values: [rows],
  });
  await connection.close();
  expect(read.kind === 'done' && read.rows.map(({ word }) => word)).toEqual(texts);
});

test('P13: a ledger of the first schema keeps its lease when it is brought up to date', async () => {
  await server.sqlElsewhere('CREATE DATABASE older');
  const address = { ...server.address, database: 'older' };
  const connection = new Connection({ address, timers: systemTimers, limitMs: 5000 });
  const [first] = MIGRATIONS;
  expect(await migrate(connection, [first!])).toEqual({ ok: true, value: undefined });
  await connection.query({ text: "SELECT tradewind.acquire_lease('first', 60000)" });
  expect(await migrate(connection)).toEqual({ ok: true, value: undefined });
  const taken = await connection.query({ text: "SELECT tradewind.acquire_lease('second', 1) AS lease" });
  await connection.close();
  expect(taken).toMatchObject({ kind: 'done', rows: [{ lease: { epoch: 1, holder: 'first' } }] });
});
