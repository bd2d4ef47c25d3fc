import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instrumentWith } from '../market/market.test-support.ts';
import { amount, quantity, quoteAmount } from '../money/index.ts';
import type { OrderIntent, OrderListIntent, OrderTerms, Side } from '../orders/index.ts';
import { limit, maker, market, spend, stop, stopLimit } from '../orders/terms.test-support.ts';
import { NOTHING_TRIPPED } from './breakers.ts';
import { RiskDesk } from './desk.ts';
import { equityAmount, intentOf, limitsWith, TestView } from './world.test-support.ts';

function deskWith(change: Parameters<typeof limitsWith>[0] = {}) {
  const view = new TestView();
  const desk = new RiskDesk(limitsWith(change), view, NOTHING_TRIPPED);
  const reserved = (asset: string) => desk.reservations.reservedOf('alpha', asset);
  const place = (id: string, side: Side, terms: OrderTerms) =>
    expect(desk.review(intentOf(side, terms, { clientOrderId: id })).ok).toBe(true);
  const placeList = (list: OrderListIntent) => {
    const answer = desk.reviewList(list);
    return answer.ok ? 'approved' : answer.error;
  };
  return { desk, view, reserved, place, placeList };
}
const usdt = (text: string) => amount('USDT', text);
const btc = (text: string) => amount('BTC', text);
const leg = (id: string, side: Side, terms: OrderTerms): OrderIntent =>
  intentOf(side, terms, { clientOrderId: id });
const oco = (side: Side, above: OrderTerms, below: OrderTerms): OrderListIntent => ({
  kind: 'OCO',
  listClientOrderId: 'list',
  above: leg('above', side, above),
  below: leg('below', side, below),
});
const oto = (working: OrderIntent, pending: OrderIntent): OrderListIntent => ({
  kind: 'OTO',
  listClientOrderId: 'list',
  working,
  pending,
});

describe('a reservation', () => {
  test('shrinks with what fills, by cumulative figures in any order, and goes when the order has ended', () => {
    const { desk, reserved, place } = deskWith();
    place('a', 'BUY', limit('4', '50'));
    expect(reserved('USDT')).toBe(usdt('200'));
    expect(desk.reservations.gainingOf('BTC')).toBe(equityAmount('400'));
    expect(desk.executed('a', quantity('3'), quoteAmount('140'))).toBe(true);
    expect(reserved('USDT')).toBe(usdt('50'));
    desk.executed('a', quantity('1'), quoteAmount('50'));
    desk.executed('a', quantity('3'), quoteAmount('140'));
    expect(reserved('USDT')).toBe(usdt('50'));
    expect(desk.reservations.gainingOf('BTC')).toBe(equityAmount('100'));
    expect(desk.reservations.account).toMatchObject({ orders: 1, buyWorth: equityAmount('100') });
    expect(desk.ended('a')).toBe(true);
    expect(reserved('USDT')).toBe(usdt('0'));
    expect(desk.reservations.gainingOf('BTC')).toBe(equityAmount('0'));
    expect(desk.reservations.account).toMatchObject({ orders: 0, buyWorth: equityAmount('0') });
    expect(desk.reservations.has('a')).toBe(false);
  });

  test('by quote amount shrinks with what is spent', () => {
    const { desk, reserved, place } = deskWith();
    place('a', 'BUY', spend('100'));
    desk.executed('a', quantity('0.9'), quoteAmount('60'));
    expect(reserved('USDT')).toBe(usdt('40'));
    desk.executed('a', quantity('1.5'), quoteAmount('100.00000001'));
    expect(reserved('USDT')).toBe(usdt('0'));
  });

  test('never falls below nothing when more executes than was ordered', () => {
    const { desk, view, reserved, place } = deskWith();
    view.hold('2');
    place('a', 'SELL', market('1'));
    desk.executed('a', quantity('1.5'), quoteAmount('150'));
    expect(reserved('BTC')).toBe(btc('0'));
  });

  test('K8: stays in full while nothing is proven, however long', () => {
    const { desk, view, reserved, place } = deskWith();
    place('a', 'BUY', limit('4', '50'));
    view.nowMs += 1e12;
    expect(reserved('USDT')).toBe(usdt('200'));
    expect(desk.reservations.has('a')).toBe(true);
  });

  test('shrinks with an amendment, which never raises it', () => {
    const { desk, reserved, place } = deskWith();
    place('a', 'BUY', limit('4', '50'));
    desk.executed('a', quantity('1'), quoteAmount('50'));
    expect(desk.amended('a', quantity('3'))).toBe(true);
    expect(reserved('USDT')).toBe(usdt('100'));
    desk.amended('a', quantity('10'));
    expect(reserved('USDT')).toBe(usdt('100'));
  });

  test('of an order that the desk does not hold is not invented', () => {
    const { desk } = deskWith();
    expect(desk.executed('x', quantity('1'), quoteAmount('1'))).toBe(false);
    expect(desk.amended('x', quantity('1'))).toBe(false);
    expect(desk.ended('x')).toBe(false);
  });

  test('that is refused reserves nothing', () => {
    const { desk, view, reserved } = deskWith();
    view.balances.set('USDT', usdt('10'));
    expect(desk.review(intentOf('BUY', market('1'))).ok).toBe(false);
    expect(reserved('USDT')).toBe(usdt('0'));
    expect(desk.reservations.account).toMatchObject({ orders: 0, buyWorth: equityAmount('0') });
  });
});

