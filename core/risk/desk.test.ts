import { describe, expect, expectTypeOf, test } from 'vitest';
import { instrumentWith } from '../market/market.test-support.ts';
import { amount, price, quantity, quoteAmount, ratio } from '../money/index.ts';
import type { Approved, OrderIntent, OrderListIntent } from '../orders/index.ts';
import { limit, market, spend } from '../orders/terms.test-support.ts';
import { NOTHING_TRIPPED } from './breakers.ts';
import { account, deskWith, missing, ofStrategy, ofSymbol } from './desk.test-support.ts';
import { RiskDesk } from './desk.ts';
import type { RiskLimits } from './limits.ts';
import { equityAmount, intentOf, limitsWith, NO_SYMBOL_LIMITS, TestView } from './world.test-support.ts';

test('an approved order is the intent itself, and only an approved one fits where orders are sent', () => {
  const { desk } = deskWith();
  const intent = intentOf('BUY', limit('1', '100'));
  const answer = desk.review(intent);
  expect(answer).toEqual({ ok: true, value: intent });
  const sent: string[] = [];
  const send = (order: Approved<OrderIntent>): void => {
    sent.push(order.clientOrderId);
  };
  if (answer.ok) send(answer.value);
  // @ts-expect-error an intent that no desk has approved cannot be sent
  send(intent);
  expect(sent).toHaveLength(2);
  expectTypeOf<OrderIntent>().not.toExtend<Approved<OrderIntent>>();
  expectTypeOf<Approved<OrderIntent>>().toExtend<OrderIntent>();
  expectTypeOf<Approved<OrderListIntent>>().not.toExtend<Approved<OrderIntent>>();
});

test('G5: limits that leave one out do not compile', () => {
  // @ts-expect-error a limit has no default
  const incomplete: RiskLimits['account'] = { orderNotionalMaximum: 'none' };
  expect(Object.keys(incomplete)).toEqual(['orderNotionalMaximum']);
});

test('K1: of ten identical orders in one tick, a limit of two lets two pass', () => {
  for (const change of [
    { account: { openOrdersMaximum: 2 } },
    { account: { exposureMaximum: equityAmount('200') } },
    { account: { orderRate: { orders: 2, windowMs: 1000, keptForReducing: 0 } } },
    { strategy: { openOrdersMaximum: 2 } },
    { strategy: { exposureMaximum: equityAmount('299.99') } },
    { strategy: { orderRate: { orders: 2, windowMs: 1000, keptForReducing: 0 } } },
    { symbol: { openOrdersMaximum: 2 } },
    { symbol: { positionMaximum: quantity('2') } },
    { symbol: { exposureMaximum: equityAmount('200') } },
    { asset: { exposureMaximum: equityAmount('200') } },
    { asset: { shareOfEquityMaximum: ratio('0.2') } },
  ]) {
    const { ask } = deskWith(change);
    const answers = Array.from({ length: 10 }, () => ask('BUY', market('1')));
    expect(answers.slice(0, 2)).toEqual(['approved', 'approved']);
    expect(answers.filter((answer) => answer === 'approved')).toHaveLength(2);
  }
  const view = new TestView();
  view.balances.set('USDT', amount('USDT', '299'));
  const { ask } = deskWith({}, view);
  expect(
    Array.from({ length: 10 }, () => ask('BUY', market('1'))).filter((a) => a === 'approved'),
  ).toHaveLength(2);
});

