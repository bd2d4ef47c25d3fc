import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderWith, HEADER, TEXT, zip } from './history.test-support.ts';
import { describeProblem, loadBars } from './index.ts';

/** Hundreds of files are written and read; on a busy machine that takes its time. */
const SLOW_MACHINE_MS = 60_000;

const VALID = {
  'BTCUSDT-1m.csv': Buffer.from(`${HEADER}\n${TEXT}`),
  'BTCUSDT-1m.csv.gz': gzipSync(TEXT),
  'BTCUSDT-1m.zip': zip({ 'BTCUSDT-1m.csv': TEXT }),
};

test.each(Object.entries(VALID))(
  'damage of any kind to %s is a problem or harmless, and never an exception',
  async (name, valid) => {
    const edit = fc.record({ at: fc.nat(valid.length - 1), byte: fc.nat(255) });
    const cut = fc.option(fc.nat(valid.length));
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 4 }), cut, async (edits, end) => {
        const bytes = Buffer.from(valid);
        for (const { at, byte } of edits) bytes[at] = byte;
        const folder = folderWith({ [name]: bytes.subarray(0, end ?? bytes.length) });
        const loaded = await loadBars([folder]);
        if (loaded.ok) expect(loaded.value.series[0]!.bars.length).toBeGreaterThan(0);
        else expect(describeProblem(loaded.error)).toContain(folder);
      }),
      { numRuns: 200 },
    );
  },
  SLOW_MACHINE_MS,
);
