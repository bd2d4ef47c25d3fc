import { price } from '@tradewind/core/money';
import { afterEach, expect, test } from 'vitest';
import { equity, RiskWorld } from './risk-world.test-support.ts';

const HOUR_MS = 3_600_000;
const ZONE = process.env.TZ;
afterEach(() => {
  if (ZONE === undefined) delete process.env.TZ;
  else process.env.TZ = ZONE;
});

/** The days on which clocks are set, and the offset from UTC in minutes before and after (zone database 2025b). */
const CHANGES = [
  ['America/New_York', Date.UTC(2026, 2, 8), 300, 240],
  ['America/New_York', Date.UTC(2026, 10, 1), 240, 300],
  ['Europe/Berlin', Date.UTC(2026, 2, 29), -60, -120],
  ['Europe/Berlin', Date.UTC(2026, 9, 25), -120, -60],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 4), -660, -630],
  ['Australia/Lord_Howe', Date.UTC(2026, 9, 3), -630, -660],
] as const;

test.each(CHANGES)(
  'C4: in %s around %i days begin at midnight UTC alone',
  async (zone, midnightMs, before, after) => {
    process.env.TZ = zone;
    const offset = (ms: number): number => new Date(ms).getTimezoneOffset();
    expect([offset(midnightMs - 12 * HOUR_MS), offset(midnightMs + 36 * HOUR_MS)]).toEqual([before, after]);

    const seldom = { valueEveryMs: HOUR_MS, haltFileEveryMs: HOUR_MS, ledgerCheckEveryMs: HOUR_MS };
    const world = await RiskWorld.started(seldom, midnightMs - HOUR_MS);
    await world.trade('BUY', '5', '100');
    world.market.prices.set('BTCUSDT', price('90'));
    const begins: number[] = [];
    let last = (await world.risk.state()).dayStartEquity;
    for (let hour = 0; hour < 27; hour += 1) {
      await world.time.advance(HOUR_MS);
      // Each hour has a price of its own, so that each day would begin with another equity.
      world.market.prices.set('BTCUSDT', price(String(90 - hour * 0.5)));
      const { dayStartEquity } = await world.risk.state();
      if (dayStartEquity !== last) begins.push(hour);
      last = dayStartEquity;
    }
    expect(begins).toHaveLength(2);
    expect(begins.map((hour) => hour - begins[0]!)).toEqual([0, 24]);
    expect(last).not.toBe(equity('2000'));
  },
);
