import { price, quantity, ratio } from '@tradewind/core/money';
import type { TradingEvent } from '@tradewind/proto';
import { describe, expect, test } from 'vitest';
import { market } from '../../core/orders/terms.test-support.ts';
import { equity, RiskWorld } from './risk-world.test-support.ts';

const HOUR_MS = 3_600_000;
/** For what takes long: everything that is done again and again is done once a minute. */
const SELDOM = { valueEveryMs: 60_000, haltFileEveryMs: 60_000, ledgerCheckEveryMs: 60_000 };
const MIDNIGHT_MS = Date.UTC(2026, 4, 5);
const LAST_VALUATION = { afterSeq: 0, limit: 1, kinds: ['valuation'], isReversed: true } as const;

test('K2: loss of the day, peak, losses in a row and breakers are after a restart what they were before', async () => {
  const world = await RiskWorld.started({
    limits: {
      account: { dailyLossMaximum: equity('100'), drawdownMaximum: ratio('0.5') },
      strategy: { consecutiveLossesMaximum: 2 },
    },
  });
  world.market.prices.set('BTCUSDT', price('100'));
  await world.trade('BUY', '5', '100');
  world.market.prices.set('BTCUSDT', price('120'));
  await world.time.advance(61_000);
  for (let i = 0; i < 2; i++) {
    await world.trade('BUY', '1', '100', { strategy: 'beta' });
    await world.trade('SELL', '1', '90', { strategy: 'beta' });
  }
  await world.time.advance(61_000);
  const before = await world.risk.state();
  expect(before).toMatchObject({
    equity: equity('2080'),
    dayStartEquity: equity('2000'),
    peakEquity: equity('2120'),
  });
  expect(before.breakers.losses.get('beta')).toBe(2);
  await world.restart();
  const after = await world.risk.state();
  expect({ ...after, seq: 0 }).toEqual({ ...before, seq: 0 });
  await world.trade('BUY', '1', '100', { strategy: 'beta' });
  await world.trade('SELL', '1', '90', { strategy: 'beta' });
  expect((await world.ask('BUY', market('0.1'), { strategy: 'beta' })).reason).toBe('trading_only_reduces');
  await world.restart();
  expect((await world.ask('BUY', market('0.1'), { strategy: 'beta' })).reason).toBe('trading_only_reduces');
});

test('K2: a loss that was booked in the moment of the crash is counted by the next start', async () => {
  const world = await RiskWorld.started({ limits: { strategy: { consecutiveLossesMaximum: 1 } } });
  for (let i = 0; i < 2; i++) {
    const bought = await world.place('BUY', market('1'));
    await world.fill(bought, '1', '100');
    const sold = await world.place('SELL', market('1'));
    // Order execution commits, and everything dies before anybody is told.
    world.tells = i === 0;
    await world.fill(sold, '1', '90');
  }
  world.tells = true;
  await world.restart();
  expect((await world.risk.state()).breakers.losses.get('alpha')).toBe(2);
  expect((await world.ask('BUY', market('0.1'))).reason).toBe('trading_only_reduces');
});

test('K8: an order that has ended counts until its last fill is booked, after a restart, too', async () => {
  const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('300') } } });
  const intent = await world.place('BUY', market('2'));
  const [fill, filled] = world.fillBodies(intent, quantity('2'), price('100'));
  // The exchange was asked, and said so in figures; the fill itself is told later.
  await world.commit(filled!);
  await world.restart();
  expect((await world.ask('BUY', market('2'))).reason).toBe('exposure_over_limit');
  await world.commit(fill!);
  expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
  expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
});

test('K2: what is lost while nobody looks counts in the day', async () => {
  const world = await RiskWorld.started({ limits: { account: { dailyLossMaximum: equity('100') } } });
  await world.trade('BUY', '5', '100');
  await world.time.advance(2_000);
  world.risk.stop();
  world.market.prices.set('BTCUSDT', price('70'));
  await world.restart();
  expect((await world.ask('BUY', market('0.1'))).reason).toBe('trading_only_reduces');
});

