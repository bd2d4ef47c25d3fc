import { Worker } from 'node:worker_threads';
import { Tally } from './tally.ts';
import type { SeedNews } from './worker.ts';

export interface ManyOptions {
  readonly from: number;
  readonly to: number;
  readonly jobs: number;
  readonly minutes: number;
  /** Hears of every seed that has ended. */
  readonly ended: (tally: Tally, news: SeedNews) => void;
}

/** Plays seeds in threads, each of which takes the next one when it has done with its own. */
export async function runMany({ from, to, jobs, minutes, ended }: ManyOptions): Promise<Tally> {
  const tally = new Tally();
  const untilMs = performance.now() + minutes * 60_000;
  let next = from;
  const runThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      const give = (): void => {
        if (next > to || performance.now() >= untilMs) {
          void worker.terminate().then(() => resolve());
          return;
        }
        worker.postMessage(next);
        next += 1;
      };
      worker.on('message', (news: SeedNews) => {
        tally.add(news);
        ended(tally, news);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: jobs }, runThread));
  return tally;
}
