import { type Instrument, readExchangeInfo } from '@tradewind/core/market';
import { builtInExchangeInfo, DEFAULT_SYMBOLS } from '@tradewind/exchange-simulator';
import { expect, test } from 'vitest';
import { readTestJson } from '../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../tools/shared-data.ts';
import { entryOf, exchangeInfoOf } from './instrument-entry.ts';

const again = (instruments: readonly Instrument[]): readonly Instrument[] => [
  ...readExchangeInfo(exchangeInfoOf(instruments.map(entryOf))).instruments.values(),
];

test('what the built-in symbols are shown as is read as the same rules again', () => {
  const info = builtInExchangeInfo(DEFAULT_SYMBOLS);
  const instruments = [...readExchangeInfo(info.ok ? info.value : {}).instruments.values()];
  expect(instruments.length).toBe(DEFAULT_SYMBOLS.length);
  expect(again(instruments)).toEqual(instruments);
});

testWithSharedData.each([
  'rest/exchangeInfo-testnet-2024-09-08.json.gz',
  'rest/exchangeInfo-binance-2021-10-12.json.gz',
])('M13: so is every symbol of a real exchangeInfo that nothing blocks (%s)', (file) => {
  const instruments = [...readExchangeInfo(readTestJson(file)).instruments.values()].filter(
    ({ blockers, unknownFilters }) => blockers.length === 0 && unknownFilters.length === 0,
  );
  expect(instruments.length).toBeGreaterThan(100);
  expect(again(instruments)).toEqual(instruments);
});
