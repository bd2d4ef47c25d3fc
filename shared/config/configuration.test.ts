import { readFileSync } from 'node:fs';
import { strategies } from '@tradewind/strategies';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkStrategies, describeConfigurationProblem, readConfiguration } from './index.ts';
import { CONFIGURATION_FILE } from './schema.ts';

const textOf = (environment: string): string =>
  readFileSync(new URL(`../../config/${environment}.json`, import.meta.url), 'utf8');

const definitionOf = (name: string) => strategies.find((each) => each.name === name);

/** Everything that is wrong with a text, as it is told to a person. */
function complaintsAbout(text: string): readonly string[] {
  const read = readConfiguration(text, 'local.json');
  if (!read.ok) return read.error.map(describeConfigurationProblem);
  return checkStrategies(read.value, definitionOf).map(({ field, what }) => `${field}: ${what}`);
}

/** What a test may put in or take out of a file. */
type Json = { [key: string]: Json } & Json[];
const broken = (environment: string, change: (file: Json) => void): readonly string[] => {
  const file = JSON.parse(textOf(environment)) as Json;
  change(file);
  return complaintsAbout(JSON.stringify(file, undefined, 2));
};
const set = (path: string, value: unknown) => (file: Json) => {
  const names = path.split('.');
  const last = names.pop()!;
  let at = file;
  for (const name of names) at = at[name] as Json;
  if (value === undefined) delete at[last];
  else at[last] = value as Json;
};

describe('the files of the four environments', () => {
  test.each(['local', 'development', 'staging', 'production'])('%s has nothing wrong', (environment) => {
    expect(complaintsAbout(textOf(environment))).toEqual([]);
  });

  test('the schema for editors says what is checked', () => {
    const schema = new URL('../schemas/configuration.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(schema, 'utf8'))).toEqual(
      z.toJSONSchema(CONFIGURATION_FILE, { io: 'input' }),
    );
  });
});

const KEY = { api_key: '$' + '{env:KEY}', secret: '$' + '{env:SECRET}', account: 7 };
const A_SECRET = 'no reference';

