import { expect, test } from 'vitest';
import { MarketWorld } from './market-world.test-support.ts';

const MINUTE_MS = 60_000;

/** The exchange bans this address with the first thing that it is asked. */
function banned(patienceMs: number): MarketWorld {
  const world = new MarketWorld({ patienceMs });
  world.simulator.faults.install({ faults: [{ fault: 'ban_address', ms: 2 * MINUTE_MS, when: { nth: 1 } }] });
  return world;
}

test('R2: a start in the middle of a ban waits for its end, and says so', async () => {
  const world = banned(15 * MINUTE_MS);
  const started = world.service.start();
  await world.time.advance(3 * MINUTE_MS);
  expect(await started).toEqual({ ok: true, value: undefined });
  expect(world.told.at(-1)).toMatch(
    /^the exchange may not be asked before 2026-01-05T12:02:3\d\.\d{3}Z, because of its limits; the start waits for 1\d\d s$/,
  );
});

test('R2: a start that may not wait for so long ends with a sentence that says until when', async () => {
  const world = banned(MINUTE_MS);
  const started = world.service.start();
  await world.time.advance(3 * MINUTE_MS);
  expect(await started).toMatchObject({
    error: {
      reason: 'rules_unavailable',
      detail: expect.stringMatching(/^held back by our own limit 'a ban' until 2026-01-05T12:02:3/),
    },
  });
});
