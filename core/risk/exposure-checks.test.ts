import { describe, expect, test } from 'vitest';
import { amount, price, quantity, ratio } from '../money/index.ts';
import { limit, market, spend, stop } from '../orders/terms.test-support.ts';
import { account, deskWith, missing, ofAsset, ofStrategy, ofSymbol } from './desk.test-support.ts';
import type { RiskLimits } from './limits.ts';
import { equityAmount, limitsWith, TestView } from './world.test-support.ts';

describe('checks of new risk', () => {
  test('G5: symbol, strategy and asset must be named in the limits', () => {
    const stated = limitsWith();
    const without = (change: Partial<RiskLimits>) =>
      deskWith({}, new TestView(), { ...stated, ...change }).ask('BUY', market('1'));
    const notStated = (scope: object) => ({ reason: 'limit_not_stated', scope });
    expect(without({ symbols: new Map() })).toEqual(notStated(ofSymbol));
    expect(without({ strategies: new Map() })).toEqual(notStated(ofStrategy));
    expect(without({ assets: new Map() })).toEqual(notStated(ofAsset));
    const view = new TestView();
    view.hold('1');
    const bare = { ...stated, symbols: new Map(), strategies: new Map(), assets: new Map() };
    expect(deskWith({}, view, bare).ask('SELL', market('1'))).toBe('approved');
  });

  test('the order notional has an absolute bound and one by equity', () => {
    const absolute = deskWith({ account: { orderNotionalMaximum: equityAmount('200') } });
    expect(absolute.ask('BUY', market('2'))).toBe('approved');
    expect(absolute.ask('BUY', market('2.00000001'))).toEqual({
      reason: 'order_notional_over_limit',
      maximum: equityAmount('200'),
      was: equityAmount('200.000001'),
    });
    const byEquity = deskWith({ account: { orderShareOfEquityMaximum: ratio('0.2') } });
    byEquity.view.equityNow = equityAmount('999.99999999');
    expect(byEquity.ask('BUY', spend('199.99999999'))).toBe('approved');
    expect(byEquity.ask('BUY', spend('200'))).toEqual({
      reason: 'order_share_of_equity_over_limit',
      maximum: equityAmount('199.99999999'),
      was: equityAmount('200'),
    });
    byEquity.view.equityNow = undefined;
    expect(byEquity.ask('BUY', spend('1'))).toEqual(missing('equity', 'account'));
  });

  test('an order is worth the higher of its own price and the reference price', () => {
    const { ask } = deskWith({ account: { orderNotionalMaximum: equityAmount('10') } });
    expect(ask('BUY', limit('1', '20'))).toMatchObject({ was: equityAmount('100') });
    expect(ask('BUY', limit('1', '120'))).toMatchObject({ was: equityAmount('120') });
    expect(ask('BUY', stop('1', '130'))).toMatchObject({ was: equityAmount('130') });
    expect(ask('SELL', limit('1', '140'))).toMatchObject({ reason: 'insufficient_balance' });
  });

  test.each([
    ['account', { account: { openOrdersMaximum: 1 } }, account],
    ['strategy', { strategy: { openOrdersMaximum: 1 } }, ofStrategy],
    ['symbol', { symbol: { openOrdersMaximum: 1 } }, ofSymbol],
  ] as const)('open orders are counted for the %s', (kind, change, scope) => {
    const { desk, ask } = deskWith(change);
    expect(ask('BUY', market('1'), { clientOrderId: 'a' })).toBe('approved');
    const refusal = { reason: 'open_orders_over_limit', scope, maximum: 1, was: 2 };
    expect(ask('BUY', market('1'))).toEqual(refusal);
    if (kind === 'strategy') expect(ask('BUY', market('1'), { strategy: 'beta' })).toBe('approved');
    desk.ended('a');
    expect(ask('BUY', market('1'))).toBe('approved');
  });

  test('the position counts what is held, what is being bought and this order', () => {
    const { view, ask } = deskWith({ symbol: { positionMaximum: quantity('4') } });
    view.symbolHeld = quantity('2');
    expect(ask('BUY', market('1'))).toBe('approved');
    const was = quantity('4.00000001');
    const refusal = { reason: 'position_over_limit', symbol: 'BTCUSDT', maximum: quantity('4'), was };
    expect(ask('BUY', market('1.00000001'))).toEqual(refusal);
    expect(ask('BUY', market('1'))).toBe('approved');
    view.symbolHeld = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('symbol_position', 'BTCUSDT'));
  });

  test.each([
    [
      'symbol',
      { symbol: { exposureMaximum: equityAmount('400') } },
      ofSymbol,
      missing('symbol_position', 'BTCUSDT'),
    ],
    ['asset', { asset: { exposureMaximum: equityAmount('400') } }, ofAsset, missing('asset_exposure', 'BTC')],
    [
      'strategy',
      { strategy: { exposureMaximum: equityAmount('400') } },
      ofStrategy,
      missing('strategy_exposure', 'alpha'),
    ],
    [
      'account',
      { account: { exposureMaximum: equityAmount('400') } },
      account,
      missing('account_exposure', 'account'),
    ],
  ] as const)(
    'the exposure of the %s counts what is held, working and in doubt, and this order',
    (_k, change, scope, gone) => {
      const { view, ask } = deskWith(change);
      view.symbolHeld = quantity('2');
      view.ofAsset = view.ofStrategy = view.ofAccount = equityAmount('200');
      expect(ask('BUY', market('1'))).toBe('approved');
      const maximum = equityAmount('400');
      const was = equityAmount('400.00000001');
      expect(ask('BUY', spend('100.00000001'))).toEqual({
        reason: 'exposure_over_limit',
        scope,
        maximum,
        was,
      });
      expect(ask('BUY', spend('100'))).toBe('approved');
      view.symbolHeld = view.ofAsset = view.ofStrategy = view.ofAccount = undefined;
      expect(ask('BUY', market('1'))).toEqual(gone);
    },
  );

  test('no asset may be a larger share of equity than its limit', () => {
    const { view, ask } = deskWith({ asset: { shareOfEquityMaximum: ratio('0.4') } });
    view.ofAsset = equityAmount('200');
    expect(ask('BUY', market('1'))).toBe('approved');
    expect(ask('BUY', spend('100.00000001'))).toEqual({
      reason: 'concentration_over_limit',
      scope: ofAsset,
      maximum: equityAmount('400'),
      was: equityAmount('400.00000001'),
    });
    view.equityNow = equityAmount('999.99999999');
    expect(ask('BUY', spend('100'))).toMatchObject({ maximum: equityAmount('399.99999999') });
    view.equityNow = equityAmount('1000');
    expect(ask('BUY', spend('100'))).toBe('approved');
    view.equityNow = undefined;
    expect(ask('BUY', spend('1'))).toEqual(missing('equity', 'account'));
    view.ofAsset = undefined;
    expect(ask('BUY', spend('1'))).toEqual(missing('asset_exposure', 'BTC'));
  });

  test('a day that lost more than its limit takes no new risk', () => {
    const { view, ask } = deskWith({ account: { dailyLossMaximum: equityAmount('50') } });
    view.equityNow = equityAmount('950');
    expect(ask('BUY', market('1'))).toBe('approved');
    view.equityNow = equityAmount('949.99999999');
    const was = equityAmount('50.00000001');
    expect(ask('BUY', market('1'))).toEqual({
      reason: 'daily_loss_over_limit',
      maximum: equityAmount('50'),
      was,
    });
    view.dayStart = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('day_start_equity', 'account'));
    view.equityNow = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('equity', 'account'));
  });

  test('a drawdown over its limit takes no new risk', () => {
    const { view, ask } = deskWith({ account: { drawdownMaximum: ratio('0.1') } });
    view.peak = equityAmount('1999.99999999');
    view.equityNow = equityAmount('1800');
    expect(ask('BUY', market('1'))).toBe('approved');
    view.equityNow = equityAmount('1799.99999999');
    expect(ask('BUY', market('1'))).toEqual({
      reason: 'drawdown_over_limit',
      maximum: equityAmount('199.99999999'),
      was: equityAmount('200'),
    });
    view.peak = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('peak_equity', 'account'));
    view.equityNow = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('equity', 'account'));
  });

  test('I7: none of them keeps a position from being reduced', () => {
    const tight = {
      account: {
        orderNotionalMaximum: equityAmount('0'),
        orderShareOfEquityMaximum: ratio('0'),
        exposureMaximum: equityAmount('0'),
        openOrdersMaximum: 0,
        dailyLossMaximum: equityAmount('0'),
        drawdownMaximum: ratio('0'),
      },
      strategy: { exposureMaximum: equityAmount('0'), openOrdersMaximum: 0 },
      symbol: { positionMaximum: quantity('0'), exposureMaximum: equityAmount('0'), openOrdersMaximum: 0 },
      asset: { exposureMaximum: equityAmount('0'), shareOfEquityMaximum: ratio('0') },
    };
    const { view, ask } = deskWith(tight);
    view.hold('2');
    view.equityNow = view.dayStart = view.peak = undefined;
    view.symbolHeld = view.ofAsset = view.ofStrategy = view.ofAccount = undefined;
    expect(ask('SELL', market('2'))).toBe('approved');
  });

  test('a sale beyond the position is new risk, though it adds no exposure', () => {
    const change = {
      account: { exposureMaximum: equityAmount('0'), openOrdersMaximum: 1 },
      strategy: { exposureMaximum: equityAmount('0') },
      symbol: { positionMaximum: quantity('0'), exposureMaximum: equityAmount('0') },
      asset: { exposureMaximum: equityAmount('0'), shareOfEquityMaximum: ratio('0') },
    };
    const { view, ask } = deskWith(change);
    view.balances.set('BTC', amount('BTC', '5'));
    expect(ask('SELL', market('1'))).toBe('approved');
    expect(ask('SELL', market('1'))).toMatchObject({ reason: 'open_orders_over_limit' });
  });
});

