import { parentPort } from 'node:worker_threads';
import { invariant } from '@tradewind/core/result';
import { drawPlan } from '../../simulation/happenings/plan.ts';
import type { RunResult } from '../../simulation/run/run-seed.ts';
import type { Deployment } from '../../simulation/world/services.ts';
import { runHere } from './run-here.ts';

/** What a thread is to play. */
export interface SeedOrder {
  readonly seed: number;
  readonly deployment: Deployment | undefined;
}

/** What a thread tells of one seed. */
export interface SeedNews {
  readonly result: Omit<RunResult, 'trace'>;
  /** Processor time of the thread, ms. */
  readonly usedMs: number;
}

invariant(parentPort !== null, 'this file runs in a thread');
const port = parentPort;

port.on('message', async (order: SeedOrder | string) => {
  if (typeof order === 'string') return;
  const { seed, deployment } = order;
  const before = process.threadCpuUsage();
  const { trace: _, ...result } = await runHere({ seed, plan: drawPlan(seed, deployment) });
  const { user, system } = process.threadCpuUsage(before);
  const news: SeedNews = { result, usedMs: (user + system) / 1000 };
  port.postMessage(news);
});