describe('order rates', () => {
  const RATE = { orders: 3, windowMs: 60_000, keptForReducing: 0 };

  test('K10, R4: the orders of the window count after a restart, and each leaves it when it would have', async () => {
    const world = await RiskWorld.started({ limits: { account: { orderRate: RATE } } });
    await world.place('BUY', market('0.1'));
    await world.time.advance(20_000);
    await world.place('BUY', market('0.1'));
    await world.place('BUY', market('0.1'), { strategy: 'beta' });
    await world.restart();
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('order_rate_exceeded');
    await world.time.advance(39_000);
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('order_rate_exceeded');
    await world.time.advance(1_100);
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('approved');
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('order_rate_exceeded');
  });

  test('K10: what another instance has had approved counts for the one that takes over', async () => {
    const world = await RiskWorld.started({ limits: { account: { orderRate: RATE } } });
    for (let i = 0; i < 3; i++) await world.write(world.intent('BUY', market('0.1')));
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('order_rate_exceeded');
  });

  test('K10: repetitions count after a restart', async () => {
    const world = await RiskWorld.started({ repeats: { maximum: 2, windowMs: 60_000 } });
    for (let i = 0; i < 2; i++) await world.place('BUY', market('0.1'));
    await world.restart();
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('order_rate_exceeded');
    expect((await world.ask('SELL', market('0.1'))).reason).not.toBe('order_rate_exceeded');
  });
});

