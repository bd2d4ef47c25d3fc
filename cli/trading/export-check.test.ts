import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainedText, entryOf, type JournalEntry, NO_HASH } from '@tradewind/proto/ledger';
import { alert, allocation, fillEvent } from '@tradewind/proto/ledger/conformance';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ledgerCommand } from './ledger-command.ts';
import { CSV_HEADER, csvRow, jsonLine } from './ledger-formats.ts';

/** What a person has whose ledger has four entries; that of the configuration has a hash of its own. */
const entries: JournalEntry[] = [];
for (const event of [
  allocation('1', '1000'),
  {
    ...{ id: '2', correlationId: '2', atMs: Date.UTC(2026, 2, 1), service: 'gateway' as const },
    ...{
      kind: 'configuration' as const,
      environment: 'local',
      mode: 'paper' as const,
      hash: 'ab',
      text: '{"a": 1}\n',
    },
  },
  fillEvent('3', { tradeId: 1 }),
  { ...alert('4', { atMs: Date.UTC(2026, 2, 2) }), message: 'one, "two"\nand three' },
]) {
  const entry = { ...entryOf(event, { build: '1.0', configurationHash: 'c0' }), seq: entries.length + 1 };
  const previous = entries.at(-1)?.hash ?? NO_HASH;
  entries.push({ ...entry, hash: createHash('sha256').update(chainedText(previous, entry)).digest('hex') });
}
const LAST_HASH = entries.at(-1)!.hash;
const JSON_LINES = entries.map(jsonLine);
const CSV = [CSV_HEADER, ...entries.map(csvRow)];

/** The command over a file of these bytes: no ledger is opened for it. */
async function verified(
  content: string | Uint8Array,
): Promise<{ readonly code: number; readonly out: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'export');
  writeFileSync(file, content);
  let out = '';
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation(((text: string, done?: () => void) => {
      out += text;
      done?.();
      return true;
    }) as never),
  );
  const before = process.exitCode;
  try {
    const command = ledgerCommand(() => expect.unreachable('no ledger is opened'));
    await command.parseAsync(['verify', '--export', file], { from: 'user' });
    return { code: Number(process.exitCode), out };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

test.each([
  { format: 'JSON Lines', text: JSON_LINES.join('') },
  { format: 'CSV', text: CSV.join('') },
])('an export as $format is whole, with the hash of its last entry', async ({ text }) => {
  const { code, out } = await verified(text);
  expect(out).toContain(`The export is whole: 4 entries, the last with hash ${LAST_HASH}.`);
  expect(code).toBe(0);
});

test.each([
  {
    what: 'a changed amount',
    text: JSON_LINES.join('').replace('"1000"', '"1001"'),
    says: 'Entry 1 is not what',
  },
  {
    what: 'an entry left out',
    text: JSON_LINES.toSpliced(2, 1).join(''),
    says: 'Entry 3 is missing: the next one is 4',
  },
  { what: 'only a part of a ledger', text: JSON_LINES.slice(1).join(''), says: 'Entry 1 is missing' },
  {
    what: 'a space',
    text: JSON_LINES.join('').replace('"seq":3,', '"seq":3, '),
    says: 'Entry 3 is not a line',
  },
  {
    what: 'a name twice',
    text: JSON_LINES.join('').replace('"seq":2', '"seq":9,"seq":2'),
    says: 'Entry 2 is not a line',
  },
  { what: 'half a line', text: JSON_LINES.join('').slice(0, -5), says: 'Entry 4 is not a line' },
  {
    what: 'another symbol in a cell',
    text: CSV.join('').replace(',BTCUSDT,', ',ETHUSDT,'),
    says: 'Entry 3 is not a line',
  },
  {
    what: 'line ends of Windows',
    text: CSV.join('').replaceAll('\n', '\r\n'),
    says: 'Entry 1 is not a line',
  },
])('the first entry that is not what was written is named: $what', async ({ text, says }) => {
  const { code, out } = await verified(text);
  expect(out).toContain(`The export is broken. ${says}`);
  expect(code).toBe(3);
});

test('a tail that was cut off shows only in the last hash', async () => {
  const { out } = await verified(JSON_LINES.slice(0, 3).join(''));
  expect(out).toContain(`The export is whole: 3 entries, the last with hash ${entries[2]!.hash}.`);
});

test('bytes that are no UTF-8 are not read as something that may have been written', async () => {
  const bytes = Buffer.from(JSON_LINES.join(''));
  bytes[bytes.indexOf('1.0')] = 0xff;
  const { code, out } = await verified(bytes);
  expect(out).toContain('not valid for encoding utf-8');
  expect(code).toBe(2);
});
