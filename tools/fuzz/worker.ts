import { parentPort, workerData } from 'node:worker_threads';
import { type Found, type Progress, runCampaign } from './campaign.ts';
import { loadTarget, type TargetName } from './targets.ts';

export interface WorkerTask {
  readonly target: TargetName;
  readonly from: Progress;
  readonly inputs: number;
  /** The seed that is being judged, for who watches. */
  readonly current: Int32Array;
}
export type WorkerNews =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'progressed'; readonly progress: Progress };

const { target, from, inputs, current } = workerData as WorkerTask;
const tell = (news: WorkerNews): void => parentPort!.postMessage(news);

await runCampaign(await loadTarget(target), from, inputs, {
  begins: (seed) => Atomics.store(current, 0, seed),
  found: (found) => tell({ kind: 'found', found }),
  progressed: (progress) => tell({ kind: 'progressed', progress }),
});
