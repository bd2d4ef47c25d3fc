import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '@tradewind/core/result';
import { request } from 'undici';
import type { DataFolder } from './data-folder.ts';

/** What a running system leaves in its data folder for the commands; its token is why the file is its owner's alone. */
export interface RunningSystem {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly pid: number;
}

export type GatewayFailure =
  | { readonly reason: 'not_running'; readonly detail: string }
  | { readonly reason: 'refused'; readonly detail: string }
  | { readonly reason: 'no_answer'; readonly detail: string };

const TIMEOUT_MS = 20_000;

/** Asks the gateway of the system whose data folder this is. */
export async function askGateway<Answer>(
  folder: DataFolder,
  path: string,
  body?: object,
): Promise<Result<Answer, GatewayFailure>> {
  const running = await readRunning(folder);
  if (running === undefined) {
    return err({
      reason: 'not_running',
      detail: `nothing runs on ${folder.path}; tradewind start begins it`,
    });
  }
  const { host, port, token } = running;
  try {
    const answer = await request(`http://${host}:${port}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    const value = (await answer.body.json()) as Answer & {
      readonly reason?: string;
      readonly detail?: string;
    };
    if (answer.statusCode === 200) return ok(value);
    return err({ reason: 'refused', detail: `${value.reason ?? answer.statusCode}: ${value.detail ?? ''}` });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') {
      return err({
        reason: 'not_running',
        detail: `nothing answers at ${host}:${port}; the system has ended without a word`,
      });
    }
    return err({ reason: 'no_answer', detail: `the gateway at ${host}:${port} does not answer: ${message}` });
  }
}

/** undefined when nothing has said that it runs. */
export async function readRunning({ runningFile }: DataFolder): Promise<RunningSystem | undefined> {
  try {
    return JSON.parse(await readFile(runningFile, 'utf8')) as RunningSystem;
  } catch {
    return undefined;
  }
}
