import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantViolation } from '../result.ts';
import { Atr, BollingerBands, Donchian, Ema, type Indicator, Macd, Rsi, Sma } from './index.ts';

/** One face for all, so that what holds of every indicator is tested on every indicator. */
interface Subject {
  readonly indicator: Indicator<unknown>;
  readonly warmup: number;
  readonly update: (price: number) => number;
  readonly values: () => readonly number[];
  readonly restoreFromText: (text: string) => void;
}

const subjects: Readonly<Record<string, (period: number) => Subject>> = {
  sma: (period) => {
    const it = new Sma(period);
    return subject(
      it,
      period,
      (price) => it.update(price),
      () => [it.value],
    );
  },
  ema: (period) => {
    const it = new Ema(period);
    return subject(
      it,
      period,
      (price) => it.update(price),
      () => [it.value],
    );
  },
  rsi: (period) => {
    const it = new Rsi(period);
    return subject(
      it,
      period + 1,
      (price) => it.update(price),
      () => [it.value],
    );
  },
  atr: (period) => {
    const it = new Atr(period);
    return subject(
      it,
      period + 1,
      (price) => it.update(price * 1.1, price * 0.8, price),
      () => [it.value],
    );
  },
  macd: (period) => {
    const it = new Macd({ fast: period, slow: period + 3, signal: 4 });
    const values = () => [it.macd, it.signal, it.histogram];
    return subject(it, period + 6, (price) => it.update(price), values);
  },
  bollingerBands: (period) => {
    const it = new BollingerBands(period, 2);
    return subject(
      it,
      period,
      (price) => it.update(price),
      () => [it.middle, it.upper, it.lower],
    );
  },
  donchian: (period) => {
    const it = new Donchian(period);
    const values = () => [it.middle, it.upper, it.lower];
    return subject(it, period, (price) => it.update(price * 1.1, price * 0.8), values);
  },
};

function subject<State>(
  indicator: Indicator<State>,
  warmup: number,
  update: (price: number) => number,
  values: () => readonly number[],
): Subject {
  const restoreFromText = (text: string): void => indicator.restore(JSON.parse(text));
  return { indicator: indicator as Indicator<unknown>, warmup, update, values, restoreFromText };
}

const price = fc.double({ min: 1e-7, max: 1e5, noNaN: true });
const period = fc.integer({ min: 1, max: 12 });

describe.each(Object.entries(subjects))('%s', (_name, make) => {
  test('is ready after exactly as many updates as its warm-up says, and returns its first value', () => {
    fc.assert(
      fc.property(period, (chosen) => {
        const { indicator, warmup, update, values } = make(chosen);
        expect(indicator.warmup).toBe(warmup);
        for (let count = 1; count <= warmup + 3; count++) {
          expect(indicator.isReady).toBe(count > warmup);
          const returned = update(100 + (count % 3));
          expect(returned).toBe(values()[0]);
          expect(indicator.isReady).toBe(count >= warmup);
          expect(values().every((value) => !Number.isNaN(value))).toBe(count >= warmup);
        }
      }),
    );
  });

  test('continues to the last bit after it was saved as text and restored, at any moment', () => {
    fc.assert(
      fc.property(
        period,
        fc.array(price, { maxLength: 40 }),
        fc.array(price, { maxLength: 40 }),
        (chosen, before, after) => {
          const original = make(chosen);
          for (const each of before) original.update(each);
          const restored = make(chosen);
          // What it saw before must not show through.
          for (const each of after) restored.update(each);
          restored.restoreFromText(JSON.stringify(original.indicator.save()));
          expect(restored.values()).toEqual(original.values());
          expect(restored.indicator.save()).toEqual(original.indicator.save());
          for (const each of after) {
            original.update(each);
            restored.update(each);
            expect(restored.values()).toEqual(original.values());
          }
        },
      ),
    );
  });

  test('refuses a state that was saved with another period', () => {
    const text = JSON.stringify(make(5).indicator.save());
    expect(() => make(6).restoreFromText(text)).toThrow(
      new RangeError('the saved state has period 5, this indicator has 6'),
    );
  });

  test.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a period of %d, naming it',
    (bad) => {
      expect(() => make(bad)).toThrow(RangeError);
      expect(() => make(bad)).toThrow(`must be a whole number of 1 or more, not ${bad}`);
    },
  );
});

test('the previous channel survives saving too', () => {
  const channel = new Donchian(2);
  for (const high of [5, 9, 4]) channel.update(high, high - 1);
  const restored = new Donchian(2);
  restored.restore(JSON.parse(JSON.stringify(channel.save())));
  expect([restored.previousUpper, restored.previousLower]).toEqual([9, 4]);
});

test('a ring that was damaged while it was away is refused', () => {
  const sma = new Sma(3);
  expect(() => sma.restore({ period: 3, position: 3, values: [1, 2, 3] })).toThrow(InvariantViolation);
  expect(() => sma.restore({ period: 3, position: 1, values: [1, 2] })).toThrow(InvariantViolation);
});
