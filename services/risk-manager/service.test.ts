import { amount, price, quantity, ratio } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import { describe, expect, test } from 'vitest';
import { limit, market, spend } from '../../core/orders/terms.test-support.ts';
import { equity, RiskWorld, reasonOf } from './risk-world.test-support.ts';

test('K1: of ten orders asked for at once, room for two lets two pass', async () => {
  const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('200') } } });
  const asked = Array.from({ length: 10 }, () =>
    world.risk.validate(world.intent('BUY', market('1')), 'tick'),
  );
  await world.time.advance(0);
  const verdicts = await Promise.all(asked);
  expect(verdicts.map(reasonOf).filter((reason) => reason === 'approved')).toHaveLength(2);
  expect(verdicts.map(reasonOf).filter((reason) => reason === 'exposure_over_limit')).toHaveLength(8);
});

test('a verdict says every check with its numbers as text, up to the refusal where there is one', async () => {
  const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('250') } } });
  await world.trade('BUY', '1', '100');
  const approved = await world.ask('BUY', market('1'));
  expect(approved.verdict.checks).toContainEqual({
    check: 'account_exposure',
    isPassed: true,
    was: '200',
    limit: '250',
    unit: 'USDT',
  });
  expect(approved.verdict.checks).toContainEqual({ check: 'daily_loss', isPassed: true, limit: 'none' });
  expect(approved.verdict.checks.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['repeat_throttle', 'halt', 'venue_filters', 'sufficient_balance', 'drawdown']),
  );
  const refused = await world.ask('BUY', market('1'));
  expect(refused.verdict.checks.at(-1)).toEqual({
    check: 'account_exposure',
    isPassed: false,
    was: '300',
    limit: '250',
    unit: 'USDT',
  });
});