describe('before an order is sized up', () => {
  test('a halt refuses even what reduces, a stop to reducing lets only that through', () => {
    const { desk, view, ask } = deskWith();
    view.hold('5');
    const scope = { kind: 'system' } as const;
    desk.halt({ scope, state: 'reducing', by: 'ann', why: 'drill', atMs: 1 });
    expect(ask('SELL', market('2'))).toBe('approved');
    expect(ask('SELL', market('3'))).toBe('approved');
    expect(ask('SELL', market('0.00000001'))).toEqual({ reason: 'trading_only_reduces', scope });
    expect(ask('BUY', market('1'))).toEqual({ reason: 'trading_only_reduces', scope });
    desk.halt({ scope: ofSymbol, state: 'halted', by: 'ann', why: 'drill', atMs: 1 });
    expect(ask('SELL', market('1'))).toEqual({ reason: 'trading_halted', scope: ofSymbol });
    expect(desk.breakers.trips).toHaveLength(2);
    desk.rearm(ofSymbol);
    desk.rearm(scope);
    expect(ask('BUY', market('1'))).toBe('approved');
  });

  test('I8: a desk that starts with saved breakers is as stopped as the one that saved them', () => {
    const { desk } = deskWith();
    desk.halt({ scope: { kind: 'system' }, state: 'halted', by: 'ann', why: 'drill', atMs: 1 });
    const again = new RiskDesk(limitsWith(), new TestView(), desk.breakers);
    expect(again.review(intentOf('BUY', market('1')))).toEqual({
      ok: false,
      error: { reason: 'trading_halted', scope: { kind: 'system' } },
    });
  });

  test('round trips and equity that are told to the desk trip its breakers', () => {
    const { desk, ask } = deskWith({
      strategy: { consecutiveLossesMaximum: 0 },
      account: { dailyLossMaximum: equityAmount('1') },
    });
    desk.equityChanged({ equity: equityAmount('99'), dayStartEquity: equityAmount('100'), atMs: 1 });
    expect(ask('BUY', market('1'))).toBe('approved');
    desk.roundTripClosed({ strategy: 'alpha', realizedPnl: amount('USDT', '-1'), atMs: 1 });
    expect(ask('BUY', market('1'))).toEqual({ reason: 'trading_only_reduces', scope: ofStrategy });
    desk.rearm(ofStrategy);
    desk.equityChanged({ equity: equityAmount('98'), dayStartEquity: equityAmount('100'), atMs: 1 });
    expect(ask('BUY', market('1'))).toEqual({ reason: 'trading_only_reduces', scope: account });
  });

  test('a drawdown that is told to the desk trips its breaker', () => {
    const { desk, ask } = deskWith({ account: { drawdownMaximum: ratio('0.1') } });
    desk.drawdownChanged({ equity: equityAmount('90'), peakEquity: equityAmount('100'), atMs: 1 });
    expect(ask('BUY', market('1'))).toBe('approved');
    desk.drawdownChanged({ equity: equityAmount('89'), peakEquity: equityAmount('100'), atMs: 1 });
    expect(ask('BUY', market('1'))).toEqual({ reason: 'trading_only_reduces', scope: account });
  });

  test('I8: a desk that hears of what another store has kept is stopped by it, too', () => {
    const { desk, ask } = deskWith();
    const other = deskWith().desk;
    other.halt({ scope: { kind: 'system' }, state: 'halted', by: 'ann', why: 'drill', atMs: 1 });
    desk.join(other.breakers);
    expect(ask('BUY', market('1'))).toEqual({ reason: 'trading_halted', scope: { kind: 'system' } });
  });

  test('the use of rates is told where there is a rate', () => {
    const { desk, ask } = deskWith({
      account: { orderRate: { orders: 5, windowMs: 1000, keptForReducing: 0 } },
      strategy: { orderRate: { orders: 5, windowMs: 1000, keptForReducing: 0 } },
    });
    ask('BUY', market('1'));
    expect([desk.ordersInWindow(1000), desk.ordersInWindow(1000, 'alpha')]).toEqual([1, 1]);
    expect([desk.ordersInWindow(2000), desk.ordersInWindow(2000, 'beta')]).toEqual([0, 0]);
    expect(deskWith().desk.ordersInWindow(1000)).toBeUndefined();
    expect(desk.ordersInWindow(1000, 'unheard-of')).toBeUndefined();
  });

  test('terms that no order may have are refused', () => {
    expect(deskWith().ask('BUY', market('0'))).toEqual({
      reason: 'quantity_not_positive',
      was: quantity('0'),
    });
  });

  test('an id must be one that the venue takes, and new among the orders that are held', () => {
    const { desk, ask } = deskWith();
    const malformed = { reason: 'client_order_id_malformed', clientOrderId: 'two words' };
    expect(ask('BUY', market('1'), { clientOrderId: 'two words' })).toEqual(malformed);
    expect(ask('BUY', market('1'), { clientOrderId: 'a' })).toBe('approved');
    expect(ask('BUY', market('1'), { clientOrderId: 'a' })).toEqual({
      reason: 'client_order_id_used',
      clientOrderId: 'a',
    });
    desk.ended('a');
    expect(ask('BUY', market('1'), { clientOrderId: 'a' })).toBe('approved');
  });

  test('G1: a symbol that nobody knows is refused', () => {
    expect(deskWith().ask('BUY', market('1'), { symbol: 'BTCUSDC' })).toEqual(
      missing('instrument', 'BTCUSDC'),
    );
  });
});

