import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ok, type Result } from '@tradewind/core/result';
import { badInput, type Complaint } from './complaint.ts';
import { chartCsv, equityCsv, fillsCsv, ordersCsv } from './csv-files.ts';
import type { FinishedRun } from './run-backtest.ts';

/**
 * Writes result.json, fills.csv, orders.csv, equity.csv and chart.csv into a folder, which is made when it is missing; other files in
 * it stay. All are written beside their place first and then moved there, the result last: what has its name is whole.
 */
export async function writeOutput(
  folder: string,
  { outcome, result }: FinishedRun,
  resultText: string,
): Promise<Result<void, Complaint>> {
  const files = {
    'fills.csv': fillsCsv(result.fills),
    'orders.csv': ordersCsv(outcome.orders!),
    'equity.csv': equityCsv(outcome.curve),
    'chart.csv': chartCsv(outcome.lines!),
    'result.json': resultText,
  };
  const made: string[] = [];
  const moved: string[] = [];
  let workshop: string | undefined;
  try {
    await makeFolder(resolve(folder), made);
    workshop = await mkdtemp(join(folder, '.unfinished-'));
    for (const [name, text] of Object.entries(files))
      await writeFile(join(workshop, name), text, { flush: true });
    for (const name of Object.keys(files)) {
      await rename(join(workshop, name), join(folder, name));
      moved.push(join(folder, name));
    }
    await rm(workshop, { recursive: true });
    return ok(undefined);
  } catch (error) {
    for (const file of moved) await rm(file, { force: true });
    if (workshop !== undefined) await rm(workshop, { recursive: true, force: true });
    if (made[0] !== undefined) await rm(made[0], { recursive: true, force: true });
    return badInput(
      `--out ${folder}: ${reasonOf(error as NodeJS.ErrnoException)}; nothing is left of the output`,
    );
  }
}

/** Makes a folder and those above it that are missing, outermost first. Node's own `recursive` never ends in `/proc`. */
async function makeFolder(folder: string, made: string[]): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolder(dirname(folder), made);
  await mkdir(folder);
  made.push(folder);
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'it may not be written to';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'it is a file and not a folder';
    default:
      return `it cannot be written: ${message}`;
  }
}
