import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { readOptions } from './backtest-options.ts';
import { writeOutput } from './output-folder.ts';
import { type FinishedRun, runRequest } from './run-backtest.ts';

let run: FinishedRun;
beforeAll(async () => {
  const request = readOptions({
    strategy: 'ema-cross',
    synthetic: '1d',
    makerFee: '0.001',
    takerFee: '0.001',
    feeDiscount: '0.75',
    slippageBps: '0',
    limitFill: 'through',
    out: 'somewhere',
  });
  if (!request.ok) throw new Error(request.error.sentence);
  const finished = await runRequest(request.value, () => {});
  if (!finished.ok) throw new Error(finished.error.sentence);
  run = finished.value;
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-out-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('folders that are missing are made', async () => {
  const folder = join(emptyFolder(), 'a', 'b');
  expect(await writeOutput(folder, run, '{}\n')).toEqual({ ok: true, value: undefined });
  expect(readdirSync(folder).sort()).toEqual([
    'chart.csv',
    'equity.csv',
    'fills.csv',
    'orders.csv',
    'result.json',
  ]);
});

test('when one file cannot take its place, none is left', async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'result.json', 'in the way'), { recursive: true });
  const written = await writeOutput(folder, run, '{}\n');
  expect(written).toMatchObject({ ok: false, error: { exitCode: 2 } });
  expect(readdirSync(folder)).toEqual(['result.json']);
});
