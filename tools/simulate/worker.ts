import { parentPort } from 'node:worker_threads';
import { invariant } from '@tradewind/core/result';
import type { RunResult } from '../../simulation/run/run-seed.ts';
import { runHere } from './run-here.ts';

/** What a thread tells of one seed. */
export interface SeedNews {
  readonly result: Omit<RunResult, 'trace'>;
  /** Processor time of the thread, ms. */
  readonly usedMs: number;
}

invariant(parentPort !== null, 'this file runs in a thread');
const port = parentPort;

port.on('message', async (seed: unknown) => {
  if (typeof seed !== 'number') return;
  const before = process.threadCpuUsage();
  const { trace: _, ...result } = await runHere({ seed });
  const { user, system } = process.threadCpuUsage(before);
  const news: SeedNews = { result, usedMs: (user + system) / 1000 };
  port.postMessage(news);
});
