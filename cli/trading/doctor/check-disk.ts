import { access, constants, mkdtemp, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding } from './finding.ts';

/** Of the whole disk: below the first a person should know, below the second the next days may fill it. */
const FREE_SHARE_WARNED = 0.1;
const FREE_SHARE_LEAST = 0.05;
const GIB = 2 ** 30;

/** Whether the data folder can be written, and how full its disk is. Leaves nothing behind. */
export async function checkDisk(folder: string): Promise<readonly Finding[]> {
  const place = await nearestThatIs(folder);
  const { bavail, blocks, bsize } = await statfs(place);
  return [await checkWritable(place), judgeSpace({ free: bavail * bsize, total: blocks * bsize })];
}

/** @param space  in bytes; `free` is what we may use */
export function judgeSpace({ free, total }: { readonly free: number; readonly total: number }): Finding {
  const share = total === 0 ? 0 : free / total;
  const what = `${(free / GIB).toFixed(1)} GiB are free, ${Math.floor(share * 100)} % of the disk`;
  if (share >= FREE_SHARE_WARNED) return { check: 'disk', state: 'good', what };
  return {
    check: 'disk',
    state: share < FREE_SHARE_LEAST ? 'wrong' : 'warning',
    what,
    todo: 'make room: move old sessions and logs of the data folder elsewhere; the ledger is never deleted. A full disk stops trading',
  };
}

async function checkWritable(place: string): Promise<Finding> {
  try {
    const tried = await mkdtemp(join(place, '.doctor-'));
    await rm(tried, { recursive: true });
    return { check: 'disk', state: 'good', what: `${place} can be written` };
  } catch (error) {
    return {
      check: 'disk',
      state: 'wrong',
      what: `${place} cannot be written: ${(error as Error).message}`,
      todo: 'give this user the folder, or name another one with --data',
    };
  }
}

/** The folder itself, or the first one above it that is there: in it the folder will be made. */
async function nearestThatIs(folder: string): Promise<string> {
  try {
    await access(folder, constants.F_OK);
    return folder;
  } catch {
    return nearestThatIs(dirname(folder));
  }
}