describe('the day changes at 00:00 UTC, once', () => {
  test('K3: the new day starts from the equity of midnight', async () => {
    const world = await RiskWorld.started({ haltFileEveryMs: 60_000 }, MIDNIGHT_MS - HOUR_MS);
    await world.trade('BUY', '5', '100');
    world.market.prices.set('BTCUSDT', price('90'));
    await world.time.advance(HOUR_MS - 2_000);
    expect((await world.risk.state()).dayStartEquity).toBe(equity('2000'));
    world.market.prices.set('BTCUSDT', price('95'));
    await world.time.advance(2_500);
    expect((await world.risk.state()).dayStartEquity).toBe(equity('1975'));
    world.market.prices.set('BTCUSDT', price('80'));
    await world.time.advance(10 * 60_000);
    expect((await world.risk.state()).dayStartEquity).toBe(equity('1975'));
    const valuations = await world.ledger.read({ afterSeq: 0, limit: 1000, kinds: ['valuation'] });
    const starts = valuations.map((event) => event.kind === 'valuation' && event.dayStartEquity);
    expect([...new Set(starts)]).toEqual([equity('2000'), equity('1975')]);
    // One a minute, and one for the new day.
    expect(valuations.length).toBeGreaterThan(69);
    expect(valuations.length).toBeLessThan(74);
  });

  test('K3: a loss of 23:59:59 that is heard of at 00:00:01 belongs to the old day, and trips its breaker', async () => {
    const limits = { account: { dailyLossMaximum: equity('100') } };
    const world = await RiskWorld.started({ limits, ...SELDOM }, MIDNIGHT_MS - HOUR_MS);
    await world.trade('BUY', '5', '100');
    await world.time.advance(HOUR_MS - 1_500);
    const sold = await world.place('SELL', market('5'));
    await world.time.advance(2_500);
    expect((await world.risk.state()).dayStartEquity).toBe(equity('2000'));
    await world.fill(sold, '5', '79', MIDNIGHT_MS - 1_000);
    const state = await world.risk.state();
    expect([state.equity, state.dayStartEquity]).toEqual([equity('1895'), equity('1895')]);
    expect(state.breakers.trips[0]).toMatchObject({
      cause: { kind: 'daily_loss', was: equity('105') },
      atMs: MIDNIGHT_MS - 1_000,
    });
  });

  test('K3: an order of 23:59:59 that fills at 00:00:01 loses in the new day alone', async () => {
    const world = await RiskWorld.started(SELDOM, MIDNIGHT_MS - HOUR_MS);
    await world.trade('BUY', '5', '100');
    await world.time.advance(HOUR_MS - 1_000);
    const sold = await world.place('SELL', market('5'));
    await world.time.advance(2_000);
    await world.fill(sold, '5', '90');
    const state = await world.risk.state();
    expect([state.equity, state.dayStartEquity]).toEqual([equity('1950'), equity('2000')]);
    await world.time.advance(60_000);
    const [last] = await world.ledger.read(LAST_VALUATION);
    expect(last).toMatchObject({
      subAccounts: [
        { subAccount: 'alpha', equity: equity('950'), realizedToday: equity('-50'), unrealized: equity('0') },
        { subAccount: 'beta', equity: equity('1000'), realizedToday: equity('0') },
      ],
    });
  });

  test('K2: what another instance has recorded as the beginning of the day is asked for before ours is recorded', async () => {
    const world = await RiskWorld.started(SELDOM, MIDNIGHT_MS - HOUR_MS);
    await world.time.advance(MIDNIGHT_MS - 1 - world.time.nowMs());
    const [ours] = await world.ledger.read(LAST_VALUATION);
    // Its clock is a millisecond ahead, and it tells nobody.
    const theirs = { ...ours!, id: 'another-1', atMs: MIDNIGHT_MS, dayStartEquity: equity('1234') };
    await world.ledger.commit([theirs as TradingEvent]);
    await world.time.advance(5_000);
    const [recorded] = await world.ledger.read(LAST_VALUATION);
    expect(recorded).toMatchObject({ service: 'risk-manager', dayStartEquity: equity('1234') });
    expect(recorded?.id).not.toBe('another-1');
  });

  test('K2: a valuation that could not be written over midnight is made anew, with what was filled before midnight and heard of since', async () => {
    const world = await RiskWorld.started({ haltFileEveryMs: 60_000 }, MIDNIGHT_MS - HOUR_MS);
    await world.trade('BUY', '5', '100');
    await world.time.advance(HOUR_MS - 500);
    const sold = await world.place('SELL', market('5'));
    world.ledger.isDown = true;
    await world.time.advance(2_000);
    world.ledger.isDown = false;
    await world.fill(sold, '5', '79', MIDNIGHT_MS - 100);
    await world.time.advance(120_000);
    const starts = await world.dayStartsSince(MIDNIGHT_MS);
    expect(starts.length).toBeGreaterThan(1);
    expect(new Set(starts)).toEqual(new Set([equity('1895')]));
  });

  test('K2: a valuation that is made while midnight passes is of the new day', async () => {
    // Valued 0.6 s before the full minute, for which prices take 0.5 s and the ledger 0.2 s.
    const world = await RiskWorld.started({ ...SELDOM, valueEveryMs: 30_000 }, MIDNIGHT_MS - HOUR_MS - 600);
    await world.trade('BUY', '5', '100');
    await world.time.advance(HOUR_MS - 70_000);
    world.market.prices.set('BTCUSDT', price('90'));
    await world.time.advance(60_000);
    world.market.isHanging = true;
    world.ledger.slowness = { timers: world.time, ms: 200 };
    await world.time.advance(20_000);
    world.market.isHanging = false;
    await world.time.advance(120_000);
    world.ledger.slowness = undefined;
    const starts = await world.dayStartsSince(MIDNIGHT_MS);
    expect(starts.length).toBeGreaterThan(1);
    expect(new Set(starts)).toEqual(new Set([equity('1950')]));
  });

  test('K2, B4: what the last valuation did not know when it was made is known after a restart, though it was written earlier', async () => {
    const world = await RiskWorld.started(SELDOM, MIDNIGHT_MS - HOUR_MS);
    await world.trade('BUY', '5', '100');
    const sold = await world.place('SELL', market('5'));
    await world.time.advance(HOUR_MS + 1_000);
    const [known] = await world.ledger.read(LAST_VALUATION);
    expect(known).toMatchObject({ dayStartEquity: equity('2000') });
    world.risk.stop();
    world.tells = false;
    await world.fill(sold, '5', '79', MIDNIGHT_MS - 1_000);
    await world.deposit('alpha', 'USDT', '500');
    const late = `risk-slow-1-through-${known!.seq}`;
    await world.ledger.commit([{ ...known!, id: late } as TradingEvent]);
    world.tells = true;
    await world.restart();
    expect(await world.risk.state()).toMatchObject({
      equity: equity('2395'),
      dayStartEquity: equity('2395'),
    });
  });

  test('K2, B4: a valuation that another instance writes while a start reads the ledger hides nothing that moved before it', async () => {
    const world = await RiskWorld.started(SELDOM);
    await world.time.advance(61_000);
    const [known] = await world.ledger.read(LAST_VALUATION);
    expect(known).toMatchObject({ dayStartEquity: equity('2000') });
    world.risk.stop();
    await world.deposit('alpha', 'USDT', '500');
    const worth = { equity: equity('2500'), dayStartEquity: equity('2500'), peakEquity: equity('2500') };
    const { ledger } = world;
    const load = ledger.load.bind(ledger);
    ledger.load = async () => {
      const state = await load();
      const id = `risk-other-1-through-${state.seq}`;
      await ledger.commit([{ ...known!, ...worth, id } as TradingEvent]);
      return state;
    };
    await world.restart();
    expect(await world.risk.state()).toMatchObject({
      equity: equity('2500'),
      dayStartEquity: equity('2500'),
    });
  });

  test('K2: what another instance recorded before it heard of a fill of the day before is not taken over', async () => {
    const world = await RiskWorld.started(SELDOM, MIDNIGHT_MS - HOUR_MS);
    await world.trade('BUY', '5', '100');
    const sold = await world.place('SELL', market('5'));
    await world.time.advance(MIDNIGHT_MS - 100 - world.time.nowMs());
    const [ours] = await world.ledger.read(LAST_VALUATION);
    const throughSeq = await world.ledger.lastSeq();
    // Ours is recorded 400 ms after midnight.
    world.ledger.slowness = { timers: world.time, ms: 400 };
    await world.time.advance(200);
    await world.fill(sold, '5', '79', MIDNIGHT_MS - 1_000);
    const theirs = { id: `risk-other-1-through-${throughSeq}`, atMs: MIDNIGHT_MS + 50 };
    await world.ledger.commit([{ ...ours!, ...theirs } as TradingEvent]);
    await world.time.advance(120_000);
    world.ledger.slowness = undefined;
    expect(await world.dayStartsSince(MIDNIGHT_MS)).toEqual([equity('2000'), equity('1895'), equity('1895')]);
  });

  test('K2: of two instances that value the same midnight the first says what the day began with, also after a restart', async () => {
    const world = await RiskWorld.started(SELDOM, MIDNIGHT_MS - HOUR_MS);
    await world.time.advance(HOUR_MS + 1_000);
    const [first] = await world.ledger.read(LAST_VALUATION);
    expect(first).toMatchObject({ dayStartEquity: equity('2000') });
    const theirs = { dayStartEquity: equity('2001'), id: `risk-other-1-through-${first!.seq - 1}` };
    await world.ledger.commit([{ ...first!, ...theirs } as TradingEvent]);
    await world.restart();
    expect(await world.risk.state()).toMatchObject({ dayStartEquity: equity('2000') });
  });

  test('K2, K3: of instances that value a fill of the day before by prices of their own the first to record says what the day began with', async () => {
    const world = await RiskWorld.started(SELDOM, MIDNIGHT_MS - HOUR_MS);
    await world.trade('BUY', '5', '100');
    const sold = await world.place('SELL', market('5'));
    await world.time.advance(HOUR_MS + 1_000);
    const [ours] = await world.ledger.read(LAST_VALUATION);
    expect(ours).toMatchObject({ dayStartEquity: equity('2000') });
    await world.fill(sold, '5', '79', MIDNIGHT_MS - 1_000);
    expect(await world.risk.state()).toMatchObject({ dayStartEquity: equity('1895') });
    // Another one thinks that the five coins were worth 50 cents more.
    const theirs = { dayStartEquity: equity('1894.5'), atMs: MIDNIGHT_MS + 1_000 };
    const id = `risk-other-1-through-${await world.ledger.lastSeq()}`;
    await world.ledger.commit([{ ...ours!, ...theirs, id } as TradingEvent]);
    await world.time.advance(120_000);
    const starts = await world.dayStartsSince(MIDNIGHT_MS + 1);
    expect(starts.length).toBeGreaterThan(1);
    expect(new Set(starts)).toEqual(new Set([equity('1894.5')]));
    // What is recorded by one that had not heard of it changes nothing.
    await world.ledger.commit([{ ...ours!, id: `risk-other-2-through-${ours!.seq}` } as TradingEvent]);
    expect(await world.risk.state()).toMatchObject({ dayStartEquity: equity('1894.5') });
  });

  test('K2, B4: what came while it had no price is not counted again when another instance has valued and recorded it', async () => {
    const world = await RiskWorld.started(SELDOM);
    world.market.prices.set('BNBUSDT', undefined);
    await world.time.advance(61_000);
    const [ours] = await world.ledger.read(LAST_VALUATION);
    await world.deposit('alpha', 'BNB', '2');
    const worth = { equity: equity('2618'), dayStartEquity: equity('2618'), peakEquity: equity('2618') };
    const id = `risk-other-1-through-${await world.ledger.lastSeq()}`;
    await world.ledger.commit([{ ...ours!, ...worth, id } as TradingEvent]);
    await world.time.advance(61_000);
    world.market.prices.set('BNBUSDT', price('310'));
    await world.time.advance(61_000);
    expect(await world.risk.state()).toMatchObject({
      equity: equity('2620'),
      dayStartEquity: equity('2618'),
    });
  });

  test('K3: a start in the new day begins it from the last that was known of the old one', async () => {
    const world = await RiskWorld.started(SELDOM, MIDNIGHT_MS - HOUR_MS);
    await world.trade('BUY', '5', '100');
    await world.time.advance(61_000);
    world.risk.stop();
    await world.time.advance(2 * HOUR_MS);
    world.market.prices.set('BTCUSDT', price('90'));
    await world.restart();
    const state = await world.risk.state();
    expect([state.equity, state.dayStartEquity]).toEqual([equity('1950'), equity('2000')]);
  });
});

