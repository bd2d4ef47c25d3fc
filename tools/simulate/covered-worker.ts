import { parentPort } from 'node:worker_threads';
import { noteCoverage } from './coverage.ts';

/** A thread like that of `worker.ts`, which tells at the end what it has reached: asked for with 'coverage'. */
const coverage = await noteCoverage();
await import('./worker.ts');

parentPort?.on('message', async (message: unknown) => {
  if (message === 'coverage') parentPort?.postMessage({ coverage: await coverage() });
});
