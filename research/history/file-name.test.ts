import { expect, test } from 'vitest';
import { readFileNames } from './file-name.ts';

test.each([
  { name: 'BTCUSDT-1m-2025-05-20_2025-08-18.csv.gz', symbol: 'BTCUSDT', interval: '1m', isCertain: true },
  { name: 'BTCUSDT-1m-2021-01.zip', symbol: 'BTCUSDT', interval: '1m', isCertain: true },
  { name: '1000SATSUSDT-1h.csv', symbol: '1000SATSUSDT', interval: '1h', isCertain: true },
  { name: 'ETHBTC-1M.csv', symbol: 'ETHBTC', interval: '1M', isCertain: true },
  { name: 'ETHBTC-1mo-2021-01.zip', symbol: 'ETHBTC', interval: '1M', isCertain: true },
  { name: 'BTCUSD_1m_20230301_20230321.csv', symbol: 'BTCUSD', interval: '1m', isCertain: true },
  { name: '币安人生USDT-1d-2025-10.zip', symbol: '币安人生USDT', interval: '1d', isCertain: true },
  { name: 'BTCUSDT.csv', symbol: 'BTCUSDT', interval: undefined, isCertain: false },
  { name: 'BTCUSDT-2021.CSV.GZ', symbol: 'BTCUSDT', interval: undefined, isCertain: false },
  { name: 'BTCUSDT-7m.csv', symbol: 'BTCUSDT', interval: undefined, isCertain: false },
  { name: 'my-data-1m.csv', symbol: undefined, interval: '1m', isCertain: false },
  { name: 'prices.csv', symbol: undefined, interval: undefined, isCertain: false },
  { name: '20210101.csv', symbol: undefined, interval: undefined, isCertain: false },
])('$name is of $symbol and $interval', ({ name, symbol, interval, isCertain }) => {
  const series = readFileNames([name]);
  expect([series.symbol, series.interval?.name, series.isSymbolCertain]).toEqual([
    symbol,
    interval,
    isCertain,
  ]);
});

test('the name of a file inside an archive goes before the name of the archive', () => {
  expect(readFileNames(['ETHUSDT-1h.csv', 'BTCUSDT-1m.zip'])).toMatchObject({
    symbol: 'ETHUSDT',
    interval: { name: '1h' },
  });
  expect(readFileNames(['data.csv', 'BTCUSDT-1m.zip'])).toMatchObject({
    symbol: 'BTCUSDT',
    interval: { name: '1m' },
  });
});