describe('what is not known stops new risk, and lets out what reduces', () => {
  const cases: readonly [string, (world: RiskWorld) => void, string][] = [
    ['a price that is missing', ({ market: m }) => m.prices.set('BTCUSDT', undefined), 'missing_value'],
    ['M11: a price of nothing', ({ market: m }) => m.prices.set('BTCUSDT', price('0')), 'missing_value'],
    [
      'K6: a price that is too old',
      ({ market: m }) => m.ages.set('BTCUSDT', 5_001),
      'price_age_out_of_bounds',
    ],
    [
      'K4: an age that is not a number',
      ({ market: m }) => m.ages.set('BTCUSDT', Number.NaN),
      'missing_value',
    ],
    ['C: an age below zero', ({ market: m }) => m.ages.set('BTCUSDT', -1), 'price_age_out_of_bounds'],
    ['an age that is missing', ({ market: m }) => m.ages.set('BTCUSDT', undefined), 'missing_value'],
    ['a feed that is stale', ({ market: m }) => m.feeds.set('BTCUSDT', 'stale'), 'missing_value'],
    ['a feed with a gap', ({ market: m }) => m.feeds.set('BTCUSDT', 'gap'), 'missing_value'],
    ['a feed that is down', ({ market: m }) => m.feeds.set('BTCUSDT', 'down'), 'missing_value'],
    ['a symbol that is paused', ({ market: m }) => m.feeds.set('BTCUSDT', 'paused'), 'missing_value'],
  ];
  test.each(cases)('I7: %s', async (_what, spoil, reason) => {
    const world = await RiskWorld.started();
    await world.trade('BUY', '2', '100');
    spoil(world);
    expect((await world.ask('BUY', market('1'))).reason).toBe(reason);
    expect((await world.ask('SELL', market('1'))).reason).toBe('approved');
  });

  test('I7: market data that hangs makes its last price older, until that is no price any more', async () => {
    const world = await RiskWorld.started();
    world.market.isHanging = true;
    const [first, second] = [world.intent('BUY', market('1')), world.intent('BUY', market('1'))];
    const early = world.risk.validate(first, 'test');
    await world.time.advance(600);
    expect(reasonOf(await early)).toBe('approved');
    const late = world.risk.validate(second, 'test');
    await world.time.advance(4_600);
    const again = world.risk.validate(world.intent('BUY', market('1')), 'test');
    await world.time.advance(600);
    expect(reasonOf(await late)).toBe('approved');
    expect(reasonOf(await again)).toBe('price_age_out_of_bounds');
  });

  test('C5, I7: while market data hangs, what the machine has slept counts to the age of its last price', async () => {
    const world = await RiskWorld.started();
    world.market.isHanging = true;
    const { nowMs } = world.time;
    world.time.nowMs = () => nowMs.call(world.time) + 20_000;
    const verdict = world.risk.validate(world.intent('BUY', market('1')), 'test');
    await world.time.advance(600);
    expect(reasonOf(await verdict)).toBe('price_age_out_of_bounds');
  });

  test('I7: an order in one symbol waits while something else that is held has no price, where equity is asked for', async () => {
    const world = await RiskWorld.started({ limits: { account: { dailyLossMaximum: equity('100') } } });
    await world.trade('BUY', '1', '300', { symbol: 'BNBUSDT' });
    world.market.prices.set('BNBUSDT', undefined);
    await world.time.advance(1_100);
    const { verdict } = await world.ask('BUY', market('1'));
    expect(verdict).toMatchObject({ refusal: { reason: 'missing_value', value: 'equity' } });
    expect((await world.risk.state()).equity).toBeUndefined();
  });

  test('M11: a holding that the exchange does not trade any more is frozen at its last good price, and the others go on', async () => {
    const world = await RiskWorld.started({ limits: { account: { dailyLossMaximum: equity('100') } } });
    await world.trade('BUY', '1', '300', { symbol: 'BNBUSDT' });
    await world.time.advance(1_100);
    world.market.prices.set('BNBUSDT', undefined);
    world.market.feeds.set('BNBUSDT', 'paused');
    await world.time.advance(1_100);
    expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
    expect((await world.ask('BUY', market('0.1'), { symbol: 'BNBUSDT' })).reason).toBe('missing_value');
    expect((await world.risk.state()).equity).toBe(equity('2000'));
  });

  test('K4: a clock that is not a number passes no rate limit', async () => {
    const rate = { orders: 5, windowMs: 1_000, keptForReducing: 0 };
    const world = await RiskWorld.started({ limits: { account: { orderRate: rate } } });
    await world.trade('BUY', '2', '100');
    expect((await world.ask('SELL', market('1'))).reason).toBe('approved');
    world.time.nowMs = () => Number.NaN;
    // What takes risk does not get so far: nobody knows how old its price is.
    expect((await world.ask('BUY', market('1'))).reason).toBe('missing_value');
    expect((await world.ask('SELL', market('1'))).reason).toBe('order_rate_exceeded');
  });
});

