import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { sharedData } from '../../tools/shared-data-folder.ts';
import { interleave, repositoryPath } from '../harness/child.ts';
import { type Goal, printGoals, printTable } from '../harness/report.ts';
import { showSummary, summarize } from '../harness/summary.ts';
import type { Section } from './section.ts';

const execute = promisify(execFile);

const DATA = sharedData('klines/1m/BTCUSDT-1m-2025-05-20_2025-08-18.csv.gz');
const PROGRAM = repositoryPath('cli/bin/tradewind.js');
const PARAMETERS = ['backtest', '--strategy', 'ema-cross', '--data', DATA, '--symbol', 'BTCUSDT', '--json'];

const COMMANDS = {
  'npx tradewind backtest': ['npx', 'tradewind'],
  'node cli/bin/tradewind.js backtest': [process.execPath, PROGRAM],
} as const;
type Command = keyof typeof COMMANDS;
const NAMES = Object.keys(COMMANDS) as Command[];

interface CommandRun {
  readonly seconds: number;
  readonly resultHash: string;
  readonly bars: number;
}

/** The whole command, from the shell's call to the end of the process. */
export const command: Section = {
  title: () => 'command: backtest of three months of real one-minute bars, --json, from call to exit',

  async run({ rounds }) {
    const reason = await reasonToSkip();
    if (reason !== undefined) {
      console.log(`skipped: ${reason}`);
      return;
    }
    const runs = await interleave(rounds, NAMES, time);
    const peaks = await interleave(rounds, NAMES, peakMegabytes);
    printTable(
      ['command', 'wall seconds', 'peak MB of its largest process'],
      NAMES.map((name) => [
        name,
        showSummary(summarize(runs[name].map(({ seconds }) => seconds)), 2),
        showSummary(summarize(peaks[name]), 0),
      ]),
    );
    const words = new Set(Object.values(runs).flatMap((of) => of.map(({ resultHash }) => resultHash)));
    const { bars } = runs[NAMES[0]!][0]!;
    const hashes = [...words].join(' and ');
    console.log(
      `\n${bars} bars; result_hash ${words.size === 1 ? 'equal in all runs' : 'DIFFERENT'}: ${hashes}`,
    );
    printGoals(
      NAMES.flatMap((name): Goal[] => {
        const seconds = summarize(runs[name].map((one) => one.seconds)).median;
        const megabytes = summarize(peaks[name]).median;
        return [
          { what: name, bound: 'at most', goal: 1, measured: seconds, unit: 's' },
          { what: name, bound: 'at most', goal: 150, measured: megabytes, unit: 'MB', digits: 0 },
        ];
      }),
    );
  },
};

async function reasonToSkip(): Promise<string | undefined> {
  if (!existsSync(DATA)) return 'the folder of real data is not on this machine';
  try {
    await time('node cli/bin/tradewind.js backtest');
    return undefined;
  } catch (error) {
    return `the command fails: ${(error as Error).message.split('\n').slice(0, 3).join(' / ')}`;
  }
}

async function execCommand(name: Command, environment: NodeJS.ProcessEnv): Promise<string> {
  const [program, ...first] = COMMANDS[name];
  const options = { cwd: repositoryPath(''), env: environment, maxBuffer: 256 * 1024 * 1024 };
  const { stdout } = await execute(program, [...first, ...PARAMETERS], options);
  return stdout;
}

async function time(name: Command): Promise<CommandRun> {
  const start = process.hrtime.bigint();
  const stdout = await execCommand(name, process.env);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const result = JSON.parse(stdout) as { result_hash: string; summary: { bars: number } };
  return { seconds, resultHash: result.result_hash, bars: result.summary.bars };
}

/** In runs of their own, because the preloaded module takes time. */
async function peakMegabytes(name: Command): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-bench-'));
  try {
    const file = join(folder, 'peaks.txt');
    const preloaded = pathToFileURL(repositoryPath('bench/harness/note-peak-memory.mjs')).href;
    await execCommand(name, {
      ...process.env,
      NODE_OPTIONS: `--import=${preloaded}`,
      TRADEWIND_PEAK_MEMORY_FILE: file,
    });
    const kibibytes = (await readFile(file, 'utf8')).trim().split('\n').map(Number);
    return (Math.max(...kibibytes) * 1024) / 1e6;
  } finally {
    await rm(folder, { recursive: true });
  }
}
