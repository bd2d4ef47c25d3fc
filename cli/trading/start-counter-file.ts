import { readFile, rename, writeFile } from 'node:fs/promises';
import type { StartCounter } from '@tradewind/order-execution';

const WITHIN_MS = 3_600_000;
const KEPT_MAX = 100;

/** The starts of the last hour in a file, so that a supervisor's crash loop is seen as one (faults.md X5). */
export const startCounterAt = (path: string): StartCounter => ({
  async add(atMs) {
    const starts = [...(await read(path)), atMs].filter((each) => each > atMs - WITHIN_MS).slice(-KEPT_MAX);
    await writeFile(`${path}.unfinished`, JSON.stringify(starts));
    await rename(`${path}.unfinished`, path);
    return starts;
  },
});

/** What cannot be read counts as no start: the file only slows a loop down, it guards no money. */
async function read(path: string): Promise<readonly number[]> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Array.isArray(value) ? value.filter((each) => typeof each === 'number') : [];
  } catch {
    return [];
  }
}
