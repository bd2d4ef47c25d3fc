import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { atStart, describeFound, type Found, type Progress } from './campaign.ts';
import { type CampaignState, readState, writeState } from './state-file.ts';
import { caseOf } from './target.ts';
import { isTargetName, loadTarget, TARGET_NAMES, type TargetName } from './targets.ts';
import type { WorkerNews, WorkerTask } from './worker.ts';

const USAGE = `npm run fuzz -- --target ${TARGET_NAMES.join('|')} [--from SEED] [--count INPUTS] [--state FILE]
Judges spoilt inputs from a seed on (1), so many of them (100000), and goes on where FILE says that it was.
It ends with 0 when nothing was found, with 1 when something was, with 2 for a bad command. docs/fuzz.md says more.`;

/** A case that has not ended after so long, on whatever machine, does not end: its thread is given up. */
const GIVEN_UP_AFTER_MS = 20_000;
const TOLD_EVERY_MS = 10_000;
/** No seed: the thread reads its modules, which may take as long as it likes. */
const LOADING = -1;

interface Options {
  readonly target: TargetName;
  readonly from: number;
  readonly inputs: number;
  readonly stateFile: string | undefined;
}

function optionsOf(): Options | string {
  const strings = ['target', 'from', 'count', 'state'] as const;
  const options = Object.fromEntries(strings.map((name) => [name, { type: 'string' as const }]));
  try {
    const {
      target = '',
      from = '1',
      count = '100000',
      state,
    } = parseArgs({ options }).values as Partial<Record<string, string>>;
    if (!isTargetName(target)) return `--target ${target}: there are ${TARGET_NAMES.join(', ')}`;
    if (!/^\d{1,9}$/.test(from)) return `--from ${from}: expected a whole number below 10^9`;
    if (!/^\d{1,9}$/.test(count)) return `--count ${count}: expected a whole number below 10^9`;
    return { target, from: Number(from), inputs: Number(count), stateFile: state };
  } catch (error) {
    return (error as Error).message;
  }
}

/** One campaign in a thread that is watched from this one. */
class Campaign {
  private readonly options: Options;
  private readonly startedMs = performance.now();
  private readonly resumedInputs: number;
  private state: CampaignState;
  private toldMs = performance.now();

  constructor(options: Options, state: CampaignState) {
    this.options = options;
    this.state = state;
    this.resumedInputs = state.progress.inputs;
  }

  /** @returns whether anything was found */
  async run(): Promise<boolean> {
    while (this.state.progress.inputs < this.options.inputs) {
      const hanging = await this.runThread();
      if (hanging === undefined) break;
      const what = `it had not ended after ${GIVEN_UP_AFTER_MS} ms`;
      const smallest = caseOf(await loadTarget(this.options.target), hanging);
      this.keep({ kind: 'hang', what, seed: hanging, smallest });
      const { progress } = this.state;
      this.progressed({ ...progress, next: hanging + 1, inputs: progress.inputs + 1 });
    }
    this.tell();
    return this.state.found.length > 0;
  }

  /** @returns the seed of a case that does not end; undefined at the end of all of them */
  private runThread(): Promise<number | undefined> {
    const current = new Int32Array(new SharedArrayBuffer(4)).fill(LOADING);
    const { target, inputs } = this.options;
    const task: WorkerTask = { target, from: this.state.progress, inputs, current };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task });
    return new Promise((resolve, reject) => {
      let seen = { seed: LOADING, sinceMs: 0 };
      let hanging: number | undefined;
      const watch = setInterval(() => {
        const seed = Atomics.load(current, 0);
        const nowMs = performance.now();
        if (seed !== seen.seed) seen = { seed, sinceMs: nowMs };
        else if (seed !== LOADING && nowMs - seen.sinceMs > GIVEN_UP_AFTER_MS) {
          hanging = seed;
          void worker.terminate();
        }
      }, 500);
      worker.on('message', (news: WorkerNews) => {
        if (news.kind === 'found') this.keep(news.found);
        else this.progressed(news.progress);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        clearInterval(watch);
        if (hanging !== undefined || this.state.progress.inputs >= inputs) resolve(hanging);
        else
          reject(new Error(`the thread ended by itself with ${code}, at seed ${Atomics.load(current, 0)}`));
      });
    });
  }

  private keep(found: Found): void {
    this.state = { ...this.state, found: [...this.state.found, found] };
    console.log(describeFound(this.options.target, found));
    this.save();
  }

  private progressed(progress: Progress): void {
    this.state = { ...this.state, progress };
    this.save();
    if (performance.now() - this.toldMs < TOLD_EVERY_MS) return;
    this.toldMs = performance.now();
    this.tell();
  }

  private save(): void {
    if (this.options.stateFile !== undefined) writeState(this.options.stateFile, this.state);
  }

  private tell(): void {
    const { progress, found } = this.state;
    const perSecond = Math.round(
      (progress.inputs - this.resumedInputs) / ((performance.now() - this.startedMs) / 1000),
    );
    const perCpuSecond = Math.round(progress.inputs / (progress.cpuMs / 1000));
    console.log(
      `${this.options.target}: ${progress.inputs} of ${this.options.inputs} inputs, next seed ${progress.next}, ${perSecond}/s (${perCpuSecond} per second of the processor), found ${found.length}`,
    );
  }
}

async function main(): Promise<number> {
  const options = optionsOf();
  if (typeof options === 'string') {
    console.error(`${options}\n${USAGE}`);
    return 2;
  }
  const { target, from, stateFile } = options;
  const known = stateFile === undefined ? undefined : readState(stateFile);
  if (known !== undefined && (known.target !== target || known.from !== from)) {
    console.error(
      `--state ${stateFile}: it is of --target ${known.target} --from ${known.from}; name another file`,
    );
    return 2;
  }
  const campaign = new Campaign(options, known ?? { target, from, progress: atStart(from), found: [] });
  return (await campaign.run()) ? 1 : 0;
}

process.exitCode = await main();
