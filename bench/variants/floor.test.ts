import { expect, test } from 'vitest';
import * as engine from './engine.ts';
import * as floor from './floor.ts';

test('the bare loop comes to what the engine comes to, digit for digit', async () => {
  const options = { bars: 20_000, strategies: ['ema-cross'], listFills: false };
  const { measurements } = await engine.run(options);
  expect(measurements[0]?.outcome.fills).toBeGreaterThan(500);
  expect(floor.run(options).measurements[0]?.outcome).toEqual(measurements[0]?.outcome);
});
