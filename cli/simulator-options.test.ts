import { amount } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { readSimulatorOptions, type TypedSimulatorOptions } from './simulator-options.ts';

const DEFAULTS: TypedSimulatorOptions = { port: '8090', host: '127.0.0.1', seed: '1', traders: true };

function complaintAbout(typed: Partial<TypedSimulatorOptions>): string {
  const request = readSimulatorOptions({ ...DEFAULTS, ...typed });
  return request.ok ? '' : request.error.sentence;
}

test('without options it listens on this machine only, with the demo accounts and a made-up market', () => {
  expect(readSimulatorOptions(DEFAULTS)).toMatchObject({
    ok: true,
    value: { port: 8090, host: '127.0.0.1', seed: 1, accounts: [], hasTraders: true, isQuiet: false },
  });
});

test('every option says what it means', () => {
  const typed = {
    port: '0',
    symbols: 'BTCUSDT,ETHUSDT',
    seed: '42',
    replay: 'klines',
    speed: '0.5',
    account: ['aKey:aSecret:USDT=1000,BTC=0.5', 'bKey:bSecret'],
    controlPort: '8091',
    quiet: true,
  };
  expect(readSimulatorOptions({ ...DEFAULTS, ...typed })).toMatchObject({
    ok: true,
    value: {
      port: 0,
      symbols: ['BTCUSDT', 'ETHUSDT'],
      seed: 42,
      replay: { path: 'klines', speed: 0.5 },
      accounts: [
        {
          apiKey: 'aKey',
          secret: 'aSecret',
          balances: [
            ['USDT', amount('USDT', '1000')],
            ['BTC', amount('BTC', '0.5')],
          ],
        },
        { apiKey: 'bKey', secret: 'bSecret', balances: [] },
      ],
      controlPort: 8091,
      isQuiet: true,
    },
  });
});

test.each([
  { typed: { port: '80x' }, says: /^--port 80x: expected a port/ },
  { typed: { port: '65536' }, says: /^--port 65536: expected a port/ },
  { typed: { controlPort: '8090' }, says: /^--control-port 8090: is the port of the exchange itself/ },
  { typed: { symbols: 'BTCUSDT,' }, says: /^--symbols BTCUSDT,: expected names/ },
  { typed: { symbols: 'A,B,A' }, says: /^--symbols A,B,A: A is there twice/ },
  { typed: { seed: '-1' }, says: /^--seed -1: / },
  { typed: { speed: '2' }, says: /^--speed belongs to --replay/ },
  { typed: { replay: 'a', speed: '0' }, says: /^--speed 0: expected a factor above 0/ },
  { typed: { replay: 'a', traders: false }, says: /^--replay and --no-traders exclude/ },
  { typed: { account: ['a:b:USDT=x'] }, says: /^--account a: USDT=x: expected an asset and an amount/ },
  { typed: { account: ['a:b:BTC=1,BTC=2'] }, says: /^--account a: BTC is there twice/ },
  { typed: { account: ['a:b', 'a:c'] }, says: /^--account a: this key is given twice/ },
])('$typed is refused', ({ typed, says }) => {
  expect(complaintAbout(typed)).toMatch(says);
});

test('S1: a complaint about an account does not tell its secret', () => {
  expect(complaintAbout({ account: ['aKey:topSecret!:USDT=1'] })).not.toContain('topSecret');
  expect(complaintAbout({ account: ['aKey:topSecret:USDT=x'] })).not.toContain('topSecret');
});
