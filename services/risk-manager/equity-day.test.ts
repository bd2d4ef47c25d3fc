import { amount } from '@tradewind/core/money';
import type { EquityAmount } from '@tradewind/core/risk';
import { expect, test } from 'vitest';
import { EquityDay, type KeptEquity } from './equity-day.ts';

const MIDNIGHT_MS = Date.UTC(2026, 4, 5);
const equity = (text: string): EquityAmount => amount('equity', text);
const valuation = (atMs: number, dayStart: string, peak = dayStart): KeptEquity => ({
  atMs,
  equity: equity('1'),
  dayStartEquity: equity(dayStart),
  peakEquity: equity(peak),
});

test('K2: an instance that slept through midnight takes the beginning of the day from the one that recorded it', () => {
  const day = new EquityDay(MIDNIGHT_MS - 60_000);
  day.observe(equity('1980'), MIDNIGHT_MS - 50_000);
  expect(day.begins(MIDNIGHT_MS)).toBe(true);
  expect(day.told(valuation(MIDNIGHT_MS, '1975', '2100'))).toBe(true);
  expect(day.observe(equity('1990'), MIDNIGHT_MS + 30_000)).toBe(false);
  expect([day.dayStart, day.peak]).toEqual([equity('1975'), equity('2100')]);
});

test('K2: the first valuation of a day stands, whatever a replaced instance records later', () => {
  const day = new EquityDay(MIDNIGHT_MS - 60_000);
  day.observe(equity('1980'), MIDNIGHT_MS - 50_000);
  day.observe(equity('1975'), MIDNIGHT_MS);
  day.recorded(MIDNIGHT_MS);
  expect(day.told(valuation(MIDNIGHT_MS + 40_000, '1900'))).toBe(false);
  expect(day.dayStart).toEqual(equity('1975'));
});

test('K3: a valuation of the day before says nothing of the running one', () => {
  const day = new EquityDay(MIDNIGHT_MS + 1_000);
  day.observe(equity('1975'), MIDNIGHT_MS + 2_000);
  expect(day.begins(MIDNIGHT_MS - 1_000)).toBe(false);
  expect(day.told(valuation(MIDNIGHT_MS - 1_000, '1900'))).toBe(false);
  expect(day.dayStart).toEqual(equity('1975'));
});