describe('an OCO', () => {
  test('reserves its quantity once, and reduces like a single sale', () => {
    const { desk, view, reserved, placeList } = deskWith({ account: { openOrdersMaximum: 0 } });
    view.hold('2');
    expect(placeList(oco('SELL', maker('2', '120'), stop('2', '80')))).toBe('approved');
    expect(reserved('BTC')).toBe(btc('2'));
    expect(desk.reservations.account).toMatchObject({
      orders: 2,
      algoOrders: 1,
      icebergOrders: 0,
      orderLists: 1,
    });
    expect(desk.review(intentOf('SELL', market('0.1')))).toMatchObject({
      error: { reason: 'insufficient_balance' },
    });
  });

  test('of two buys reserves the dearer leg', () => {
    const { desk, reserved, placeList } = deskWith();
    expect(placeList(oco('BUY', stopLimit('2', '120', '125'), maker('2', '80')))).toBe('approved');
    expect(reserved('USDT')).toBe(usdt('250'));
    expect(desk.reservations.account.buyWorth).toBe(equityAmount('250'));
  });

  test('O15: its legs share one quantity, which stays held until both have ended, whichever ends first', () => {
    for (const [first, second] of [
      ['above', 'below'],
      ['below', 'above'],
    ] as const) {
      const { desk, view, reserved, placeList } = deskWith();
      view.hold('2');
      placeList(oco('SELL', maker('2', '120'), stop('2', '80')));
      desk.executed('above', quantity('0.5'), quoteAmount('60'));
      expect(reserved('BTC')).toBe(btc('1.5'));
      desk.ended(first);
      expect(reserved('BTC')).toBe(btc('1.5'));
      expect(desk.reservations.account).toMatchObject({
        orders: 1,
        orderLists: 1,
        algoOrders: first === 'below' ? 0 : 1,
      });
      desk.ended(second);
      expect(reserved('BTC')).toBe(btc('0'));
      expect(desk.reservations.account).toMatchObject({ orders: 0, orderLists: 0, algoOrders: 0 });
    }
  });

  test('fills of both legs add up', () => {
    const { desk, view, reserved, placeList } = deskWith();
    view.hold('2');
    placeList(oco('SELL', maker('2', '120'), stop('2', '80')));
    desk.executed('above', quantity('0.5'), quoteAmount('60'));
    desk.executed('below', quantity('0.25'), quoteAmount('20'));
    expect(reserved('BTC')).toBe(btc('1.25'));
  });

  test('whose legs no list may have, or whose symbol takes no OCO, is refused and reserves nothing', () => {
    const { view, reserved, placeList } = deskWith();
    view.hold('2');
    expect(placeList(oco('SELL', maker('2', '80'), stop('2', '80')))).toMatchObject({
      reason: 'prices_not_in_order',
    });
    view.instruments.set('BTCUSDT', instrumentWith({ ocoAllowed: false }));
    expect(placeList(oco('SELL', maker('2', '120'), stop('2', '80')))).toEqual({
      reason: 'feature_not_supported',
      feature: 'oco',
    });
    expect(placeList(oto(leg('w', 'BUY', limit('1', '90')), leg('p', 'SELL', market('1'))))).toBe('approved');
    expect(reserved('BTC')).toBe(btc('0'));
  });

  test('is approved as the list that it is', () => {
    const { desk, view } = deskWith();
    view.hold('2');
    const list = oco('SELL', maker('2', '120'), stop('2', '80'));
    expect(desk.reviewList(list)).toEqual({ ok: true, value: list });
  });

  test('counts each leg against the order rate', () => {
    const { view, placeList } = deskWith({
      account: { orderRate: { orders: 1, windowMs: 10, keptForReducing: 0 } },
    });
    view.hold('2');
    expect(placeList(oco('SELL', maker('2', '120'), stop('2', '80')))).toMatchObject({
      reason: 'order_rate_exceeded',
    });
  });
});

