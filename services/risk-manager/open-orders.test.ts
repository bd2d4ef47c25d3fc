import { price, quantity } from '@tradewind/core/money';
import type { OrderListIntent } from '@tradewind/core/orders';
import { describe, expect, test } from 'vitest';
import { limit, maker, market, stopLimit } from '../../core/orders/terms.test-support.ts';
import { equity, RiskWorld } from './risk-world.test-support.ts';

const LIMITED = { limits: { account: { exposureMaximum: equity('300'), dailyLossMaximum: equity('100') } } };

describe('orders that a crash left open', () => {
  test('K8: are counted in full before the first verdict, those in doubt, too', async () => {
    const world = await RiskWorld.started(LIMITED);
    const partly = await world.place('BUY', limit('1.5', '100'));
    await world.fill(partly, '0.5', '100');
    const doubtful = await world.ask('BUY', market('1'));
    await world.write(doubtful.intent);
    await world.order(doubtful.intent, 'timed_out', 'unknown');
    await world.restart();
    // 50 held, 100 open, 100 in doubt.
    expect((await world.ask('BUY', market('0.51'))).reason).toBe('exposure_over_limit');
    expect((await world.ask('BUY', market('0.5'))).reason).toBe('approved');
    await world.fill(partly, '1', '100');
    await world.order(doubtful.intent, 'absence_proven', 'absent');
    expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
    expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
  });

  test('K8: what is booked of them counts once, also where the exchange has not said yet that they are filled', async () => {
    const world = await RiskWorld.started(LIMITED);
    const intent = await world.place('BUY', limit('2', '100'));
    const [fill, filled] = world.fillBodies(intent, quantity('2'), price('100'));
    await world.commit(fill!);
    await world.restart();
    await world.commit(filled!);
    expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
    expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
  });

  test('K8: that have no value yet let no new risk pass until they have, and then count', async () => {
    const world = await RiskWorld.started(LIMITED);
    await world.place('BUY', limit('2', '100'));
    world.market.prices.set('BTCUSDT', undefined);
    await world.restart();
    expect(await world.risk.state()).toMatchObject({ state: 'not_ready' });
    const refused = await world.ask('BUY', market('0.1'), { symbol: 'BNBUSDT' });
    expect(refused.verdict).toMatchObject({ refusal: { reason: 'not_ready' } });
    world.market.prices.set('BTCUSDT', price('100'));
    expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
    expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
  });

  test('K8: a list that has no value yet is not waited for once it has ended, whichever of its orders ended first', async () => {
    const world = await RiskWorld.started(LIMITED);
    const list = bracket(world);
    expect((await world.validate(list)).kind).toBe('approved');
    await world.writeList(list);
    world.market.prices.set('BTCUSDT', undefined);
    await world.restart();
    await world.order(list.working, 'canceled', 'canceled');
    await world.order(list.pendingAbove, 'canceled', 'canceled');
    expect(await world.risk.state()).toMatchObject({ state: 'not_ready' });
    await world.order(list.pendingBelow, 'canceled', 'canceled');
    expect(await world.risk.state()).toMatchObject({ state: 'ready' });
    expect((await world.ask('BUY', market('0.1'), { symbol: 'BNBUSDT' })).reason).toBe('approved');
  });

  test('K8: a list counts as the list that it is, and what it has bought is not counted twice', async () => {
    const world = await RiskWorld.started(LIMITED);
    const list = bracket(world);
    expect((await world.validate(list)).kind).toBe('approved');
    await world.writeList(list);
    await world.restart();
    expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
    await world.fill(list.working, '2', '100');
    await world.restart();
    expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
    // The two legs of the pair share the coins, so that nothing is free to sell and no more than that is held back.
    expect((await world.ask('SELL', market('0.00001'))).reason).not.toBe('approved');
    await world.order(list.pendingBelow, 'canceled', 'canceled');
    await world.order(list.pendingAbove, 'canceled', 'canceled');
    expect((await world.ask('SELL', market('2'))).reason).toBe('approved');
  });
});

/** Two coins with a target and a stop. */
const bracket = (world: RiskWorld) =>
  ({
    kind: 'OTOCO',
    listClientOrderId: 'list-1',
    working: world.intent('BUY', maker('2', '100')),
    pendingAbove: world.intent('SELL', maker('2', '120')),
    pendingBelow: world.intent('SELL', stopLimit('2', '90', '89')),
  }) satisfies OrderListIntent;
