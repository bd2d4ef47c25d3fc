import { Worker } from 'node:worker_threads';
import type { Deployment } from '../../simulation/world/services.ts';
import type { Coverage } from './coverage.ts';
import { Tally } from './tally.ts';
import type { SeedNews, SeedOrder } from './worker.ts';

export interface ManyOptions {
  readonly from: number;
  readonly to: number;
  readonly jobs: number;
  readonly minutes: number;
  /** Whether what is reached is noted, which takes longer. */
  readonly isCovered: boolean;
  /** Left out or undefined: drawn. */
  readonly deployment?: Deployment | undefined;
  /** Hears of every seed that has ended. */
  readonly ended: (tally: Tally, news: SeedNews) => void;
}

type News = SeedNews | { readonly coverage: Coverage };

/** Plays seeds in threads, each of which takes the next one when it has done with its own. */
export async function runMany({
  from,
  to,
  jobs,
  minutes,
  isCovered,
  deployment,
  ended,
}: ManyOptions): Promise<Tally> {
  const tally = new Tally();
  const untilMs = performance.now() + minutes * 60_000;
  const file = isCovered ? './covered-worker.ts' : './worker.ts';
  let next = from;
  const runThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(file, import.meta.url));
      const end = (): void => void worker.terminate().then(() => resolve());
      const give = (): void => {
        if (next <= to && performance.now() < untilMs) {
          worker.postMessage({ seed: next, deployment } satisfies SeedOrder);
          next += 1;
        } else if (isCovered) worker.postMessage('coverage');
        else end();
      };
      worker.on('message', (news: News) => {
        if ('coverage' in news) {
          tally.coverages.push(news.coverage);
          end();
          return;
        }
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