describe('an OTO', () => {
  test('holds what the working leg spends; what that brings pays for the pending leg', () => {
    const { desk, view, reserved, placeList } = deskWith();
    expect(placeList(oto(leg('w', 'BUY', limit('2', '90')), leg('p', 'SELL', limit('2', '120'))))).toBe(
      'approved',
    );
    expect([reserved('USDT'), reserved('BTC')]).toEqual([usdt('180'), btc('0')]);
    expect(desk.reservations.account).toMatchObject({
      orders: 2,
      algoOrders: 0,
      orderLists: 1,
      buyWorth: equityAmount('200'),
    });
    view.balances.set('BTC', btc('2'));
    desk.executed('w', quantity('0.5'), quoteAmount('45'));
    expect([reserved('USDT'), reserved('BTC')]).toEqual([usdt('135'), btc('0.5')]);
    desk.executed('w', quantity('2'), quoteAmount('180'));
    desk.ended('w');
    expect([reserved('USDT'), reserved('BTC')]).toEqual([usdt('0'), btc('2')]);
    expect(desk.reservations.account).toMatchObject({ orders: 1, orderLists: 1 });
    desk.executed('p', quantity('2'), quoteAmount('240'));
    desk.ended('p');
    expect([reserved('USDT'), reserved('BTC')]).toEqual([usdt('0'), btc('0')]);
    expect(desk.reservations.account).toMatchObject({ orders: 0, orderLists: 0 });
  });

  test('holds what the pending leg sells beyond what the working leg brings', () => {
    const { view, reserved, placeList } = deskWith();
    const list = oto(leg('w', 'BUY', limit('2', '90')), leg('p', 'SELL', limit('3', '120')));
    expect(placeList(list)).toEqual({
      reason: 'insufficient_balance',
      asset: 'BTC',
      needed: btc('1'),
      available: btc('0'),
    });
    view.balances.set('BTC', btc('1'));
    expect(placeList(list)).toBe('approved');
    expect(reserved('BTC')).toBe(btc('1'));
  });

  test('whose working leg ends unfilled holds the pending leg in full until that has ended, too', () => {
    const { desk, view, reserved, placeList } = deskWith();
    view.balances.set('BTC', btc('5'));
    placeList(oto(leg('w', 'BUY', limit('2', '90')), leg('p', 'SELL', limit('2', '120'))));
    desk.ended('w');
    expect(reserved('BTC')).toBe(btc('2'));
    desk.ended('p');
    expect(reserved('BTC')).toBe(btc('0'));
  });

  test('that sells first pays the buy with what the sale brings at its price, rounded down', () => {
    const { view, reserved, placeList } = deskWith();
    view.balances.set('BTC', btc('5'));
    expect(
      placeList(oto(leg('w', 'SELL', limit('1.5', '90.00000001')), leg('p', 'BUY', limit('2', '80')))),
    ).toBe('approved');
    // 160 are needed, 135.000000015 come in.
    expect([reserved('USDT'), reserved('BTC')]).toEqual([usdt('24.99999999'), btc('1.5')]);
  });

  test('of two legs on one side needs both at once', () => {
    const { desk, view, reserved, placeList } = deskWith();
    const list = oto(leg('w', 'BUY', limit('2', '90')), leg('p', 'BUY', limit('2', '80')));
    view.balances.set('USDT', usdt('339.99999999'));
    expect(placeList(list)).toMatchObject({ reason: 'insufficient_balance', needed: usdt('340') });
    view.balances.set('USDT', usdt('340'));
    expect(placeList(list)).toBe('approved');
    expect(reserved('USDT')).toBe(usdt('340'));
    desk.executed('w', quantity('1'), quoteAmount('90'));
    expect(reserved('USDT')).toBe(usdt('250'));
    desk.executed('p', quantity('2'), quoteAmount('160'));
    expect(reserved('USDT')).toBe(usdt('90'));
    const selling = deskWith();
    selling.view.hold('3');
    const sales = oto(leg('w', 'SELL', limit('2', '90')), leg('p', 'SELL', limit('1', '80')));
    selling.desk.halt({ scope: { kind: 'system' }, state: 'reducing', by: 'ann', why: 'drill', atMs: 1 });
    expect(selling.placeList(sales)).toBe('approved');
    expect(selling.reserved('BTC')).toBe(btc('3'));
  });

  test('with a buy in it is no reduction', () => {
    const { desk, view, placeList } = deskWith();
    view.hold('5');
    desk.halt({ scope: { kind: 'system' }, state: 'reducing', by: 'ann', why: 'drill', atMs: 1 });
    const refusal = { reason: 'trading_only_reduces', scope: { kind: 'system' } };
    expect(placeList(oto(leg('w', 'SELL', limit('1', '90')), leg('p', 'BUY', limit('1', '80'))))).toEqual(
      refusal,
    );
    expect(placeList(oto(leg('w', 'BUY', limit('1', '90')), leg('p', 'SELL', limit('1', '120'))))).toEqual(
      refusal,
    );
  });

  test('is refused where the symbol takes none', () => {
    const { view, placeList } = deskWith();
    view.instruments.set('BTCUSDT', instrumentWith({ otoAllowed: false }));
    const unsupported = (feature: string) => ({ reason: 'feature_not_supported', feature });
    expect(placeList(oto(leg('w', 'BUY', limit('1', '90')), leg('p', 'SELL', market('1'))))).toEqual(
      unsupported('oto'),
    );
    view.hold('2');
    expect(placeList(oco('SELL', maker('2', '120'), stop('2', '80')))).toBe('approved');
  });

  test('each part is bound by the largest order, and all buys together by exposure', () => {
    const list = oto(leg('w', 'BUY', limit('2', '90')), leg('p', 'BUY', limit('1', '80')));
    const each = deskWith({ account: { orderNotionalMaximum: equityAmount('200') } });
    expect(each.placeList(list)).toBe('approved');
    const all = deskWith({ account: { exposureMaximum: equityAmount('299') } });
    expect(all.placeList(list)).toMatchObject({ reason: 'exposure_over_limit', was: equityAmount('300') });
    const base = deskWith({ symbol: { positionMaximum: quantity('2.9') } });
    expect(base.placeList(list)).toMatchObject({ reason: 'position_over_limit', was: quantity('3') });
    const gained = deskWith({ asset: { exposureMaximum: equityAmount('299') } });
    expect(gained.placeList(list)).toMatchObject({ reason: 'exposure_over_limit', was: equityAmount('300') });
  });
});

