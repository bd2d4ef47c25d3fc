import { price, quantity } from '@tradewind/core/money';
import type { OrderIntent } from '@tradewind/core/orders';
import { AccountBooks } from '@tradewind/core/portfolio';
import { InvariantViolation } from '@tradewind/core/result';
import type { Trip } from '@tradewind/core/risk';
import type { EventBody, TradingEvent } from '@tradewind/proto';
import { afterEach, expect, test, vi } from 'vitest';
import { market } from '../../core/orders/terms.test-support.ts';
import { equity, RiskWorld } from './risk-world.test-support.ts';

const MIDNIGHT_MS = Date.UTC(2026, 4, 5);
const SYSTEM = { kind: 'system' } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

/** The next event that moves money cannot be taken in. */
const breakBooks = (): void => {
  vi.spyOn(AccountBooks.prototype, 'apply').mockImplementationOnce(() => {
    throw new InvariantViolation('a mistake of our own');
  });
};
const standStill = async (world: RiskWorld): Promise<void> => {
  breakBooks();
  await world.deposit('alpha', 'USDT', '1');
  expect((await world.risk.state()).detail).toContain('could not be taken in');
};

/** The ledger has another event where one was heard, and goes on from there. */
const loseEnd = async (world: RiskWorld): Promise<void> => {
  const seq = await world.ledger.lastSeq();
  const read = world.ledger.read.bind(world.ledger);
  world.ledger.read = async (query) =>
    (await read(query)).map((event) => (event.seq < seq ? event : { ...event, id: 'another' }));
  await world.time.advance(1_100);
  world.ledger.read = read;
  expect((await world.risk.state()).detail).toContain('stop everything');
};

test.each([false, true])(
  'an exit that was approved and never written holds nothing back once another leads; standing still: %s',
  async (isStill) => {
    const world = await RiskWorld.started();
    await world.trade('BUY', '2', '100');
    await world.commit({ kind: 'leader', epoch: 1, holder: 'a' });
    if (isStill) await standStill(world);
    expect((await world.ask('SELL', market('2'))).reason).toBe('approved');
    await world.time.advance(1_000);
    await world.commit({ kind: 'leader', epoch: 2, holder: 'b' });
    await world.time.advance(200_000);
    expect((await world.ask('SELL', market('2'))).reason).toBe('approved');
  },
);

const haltOfAnother = (world: RiskWorld): TradingEvent => {
  const cause = { kind: 'person', by: 'ann', why: 'enough' } as const;
  const trip: Trip = { scope: SYSTEM, state: 'halted', cause, atMs: world.time.nowMs() };
  const breakers = { trips: [trip], losses: new Map() };
  const control: EventBody = {
    kind: 'control',
    action: 'halt',
    scope: SYSTEM,
    by: 'ann',
    why: 'enough',
    breakers,
  };
  const id = 'risk-other-1';
  return { ...control, id, correlationId: id, atMs: world.time.nowMs(), service: 'risk-manager' };
};

/** The position of alpha has a stop at the exchange, and all of it. */
const withStop = async (world: RiskWorld): Promise<OrderIntent> => {
  await world.trade('BUY', '2', '100');
  const trigger = { stopPrice: price('90') };
  return world.place('SELL', { type: 'STOP_LOSS', quantity: quantity('2'), trigger });
};

test.each([
  { after: 'an event that could not be taken in', happens: standStill },
  { after: 'the ledger has lost its end', happens: loseEnd },
])('a halt that another instance has written stops exits also after $after', async ({ happens }) => {
  const world = await RiskWorld.started();
  await world.trade('BUY', '2', '100');
  await happens(world);
  expect((await world.ask('SELL', market('1'))).reason).toBe('approved');
  await world.ledger.commit([haltOfAnother(world)]);
  await world.time.advance(2_500);
  expect((await world.ask('SELL', market('1'))).reason).toBe('trading_halted');
});

test('a halt is heard that comes together with the event that could not be taken in', async () => {
  const world = await RiskWorld.started();
  await world.trade('BUY', '2', '100');
  world.tells = false;
  breakBooks();
  await world.deposit('alpha', 'USDT', '1');
  await world.ledger.commit([haltOfAnother(world)]);
  await world.time.advance(2_500);
  expect((await world.risk.state()).detail).toContain('could not be taken in');
  expect((await world.ask('SELL', market('1'))).reason).toBe('trading_halted');
});

test('while it stands still an exit goes out once the stop of its position has been canceled', async () => {
  const world = await RiskWorld.started();
  const stop = await withStop(world);
  await standStill(world);
  expect((await world.ask('SELL', market('1'))).reason).not.toBe('approved');
  await world.order(stop, 'canceled', 'canceled');
  expect((await world.ask('SELL', market('1'))).reason).toBe('approved');
});

test('while it stands still an order that has ended holds back what it executed, and no more: nobody books that', async () => {
  const world = await RiskWorld.started();
  const stop = await withStop(world);
  await standStill(world);
  await world.fill(stop, '0.5', '90');
  await world.order(stop, 'canceled', 'canceled');
  expect((await world.ask('SELL', market('1.51'))).reason).not.toBe('approved');
  expect((await world.ask('SELL', market('1.5'))).reason).toBe('approved');
});

test('while it stands still what it does not know of trips no breaker', async () => {
  const world = await RiskWorld.started({ limits: { account: { dailyLossMaximum: equity('100') } } });
  await world.trade('BUY', '5', '100');
  const sold = await world.place('SELL', market('5'));
  await standStill(world);
  // Sold for what was paid: nothing is lost when the price falls by 30.
  await world.fill(sold, '5', '100');
  world.market.prices.set('BTCUSDT', price('70'));
  await world.time.advance(120_000);
  expect((await world.risk.state()).breakers.trips).toEqual([]);
});

test.each([
  { which: 'it could not take in', sizes: ['2'] },
  { which: 'came after what it could not take in', sizes: ['1', '1'] },
])(
  'a loss that $which is counted by the next start, whatever was written of breakers since',
  async ({ sizes }) => {
    const world = await RiskWorld.started();
    await world.trade('BUY', '2', '100');
    const sold = await world.place('SELL', market('2'));
    const { seq } = await world.risk.state();
    breakBooks();
    for (const size of sizes) await world.fill(sold, size, '90');
    await world.ledger.commit([haltOfAnother(world)]);
    await world.time.advance(2_500);
    const controls = await world.ledger.read({ afterSeq: seq, limit: 10, kinds: ['control'] });
    expect(controls.map(({ id }) => id)).toEqual(['risk-other-1', expect.stringMatching(`-through-${seq}$`)]);
    await world.restart();
    expect((await world.risk.state()).breakers.losses.get('alpha')).toBe(1);
  },
);

test('midnight passes while it stands still', async () => {
  const world = await RiskWorld.started({}, MIDNIGHT_MS - 10_000);
  await standStill(world);
  await world.time.advance(20_000);
  expect((await world.risk.state()).state).toBe('not_ready');
});

test('midnight passes while what was told cannot be read, and is valued then', async () => {
  const world = await RiskWorld.started({}, MIDNIGHT_MS - 10_000);
  world.tells = false;
  await world.deposit('alpha', 'USDT', '500');
  world.tells = true;
  const leader = world.commit({ kind: 'leader', epoch: 1, holder: 'test' });
  world.ledger.isDown = true;
  await leader;
  await world.time.advance(20_000);
  expect((await world.risk.state()).state).toBe('catching_up');
  world.ledger.isDown = false;
  await world.time.advance(10_000);
  expect(await world.risk.state()).toMatchObject({ state: 'ready', dayStartEquity: equity('2500') });
});
