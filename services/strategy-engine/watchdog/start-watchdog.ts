import { existsSync, readFileSync, rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { LoopState } from './loop-state.ts';

export interface WatchdogOptions {
  /** The names of the instances, in their order. */
  readonly strategies: readonly string[];
  /** Where the name of a strategy is kept that blocked until the process was ended. */
  readonly blockedFile: string;
  readonly haltAfterMs: number;
  readonly endAfterMs: number;
}
export interface WatchdogData extends WatchdogOptions {
  readonly buffer: SharedArrayBuffer;
}

/**
 * Starts a watchdog for the event loop of this thread. It ends a process by SIGKILL, which a shell sees as status 137.
 * @returns what the engine shares with it, and how to end it
 */
export function startWatchdog(options: WatchdogOptions): { readonly state: LoopState; end(): Promise<void> } {
  const state = new LoopState();
  const workerData: WatchdogData = { ...options, buffer: state.buffer };
  const worker = new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData });
  worker.unref();
  return {
    state,
    end: async () => {
      await worker.terminate();
    },
  };
}

/** The strategies that were blocking when the process was last ended for it. */
export function readBlocked(blockedFile: string): readonly string[] {
  if (!existsSync(blockedFile)) return [];
  return readFileSync(blockedFile, 'utf8').split('\n').filter(Boolean);
}

export const forgetBlocked = (blockedFile: string): void => rmSync(blockedFile, { force: true });
