import { Slippage } from '@tradewind/core/matching/bars';
import { amount } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import {
  plainDecimal,
  readBarCount,
  readCash,
  readDiscount,
  readFee,
  readParameterTexts,
  readSeed,
  readSlippage,
  readTime,
} from './read-values.ts';

test.each([
  { text: '10000USDT', asset: 'USDT', value: '10000' },
  { text: '0.5BTC', asset: 'BTC', value: '0.5' },
  { text: '5:1INCH', asset: '1INCH', value: '5' },
])('$text is $value of $asset', ({ text, asset, value }) => {
  expect(readCash(text)).toEqual({ ok: true, value: { asset, amount: amount(asset, value) } });
});

test.each(['', '10000', 'USDT', '-5USDT', '0USDT', '1.123456789USDT', '10 000USDT', '5usdt', '1e999999USDT'])(
  'cash of "%s" is refused',
  (text) => {
    expect(readCash(text)).toMatchObject({ ok: false, error: { exitCode: 2 } });
  },
);

test.each([
  { text: '0.001', numerator: 1, denominator: 1000 },
  { text: '7.5e-4', numerator: 3, denominator: 4000 },
  { text: '0', numerator: 0, denominator: 1 },
])('a fee of $text is $numerator / $denominator', ({ text, ...fraction }) => {
  expect(readFee('--taker-fee', text)).toEqual({ ok: true, value: fraction });
});

test.each(['', '1', '-0.001', '0.1%', 'NaN', '0.123456789012345678'])('a fee of "%s" is refused', (text) => {
  expect(readFee('--taker-fee', text)).toMatchObject({ ok: false });
});

test.each([
  { text: '1', isFit: true },
  { text: '0.75', isFit: true },
  { text: '0', isFit: false },
  { text: '1.1', isFit: false },
])('what is left of a fee can be $text: $isFit', ({ text, isFit }) => {
  expect(readDiscount(text).ok).toBe(isFit);
});

test.each([
  { text: '0', slippage: new Slippage(0, 10_000) },
  { text: '2.5', slippage: new Slippage(5, 20_000) },
])('$text bps move a price by their fraction of it', ({ text, slippage }) => {
  expect(readSlippage(text)).toEqual({ ok: true, value: slippage });
});

test.each(['-1', '10000', 'x', '0.000000000000000001'])('slippage of "%s" bps is refused', (text) => {
  expect(readSlippage(text)).toMatchObject({ ok: false });
});

test.each([
  { text: '2025-06-01', timeMs: Date.UTC(2025, 5, 1) },
  { text: '2025-06-01T12:30', timeMs: Date.UTC(2025, 5, 1, 12, 30) },
  { text: '2025-06-01T12:30:15.5Z', timeMs: Date.UTC(2025, 5, 1, 12, 30, 15, 500) },
  { text: '2025-06-01T12:30+02:00', timeMs: Date.UTC(2025, 5, 1, 10, 30) },
  { text: '2024-02-29', timeMs: Date.UTC(2024, 1, 29) },
  { text: '1609459200000', timeMs: 1_609_459_200_000 },
])('$text is a time', ({ text, timeMs }) => {
  expect(readTime('--from', text)).toEqual({ ok: true, value: timeMs });
});

test.each(['', 'yesterday', '2025-02-30', '2025-13-01', '2025-06-01 12:00', '2025-06-01T25:00', '5', '2025'])(
  '"%s" is no time',
  (text) => {
    expect(readTime('--from', text)).toMatchObject({ ok: false });
  },
);

test.each([
  { text: '500', bars: 500 },
  { text: '90m', bars: 90 },
  { text: '1.5h', bars: 90 },
  { text: '90d', bars: 129_600 },
  { text: '2w', bars: 20_160 },
  { text: '1y', bars: 525_600 },
])('$text is $bars bars', ({ text, bars }) => {
  expect(readBarCount(text)).toEqual({ ok: true, value: bars });
});

test.each(['', '0', '-5', '1.5', '1M', '21y', '1e9'])('"%s" is no extent', (text) => {
  expect(readBarCount(text)).toMatchObject({ ok: false });
});

test.each([
  { text: '0', isFit: true },
  { text: '4294967295', isFit: true },
  { text: '4294967296', isFit: false },
  { text: '-1', isFit: false },
  { text: '1.5', isFit: false },
])('$text is a seed: $isFit', ({ text, isFit }) => {
  expect(readSeed(text).ok).toBe(isFit);
});

test('parameters are names and values, each name once', () => {
  expect(readParameterTexts(['fast=10', 'note=a=b', 'empty='])).toEqual({
    ok: true,
    value: new Map([
      ['fast', '10'],
      ['note', 'a=b'],
      ['empty', ''],
    ]),
  });
  expect(readParameterTexts(['fast'])).toMatchObject({ ok: false });
  expect(readParameterTexts(['=5'])).toMatchObject({ ok: false });
  expect(readParameterTexts(['fast=1', 'fast=2'])).toMatchObject({ ok: false });
});

test('a decimal is written in one way', () => {
  expect(['1e-3', '0.0010', '0.001'].map(plainDecimal)).toEqual(['0.001', '0.001', '0.001']);
});