describe('money that comes and goes', () => {
  test('B4: deposits and allocations are no profit, withdrawals no loss', async () => {
    const world = await RiskWorld.started({ limits: { account: { dailyLossMaximum: equity('100') } } });
    await world.deposit('alpha', 'USDT', '500');
    await world.deposit('alpha', 'BTC', '1');
    await world.deposit('beta', 'USDT', '-900');
    await world.depositToOwner('USDT', '12345');
    await world.time.advance(1_100);
    expect(await world.risk.state()).toMatchObject({
      equity: equity('1700'),
      dayStartEquity: equity('1700'),
      peakEquity: equity('1700'),
      breakers: { trips: [] },
    });
  });

  test('B4: a deposit while there is no price is no profit either, once there is one', async () => {
    const world = await RiskWorld.started();
    world.market.prices.set('BNBUSDT', undefined);
    await world.time.advance(1_100);
    await world.deposit('alpha', 'BNB', '2');
    await world.time.advance(1_100);
    expect((await world.risk.state()).equity).toBeUndefined();
    world.market.prices.set('BNBUSDT', price('310'));
    await world.time.advance(1_100);
    expect(await world.risk.state()).toMatchObject({
      equity: equity('2620'),
      dayStartEquity: equity('2620'),
    });
  });

  test('B4: a deposit after the last valuation is no profit after a restart', async () => {
    const world = await RiskWorld.started();
    await world.time.advance(2_000);
    world.risk.stop();
    world.tells = false;
    await world.deposit('alpha', 'USDT', '500');
    world.tells = true;
    await world.restart();
    expect(await world.risk.state()).toMatchObject({
      equity: equity('2500'),
      dayStartEquity: equity('2500'),
    });
  });

  test('B1, B2: fees are part of what is lost', async () => {
    const world = await RiskWorld.started();
    world.feeRate = ratio('0.001');
    await world.trade('BUY', '5', '100');
    await world.trade('SELL', '5', '100');
    expect((await world.risk.state()).equity).toBe(equity('1999'));
    expect((await world.risk.state()).breakers.losses.get('alpha')).toBe(1);
  });
});