describe('the reference price', () => {
  test('K4, K6: new risk needs one that is known, above zero and fresh', () => {
    const { view, ask } = deskWith({ symbol: { priceAgeMsMaximum: 500 } });
    for (const age of [0, 500]) {
      view.priceAgeMs = age;
      expect(ask('BUY', limit('1', '100'))).toBe('approved');
    }
    for (const wasMs of [501, -1, Number.POSITIVE_INFINITY]) {
      view.priceAgeMs = wasMs;
      expect(ask('BUY', limit('1', '100'))).toEqual({
        reason: 'price_age_out_of_bounds',
        maximumMs: 500,
        wasMs,
      });
    }
    for (const age of [Number.NaN, undefined]) {
      view.priceAgeMs = age;
      expect(ask('BUY', limit('1', '100'))).toEqual(missing('reference_price_age', 'BTCUSDT'));
    }
    view.priceAgeMs = 0;
    for (const none of [undefined, price('0')]) {
      view.price = none;
      expect(ask('BUY', limit('1', '100'))).toEqual(missing('reference_price', 'BTCUSDT'));
      expect(ask('BUY', market('1'))).toEqual(missing('reference_price', 'BTCUSDT'));
      expect(ask('BUY', spend('1'))).toEqual(missing('reference_price', 'BTCUSDT'));
      expect(ask('SELL', limit('1', '100'))).toEqual(missing('reference_price', 'BTCUSDT'));
    }
  });

  test('its age is not asked when no limit binds it', () => {
    const { view, ask } = deskWith();
    view.priceAgeMs = undefined;
    expect(ask('BUY', limit('1', '100'))).toBe('approved');
  });

  test('I7: an order that only reduces goes out without one, unless its size hangs on it', () => {
    const { view, ask } = deskWith({ symbol: { priceCollar: ratio('0.01'), priceAgeMsMaximum: 500 } });
    const filters = {
      price: {},
      lot: {},
      percentPrice: { up: ratio('1.1'), down: ratio('0.9'), averageMinutes: 5 },
    };
    view.instruments.set('BTCUSDT', instrumentWith({ filters }));
    view.hold('6');
    expect(ask('SELL', limit('1', '50'))).toMatchObject({ reason: 'price_outside_percent' });
    view.priceAgeMs = 501;
    expect(ask('SELL', limit('1', '50'))).toBe('approved');
    view.price = undefined;
    expect(ask('SELL', limit('1', '50'))).toBe('approved');
    expect(ask('SELL', market('1'))).toBe('approved');
    expect(ask('SELL', spend('1'))).toEqual(missing('reference_price', 'BTCUSDT'));
    expect(ask('SELL', limit('3.00000001', '50'))).toEqual(missing('reference_price', 'BTCUSDT'));
    view.held = undefined;
    expect(ask('SELL', limit('1', '50'))).toEqual(missing('reference_price', 'BTCUSDT'));
  });
});

