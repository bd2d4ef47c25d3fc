import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';

const TRADEWIND = fileURLToPath(new URL('bin/tradewind.js', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the real command in a folder of its own. */
function tradewind(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [TRADEWIND, ...parameters], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

const backtest = (...parameters: string[]) => tradewind('backtest', '--strategy', 'ema-cross', ...parameters);

function expectComplaint(run: ReturnType<typeof tradewind>, status: number, sentence: string | RegExp): void {
  expect(run.stderr).toMatch(sentence);
  expect(run).toMatchObject({ status, stdout: '' });
  expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(run.stderr).toMatch(/^error: /);
  expect(run.stderr).not.toMatch(/\n\s+at /);
}

const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return name;
};

test('--json prints the result and nothing else, the same each time', () => {
  const parameters = ['--synthetic', '2d', '--seed', '42', '--json'];
  const run = backtest(...parameters);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  const result = JSON.parse(run.stdout);
  expect(result.summary).toMatchObject({ initial_equity: '10000', bars: 2880 });
  expect(result.run).toMatchObject({ seed: 42, risk: 'filters and balance only' });
  expect(result.fills).toHaveLength(result.summary.fills);
  expect(JSON.parse(backtest(...parameters).stdout).result_hash).toBe(result.result_hash);
  expect(JSON.parse(backtest('--synthetic', '2d', '--seed', '43', '--json').stdout).result_hash).not.toBe(
    result.result_hash,
  );
});

test('--out writes whole files beside what is there, and the summary is printed', () => {
  mkdirSync(join(folder, 'results'));
  writeFileSync(join(folder, 'results', 'notes.txt'), 'mine');
  const run = backtest('--synthetic', '2d', '--out', 'results');
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(run.stdout).toMatch(/ema-cross fast=12 slow=26 fraction=1\nBTCUSDT 1m · 2 880 bars/);
  expect(run.stdout).toMatch(/risk +filters and balance only/);
  expect(readdirSync(join(folder, 'results')).sort()).toEqual([
    'chart.csv',
    'equity.csv',
    'fills.csv',
    'notes.txt',
    'orders.csv',
    'result.json',
  ]);
  const read = (name: string) => readFileSync(join(folder, 'results', name), 'utf8');
  const result = JSON.parse(read('result.json'));
  const fills = read('fills.csv').trimEnd().split('\n');
  expect(fills[0]).toBe('time,symbol,side,quantity,price,fee,fee_asset,liquidity,tag');
  expect(fills).toHaveLength(1 + result.fills.length);
  expect(fills[1]).toBe(Object.values(result.fills[0]).join());
  expect(read('orders.csv').trimEnd().split('\n')).toHaveLength(1 + result.summary.orders);
  expect(read('equity.csv')).toMatch(/^time,equity\n1704067200000,10000\n/);
  // This strategy draws no lines.
  expect(read('chart.csv')).toBe('time\n');
});

test('a folder that cannot be made leaves nothing behind', () => {
  write('file', '');
  expectComplaint(backtest('--synthetic', '1d', '--out', 'file'), 2, /--out file: it is a file/);
  expectComplaint(
    backtest('--synthetic', '1d', '--out', 'file/inner'),
    2,
    /--out file\/inner: .*nothing is left of the output/,
  );
});

const row = (minute: number, price = 100): string =>
  `${1_609_459_200_000 + minute * 60_000},${price},${price},${price},${price},1`;
const rows = (...minutes: number[]): string => `${minutes.map((minute) => row(minute)).join('\n')}\n`;

test.each([
  {
    when: 'HTML',
    name: 'BTCUSDT-1m-html.csv',
    content: '<html>',
    says: /BTCUSDT-1m-html\.csv line 1: .*web page/,
  },
  { when: 'columns', name: 'BTCUSDT-1m-cols.csv', content: '1,2,3\n', says: /cols\.csv line 1: 3 columns/ },
  {
    when: 'a price of zero',
    name: 'BTCUSDT-1m-zero.csv',
    content: `${row(0)}\n${row(1, 0)}\n`,
    says: /zero\.csv line 2, field open: /,
  },
  {
    when: 'time',
    name: 'BTCUSDT-1m-back.csv',
    content: rows(1, 0),
    says: /back\.csv line 2, field open_time: /,
  },
  {
    when: 'duplicates',
    name: 'BTCUSDT-1m-dup.csv',
    content: rows(0, 0),
    says: /dup\.csv line 2, field open_time: /,
  },
  {
    when: 'a truncated archive',
    name: 'BTCUSDT-1m-cut.csv.gz',
    content: gzipSync(rows(0, 1)).subarray(0, 30),
    says: /cut\.csv\.gz: the archive ends too early/,
  },
  { when: 'no symbol', name: 'bars.csv', content: rows(0, 1), says: /bars\.csv: .*--symbol/ },
])('data with wrong $when are refused', ({ name, content, says }) => {
  expectComplaint(backtest('--data', write(name, content)), 2, says);
});

test.each([
  { parameters: ['--data', 'nowhere'], says: /nowhere: there is no such file or folder/ },
  {
    parameters: ['--synthetic', '1d', '--param', 'fats=3'],
    says: /--param fats: .*did you mean fast\?.*fast, slow, fraction/,
  },
  {
    parameters: ['--synthetic', '1d', '--param', 'fast=0'],
    says: /--param fast=0: out of bounds, expected a whole number/,
  },
  {
    parameters: ['--synthetic', '1d', '--param', 'fast=26'],
    says: /--param: fast \(26\) must be below slow \(26\)/,
  },
  { parameters: ['--synthetic', '1d', '--cash', '5EUR'], says: /--cash 5EUR: .*USDT, BTC/ },
  {
    parameters: ['--synthetic', '1d', '--exchange-info', 'none.json'],
    says: /--exchange-info none\.json: there is no such file/,
  },
  {
    parameters: ['--synthetic', '1d', '--risk', 'none.json'],
    says: /--risk none\.json: there is no such file/,
  },
  {
    parameters: ['--synthetic', '1d', '--fee-asset', 'BNB'],
    says: /--fee-asset BNB: the data hold no bars of BNBUSDT/,
  },
  {
    parameters: ['--synthetic', '1d', '--interval', '1w'],
    says: /--interval 1w: the bars of BTCUSDT do not fill/,
  },
])('$parameters is refused', ({ parameters, says }) => {
  expectComplaint(backtest(...parameters), 2, says);
});

test('a range without bars and a symbol that is not there are refused', () => {
  const data = write('ETHUSDT-1m-2021.csv', rows(0, 1, 2));
  expectComplaint(
    backtest('--data', data, '--from', '2022-01-01'),
    2,
    /ETHUSDT-1m-2021\.csv: no bar opens in the range/,
  );
  expectComplaint(backtest('--data', data, '--symbol', 'BTCUSDT'), 2, /no file of BTCUSDT, only of ETHUSDT/);
});

test('a strategy for one symbol refuses two', () => {
  const csv = '1609459200000,100,101,99,100,5\n';
  const files = ['BTCUSDT-1d-2021-01-01.csv', 'ETHUSDT-1d-2021-01-01.csv'].map((name) => write(name, csv));
  const parameters = ['--data', files[0]!, '--data', files[1]!, '--symbol', 'BTCUSDT', '--symbol', 'ETHUSDT'];
  expectComplaint(
    backtest(...parameters),
    2,
    /ema-cross trades one symbol, and this run has 2 \(BTCUSDT, ETHUSDT\)/,
  );
});

test('a fee asset whose prices are of another time is refused', () => {
  const files = [
    write('BTCUSDT-1d-2021-02-01.csv', '1612137600000,100,101,99,100,5\n'),
    write('BNBUSDT-1d-2022-01-01.csv', '1640995200000,100,101,99,100,5\n'),
  ];
  const parameters = ['--data', files[0]!, '--data', files[1]!, '--symbol', 'BTCUSDT', '--fee-asset', 'BNB'];
  expectComplaint(
    backtest(...parameters),
    2,
    /the data of BNBUSDT hold no bar of the time that the run is about/,
  );
});

test('a strategy that is not there is refused with the nearest one', () => {
  const run = tradewind('backtest', '--strategy', 'ema-cros', '--synthetic', '1d');
  expectComplaint(run, 2, /--strategy ema-cros: .*did you mean ema-cross\?.*ready ones: ema-cross/);
});

const STRATEGY = `import { defineStrategy, type Bar, type Strategy } from '@tradewind/core/strategy';

export default defineStrategy({
  name: 'thrower',
  summary: 'Throws.',
  parameters: {},
  warmup: () => 0,
  create: (): Strategy => ({
    onBar(bar: Bar) {
      if (bar.count === 5) throw new Error('no luck');
    },
  }),
});
`;

test('a strategy that throws ends the run with its name, the time of the bar and its line', () => {
  const run = tradewind(
    'backtest',
    '--strategy',
    `./${write('thrower.ts', STRATEGY)}`,
    '--synthetic',
    '1d',
    '--json',
  );
  expectComplaint(
    run,
    1,
    /strategy thrower failed at the bar of 2024-01-01T00:04:00\.000Z.*: Error: no luck \(thrower\.ts:10\)/,
  );
});

test.each([
  {
    when: 'is missing',
    name: 'gone.ts',
    content: undefined,
    says: /--strategy \.\/gone\.ts: there is no such file/,
  },
  {
    when: 'is not TypeScript',
    name: 'broken.ts',
    content: 'const a = 1;\nconst b = = 2;\n',
    says: /SyntaxError.*\(broken\.ts:2\)/,
  },
  {
    when: 'is not JavaScript',
    name: 'broken.js',
    content: 'const a = 1;\nconst b = = 2;\n',
    says: /SyntaxError.*\(broken\.js:2\)/,
  },
  {
    when: 'throws at once',
    name: 'hasty.ts',
    content: '\nthrow new Error("too soon");\n',
    says: /too soon \(hasty\.ts:2\)/,
  },
  {
    when: 'has no strategy',
    name: 'empty.ts',
    content: 'export const a = 1;\n',
    says: /export default defineStrategy/,
  },
])('a strategy file that $when is refused', ({ name, content, says }) => {
  if (content !== undefined) write(name, content);
  expectComplaint(tradewind('backtest', '--strategy', `./${name}`, '--synthetic', '1d'), 2, says);
});

test('unknown options and commands are refused', () => {
  expect(backtest('--jsn')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('--json'),
  });
  expect(tradewind('backtes')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('backtest'),
  });
});

test('a reader of the output that goes away is no failure', async () => {
  for (const parameters of [
    ['--help'],
    ['backtest', '--synthetic', '1d', '--strategy', 'ema-cross', '--json'],
  ]) {
    const run = spawn(process.execPath, [TRADEWIND, ...parameters], { cwd: folder });
    run.stdout.destroy();
    let complaints = '';
    run.stderr.setEncoding('utf8').on('data', (piece: string) => {
      complaints += piece;
    });
    const [status] = await once(run, 'close');
    expect([status, complaints]).toEqual([0, '']);
  }
});

test('the version, the help and the ready strategies are told', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(tradewind('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(tradewind('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('strategies'),
    stderr: '',
  });
  expect(tradewind('strategies')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^ema-cross: [\s\S]*fast=12 .*a whole number from 1 to 1000/),
    stderr: '',
  });
});