describe('what is held back', () => {
  test('B7: own books and reservations decide, whatever is on the way', async () => {
    const world = await RiskWorld.started();
    expect((await world.ask('BUY', market('6'))).reason).toBe('approved');
    expect((await world.ask('BUY', market('5'))).reason).toBe('insufficient_balance');
    expect((await world.ask('BUY', market('4'))).reason).toBe('approved');
  });

  test('one strategy cannot spend what another or the owner has', async () => {
    const world = await RiskWorld.started();
    await world.depositToOwner('USDT', '100000');
    expect((await world.ask('BUY', market('11'))).reason).toBe('insufficient_balance');
    await world.trade('BUY', '1', '100', { strategy: 'beta' });
    expect((await world.ask('SELL', market('1'))).reason).toBe('insufficient_balance');
  });

  test('K8: an order in doubt counts in full until there is evidence, and what is absent counts no more', async () => {
    const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('300') } } });
    const { intent } = await world.ask('BUY', market('2'));
    await world.write(intent);
    await world.order(intent, 'timed_out', 'unknown');
    await world.time.advance(120_000);
    expect((await world.ask('BUY', market('2'))).reason).toBe('exposure_over_limit');
    await world.order(intent, 'absence_proven', 'absent');
    expect((await world.ask('BUY', market('2'))).reason).toBe('approved');
  });

  test('a partial fill moves from reservation to position in one step, and the rest is let go at the end', async () => {
    const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('300') } } });
    const intent = await world.place('BUY', limit('2', '100'));
    await world.fill(intent, '0.5', '100');
    expect((await world.ask('BUY', limit('1.01', '100'))).reason).toBe('exposure_over_limit');
    await world.order(intent, 'canceled', 'canceled');
    // 50 are held, so that 250 are left.
    expect((await world.ask('BUY', limit('2.51', '100'))).reason).toBe('exposure_over_limit');
    expect((await world.ask('BUY', limit('2.5', '100'))).reason).toBe('approved');
  });

  test('U5: an end that is heard of before the last fill lets nothing go until that fill is booked', async () => {
    const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('300') } } });
    const intent = await world.place('BUY', limit('2', '100'));
    const [fill, order] = world.fillBodies(intent, quantity('2'), price('100'));
    await world.commit(order!);
    expect((await world.ask('BUY', limit('1.01', '100'))).reason).toBe('exposure_over_limit');
    await world.commit(fill!);
    expect((await world.ask('BUY', limit('1.01', '100'))).reason).toBe('exposure_over_limit');
    expect((await world.ask('BUY', limit('1', '100'))).reason).toBe('approved');
  });

  test('an amendment and self-trade prevention let go what can never fill', async () => {
    const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('300') } } });
    const intent = await world.place('BUY', limit('3', '100'));
    await world.order(intent, 'amended', 'working', { quantity: quantity('2') });
    await world.order(intent, 'prevented', 'working', { preventedQuantity: quantity('0.5') });
    expect((await world.ask('BUY', limit('1.51', '100'))).reason).toBe('exposure_over_limit');
    expect((await world.ask('BUY', limit('1.5', '100'))).reason).toBe('approved');
  });

  test('what was surely never sent is let go; what is written is not, whoever says so', async () => {
    const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('100') } } });
    const first = await world.ask('BUY', market('1'));
    await world.risk.withdraw([first.intent.clientOrderId, 'unheard-of']);
    const second = await world.ask('BUY', market('1'));
    await world.write(second.intent);
    await world.risk.withdraw([second.intent.clientOrderId]);
    expect((await world.ask('BUY', market('1'))).reason).toBe('exposure_over_limit');
  });

  test.each(['before it is asked for', 'while it waits for a price'])(
    'an order that is withdrawn %s reserves nothing afterwards: nobody waits for its verdict',
    async (when) => {
      const world = await RiskWorld.started();
      await world.trade('BUY', '2', '100');
      const intent = world.intent('SELL', market('2'));
      const validate = async () => world.risk.validate(intent, 'test');
      world.market.isHanging = true;
      const early = when === 'before it is asked for' ? undefined : validate();
      await world.time.advance(100);
      await world.risk.withdraw([intent.clientOrderId]);
      world.market.isHanging = false;
      const verdict = await world.time.until(early ?? validate(), 10, 5_000);
      expect(reasonOf(verdict)).toBe('risk_unavailable');
      expect((await world.ask('SELL', market('2'))).reason).toBe('approved');
    },
  );

  test('X4: what an old leader had approved and not written is let go when another leads; what is written stays', async () => {
    const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('300') } } });
    await world.place('BUY', limit('1', '100'));
    await world.ask('BUY', limit('2', '100'));
    expect((await world.ask('BUY', limit('1', '100'))).reason).toBe('exposure_over_limit');
    await world.commit({ kind: 'leader', epoch: 2, holder: 'other' });
    expect((await world.ask('BUY', limit('2.01', '100'))).reason).toBe('exposure_over_limit');
    expect((await world.ask('BUY', limit('2', '100'))).reason).toBe('approved');
  });

  test('K1: a leader that is heard of late takes nothing away from what it has asked for itself', async () => {
    const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('300') } } });
    world.tells = false;
    await world.commit({ kind: 'leader', epoch: 2, holder: 'other' });
    await world.time.advance(500);
    expect((await world.ask('BUY', limit('2', '100'))).reason).toBe('approved');
    await world.time.advance(2_000);
    expect((await world.risk.state()).seq).toBe(await world.ledger.lastSeq());
    expect((await world.ask('BUY', limit('2', '100'))).reason).toBe('exposure_over_limit');
  });

  test('B6: orders of the owner count in the limits of the exchange, and lock nothing of ours', async () => {
    const world = new RiskWorld();
    const instrument = world.market.instruments.get('BTCUSDT')!;
    world.market.instruments.set('BTCUSDT', {
      ...instrument,
      filters: { ...instrument.filters, openOrdersMaximum: 2, positionMaximum: quantity('5') },
    });
    world.exchange.place('by-hand', 'BTCUSDT', { quantity: quantity('3') });
    await world.deposit('alpha', 'USDT', '1000');
    await world.start();
    expect((await world.ask('BUY', limit('2.01', '100'))).reason).toBe('position_above_maximum');
    expect((await world.ask('BUY', limit('2', '100'))).reason).toBe('approved');
    expect((await world.ask('BUY', limit('0.1', '100'))).reason).toBe('too_many_open');
  });
});

