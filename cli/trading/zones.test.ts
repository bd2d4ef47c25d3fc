import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './processes.test-support.ts';

const TRADEWIND = fileURLToPath(new URL('../bin/tradewind.js', import.meta.url));
const HOUR_MS = 3_600_000;
/** From before the first to after the last day of 2026 on which one of these zones sets its clocks. */
const FROM_MS = Date.UTC(2026, 2, 1);
const HOURS = 250 * 24;

/** Hourly klines whose price goes up and down. */
function klines(): string {
  const rows = Array.from({ length: HOURS }, (_, hour) => {
    const openMs = FROM_MS + hour * HOUR_MS;
    const price = (100 + 10 * Math.sin(hour / 5)).toFixed(2);
    const volumes = ['1000', openMs + HOUR_MS - 1, '100000', 10, '500', '50000', 0];
    return [openMs, price, price, price, price, ...volumes].join(',');
  });
  return `${rows.join('\n')}\n`;
}

test('C4: on hosts in zones that set their clocks a command says the same as on one in UTC, day by day', {
  timeout: 600_000,
}, () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'BTCUSDT-1h.csv'), klines());
  const words = ['backtest', '--strategy', 'ema-cross', '--param', 'fast=3', '--param', 'slow=6'];
  const run = (TZ: string) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [TRADEWIND, ...words, '--data', 'BTCUSDT-1h.csv', '--json'],
      { cwd: folder, env: { ...process.env, TZ }, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    expect([status, stderr]).toEqual([0, '']);
    // How long it took is all that may differ.
    return stdout.replace(/"(engine_seconds|bars_per_second)": [\d.]+/g, '"$1": 0');
  };
  const inUtc = run('UTC');
  expect(JSON.parse(inUtc).fills.length).toBeGreaterThan(50);
  for (const zone of ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe'])
    expect(run(zone) === inUtc, zone).toBe(true);
});
