import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsPage } from './page.ts';
import { numberedTests } from './read-report.ts';
import { NUMBERED_ANYWHERE } from './titles.ts';

/** Runs the tests that carry numbers and writes docs/faults.md. Ends as they end. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tradewind-faults-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
  'vitest',
  [
    'run',
    '--testNamePattern',
    NUMBERED_ANYWHERE,
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  ],
  { cwd: root, stdio: 'inherit' },
);
const tests = numberedTests(
  JSON.parse(readFileSync(report, 'utf8')),
  (path) => relative(root, path),
  (file) => readFileSync(join(root, file), 'utf8'),
);
rmSync(folder, { recursive: true, force: true });
writeFileSync(join(root, 'docs/faults.md'), faultsPage(tests));
process.exitCode = status ?? 1;