describe('three guards of their own against an error of units', () => {
  const slips: readonly [string, OrderTerms][] = [
    ['x1000', market('1000')],
    ['quote for base', market('100')],
    ['spending for quantity', spend('100000')],
  ];
  test.each(slips)('K9: %s is refused by the absolute cap alone', async (_what, terms) => {
    const limits = { account: { orderNotionalMaximum: equity('500') } };
    const world = await RiskWorld.started({ limits });
    await world.deposit('alpha', 'USDT', '100000000');
    expect((await world.ask('BUY', terms)).reason).toBe('order_notional_over_limit');
  });

  test.each(slips)('K9: %s is refused by the share of equity alone', async (_what, terms) => {
    const world = await RiskWorld.started({
      limits: { account: { orderShareOfEquityMaximum: ratio('0.05') } },
    });
    await world.deposit('alpha', 'USDT', '100000');
    expect((await world.ask('BUY', terms)).reason).toBe('order_share_of_equity_over_limit');
  });

  test.each(slips)('K9: %s is refused by the balance alone', async (_what, terms) => {
    const world = await RiskWorld.started();
    expect((await world.ask('BUY', terms)).reason).toBe('insufficient_balance');
  });

  test.each(['0.1', '1000'])(
    'K9: a price of %s where 100 is meant is refused by the collar alone',
    async (at) => {
      const world = await RiskWorld.started({ limits: { symbol: { priceCollar: ratio('0.05') } } });
      expect((await world.ask('BUY', limit('0.01', at))).reason).toBe('price_outside_collar');
    },
  );

  test('K9: selling for buying is refused, nothing being there to sell', async () => {
    const world = await RiskWorld.started();
    expect((await world.ask('SELL', market('1'))).reason).toBe('insufficient_balance');
  });
});