describe('an OTOCO', () => {
  const list: OrderListIntent = {
    kind: 'OTOCO',
    listClientOrderId: 'list',
    working: leg('w', 'BUY', limit('2', '90')),
    pendingAbove: leg('above', 'SELL', maker('2', '120')),
    pendingBelow: leg('below', 'SELL', stop('2', '80')),
  };

  test('is three orders and one list, and its pending pair shares what the working leg brings', () => {
    const { desk, reserved, placeList } = deskWith();
    expect(placeList(list)).toBe('approved');
    expect(desk.reservations.account).toMatchObject({ orders: 3, algoOrders: 1, orderLists: 1 });
    expect([reserved('USDT'), reserved('BTC')]).toEqual([usdt('180'), btc('0')]);
    desk.executed('w', quantity('2'), quoteAmount('180'));
    desk.ended('w');
    expect([reserved('USDT'), reserved('BTC')]).toEqual([usdt('0'), btc('2')]);
    desk.executed('below', quantity('2'), quoteAmount('160'));
    desk.ended('below');
    expect(reserved('BTC')).toBe(btc('0'));
    desk.ended('above');
    expect(desk.reservations.account).toMatchObject({ orders: 0, algoOrders: 0, orderLists: 0 });
  });

  test('needs both kinds of list, and each of its legs a new id', () => {
    const { view, placeList } = deskWith();
    for (const [change, feature] of [
      [{ ocoAllowed: false }, 'oco'],
      [{ otoAllowed: false }, 'oto'],
    ] as const) {
      view.instruments.set('BTCUSDT', instrumentWith(change));
      expect(placeList(list)).toEqual({ reason: 'feature_not_supported', feature });
    }
    view.instruments.set('BTCUSDT', instrumentWith());
    expect(placeList(list)).toBe('approved');
    const later = { ...list, working: leg('w2', 'BUY', limit('2', '90')) };
    expect(placeList(later)).toEqual({ reason: 'client_order_id_used', clientOrderId: 'above' });
  });

  test('with icebergs counts them', () => {
    const { desk, placeList } = deskWith();
    const visible = { ...maker('2', '120'), icebergQuantity: quantity('1') } as OrderTerms;
    expect(placeList({ ...list, pendingAbove: leg('above', 'SELL', visible) })).toBe('approved');
    expect(desk.reservations.account).toMatchObject({ icebergOrders: 1 });
  });

  test('lists and icebergs of ours count against those of the symbol', () => {
    const { desk, view, placeList } = deskWith();
    view.balances.set('BTC', btc('5'));
    const filters = { price: {}, lot: {}, openOrderListsMaximum: 1, openIcebergOrdersMaximum: 0 };
    view.instruments.set('BTCUSDT', instrumentWith({ filters }));
    const visible = { ...maker('2', '120'), icebergQuantity: quantity('1') } as OrderTerms;
    expect(placeList({ ...list, pendingAbove: leg('above', 'SELL', visible) })).toMatchObject({
      reason: 'too_many_open',
      kind: 'icebergOrders',
      was: 1,
    });
    expect(placeList(list)).toBe('approved');
    const next = oto(leg('w2', 'BUY', limit('1', '90')), leg('p2', 'SELL', limit('1', '120')));
    expect(placeList(next)).toMatchObject({ reason: 'too_many_open', kind: 'orderLists', was: 2 });
    for (const id of ['w', 'above', 'below']) desk.ended(id);
    expect(placeList(next)).toBe('approved');
  });

  test('the list counts for MAX_NUM_ORDER_LISTS and each stop for MAX_NUM_ALGO_ORDERS', () => {
    const { view, placeList } = deskWith();
    const filters = { price: {}, lot: {}, openOrderListsMaximum: 0 };
    view.instruments.set('BTCUSDT', instrumentWith({ filters }));
    expect(placeList(list)).toMatchObject({
      reason: 'too_many_open',
      kind: 'orderLists',
      maximum: 0,
      was: 1,
    });
    view.instruments.set(
      'BTCUSDT',
      instrumentWith({ filters: { price: {}, lot: {}, openAlgoOrdersMaximum: 0 } }),
    );
    expect(placeList(list)).toMatchObject({
      reason: 'too_many_open',
      kind: 'algoOrders',
      maximum: 0,
      was: 1,
    });
    view.instruments.set(
      'BTCUSDT',
      instrumentWith({ filters: { price: {}, lot: {}, openOrdersMaximum: 2 } }),
    );
    expect(placeList(list)).toMatchObject({ reason: 'too_many_open', kind: 'orders', maximum: 2, was: 3 });
  });
});

