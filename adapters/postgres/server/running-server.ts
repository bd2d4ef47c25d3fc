import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@tradewind/core/result';
import { pause, type Timers } from '@tradewind/utils';

/** A server of ours that runs on a folder. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string;
  /** The process that started it, as it says itself; undefined while it has not said so yet. */
  readonly ownerPid: number | undefined;
}

const OWNER_SETTING = 'cluster_name=tradewind-';
/** A setting that has no effect but to name who started the server: PostgreSQL keeps its command line beside the data. */
export const ownerSetting = (pid: number): string => `${OWNER_SETTING}${pid}`;

/** What PostgreSQL's own lock file says, if the process in it is there. */
export async function runningServer(database: string): Promise<RunningServer | undefined> {
  const lock = await readFile(join(database, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (lock === undefined) return undefined;
  const [pid = '', , , port = '', socketFolder = ''] = lock.split('\n');
  if (!isAlive(Number(pid)) || !(await isPostgres(Number(pid)))) return undefined;
  const options = await readFile(join(database, 'postmaster.opts'), 'utf8').catch(() => '');
  const owner = new RegExp(`${OWNER_SETTING}(\\d+)`).exec(options)?.[1];
  return {
    pid: Number(pid),
    port: Number(port),
    socketFolder,
    ownerPid: owner === undefined ? undefined : Number(owner),
  };
}

/** How long a server whose owner has died may take to end by itself. */
const ENDS_WITHIN_MS = 5000;
const STOPS_WITHIN_MS = 60_000;
const POLL_MS = 20;

/**
 * Makes sure that no server runs on a folder. One whose owner lives is somebody's, and is left alone; one whose owner was killed is on
 * its way out, and is told to go if it is not.
 */
export async function freeFolder(database: string, timers: Timers): Promise<Result<void, string>> {
  for (let waitedMs = 0; waitedMs < STOPS_WITHIN_MS; waitedMs += POLL_MS) {
    const running = await runningServer(database);
    if (running === undefined) {
      // The process id in it is nobody's, or that of another program since the machine was started again.
      await rm(join(database, 'postmaster.pid'), { force: true });
      return ok(undefined);
    }
    if (running.ownerPid !== undefined && isAlive(running.ownerPid)) {
      return err(
        `The ledger in ${database} is in use by process ${running.ownerPid}: only one Tradewind may run on it. Stop that one first, or choose another data folder.`,
      );
    }
    if (waitedMs === ENDS_WITHIN_MS) process.kill(running.pid, 'SIGINT');
    await pause(timers, POLL_MS);
  }
  return err(`A database server still runs on ${database} though nobody owns it, and it does not stop.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Where there is no /proc the lock file is believed. */
async function isPostgres(pid: number): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'postgres');
  return name.trim() === 'postgres';
}
