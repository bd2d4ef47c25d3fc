import { rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'undici';
import type { DataFolder } from './data-folder.ts';
import { type RunningSystem, readRunning } from './gateway-client.ts';

/** Tells the commands where the gateway is; for the owner's eyes alone. */
export async function writeRunning({ runningFile }: DataFolder, running: RunningSystem): Promise<void> {
  await writeFile(`${runningFile}.new`, JSON.stringify(running), { mode: 0o600 });
  await rename(`${runningFile}.new`, runningFile);
}

export const forgetRunning = ({ runningFile }: DataFolder): Promise<void> => rm(runningFile, { force: true });

/** The system that works on this data folder and answers; undefined when none does, whatever a crash has left behind. */
export async function systemOn(folder: DataFolder): Promise<RunningSystem | undefined> {
  const running = await readRunning(folder);
  if (running === undefined) return undefined;
  try {
    const answer = await request(`http://${running.host}:${running.port}/health`, {
      headersTimeout: 2000,
      bodyTimeout: 2000,
    });
    await answer.body.dump();
    return answer.statusCode === 200 ? running : undefined;
  } catch {
    return undefined;
  }
}