describe('the order of checks is contract', () => {
  test('each broken rule that is mended shows the next one', () => {
    const view = new TestView();
    const refusals: string[] = [];
    const limits = limitsWith({
      account: {
        orderNotionalMaximum: equityAmount('0'),
        orderShareOfEquityMaximum: ratio('0'),
        openOrdersMaximum: 0,
        exposureMaximum: equityAmount('0'),
        orderRate: { orders: 0, windowMs: 1, keptForReducing: 0 },
        dailyLossMaximum: equityAmount('-1'),
        drawdownMaximum: ratio('-1'),
      },
      strategy: { exposureMaximum: equityAmount('0') },
      symbol: {
        ...NO_SYMBOL_LIMITS,
        positionMaximum: quantity('0'),
        exposureMaximum: equityAmount('0'),
        priceCollar: ratio('0'),
      },
      asset: { exposureMaximum: equityAmount('0'), shareOfEquityMaximum: ratio('0') },
    });
    let account = { ...limits.account };
    let strategy = { ...limits.strategies.get('alpha') } as NonNullable<
      ReturnType<typeof limits.strategies.get>
    >;
    let symbol = { ...limits.symbols.get('BTCUSDT') } as NonNullable<ReturnType<typeof limits.symbols.get>>;
    let asset = { ...limits.assets.get('BTC') } as NonNullable<ReturnType<typeof limits.assets.get>>;
    let symbols = new Map<string, typeof symbol>();
    let terms = limit('0', '101');
    let clientOrderId = 'no id';
    let isHalted = true;
    let isReducing = true;
    view.instruments.clear();
    view.price = undefined;
    view.exchangeFilters = { openOrdersMaximum: 0 };
    view.balances.clear();
    const mend: (() => void)[] = [
      () => (isHalted = false),
      () => (terms = limit('1', '101')),
      () => (clientOrderId = 'id'),
      () => view.instruments.set('BTCUSDT', instrumentWith({ blockers: ['closed'] })),
      () => (view.price = price('100')),
      () => (isReducing = false),
      () => view.instruments.set('BTCUSDT', instrumentWith()),
      () => (view.exchangeFilters = {}),
      () => (symbols = symbols.set('BTCUSDT', symbol)),
      () => (symbol = { ...symbol, priceCollar: 'none' }),
      () => view.balances.set('USDT', amount('USDT', '1000')),
      () => (account = { ...account, orderRate: 'none' }),
      () => symbols.set('BTCUSDT', symbol),
      () => (account = { ...account, orderNotionalMaximum: 'none' }),
      () => (account = { ...account, orderShareOfEquityMaximum: 'none' }),
      () => (account = { ...account, openOrdersMaximum: 'none' }),
      () => (symbol = { ...symbol, positionMaximum: 'none' }),
      () => (symbol = { ...symbol, exposureMaximum: 'none' }),
      () => (asset = { ...asset, exposureMaximum: 'none' }),
      () => (strategy = { ...strategy, exposureMaximum: 'none' }),
      () => (account = { ...account, exposureMaximum: 'none' }),
      () => (asset = { ...asset, shareOfEquityMaximum: 'none' }),
      () => (account = { ...account, dailyLossMaximum: 'none' }),
      () => (account = { ...account, drawdownMaximum: 'none' }),
    ];
    for (const [step, repair] of [() => undefined, ...mend].entries()) {
      repair();
      // The collar comes before the statement that limits exist, so the symbol is named for the collar and unnamed after it.
      symbols = step >= 9 && step !== 12 ? new Map([['BTCUSDT', symbol]]) : new Map();
      const desk = new RiskDesk(
        { account, strategies: new Map([['alpha', strategy]]), symbols, assets: new Map([['BTC', asset]]) },
        view,
        NOTHING_TRIPPED,
      );
      const order = { by: 'ann', why: 'drill', atMs: 1 };
      if (isHalted) desk.halt({ scope: { kind: 'system' }, state: 'halted', ...order });
      if (isReducing) desk.halt({ scope: { kind: 'system' }, state: 'reducing', ...order });
      const answer = desk.review(intentOf('BUY', terms, { clientOrderId }));
      refusals.push(answer.ok ? 'approved' : answer.error.reason);
    }
    expect(refusals).toEqual([
      'trading_halted',
      'quantity_not_positive',
      'client_order_id_malformed',
      'missing_value',
      'missing_value',
      'trading_only_reduces',
      'symbol_not_tradable',
      'too_many_open',
      'missing_value',
      'price_outside_collar',
      'missing_value',
      'order_rate_exceeded',
      'limit_not_stated',
      'order_notional_over_limit',
      'order_share_of_equity_over_limit',
      'open_orders_over_limit',
      'position_over_limit',
      'exposure_over_limit',
      'exposure_over_limit',
      'exposure_over_limit',
      'exposure_over_limit',
      'concentration_over_limit',
      'daily_loss_over_limit',
      'drawdown_over_limit',
      'approved',
    ]);
  });
});

describe('an order that is at the venue already', () => {
  test('is counted in full without being checked', () => {
    const { desk, ask } = deskWith({ account: { exposureMaximum: equityAmount('250') } });
    desk.halt({ scope: { kind: 'account' }, state: 'halted', by: 'ann', why: 'drill', atMs: 1 });
    expect(desk.adopt(intentOf('BUY', market('2'), { clientOrderId: 'old' }))).toBeUndefined();
    expect(desk.adopt(intentOf('BUY', market('2'), { clientOrderId: 'old' }))).toEqual({
      reason: 'client_order_id_used',
      clientOrderId: 'old',
    });
    desk.rearm({ kind: 'account' });
    expect(desk.reservations.has('old')).toBe(true);
    expect(ask('BUY', market('1'))).toMatchObject({
      reason: 'exposure_over_limit',
      was: equityAmount('300'),
    });
  });

  test('is named when it cannot be valued', () => {
    const { desk, view } = deskWith();
    view.price = undefined;
    expect(desk.adopt(intentOf('BUY', market('2')))).toEqual(missing('reference_price', 'BTCUSDT'));
    view.instruments.clear();
    expect(desk.adopt(intentOf('BUY', market('2')))).toEqual(missing('instrument', 'BTCUSDT'));
  });
});

test('a quote amount is judged by what it spends, not by what it is thought to buy', () => {
  const { desk, view, ask } = deskWith();
  view.instruments.set('BTCUSDT', instrumentWith({ filters: { price: {}, lot: { step: quantity('1') } } }));
  expect(ask('BUY', spend('199'), { clientOrderId: 'q' })).toBe('approved');
  expect(desk.reservations.account.buyWorth).toBe(equityAmount('199'));
  desk.executed('q', quantity('1'), quoteAmount('120'));
  expect(desk.reservations.account.buyWorth).toBe(equityAmount('79'));
});