describe('a bad configuration is refused with the field that is wrong and what is wrong about it', () => {
  test.each<[string, string, (file: Json) => void, string]>([
    // Limits: none has a default (faults.md G5).
    ...[
      'limits.account.order_notional_maximum',
      'limits.account.order_share_of_equity_maximum',
      'limits.account.exposure_maximum',
      'limits.account.open_orders_maximum',
      'limits.account.order_rate',
      'limits.account.daily_loss_maximum',
      'limits.account.drawdown_maximum',
      'limits.strategies.ema-btc.exposure_maximum',
      'limits.strategies.ema-btc.open_orders_maximum',
      'limits.strategies.ema-btc.order_rate',
      'limits.strategies.ema-btc.consecutive_losses_maximum',
      'limits.symbols.BTCUSDT.position_maximum',
      'limits.symbols.BTCUSDT.exposure_maximum',
      'limits.symbols.BTCUSDT.open_orders_maximum',
      'limits.symbols.BTCUSDT.price_collar',
      'limits.symbols.BTCUSDT.price_age_ms_maximum',
      'limits.assets.BTC.exposure_maximum',
      'limits.assets.BTC.share_of_equity_maximum',
    ].map((path): [string, string, (file: Json) => void, string] => [
      `G5: without ${path}`,
      'local',
      set(path, undefined),
      `${path}: is missing; a limit is a value or "none", and none has a default`,
    ]),
    [
      'G5: a misspelt limit',
      'local',
      set('limits.account.daily_los_maximum', '1'),
      'limits.account.daily_los_maximum: there is no such field',
    ],
    ['G5: limits of nobody', 'local', set('limits', undefined), 'limits: is missing'],
    [
      'G5: a limit as a number',
      'local',
      set('limits.account.exposure_maximum', 1000),
      'limits.account.exposure_maximum: expected a decimal in quotes',
    ],
    [
      'G5: a limit below zero',
      'local',
      set('limits.account.exposure_maximum', '-1'),
      'limits.account.exposure_maximum: expected a decimal in quotes',
    ],
    [
      'G5: a limit that is not a number',
      'local',
      set('limits.account.exposure_maximum', 'NaN'),
      'limits.account.exposure_maximum: expected a decimal in quotes',
    ],
    [
      'M14: a limit with an exponent',
      'local',
      set('limits.account.exposure_maximum', '1e4'),
      'limits.account.exposure_maximum: expected a decimal in quotes',
    ],
    [
      'G5: a symbol without limits',
      'local',
      set('limits.symbols.BTCUSDT', undefined),
      'limits.symbols.BTCUSDT: is missing',
    ],
    [
      'G5: a strategy without limits',
      'local',
      set('limits.strategies.ema-btc', undefined),
      'limits.strategies.ema-btc: is missing',
    ],
    [
      'limits of a strategy that is not there',
      'local',
      set('strategies.ema-btc', undefined),
      'limits.strategies.ema-btc: there is no such strategy',
    ],
    [
      'limits of a symbol that is not traded',
      'local',
      set('symbols', ['BTCUSDT']),
      'limits.symbols.ETHUSDT: is not among the symbols',
    ],
    // Symbols (faults.md G1).
    [
      'G1: a symbol in small letters',
      'local',
      set('symbols.0', 'btcusdt'),
      'symbols.0: expected a symbol in capital letters',
    ],
    [
      'G1: a symbol with a look-alike letter',
      'local',
      set('symbols.0', 'ВTCUSDT'),
      'symbols.0: expected a symbol in capital letters',
    ],
    [
      'G1: a strategy on a symbol that is not listed',
      'local',
      set('strategies.ema-btc.symbols', ['SOLUSDT']),
      'strategies.ema-btc.symbols.0: SOLUSDT is not among the symbols',
    ],
    [
      'G1: a symbol twice',
      'local',
      set('symbols', ['BTCUSDT', 'ETHUSDT', 'BTCUSDT']),
      'symbols.2: BTCUSDT is there twice',
    ],
    ['no symbols', 'local', set('symbols', []), 'symbols'],
    // Environments and keys (faults.md G2).
    [
      'G2: live outside of production',
      'staging',
      set('mode', 'live'),
      'mode: is live in the environment staging',
    ],
    [
      'G2: production that is not live',
      'production',
      set('mode', 'testnet'),
      'mode: is testnet in the environment production',
    ],
    [
      'G2: live on the testnet',
      'production',
      set('exchange.profile', 'binance-testnet'),
      'exchange.profile: is binance-testnet; live trading is on binance',
    ],
    [
      'G2: testnet mode on the real exchange',
      'development',
      set('exchange.profile', 'binance'),
      'exchange.profile: is binance, where orders are real',
    ],
    [
      'G2: the real exchange in the local environment',
      'local',
      set('exchange.profile', 'binance'),
      'exchange.profile: is binance; the local environment has a simulator',
    ],
    ['G2: live without a key', 'production', set('exchange.key', undefined), 'exchange.key: is missing'],
    [
      'G2: paper with a key',
      'staging',
      set('exchange.key', KEY),
      'exchange.key: is there, and paper trading needs none',
    ],
    [
      'G2: another host for the real exchange',
      'production',
      set('exchange.urls', {
        rest: 'https://a.example',
        streams: 'wss://a.example',
        websocket_api: 'wss://a.example',
      }),
      'exchange.urls: are there',
    ],
    [
      'G2: a simulator that is not on this machine',
      'local',
      set('exchange.urls', {
        rest: 'http://a.example',
        streams: 'ws://127.0.0.1:1',
        websocket_api: 'ws://127.0.0.1:1',
      }),
      'exchange.urls.rest: is no address of this machine',
    ],
    [
      'G2: a key without its account',
      'production',
      set('exchange.key.account', undefined),
      'exchange.key.account: is missing',
    ],
    ['an environment that is none', 'local', set('environment', 'prod'), 'environment: '],
    ['a mode that is none', 'local', set('mode', 'real'), 'mode: '],
    ['an exchange that is none', 'local', set('exchange.profile', 'kraken'), 'exchange.profile: '],
    // Secrets (faults.md I11).
    [
      'I11: a secret in the file',
      'production',
      set('exchange.key.secret', A_SECRET),
      'exchange.key.secret: a secret has no place in a file',
    ],
    [
      'I11: a database address in the file',
      'production',
      set('ledger.url', 'postgres://a:b@host/db'),
      'ledger.url: a secret has no place in a file',
    ],
    [
      'I11: a token in the file',
      'production',
      set('gateway.token', A_SECRET),
      'gateway.token: a secret has no place in a file',
    ],
    [
      'I11: a reference of an unknown kind',
      'production',
      set('gateway.token', '$' + '{aws:x}'),
      'gateway.token: a secret has no place in a file',
    ],
    // Strategies.
    [
      'no strategies',
      'local',
      (file) => {
        set('strategies', {})(file);
        set('limits.strategies', {})(file);
      },
      'strategies: has none',
    ],
    [
      'a strategy that does not exist',
      'local',
      set('strategies.ema-btc.definition', 'ema-crosss'),
      'strategies.ema-btc.definition: there is no strategy ema-crosss',
    ],
    [
      'a parameter that does not exist',
      'local',
      set('strategies.ema-btc.parameters.fst', 3),
      'strategies.ema-btc.parameters.fst: there is no such parameter',
    ],
    [
      'a parameter out of bounds',
      'local',
      set('strategies.ema-btc.parameters.fast', 0),
      'strategies.ema-btc.parameters.fast: is 0; expected a whole number from 1',
    ],
    [
      'a parameter that is no value',
      'local',
      set('strategies.ema-btc.parameters.fast', 'many'),
      'strategies.ema-btc.parameters.fast: is many',
    ],
    [
      'parameters that do not fit one another',
      'local',
      set('strategies.ema-btc.parameters.fast', 30),
      'strategies.ema-btc.parameters: fast (30) must be below slow (30)',
    ],
    [
      'more symbols than a strategy trades',
      'local',
      set('strategies.ema-btc.symbols', ['BTCUSDT', 'ETHUSDT']),
      'strategies.ema-btc.symbols: ema-cross trades at most 1',
    ],
    [
      'a strategy named like the account itself',
      'local',
      (file) => set('strategies.owner', (file.strategies as Json)['ema-btc'])(file),
      'strategies.owner: is the name of the account itself',
    ],
    [
      'a strategy with a strange name',
      'local',
      (file) => set('strategies.Ema BTC', (file.strategies as Json)['ema-btc'])(file),
      'strategies.Ema BTC: expected a name of small letters',
    ],
    [
      'an interval that is none',
      'local',
      set('strategies.ema-btc.interval', '7m'),
      'strategies.ema-btc.interval: expected an interval like 1m',
    ],
    [
      'a strategy without capital',
      'local',
      set('strategies.ema-btc.capital', undefined),
      'strategies.ema-btc.capital: is missing',
    ],
    [
      'K9: more capital than there is',
      'local',
      set('strategies.ema-btc.capital.USDT', '6000.00000001'),
      'strategies.rsi-eth.capital.USDT: with this the strategies have 10000.00000001 USDT, and paper.balances has 10000',
    ],
    [
      'capital as a number',
      'local',
      set('strategies.ema-btc.capital.USDT', 4000),
      'strategies.ema-btc.capital.USDT: expected a decimal in quotes',
    ],
    // Paper.
    ['paper without balances', 'local', set('paper', undefined), 'paper: is missing'],
    [
      'paper balances in live trading',
      'production',
      set('paper', { balances: { USDT: '1' } }),
      'paper: is there, and the mode is live',
    ],
    [
      'paper without the asset of equity',
      'local',
      set('equity_asset', 'USDC'),
      'paper.balances.USDC: is missing',
    ],
    // Services.
    [
      'paper apart without a place for its exchange',
      'staging',
      set('services.paper-exchange', undefined),
      'services.paper-exchange: is missing',
    ],
    ['services apart without Redis', 'staging', set('redis', undefined), 'redis: is missing'],
    ['services apart without a database', 'staging', set('ledger', undefined), 'ledger: is missing'],
    [
      'S5: a gateway that others reach without a token',
      'local',
      set('gateway', { host: '0.0.0.0' }),
      'gateway.token: is missing; whoever reaches 0.0.0.0',
    ],
    ['a port that is none', 'local', set('gateway', { port: 70000 }), 'gateway.port: '],
    [
      'a lease that outlives the dead man',
      'local',
      set('guards', { lease_ms: 8000 }),
      'guards.lease_ms: is 8000, more than half of dead_man_after_ms (15000)',
    ],
    ['a sweep too seldom', 'local', set('guards', { sweep_every_ms: 60_000 }), 'guards.sweep_every_ms: '],
    [
      'C2: a window over a minute',
      'local',
      set('exchange.recv_window_ms', 60_001),
      'exchange.recv_window_ms: ',
    ],
    [
      'a simulator where none is started',
      'staging',
      set('simulator', { seed: 1 }),
      'simulator: is there, and none is started',
    ],
    ['an unknown field', 'local', set('risk', {}), 'risk: there is no such field'],
    // What fuzz has found.
    ['a field whose name is no text', 'local', set('exchange.', 1), 'exchange."": there is no such field'],
    [
      'an address that is none',
      'local',
      set('exchange.urls', { rest: 'http://', streams: 'ws://[', websocket_api: 'ws://127.0.0.1:1' }),
      'exchange.urls.rest: is no address',
    ],
    [
      'G5: limits of a strategy that has the name of what every object has',
      'local',
      (file) => set('limits.strategies.constructor', (file.limits as Json).strategies!['ema-btc'])(file),
      'limits.strategies.constructor: there is no such strategy',
    ],
    [
      'G5: a strategy with the name of what every object has, without limits',
      'local',
      (file) => set('strategies.constructor', (file.strategies as Json)['ema-btc'])(file),
      'limits.strategies.constructor: is missing',
    ],
    [
      'an unknown field deep inside',
      'local',
      set('exchange.key_file', 'x'),
      'exchange.key_file: there is no such field',
    ],
  ])('%s', (_title, environment, change, expected) => {
    const complaints = broken(environment, change);
    expect(
      complaints.some((each) => each.includes(expected)),
      complaints.join('\n'),
    ).toBe(true);
  });

  test('the line is that of the field', () => {
    const lines = textOf('local').split('\n');
    const at = lines.findIndex((line) => line.includes('"drawdown_maximum"'));
    const text = lines.with(at, lines[at]!.replace(/"0\.1"/, '"ten"')).join('\n');
    expect(complaintsAbout(text)).toEqual([
      `local.json:${at + 1}: limits.account.drawdown_maximum: expected a decimal in quotes, like "1000", or "none"`,
    ]);
  });

  test('what is missing is told at the line of what should hold it', () => {
    const file = JSON.parse(textOf('local')) as Json;
    delete (file.limits as Json).account;
    const text = JSON.stringify(file, undefined, 2);
    const line = text.split('\n').findIndex((each) => each.startsWith('  "limits"')) + 1;
    expect(complaintsAbout(text)).toEqual([`local.json:${line}: limits.account: is missing`]);
  });

  test('a limit that is there twice is refused: a parser would believe the last one', () => {
    const text = textOf('local').replace(
      '"drawdown_maximum"',
      '"drawdown_maximum": "none", "drawdown_maximum"',
    );
    expect(complaintsAbout(text)[0]).toMatch(/^local\.json:\d+: drawdown_maximum: is there twice$/);
  });

  test.each([
    ['', 'local.json:1: it is empty'],
    ['{', 'local.json:1: it is not JSON: close brace expected'],
    ['{ "environment": "local", // mine\n}', 'local.json:1: it is not JSON: invalid comment token'],
    ['[]', 'local.json:1: (the whole file): '],
  ])('the text %j is told as what it is', (text, expected) => {
    expect(complaintsAbout(text)[0]).toContain(expected);
  });
});

test('what a parser would leave out, or have no room for, is refused as a whole (fuzz)', () => {
  const local = textOf('local');
  const with_ = (member: string) => local.replace('"strategies": {', `"strategies": {\n${member},`);
  expect(complaintsAbout(with_('"__proto__": {}'))).toEqual([
    expect.stringMatching(/^local\.json:\d+: __proto__: is a name that nothing may have$/),
  ]);
  expect(complaintsAbout(with_(`"deep": ${'['.repeat(100_000)}`))).toEqual([
    expect.stringMatching(/^local\.json:\d+: it is nested too deeply$/),
  ]);
  expect(complaintsAbout(local + ' '.repeat(300_000))).toEqual([
    'local.json:1: it has more than 262144 characters; that is no configuration',
  ]);
});

test('of very many problems a hundred are told, and how many more there are (fuzz)', () => {
  const strategies = Object.fromEntries(Array.from({ length: 3000 }, (_, nth) => [`s${nth}`, {}]));
  const complaints = broken('local', set('strategies', strategies));
  expect(complaints).toHaveLength(101);
  // Of each strategy four fields are missing, all of which have no default.
  expect(complaints.at(-1)).toBe('local.json:1: and 11900 problems more');
});