test('whatever fills and in whatever order orders end, totals equal the sum of what is open and end at zero', () => {
  const orders = fc.array(
    fc.record({
      side: fc.constantFrom<Side>('BUY', 'SELL'),
      size: fc.integer({ min: 1, max: 9 }),
      at: fc.integer({ min: 1, max: 200 }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const steps = fc.array(
    fc.tuple(fc.nat({ max: 11 }), fc.constantFrom('fill', 'amend', 'end'), fc.nat({ max: 9 })),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(orders, steps, (wanted, events) => {
      const { desk, view, reserved } = deskWith();
      view.balances.set('USDT', usdt('1000000')).set('BTC', btc('1000000'));
      /** The slow, obvious books: one row an order, summed up when asked. */
      const rows = wanted.map((order, index) => ({
        ...order,
        id: `o${index}`,
        ordered: order.size,
        done: 0,
        isOpen: true,
      }));
      for (const row of rows) {
        expect(desk.review(leg(row.id, row.side, limit(`${row.size}`, `${row.at}`))).ok).toBe(true);
      }
      for (const [which, what, size] of events) {
        const row = rows[which % rows.length] as (typeof rows)[number];
        if (what === 'fill') {
          desk.executed(row.id, quantity(`${size}`), quoteAmount(`${size * row.at}`));
          row.done = Math.max(row.done, size);
        } else if (what === 'amend') {
          desk.amended(row.id, quantity(`${size}`));
          row.ordered = Math.min(row.ordered, size);
        } else {
          expect(desk.ended(row.id)).toBe(row.isOpen);
          row.isOpen = false;
        }
        const open = rows.filter((each) => each.isOpen);
        const left = (each: (typeof rows)[number]) => Math.max(0, each.ordered - each.done);
        const sumOf = (side: Side, value: (each: (typeof rows)[number]) => number) =>
          `${open.filter((each) => each.side === side).reduce((total, each) => total + value(each), 0)}`;
        expect(reserved('USDT')).toBe(usdt(sumOf('BUY', (each) => left(each) * each.at)));
        expect(reserved('BTC')).toBe(btc(sumOf('SELL', left)));
        const worth = equityAmount(sumOf('BUY', (each) => left(each) * Math.max(100, each.at)));
        expect(desk.reservations.account).toMatchObject({ orders: open.length, buyWorth: worth });
        expect(desk.reservations.gainingOf('BTC')).toBe(worth);
      }
      for (const row of rows) desk.ended(row.id);
      expect([reserved('USDT'), reserved('BTC')]).toEqual([usdt('0'), btc('0')]);
      expect(desk.reservations.account).toMatchObject({ orders: 0, buyWorth: equityAmount('0') });
    }),
  );
});