describe('a strategy that repeats itself', () => {
  test('K10: orders of one kind beyond the bound are refused until the window has passed, other kinds are not', async () => {
    const world = await RiskWorld.started({ repeats: { maximum: 3, windowMs: 1_000 } });
    const reasons: string[] = [];
    for (let i = 0; i < 5; i++) reasons.push((await world.ask('BUY', market('0.1'))).reason);
    expect(reasons).toEqual([
      'approved',
      'approved',
      'approved',
      'order_rate_exceeded',
      'order_rate_exceeded',
    ]);
    expect((await world.ask('BUY', limit('0.1', '100'))).reason).toBe('approved');
    expect((await world.ask('BUY', market('0.1'), { strategy: 'beta' })).reason).toBe('approved');
    await world.time.advance(1_000);
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('approved');
  });

  test.each([
    ['refusals', '1000', 'insufficient_balance'],
    ['approvals', '0.01', 'approved'],
  ])(
    'K10: %s of one kind without end halt the strategy, and only a person lets it on',
    async (_what, size, reason) => {
      const world = await RiskWorld.started({ runaway: { maximum: 5, windowMs: 60_000 } });
      for (let i = 0; i < 6; i++) expect((await world.ask('BUY', market(size))).reason).toBe(reason);
      expect((await world.ask('BUY', market('0.01'))).reason).toBe('trading_halted');
      expect((await world.ask('BUY', market('0.01'), { strategy: 'beta' })).reason).toBe('approved');
      await world.time.advance(120_000);
      expect((await world.ask('BUY', market('0.01'))).reason).toBe('trading_halted');
      expect((await world.risk.state()).breakers.trips[0]).toMatchObject({
        scope: { kind: 'strategy', name: 'alpha' },
        cause: { kind: 'guard', guard: 'runaway' },
      });
      const scope = { kind: 'strategy', name: 'alpha' } as const;
      expect(await world.risk.resume({ scope, by: 'ann', why: 'mended' })).toEqual({ kind: 'done' });
      expect((await world.ask('BUY', market('0.01'))).reason).toBe('approved');
    },
  );

  test('K10: the approval by which a strategy runs away is outdated by the stop that it brings', async () => {
    const world = await RiskWorld.started({ runaway: { maximum: 1, windowMs: 60_000 } });
    const before = world.risk.epoch();
    await world.ask('BUY', market('0.01'));
    expect(world.risk.epoch()).toEqual(before);
    const { verdict } = await world.ask('BUY', market('0.01'));
    expect(verdict).toMatchObject({ kind: 'approved', epoch: before });
    expect(world.risk.epoch()).not.toEqual(before);
  });

  test('K10: verdicts that are spread out in time are no runaway', async () => {
    const world = await RiskWorld.started({ runaway: { maximum: 5, windowMs: 1_000 } });
    for (let i = 0; i < 30; i++) {
      await world.time.advance(201);
      expect((await world.ask('BUY', market('0.01'))).reason).toBe('approved');
    }
  });
});

test('state tells of every limit that is stated how much of it is used', async () => {
  const world = await RiskWorld.started({
    limits: {
      account: {
        exposureMaximum: equity('400'),
        openOrdersMaximum: 10,
        dailyLossMaximum: equity('100'),
        drawdownMaximum: ratio('0.1'),
        orderRate: { orders: 20, windowMs: 60_000, keptForReducing: 0 },
      },
      strategy: { consecutiveLossesMaximum: 3 },
      symbol: { positionMaximum: quantity('5') },
    },
  });
  await world.trade('BUY', '1', '100');
  await world.place('BUY', limit('1', '90'));
  world.market.prices.set('BTCUSDT', price('90'));
  await world.time.advance(1_100);
  const { uses, equity: now, dayStartEquity, peakEquity, state } = await world.risk.state();
  expect([now, dayStartEquity, peakEquity, state]).toEqual([
    equity('1990'),
    equity('2000'),
    equity('2000'),
    'ready',
  ]);
  const byName = new Map(uses.map(({ name, ...use }) => [name, use]));
  // 90 held, and an order that was worth 100 when it was approved.
  expect(byName.get('account exposure')).toEqual({ was: '190', limit: '400', unit: 'USDT', share: 0.475 });
  expect(byName.get('account open orders')).toEqual({ was: '1', limit: '10', unit: 'orders', share: 0.1 });
  expect(byName.get('account order rate')).toEqual({ was: '2', limit: '20', unit: 'orders', share: 0.1 });
  expect(byName.get('account daily loss')).toEqual({ was: '10', limit: '100', unit: 'USDT', share: 0.1 });
  expect(byName.get('account drawdown')).toEqual({ was: '10', limit: '200', unit: 'USDT', share: 0.05 });
  expect(byName.get('alpha consecutive losses')).toEqual({ was: '0', limit: '3', unit: 'losses', share: 0 });
  expect(byName.get('BTCUSDT position')).toEqual({ was: '2', limit: '5', unit: 'BTC', share: 0.4 });
  expect(byName.has('BTC exposure')).toBe(false);
  expect(await world.risk.limits()).toHaveProperty('account.openOrdersMaximum', 10);
});

