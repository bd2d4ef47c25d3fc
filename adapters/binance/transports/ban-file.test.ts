import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '@tradewind/core/result';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SharedRateGate } from '../limits/shared-rate-gate.ts';
import { BanFile, type BanFileProblem } from './ban-file.ts';

const START = Date.UTC(2026, 0, 5, 12);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ban-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const problems: BanFileProblem[] = [];
function opened(path: string): BanFile {
  const file = BanFile.open(path, (problem) => problems.push(problem));
  invariant(file.ok, 'the file can be opened');
  return file.value;
}

describe('a file of bans', () => {
  test('R2: a gate that starts anew keeps to the ban that another has seen', async () => {
    const path = join(folder, 'ban');
    const gateAt = (nowMs: number) => {
      const time = new VirtualTime(nowMs);
      return new SharedRateGate({
        clock: time,
        timers: time,
        random: new SeededRandom(1),
        bans: opened(path),
      });
    };
    const untilMs = START + 120_000;
    gateAt(START).observe({ counts: [], silence: { untilMs, scope: 'everything', isBan: true } });
    const held = await gateAt(START + 60_000).acquire({ weight: 1 }, 'exit');
    expect(held).toMatchObject({ ok: false, error: { limiter: 'a ban' } });
    expect((await gateAt(untilMs + 1000).acquire({ weight: 1 }, 'exit')).ok).toBe(true);
  });

  test('that is not there means that there is no ban', () => {
    expect(opened(join(folder, 'none')).load()).toBeUndefined();
  });

  test.each(['', 'soon', '-5', '1.5', '1e15', '99999999999999999999'])(
    'that holds %j is no answer',
    (text) => {
      const path = join(folder, 'ban');
      writeFileSync(path, text);
      expect(BanFile.open(path, () => undefined)).toMatchObject({ ok: false, error: { path } });
    },
  );

  test('that cannot be written is told of, and the process keeps to the ban all the same', () => {
    const path = join(folder, 'not', 'there', 'ban');
    problems.length = 0;
    const file = opened(path);
    file.save(START);
    expect(problems).toMatchObject([{ path }]);
    expect(file.load()).toBe(START);
  });

  test('holds nothing but the latest end', () => {
    const path = join(folder, 'ban');
    const file = opened(path);
    file.save(START);
    file.save(START + 5);
    expect(readFileSync(path, 'utf8')).toBe(String(START + 5));
  });
});
