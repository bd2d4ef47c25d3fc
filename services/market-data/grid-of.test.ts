import type { Instrument } from '@tradewind/core/market';
import { price, quantity } from '@tradewind/core/money';
import { knownInstrument } from '@tradewind/research/instruments';
import { expect, test } from 'vitest';
import { finerGrid, gridOf } from './grid-of.ts';

const btcusdt = knownInstrument('BTCUSDT')!;
const withRules = (tick: string, step: string, most: string): Instrument => ({
  ...btcusdt,
  filters: { price: { tick: price(tick) }, lot: { step: quantity(step), maximum: quantity(most) } },
});

test.each([
  // 9000 x 10^4 orders x 10^8 = 9.0 x 10^15, just below 2^53.
  { tick: '0.01', step: '0.00001', most: '9000', grid: [3, 8] },
  { tick: '0.00000001', step: '1', most: '46116860414', grid: [8, 1] },
  { tick: '1', step: '0.001', most: '9000000', grid: [1, 5] },
  { tick: '0.1', step: '0.00000001', most: '99999999', grid: [2, 8] },
])(
  'M12: a symbol of tick $tick and lot $step is counted finer where there is room: $grid',
  ({ tick, step, most, grid }) => {
    const { priceDecimals, quantityDecimals } = gridOf(withRules(tick, step, most));
    expect([priceDecimals, quantityDecimals]).toEqual(grid);
  },
);

test('M12, M13: increments that became finer need a finer grid, coarser and missing ones do not', () => {
  const grid = gridOf(withRules('0.01', '1', '46116860414'));
  expect(finerGrid(grid, withRules('0.1', '10', '9000'))).toBeUndefined();
  expect(finerGrid(grid, { ...btcusdt, filters: { price: {}, lot: {} } })).toBeUndefined();
  expect(finerGrid(grid, withRules('0.0001', '0.01', '9000'))).toMatchObject({
    priceDecimals: 4,
    quantityDecimals: 2,
  });
});