test('assets are valued over crosses where they are not priced in the equity asset', async () => {
  const world = await RiskWorld.started();
  await world.deposit('alpha', 'BTC', '1');
  await world.time.advance(1_100);
  // 2 ETH for 0.1 BTC: 0.9 BTC at 100 and 2 ETH at 0.05 BTC.
  await world.trade('BUY', '2', '0.05', { symbol: 'ETHBTC' });
  world.market.prices.set('ETHBTC', price('0.06'));
  await world.time.advance(1_100);
  expect((await world.risk.state()).equity).toBe(equity('2102'));
});

test('an order that is paid in another asset is valued at the price of now, not at that of an order before', async () => {
  const world = await RiskWorld.started({ limits: { account: { orderNotionalMaximum: equity('25') } } });
  await world.deposit('alpha', 'BTC', '1');
  await world.time.advance(1_100);
  // 2 ETH for 0.1 BTC, which is 10 USDT at first and 100 then.
  const ask = () => world.ask('BUY', limit('2', '0.05'), { symbol: 'ETHBTC' });
  expect((await ask()).reason).toBe('approved');
  world.market.prices.set('BTCUSDT', price('1000'));
  expect((await world.ask('BUY', limit('0.01', '1000'))).reason).toBe('approved');
  expect((await ask()).reason).toBe('order_notional_over_limit');
});

test('B5, I7: what went without a price looks like no loss: until it has one equity is not known, and no breaker judges it', async () => {
  const world = new RiskWorld({ limits: { account: { dailyLossMaximum: equity('200') } } });
  await world.deposit('alpha', 'USDT', '1000');
  await world.deposit('alpha', 'BNB', '1');
  await world.start();
  await world.time.advance(1_100);
  expect((await world.risk.state()).dayStartEquity).toBe(equity('1300'));
  world.market.prices.delete('BNBUSDT');
  await world.time.advance(120_000);
  const gone = amount('BNB', '1');
  const postings = world.books.book(() => world.books.subAccount('alpha').withdraw('BNB', gone));
  await world.commit({ kind: 'balance', cause: 'withdrawal', postings, detail: '' });
  await world.time.advance(1_100);
  expect(await world.risk.state()).toMatchObject({ equity: undefined, breakers: { trips: [] } });
  world.market.prices.set('BNBUSDT', price('300'));
  await world.time.advance(1_100);
  expect((await world.risk.state()).equity).toBe(equity('1000'));
  expect((await world.ask('BUY', market('0.1'))).reason).toBe('approved');
});

test('K7: what is stopped or let on begins a new epoch before anything is waited for, and so does another run', async () => {
  const world = await RiskWorld.started({ limits: { strategy: { consecutiveLossesMaximum: 1 } } });
  const scope = { kind: 'strategy', name: 'beta' } as const;
  const epochs = [world.risk.epoch()];
  const approvedIn = async () => {
    const { verdict } = await world.ask('BUY', market('0.1'));
    return verdict.kind === 'approved' ? verdict.epoch : undefined;
  };
  expect(await approvedIn()).toEqual(epochs[0]);
  // A loss is counted, and stops nothing yet.
  await world.trade('BUY', '1', '100');
  await world.trade('SELL', '1', '90');
  expect(world.risk.epoch()).toEqual(epochs[0]);
  void world.risk.halt({ scope, state: 'halted', cancelsOrders: false, by: 'ann', why: 'drill' });
  epochs.push(world.risk.epoch());
  await world.time.advance(1_000);
  void world.risk.resume({ scope, by: 'ann', why: 'over' });
  await world.time.advance(100);
  epochs.push(world.risk.epoch());
  await world.trade('BUY', '1', '100');
  await world.trade('SELL', '1', '90');
  epochs.push(world.risk.epoch());
  await world.restart();
  epochs.push(world.risk.epoch());
  expect(new Set(epochs.map(({ run, changes }) => `${run} ${changes}`)).size).toBe(5);
  expect(new Set(epochs.map(({ run }) => run)).size).toBe(2);
  expect(epochs.map(({ letOn }) => letOn)).toEqual([0, 0, 1, 1, 0]);
});