describe('a symbol that is not priced in the equity asset', () => {
  const cross = { symbol: 'ETHBTC' };
  const world = () => {
    const view = new TestView();
    view.price = price('0.05');
    view.balances.set('BTC', amount('BTC', '10')).set('ETH', amount('ETH', '10'));
    return view;
  };

  test('is valued through the rate of its quote asset, rounded up', () => {
    const { view, ask } = deskWith({ symbol: { exposureMaximum: equityAmount('10') } }, world());
    view.symbolHeld = quantity('1');
    expect(ask('BUY', limit('1', '0.05'), cross)).toBe('approved');
    expect(ask('BUY', limit('0.0000001', '0.05'), cross)).toMatchObject({ was: equityAmount('10.000001') });
    view.rate = ratio('99.999999999');
    expect(ask('BUY', limit('1', '0.05'), cross)).toMatchObject({ was: equityAmount('15') });
    view.rate = undefined;
    expect(ask('BUY', limit('1', '0.05'), cross)).toEqual(missing('equity_rate', 'BTC'));
    expect(ask('SELL', limit('1', '0.05'), cross)).toEqual(missing('equity_rate', 'BTC'));
  });

  test('reduces without a rate', () => {
    const { view, desk, ask } = deskWith({}, world());
    view.held = quantity('1');
    view.rate = undefined;
    expect(ask('SELL', limit('1', '0.05'), cross)).toBe('approved');
    expect(desk.reservations.gainingOf('BTC')).toBe(equityAmount('0'));
  });

  test('a sale of ETH for BTC takes on BTC', () => {
    const { desk, ask } = deskWith({ asset: { exposureMaximum: equityAmount('10') } }, world());
    expect(ask('SELL', limit('2', '0.05'), cross)).toBe('approved');
    expect(desk.reservations.gainingOf('BTC')).toBe(equityAmount('10'));
    expect(ask('SELL', limit('0.1', '0.05'), cross)).toEqual({
      reason: 'exposure_over_limit',
      scope: ofAsset,
      maximum: equityAmount('10'),
      was: equityAmount('10.5'),
    });
    const share = deskWith({ asset: { shareOfEquityMaximum: ratio('0.01') } }, world());
    expect(share.ask('SELL', limit('2', '0.05'), cross)).toBe('approved');
    expect(share.ask('SELL', limit('0.1', '0.05'), cross)).toMatchObject({
      reason: 'concentration_over_limit',
    });
  });

  test('limits must name the asset that a sale brings', () => {
    const limits = {
      ...limitsWith(),
      assets: new Map([['ETH', { exposureMaximum: 'none', shareOfEquityMaximum: 'none' }]]),
    };
    const { ask } = deskWith({}, world(), limits as RiskLimits);
    expect(ask('SELL', limit('1', '0.05'), cross)).toEqual({ reason: 'limit_not_stated', scope: ofAsset });
    expect(ask('BUY', limit('1', '0.05'), cross)).toBe('approved');
  });
});
