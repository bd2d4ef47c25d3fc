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
  expect(day.rollTo(MIDNIGHT_MS)).toBe(true);
  day.recordedByAnother(valuation(MIDNIGHT_MS, '1975', '2100'));
  expect(day.observe(equity('1990'), MIDNIGHT_MS + 30_000)).toBe(false);
  expect([day.dayStart, day.peak]).toEqual([equity('1975'), equity('2100')]);
});

test('K2: the first valuation of a day stands, whatever a replaced instance records later', () => {
  const day = new EquityDay(MIDNIGHT_MS - 60_000);
  day.observe(equity('1980'), MIDNIGHT_MS - 50_000);
  day.observe(equity('1975'), MIDNIGHT_MS);
  day.recorded(MIDNIGHT_MS);
  day.recordedByAnother(valuation(MIDNIGHT_MS + 40_000, '1900'));
  expect(day.dayStart).toEqual(equity('1975'));
});

test('K3: a valuation of the day before says nothing of the running one', () => {
  const day = new EquityDay(MIDNIGHT_MS + 1_000);
  day.observe(equity('1975'), MIDNIGHT_MS + 2_000);
  expect(day.rollTo(MIDNIGHT_MS - 1_000)).toBe(false);
  day.recordedByAnother(valuation(MIDNIGHT_MS - 1_000, '1900'));
  expect(day.dayStart).toEqual(equity('1975'));
});

test('a valuation that has what came and went, which is not valued here, says all of it: also the peak, and what the next day begins from', () => {
  const day = new EquityDay(MIDNIGHT_MS - 60_000);
  day.observe(equity('2600'), MIDNIGHT_MS - 50_000);
  day.moved();
  const theirs = { ...valuation(MIDNIGHT_MS - 40_000, '2000', '2050'), equity: equity('1990') };
  expect(day.recordedWithFlows(theirs)).toBe(true);
  expect([day.dayStart, day.peak]).toEqual([equity('2000'), equity('2050')]);
  expect(day.rollTo(MIDNIGHT_MS + 5_000)).toBe(true);
  expect(day.dayStart).toEqual(equity('1990'));
});

test('one of the day before says nothing of it, and what came and went moves the peak once, when it is valued', () => {
  const day = new EquityDay(MIDNIGHT_MS + 1_000);
  day.observe(equity('2000'), MIDNIGHT_MS + 2_000);
  day.moved();
  expect(day.recordedWithFlows(valuation(MIDNIGHT_MS - 1_000, '2600'))).toBe(false);
  day.flow(equity('600'));
  expect([day.dayStart, day.peak]).toEqual([equity('2600'), equity('2600')]);
});

test('where the worth of what went is not known here, a fill of the day before says nothing of what was lost then', () => {
  const day = new EquityDay(MIDNIGHT_MS - 60_000);
  day.observe(equity('2600'), MIDNIGHT_MS - 50_000);
  day.observe(equity('2600'), MIDNIGHT_MS);
  day.moved();
  expect(day.recordedWithFlows(valuation(MIDNIGHT_MS + 1_000, '2000'))).toBe(true);
  // Held against the 2600 of before, 605 would be lost.
  expect(day.changedYesterday(equity('-5'))).toBeUndefined();
  expect(day.dayStart).toEqual(equity('1995'));
});
