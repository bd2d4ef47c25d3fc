import { describe, expect, test } from 'vitest';
import { instrumentWith } from '../market/market.test-support.ts';
import { amount, price, quantity, ratio } from '../money/index.ts';
import type { OrderListIntent, OrderTerms, Side } from '../orders/index.ts';
import { limit, market, spend, stop, stopLimit } from '../orders/terms.test-support.ts';
import { account, deskWith, missing, ofStrategy } from './desk.test-support.ts';
import { intentOf, NOTHING_OPEN } from './world.test-support.ts';

describe('checks of every order', () => {
  test('the filters of the venue are asked, of every leg', () => {
    const { view, ask } = deskWith();
    view.instruments.set(
      'BTCUSDT',
      instrumentWith({
        filters: {
          price: { tick: price('1') },
          lot: {},
          percentPrice: { up: ratio('1.1'), down: ratio('0.9'), averageMinutes: 5 },
        },
      }),
    );
    expect(ask('BUY', limit('1', '100.5'))).toMatchObject({ reason: 'price_off_tick' });
    expect(ask('BUY', limit('1', '89'))).toMatchObject({ reason: 'price_outside_percent' });
    expect(ask('BUY', limit('1', '90'))).toBe('approved');
  });

  test('open orders of ours and of others count together against the filters of symbol and account', () => {
    const { view, ask } = deskWith();
    view.instruments.set(
      'BTCUSDT',
      instrumentWith({ filters: { price: {}, lot: {}, openOrdersMaximum: 3 } }),
    );
    view.load = { ...NOTHING_OPEN, orders: 1 };
    expect([1, 2].map(() => ask('BUY', market('1')))).toEqual(['approved', 'approved']);
    const tooMany = { reason: 'too_many_open', scope: 'symbol', kind: 'orders', maximum: 3, was: 4 };
    expect(ask('BUY', market('1'))).toEqual(tooMany);
    view.load = NOTHING_OPEN;
    view.exchangeFilters = { openOrdersMaximum: 5 };
    view.counts = { ...NOTHING_OPEN, orders: 3 };
    expect(ask('BUY', market('1'))).toEqual({ ...tooMany, scope: 'account', maximum: 5, was: 6 });
    view.counts = { ...NOTHING_OPEN, orders: 2 };
    expect(ask('BUY', market('1'))).toBe('approved');
    view.counts = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('open_orders', 'account'));
    view.load = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('open_orders', 'BTCUSDT'));
  });

  test('stops, icebergs and lists of others are counted with ours', () => {
    const { desk, view } = deskWith();
    const filters = { openAlgoOrdersMaximum: 4, openIcebergOrdersMaximum: 4, openOrderListsMaximum: 4 };
    view.instruments.set('BTCUSDT', instrumentWith({ filters: { price: {}, lot: {}, ...filters } }));
    const list: OrderListIntent = {
      kind: 'OTO',
      listClientOrderId: 'list',
      working: intentOf('BUY', {
        type: 'LIMIT_MAKER',
        quantity: quantity('1'),
        price: price('100'),
        icebergQuantity: quantity('0.5'),
      }),
      pending: intentOf('SELL', stop('1', '90')),
    };
    for (const kind of ['algoOrders', 'icebergOrders', 'orderLists'] as const) {
      view.load = { ...NOTHING_OPEN, [kind]: 4 };
      expect(desk.reviewList(list)).toMatchObject({
        error: { reason: 'too_many_open', kind, maximum: 4, was: 5 },
      });
    }
    view.load = { ...NOTHING_OPEN, algoOrders: 3, icebergOrders: 3, orderLists: 3 };
    expect(desk.reviewList(list)).toMatchObject({ ok: true });
  });

  test('stops and icebergs are counted by kind, and a count falls when its order ends', () => {
    const { desk, view, ask } = deskWith();
    const filters = { price: {}, lot: {}, openAlgoOrdersMaximum: 1, openIcebergOrdersMaximum: 1 };
    view.instruments.set('BTCUSDT', instrumentWith({ filters }));
    const iceberg: OrderTerms = {
      type: 'LIMIT_MAKER',
      quantity: quantity('1'),
      price: price('100'),
      icebergQuantity: quantity('0.5'),
    };
    expect(ask('BUY', stop('1', '110'), { clientOrderId: 's' })).toBe('approved');
    expect(ask('BUY', stop('1', '110'))).toMatchObject({ kind: 'algoOrders', maximum: 1, was: 2 });
    expect(ask('BUY', iceberg, { clientOrderId: 'i' })).toBe('approved');
    expect(ask('BUY', iceberg)).toMatchObject({ kind: 'icebergOrders', maximum: 1, was: 2 });
    expect([desk.ended('s'), desk.ended('i'), desk.ended('s')]).toEqual([true, true, false]);
    expect(ask('BUY', stop('1', '110'))).toBe('approved');
    expect(ask('BUY', iceberg)).toBe('approved');
  });

  test('MAX_POSITION counts what others hold, what we are buying and this order', () => {
    const { view, ask } = deskWith();
    view.instruments.set(
      'BTCUSDT',
      instrumentWith({ filters: { price: {}, lot: {}, positionMaximum: quantity('5') } }),
    );
    view.load = { ...NOTHING_OPEN, held: quantity('2') };
    expect(ask('BUY', market('1'))).toBe('approved');
    expect(ask('BUY', market('2.00000001'))).toEqual({
      reason: 'position_above_maximum',
      maximum: quantity('5'),
      was: quantity('5.00000001'),
    });
    expect(ask('BUY', market('2'))).toBe('approved');
  });

  const collar = (anchor: string, distance: string, was: string) => ({
    reason: 'price_outside_collar',
    anchor: price(anchor),
    distanceMaximum: price(distance),
    was: price(was),
  });
  test.each([
    ['100.5', undefined],
    ['99.5', undefined],
    ['100.50000001', collar('100', '0.5', '100.50000001')],
    ['99.49999999', collar('100', '0.5', '99.49999999')],
  ])('K9: with a collar of half a percent a limit at %s', (at, refusal) => {
    const { ask } = deskWith({ symbol: { priceCollar: ratio('0.005') } });
    expect(ask('BUY', limit('1', at))).toEqual(refusal ?? 'approved');
  });

  test('the collar of a stop-limit lies around its stop price, a plain stop has none', () => {
    const { ask } = deskWith({ symbol: { priceCollar: ratio('0.005') } });
    expect(ask('BUY', stopLimit('1', '200', '201'))).toBe('approved');
    expect(ask('BUY', stopLimit('1', '200', '202'))).toEqual(collar('200', '1', '202'));
    expect(ask('BUY', stop('1', '200'))).toBe('approved');
    expect(ask('BUY', market('1'))).toBe('approved');
  });

  test('a collar that falls between two prices is rounded inward', () => {
    const { view, ask } = deskWith({ symbol: { priceCollar: ratio('0.1') } });
    view.price = price('0.00000015');
    expect(ask('BUY', limit('1', '0.00000016'))).toBe('approved');
    expect(ask('BUY', limit('1', '0.00000017'))).toEqual(collar('0.00000015', '0.00000001', '0.00000017'));
  });

  test.each<[string, Side, OrderTerms, string, string]>([
    ['a limit by price and quantity, rounded up', 'BUY', limit('1.5', '0.00000001'), 'USDT', '0.00000002'],
    ['a market order at the reference price', 'BUY', market('1.5'), 'USDT', '150'],
    ['a market order by quote amount at that amount', 'BUY', spend('77.5'), 'USDT', '77.5'],
    ['a stop at its stop price', 'BUY', stop('1', '120'), 'USDT', '120'],
    ['a stop-limit at its limit', 'BUY', stopLimit('1', '120', '125'), 'USDT', '125'],
    ['a sale by its quantity', 'SELL', limit('1.5', '100'), 'BTC', '1.5'],
    ['a sale for a quote amount by what it sells at the reference price', 'SELL', spend('150'), 'BTC', '1.5'],
  ])('%s needs a balance of exactly that', (_what, side, terms, asset, needed) => {
    const { desk, view, ask } = deskWith();
    const short = amount(asset, needed === '0.00000002' ? '0.00000001' : `${Number(needed) - 0.5}`);
    view.balances.set(asset, short);
    expect(ask(side, terms)).toEqual({
      reason: 'insufficient_balance',
      asset,
      needed: amount(asset, needed),
      available: short,
    });
    view.balances.set(asset, amount(asset, needed));
    expect(ask(side, terms)).toBe('approved');
    expect(desk.reservations.reservedOf('alpha', asset)).toBe(amount(asset, needed));
    expect(ask(side, terms)).toMatchObject({ reason: 'insufficient_balance', available: amount(asset, '0') });
    expect(ask(side, terms, { strategy: 'beta' })).toBe('approved');
    view.balances.delete(asset);
    expect(ask(side, terms)).toEqual(missing('balance', asset));
  });

  test('R4: the order rate keeps room for orders that reduce', () => {
    const rate = { orders: 3, windowMs: 100, keptForReducing: 1 };
    for (const [change, scope] of [
      [{ account: { orderRate: rate } }, account],
      [{ strategy: { orderRate: rate } }, ofStrategy],
    ] as const) {
      const { view, ask } = deskWith(change);
      view.hold('5');
      expect([ask('BUY', market('1')), ask('BUY', market('1'))]).toEqual(['approved', 'approved']);
      const refused = { reason: 'order_rate_exceeded', scope, windowMs: 100 };
      expect(ask('BUY', market('1'))).toEqual({ ...refused, maximum: 2 });
      expect(ask('SELL', market('1'))).toBe('approved');
      expect(ask('SELL', market('1'))).toEqual({ ...refused, maximum: 3 });
      view.nowMs += 99;
      expect(ask('BUY', market('1'))).toEqual({ ...refused, maximum: 2 });
      view.nowMs += 1;
      expect(ask('BUY', market('1'))).toBe('approved');
      view.nowMs = Number.NaN;
      expect(ask('BUY', market('1'))).toMatchObject(refused);
    }
  });

  test('K10: the rate of one strategy leaves the other alone', () => {
    const { ask } = deskWith({ strategy: { orderRate: { orders: 1, windowMs: 100, keptForReducing: 0 } } });
    expect(ask('BUY', market('1'))).toBe('approved');
    expect(ask('BUY', market('1'))).toMatchObject({ reason: 'order_rate_exceeded' });
    expect(ask('BUY', market('1'), { strategy: 'beta' })).toBe('approved');
  });
});
