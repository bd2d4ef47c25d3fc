import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '@tradewind/config';
import type { Instrument } from '@tradewind/core/market';
import { quoteAmount } from '@tradewind/core/money';
import type { StatusView } from '@tradewind/gateway';
import { systemClock } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { checkDisk, judgeSpace } from './doctor/check-disk.ts';
import { judgeClock, judgeWeight } from './doctor/check-exchange.ts';
import { judgeRules } from './doctor/check-rules.ts';
import { judgeSystem } from './doctor/check-system.ts';
import type { Finding } from './doctor/finding.ts';
import { environmentFile, exchangeAt, exchangeWith, run, temporaryFolder } from './processes.test-support.ts';

const statesOf = (findings: readonly Finding[]): readonly string[] => findings.map(({ state }) => state);

test.each([
  [10, 'good'],
  [9.9, 'warning'],
  [5, 'warning'],
  [4.9, 'wrong'],
  [0, 'wrong'],
])('%d %% of the disk free is %s', (free, state) => {
  expect(judgeSpace({ free, total: 100 }).state).toBe(state);
});

test('a folder that is not there yet is judged by the one that it will be made in, and nothing is left behind', async () => {
  const folder = temporaryFolder();
  const [written] = await checkDisk(join(folder, 'a', 'b'));
  expect(written).toMatchObject({ state: 'good', what: `${folder} can be written` });
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  [1000, 'good', 'behind'],
  [-1000, 'good', 'ahead of'],
  [1001, 'warning', 'behind'],
  [-60_000, 'warning', 'ahead of'],
])('an exchange that is %d ms ahead of this machine: %s, it is %s the exchange', (offsetMs, state, word) => {
  const finding = judgeClock(offsetMs, 3.2);
  expect(finding.state).toBe(state);
  expect(finding.what).toContain(`${Math.abs(offsetMs)} ms ${word} the exchange, to within 4 ms`);
});

test.each([
  [undefined, 'skipped'],
  [3840, 'good'],
  [3841, 'warning'],
])('a used weight of %s of 4800 is %s', (used, state) => {
  expect(judgeWeight(used, 4800).state).toBe(state);
});

const CONFIG = {
  symbols: ['BTCUSDT'],
  equity_asset: 'USDT',
  limits: { account: { order_notional_maximum: '2000' } },
  strategies: { ema: { symbols: ['BTCUSDT'], capital: { USDT: '4000' } } },
} as unknown as Configuration;
const least = (text: string) => ({
  filters: { notional: { minimum: quoteAmount(text), minimumAppliesToMarket: true } },
});
const listed = (changes: object): ReadonlyMap<string, Instrument> =>
  new Map([
    [
      'BTCUSDT',
      { symbol: 'BTCUSDT', quoteAsset: 'USDT', status: 'TRADING', blockers: [], filters: {}, ...changes },
    ],
  ]) as unknown as ReadonlyMap<string, Instrument>;

test.each([
  ['listed, and its least order below all', listed(least('2000')), ['good']],
  ['not listed', new Map<string, Instrument>(), ['wrong']],
  ['without a filter that it needs', listed({ blockers: ['LOT_SIZE is missing'] }), ['wrong']],
  ['not traded just now', listed({ status: 'BREAK' }), ['warning']],
  ['only for orders above our limit', listed(least('2000.01')), ['wrong']],
  ['only for orders above limit and capital', listed(least('4000.01')), ['wrong', 'wrong']],
])('a symbol that is %s', (_what, instruments, states) => {
  expect(statesOf(judgeRules(CONFIG, instruments))).toEqual(states);
});

const READY = {
  execution: { state: 'ready', detail: '', breaks: [] },
  risk: { state: 'ready', detail: '', trips: [] },
  markets: [{ symbol: 'BTCUSDT', feed: 'live', detail: '' }],
  strategies: [{ strategy: 'ema', state: 'running', detail: '' }],
} as unknown as StatusView;

test.each([
  ['ready', {}, ['good']],
  ['degraded', { execution: { ...READY.execution, state: 'degraded' } }, ['wrong']],
  ['reconciling', { execution: { ...READY.execution, state: 'reconciling' } }, ['warning']],
  [
    'halted',
    { risk: { ...READY.risk, trips: [{ scope: 'the system', state: 'halted', cause: 'x' }] } },
    ['warning'],
  ],
  [
    'in disagreement with the exchange',
    { execution: { ...READY.execution, breaks: [{ name: 'asset BTC', detail: 'x' }] } },
    ['wrong'],
  ],
  ['without prices', { markets: [{ symbol: 'BTCUSDT', feed: 'stale', detail: '' }] }, ['warning']],
  [
    'without a strategy',
    { strategies: [{ strategy: 'ema', state: 'disabled', detail: 'threw' }] },
    ['warning'],
  ],
])('a system that is %s', (_what, changes, states) => {
  const findings = judgeSystem({ ...READY, ...changes } as StatusView);
  expect(statesOf(findings)).toEqual(states);
  if (states[0] !== 'good') expect(findings[0]?.todo).not.toBe('');
});

test('doctor asks the exchange with the key of the configuration, says what is wrong and ends with 3, and asks nothing while banned', async () => {
  const simulator = await exchangeWith(['doctorKey:doctorSecret:USDT=20000,BTC=0.5']);
  const folder = temporaryFolder();
  const environment = { DOCTOR_KEY: 'doctorKey', DOCTOR_SECRET: 'doctorSecret' };
  const examine = async (account: number | undefined, secrets: Record<string, string> = environment) => {
    const names = ['DOCTOR_KEY', 'DOCTOR_SECRET'] as const;
    const file = environmentFile(folder, {
      environment: 'development',
      mode: 'testnet',
      paper: undefined,
      exchange: exchangeAt(simulator, {
        apiKey: 'doctorKey',
        names,
        ...(account === undefined ? {} : { account }),
      }),
    });
    const { code, out } = await run(
      ['doctor', '--json', '-e', file, '--data', join(folder, 'data')],
      secrets,
    );
    const found = JSON.parse(out) as readonly Finding[];
    const of = (check: Finding['check']) => found.find((each) => each.check === check);
    return { code, of };
  };
  const healthy = await examine(undefined);
  expect(healthy.code).toBe(0);
  for (const check of ['keys', 'limits', 'clock', 'permissions', 'rules'] as const) {
    expect(healthy.of(check)).toMatchObject({ state: 'good' });
  }

  const stranger = await examine(4711);
  expect(stranger.code).toBe(3);
  expect(stranger.of('permissions')).toMatchObject({ state: 'wrong', what: expect.stringContaining('4711') });
  const keyless = await examine(undefined, { DOCTOR_KEY: 'doctorKey' });
  expect(keyless.code).toBe(3);
  expect(keyless.of('keys')).toMatchObject({ state: 'wrong' });
  expect(keyless.of('clock')).toMatchObject({ state: 'skipped' });

  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'data', 'ban.json'), String(systemClock.nowMs() + 600_000));
  const banned = await examine(undefined);
  expect(banned.of('limits')).toMatchObject({
    state: 'wrong',
    what: expect.stringContaining('banned until'),
  });
  expect(banned.of('rules')).toBeUndefined();
});
