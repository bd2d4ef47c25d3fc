import { add, formatAmount, formatPrice, price, quantity } from '@tradewind/core/money';
import type { MarketSnapshot, SubmitResult } from '@tradewind/proto';
import { afterEach, describe, expect, test } from 'vitest';
import { limit, maker, market, stop } from '../../core/orders/terms.test-support.ts';
import { BY, canceling } from './commands.test-support.ts';
import type { StrategyExecution } from './index.ts';
import { ExecutionWorld, strategyWith } from './world.test-support.ts';

let on: ExecutionWorld;
async function world(policies: Partial<StrategyExecution> = {}): Promise<void> {
  const capital = { USDT: '50000', BTC: '1' };
  on = new ExecutionWorld({
    strategies: new Map([
      ['test', strategyWith(capital, policies)],
      ['other', strategyWith({ USDT: '10000' })],
    ]),
  });
  await on.begin();
}
afterEach(async () => {
  await on.time.advance(1_000);
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
  expect((await on.service.state()).breaks).toEqual([]);
});

const stateOf = async (id: string) => (await on.ledgerOrder(id))?.record.state;
const cancel = (clientOrderId: string) => canceling(on, clientOrderId);
const bought = async (size: string): Promise<void> => {
  on.houseOrder('SELL', '60000', size);
  await on.perform(on.submit('BUY', market(size)));
  await on.time.advance(100);
};
const oco = (size: string, above: string, below: string): Promise<SubmitResult> => {
  const legs = { above: on.intent('SELL', maker(size, above)), below: on.intent('SELL', stop(size, below)) };
  return on.perform(on.submitList({ kind: 'OCO', listClientOrderId: 'list-1', ...legs }));
};

describe('amend and replace', () => {
  test('O13: an amendment lowers the quantity and keeps the name', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.3', '50000')));
    const command = { ...BY, symbol: 'BTCUSDT', clientOrderId: 'order-1', newQuantity: quantity('0.1') };
    expect(await on.perform(on.service.amend(command))).toEqual({ kind: 'done' });
    await on.time.advance(100);
    expect((await on.ledgerOrder('order-1'))?.record).toMatchObject({
      state: 'working',
      quantity: quantity('0.1'),
    });
    expect(await on.perform(on.service.amend({ ...command, newQuantity: quantity('0.2') }))).toMatchObject({
      kind: 'refused',
      reason: 'not_smaller',
    });
  });

  test('O13: an unanswered amendment counts with the larger size until the exchange is asked', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.3', '50000')));
    on.install({ faults: [{ fault: 'lose_answer', where: { endpoint: 'PUT *' } }, { fault: 'drop_event' }] });
    const command = { ...BY, symbol: 'BTCUSDT', clientOrderId: 'order-1', newQuantity: quantity('0.1') };
    expect(await on.perform(on.service.amend(command))).toMatchObject({ kind: 'unknown' });
    expect((await on.service.order('order-1'))?.record.quantity).toEqual(quantity('0.3'));
    await on.time.advance(2_000);
    expect((await on.service.order('order-1'))?.record.quantity).toEqual(quantity('0.1'));
  });

  const replace = () =>
    on.perform(
      on.service.replace({
        ...BY,
        symbol: 'BTCUSDT',
        clientOrderId: 'order-1',
        replacement: on.intent('BUY', limit('0.2', '51000')),
        expiresAtMs: on.time.nowMs() + 5_000,
      }),
    );

  test('O12: both halves of a cancel-replace are followed', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.2', '50000')));
    expect(await replace()).toEqual({ kind: 'submitted', clientOrderId: 'order-2', state: 'working' });
    await on.time.advance(100);
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['canceled', 'working']);
    expect(on.events('intent')).toHaveLength(2);
  });

  test('O12: when the cancel loses to a fill the replacement was never sent', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.2', '50000')));
    on.install({ faults: [{ fault: 'fill_before_cancel' }] });
    await replace();
    on.install({ faults: [] });
    await on.time.advance(5_000);
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['filled', 'absent']);
    expect(on.trueOrders()).toHaveLength(1);
  });

  test('O12: when only the new order is refused the old one is gone', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.2', '50000')));
    const result = await on.perform(
      on.service.replace({
        ...BY,
        symbol: 'BTCUSDT',
        clientOrderId: 'order-1',
        replacement: on.intent('BUY', limit('100', '51000')),
        expiresAtMs: on.time.nowMs() + 5_000,
      }),
    );
    expect(result).toMatchObject({ state: 'rejected' });
    await on.time.advance(3_000);
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['canceled', 'rejected']);
  });

  test('O12: without an answer both halves are in doubt, and both are found', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.2', '50000')));
    on.install({
      faults: [{ fault: 'lose_answer', where: { endpoint: 'POST *' } }, { fault: 'drop_event' }],
    });
    await replace();
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['cancel_unknown', 'unknown']);
    await on.time.advance(5_000);
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['canceled', 'working']);
  });

  test('O12: without an answer the event that the new order was refused ends its doubt at once', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.2', '50000')));
    on.install({
      faults: [
        { fault: 'lose_answer', where: { endpoint: 'POST *' } },
        { fault: 'delay_event', ms: 100 },
      ],
    });
    const replacement = on.intent('BUY', limit('100', '51000'));
    const expiresAtMs = on.time.nowMs() + 5_000;
    const ids = { symbol: 'BTCUSDT', clientOrderId: 'order-1' };
    await on.perform(on.service.replace({ ...BY, ...ids, replacement, expiresAtMs }));
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['cancel_unknown', 'unknown']);
    await on.time.advance(200);
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['canceled', 'rejected']);
  });
});

describe('order lists', () => {
  test('O15: one leg fills and the other expires, in whatever order it is told', async () => {
    await world();
    await bought('0.1');
    await oco('0.1', '62000', '58000');
    on.install({ faults: [{ fault: 'reorder_event', by: 2, hold_ms: 500 }] });
    on.houseOrder('BUY', '62000', '0.1');
    await on.time.advance(3_000);
    expect([await stateOf('order-2'), await stateOf('order-3')]).toEqual(['filled', 'expired']);
    expect(on.events('fill')).toHaveLength(2);
  });

  test('O15, O1: a list whose answer is lost is found by its legs, and canceled by its id', async () => {
    await world();
    await bought('0.1');
    on.install({
      faults: [{ fault: 'lose_answer', where: { endpoint: 'POST *' } }, { fault: 'drop_event' }],
    });
    await oco('0.1', '62000', '58000');
    on.install({ faults: [] });
    await on.time.advance(5_000);
    expect([await stateOf('order-2'), await stateOf('order-3')]).toEqual(['working', 'working']);
    expect(await on.perform(cancel('list-1'))).toEqual({ kind: 'done' });
    await on.time.advance(2_000);
    expect([await stateOf('order-2'), await stateOf('order-3')]).toEqual(['canceled', 'canceled']);
  });

  test('a pending leg waits until the working one has filled', async () => {
    await world();
    const working = on.intent('BUY', limit('0.1', '59000'));
    const pending = on.intent('SELL', stop('0.0999', '58000'));
    await on.perform(on.submitList({ kind: 'OTO', listClientOrderId: 'list-1', working, pending }));
    await on.time.advance(100);
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['working', 'pending']);
    on.houseOrder('SELL', '59000', '0.1');
    await on.time.advance(1_000);
    expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['filled', 'working']);
    await on.perform(on.service.cancelAll({ ...BY, why: 'end' }));
  });
});

describe('cancel everything, and get out', () => {
  test('O9: an order that arrives after the cancel that was meant for it is canceled once more', async () => {
    await world();
    on.install({ faults: [{ fault: 'delay_request', ms: 2_000, where: { endpoint: 'POST *' } }] });
    void on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(500);
    const canceling = on.service.cancelAll({ ...BY, why: 'end' });
    await on.time.advance(9_000);
    expect(await stateOf('order-1')).toBe('working');
    expect(await on.perform(canceling)).toEqual({ canceled: ['order-1'], unproven: [] });
  });

  test('K7: every order of ours is canceled, of one strategy or of all, and what is not proven is named', async () => {
    await world();
    for (const strategy of ['test', 'test', 'other'])
      await on.perform(on.submit('BUY', limit('0.1', '50000'), strategy));
    expect(await on.perform(on.service.cancelAll({ ...BY, why: 'w', strategy: 'other' }))).toEqual({
      canceled: ['order-3'],
      unproven: [],
    });
    on.install({ faults: [{ fault: 'lose_request', where: { endpoint: 'DELETE *' }, when: { nth: 1 } }] });
    const result = await on.perform(on.service.cancelAll({ ...BY, why: 'w', strategy: 'test' }));
    // The exchange says that one of them is still open: it is canceled again.
    expect(result).toEqual({ canceled: ['order-1', 'order-2'], unproven: [] });
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    on.install({ faults: [{ fault: 'lose_request', where: { endpoint: 'DELETE *' } }] });
    expect(await on.perform(on.service.cancelAll({ ...BY, why: 'w' }))).toEqual({
      canceled: [],
      unproven: ['order-4'],
    });
  });

  test('flatten cancels, sells what strategies hold, and says what it keeps and why', async () => {
    await world();
    await bought('0.1');
    await oco('0.05', '62000', '58000');
    on.houseOrder('BUY', '59990', '1');
    const result = await on.perform(on.service.flatten({ ...BY, why: 'w', strategy: 'test' }));
    expect(result).toMatchObject({ canceled: ['order-2', 'order-3'], unproven: [], kept: [] });
    expect(result.orders).toHaveLength(1);
    await on.time.advance(1_000);
    expect(on.events('fill').at(-1)?.fill).toMatchObject({ side: 'SELL', tag: 'flatten' });
    on.risk.answer = () => ({
      kind: 'refused',
      refusal: { reason: 'trading_halted', scope: { kind: 'system' } },
      checks: [],
    });
    await on.time.advance(100);
    expect((await on.perform(on.service.flatten({ ...BY, why: 'w' }))).orders).toEqual([]);
  });

  test('U1: flatten does not sell a second time what was sold without anybody telling', async () => {
    await world();
    await bought('0.1');
    await on.perform(on.submit('SELL', limit('0.0999', '61000')));
    on.install({ faults: [{ fault: 'drop_event', where: { fields: { x: 'TRADE' } } }] });
    on.houseOrder('BUY', '61000', '0.04');
    on.houseOrder('BUY', '59000', '1');
    await on.perform(on.service.flatten({ ...BY, why: 'w', strategy: 'test' }));
    await on.time.advance(60_000);
    const sold = on.trueFills().filter(({ isBuyer }) => !isBuyer);
    expect(formatAmount(sold.map((fill) => fill.quantity).reduce((sum, each) => add(sum, each)))).toBe(
      '0.0999',
    );
  });

  test('flatten asks for a sale when the risk manager has heard of what was canceled for it', async () => {
    await world();
    on.houseOrder('BUY', '55000', '1');
    await bought('0.1');
    await on.perform(on.submit('SELL', limit('0.0999', '70000')));
    await on.time.advance(1_000);
    const record = on.risk.record.bind(on.risk);
    on.risk.record = async (events) => {
      await new Promise<void>((resolve) => on.time.after(20, resolve));
      return record(events);
    };
    const validate = on.risk.validate.bind(on.risk);
    const heard: boolean[] = [];
    on.risk.validate = async (wanted) => {
      heard.push(on.risk.told.some((event) => event.kind === 'order' && event.record.state === 'canceled'));
      return validate(wanted);
    };
    await on.perform(on.service.flatten({ ...BY, why: 'by hand' }));
    expect(heard).toEqual([true]);
  });

  test('B3: what an exit leaves below a step is written off to the owner, and not tried to be sold', async () => {
    await world();
    on.houseOrder('SELL', '60000', '0.1');
    await on.perform(on.submit('BUY', market('0.01001')));
    await on.time.advance(100);
    // 0.01001 less a fee of 0.00001001 are 0.00999999: a step of 0.00001 leaves 0.00000999.
    on.houseOrder('BUY', '59000', '1');
    await on.perform(on.submit('SELL', market('0.00999')));
    await on.time.advance(1_000);
    const dust = on.events('balance').at(-1);
    expect(dust).toMatchObject({ cause: 'dust' });
    expect(formatAmount(dust!.position!.quantity)).toBe('0');
    expect(dust?.detail).toContain('0.00000999 BTC');
    expect(await on.perform(on.service.flatten({ ...BY, why: 'w', strategy: 'test' }))).toMatchObject({
      orders: [],
      kept: [],
    });
  });
});

test('B3, U1: what looks like dust while a fill is still to be told is none', async () => {
  await world();
  on.houseOrder('SELL', '60000', '0.1');
  await on.perform(on.submit('BUY', market('0.01001')));
  await on.time.advance(100);
  on.houseOrder('BUY', '59000', '0.00995');
  await on.perform(on.submit('SELL', limit('0.00999', '59000')));
  await on.time.advance(100);
  on.install({ faults: [{ fault: 'drop_event' }] });
  on.houseOrder('BUY', '59000', '0.1');
  await on.time.advance(60_000);
  // What is left after the last 0.00004, which are worth less than the least notional.
  const dust = on.events('balance').filter(({ cause }) => cause === 'dust');
  expect(dust.map(({ detail }) => detail)).toEqual([expect.stringContaining('0.00000999 BTC')]);
  expect((await on.perform(on.service.reconcile())).breaks).toEqual([]);
});

describe('orders that rest for too long', () => {
  test('are canceled', async () => {
    await world({ unfilled: { kind: 'cancel', afterMs: 5_000 } });
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    await on.time.advance(4_000);
    expect(await stateOf('order-1')).toBe('working');
    await on.time.advance(2_000);
    expect(await stateOf('order-1')).toBe('canceled');
  });

  test('O7: are priced anew with what remains of them, so many times', async () => {
    await world({ unfilled: { kind: 'reprice', afterMs: 5_000, times: 1 } });
    const best = { price: price('59500'), quantity: quantity('1') };
    on.snapshots.set('BTCUSDT', {
      quote: { bid: best, ask: best },
      feed: { state: 'live' },
    } as unknown as MarketSnapshot);
    await on.perform(on.submit('BUY', limit('0.1', '59000')));
    on.houseOrder('SELL', '59000', '0.03');
    await on.time.advance(6_000);
    expect(
      on
        .trueOrders()
        .map((order) => [formatPrice(order.price!), formatAmount(order.quantity!), order.status]),
    ).toEqual([
      ['59000', '0.1', 'CANCELED'],
      ['59500', '0.07', 'NEW'],
    ]);
    await on.time.advance(6_000);
    expect(on.trueOrders().map(({ status }) => status)).toEqual(['CANCELED', 'CANCELED']);
    await on.time.advance(10_000);
    expect(on.trueOrders()).toHaveLength(2);
  });

  test('O7, O10: are not ordered again while their cancel is in doubt', async () => {
    await world({ unfilled: { kind: 'reprice', afterMs: 5_000, times: 1 } });
    await on.perform(on.submit('BUY', limit('0.1', '59000')));
    on.install({ faults: [{ fault: 'lose_request', where: { endpoint: 'DELETE *' } }] });
    await on.time.advance(7_000);
    expect(on.trueOrders()).toHaveLength(1);
    on.install({ faults: [] });
    await on.time.advance(1_000);
    expect(on.trueOrders()).toHaveLength(1);
  });

  test('a restart keeps the time', async () => {
    await world({ unfilled: { kind: 'cancel', afterMs: 20_000 } });
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    on.crash();
    await on.until('ready');
    await on.time.advance(22_000);
    expect(await stateOf('order-1')).toBe('canceled');
  });
});

describe('positions that lose their stop', () => {
  const protects = { keepsProtection: true };

  test('O14: get it back within the deadline when the exit that it made room for never comes', async () => {
    await world(protects);
    await bought('0.1');
    await on.perform(on.submit('SELL', stop('0.0999', '58000')));
    await on.perform(cancel('order-2'));
    await on.time.advance(4_000);
    expect((await on.service.openOrders()).length).toBe(0);
    await on.time.advance(2_000);
    expect((await on.service.openOrders()).map(({ intent }) => intent.terms)).toEqual([
      stop('0.0999', '58000'),
    ]);
    await on.perform(on.service.cancelAll({ ...BY, why: 'end' }));
    await on.time.advance(10_000);
    expect(await on.service.openOrders()).toEqual([]);
  });

  test('O14, X1: stay without the stop that was to be given back when a command cancels everything, also after a restart', async () => {
    await world(protects);
    await bought('0.1');
    await on.perform(on.submit('SELL', stop('0.0999', '58000')));
    await on.perform(cancel('order-2'));
    await on.time.advance(4_000);
    await on.perform(on.service.cancelAll({ ...BY, why: 'by hand', symbol: 'BTCUSDT' }));
    await on.time.advance(10_000);
    expect(await on.service.openOrders()).toEqual([]);
    on.crash();
    await on.until('ready');
    await on.time.advance(10_000);
    expect(await on.service.openOrders()).toEqual([]);
  });

  test('O14: get their stop back though everything of another strategy is canceled', async () => {
    await world(protects);
    await bought('0.1');
    await on.perform(on.submit('SELL', stop('0.0999', '58000')));
    await on.perform(cancel('order-2'));
    await on.time.advance(4_000);
    await on.perform(on.service.cancelAll({ ...BY, why: 'by hand', strategy: 'other' }));
    await on.time.advance(2_000);
    expect(await on.service.openOrders()).toHaveLength(1);
    await on.perform(on.service.cancelAll({ ...BY, why: 'end' }));
  });

  test('O14: are sold when the stop would trigger immediately', async () => {
    await world(protects);
    await bought('0.1');
    await on.perform(on.submit('SELL', stop('0.0999', '58000')));
    await on.perform(cancel('order-2'));
    on.houseOrder('BUY', '57000', '1');
    on.install({
      faults: [{ fault: 'print_trade', symbol: 'BTCUSDT', price: '57000', quantity: '0.01', side: 'SELL' }],
    });
    await on.time.advance(7_000);
    expect(on.events('fill').at(-1)?.fill).toMatchObject({
      side: 'SELL',
      tag: 'unprotected',
      price: price('57000'),
    });
  });

  test('O14: are shouted about when neither is possible', async () => {
    await world(protects);
    await bought('0.1');
    await on.perform(on.submit('SELL', stop('0.0999', '58000')));
    await on.perform(cancel('order-2'));
    on.risk.answer = () => ({
      kind: 'refused',
      refusal: { reason: 'trading_halted', scope: { kind: 'system' } },
      checks: [],
    });
    await on.time.advance(7_000);
    expect(on.events('alert').at(-1)).toMatchObject({ severity: 'critical', name: 'position_unprotected' });
  });

  test('O14, O15: get the stop of their pair back when its other leg, half filled, is canceled', async () => {
    await world(protects);
    await bought('0.1');
    await oco('0.09', '62000', '58000');
    on.houseOrder('BUY', '62000', '0.04');
    await on.time.advance(1_000);
    expect([await stateOf('order-2'), await stateOf('order-3')]).toEqual(['working', 'expired']);
    await on.perform(cancel('order-2'));
    on.houseOrder('SELL', '60000', '0.01');
    on.houseOrder('BUY', '60000', '0.01');
    await on.time.advance(7_000);
    // 0.1 less its fee of 0.0001, less 0.04.
    expect((await on.service.openOrders()).map(({ intent }) => intent.terms)).toEqual([
      stop('0.0599', '58000'),
    ]);
    await on.perform(on.service.cancelAll({ ...BY, why: 'end' }));
  });

  describe('after a restart', () => {
    async function withoutStopAtTheCrash(): Promise<void> {
      await world(protects);
      await bought('0.1');
      await on.perform(on.submit('SELL', stop('0.0999', '58000')));
      await on.perform(cancel('order-2'));
      await on.time.advance(1_000);
      on.crash();
      await on.until('ready');
    }
    const openStops = async () => (await on.service.openOrders()).map(({ intent }) => intent.terms);

    test('O14, X1: get back the stop that ended right before the process did', async () => {
      await withoutStopAtTheCrash();
      expect(await openStops()).toEqual([]);
      await on.time.advance(7_000);
      expect(await openStops()).toEqual([stop('0.0999', '58000')]);
      on.crash();
      await on.until('ready');
      await on.time.advance(10_000);
      expect(await openStops()).toHaveLength(1);
    });

    test('O14, X1: stay without the stop that a command has canceled', async () => {
      await world(protects);
      await bought('0.1');
      await on.perform(on.submit('SELL', stop('0.0999', '58000')));
      await on.perform(on.service.cancelAll({ ...BY, why: 'by hand' }));
      expect(on.events('order').at(-1)).toMatchObject({ isGivenUp: true, record: { state: 'canceled' } });
      on.crash();
      await on.until('ready');
      await on.time.advance(10_000);
      expect(await openStops()).toEqual([]);
    });

    test('O14, X1: stay without the stop whose cancel by command was under way when the process ended', async () => {
      await world(protects);
      await bought('0.1');
      await on.perform(on.submit('SELL', stop('0.0999', '58000')));
      on.install({ faults: [{ fault: 'lose_answer', where: { endpoint: 'DELETE /api/v3/order' } }] });
      void on.service.cancelAll({ ...BY, why: 'by hand' });
      on.wire.cutSockets();
      await on.time.advance(12);
      on.crash();
      await on.until('ready');
      await on.time.advance(20_000);
      expect(await openStops()).toEqual([]);
      expect((await on.ledgerOrder('order-2'))?.record.state).toBe('canceled');
    });

    test('O14: another position than the one that a stop was for gets no old stop', async () => {
      await world(protects);
      await bought('0.1');
      await on.perform(on.submit('SELL', stop('0.0999', '58000')));
      await on.perform(cancel('order-2'));
      on.houseOrder('BUY', '59000', '1');
      await on.perform(on.submit('SELL', market('0.0999')));
      await bought('0.1');
      on.crash();
      await on.until('ready');
      await on.time.advance(10_000);
      expect(await openStops()).toEqual([]);
    });

    test('O14: halt their strategy, with the reason, when they can neither be protected nor sold', async () => {
      await withoutStopAtTheCrash();
      on.risk.answer = () => ({
        kind: 'refused',
        refusal: { reason: 'risk_unavailable', detail: 'away' },
        checks: [],
      });
      await on.time.advance(20_000);
      expect(on.events('alert').filter(({ name }) => name === 'position_unprotected')).toHaveLength(1);
      expect(on.risk.halts).toMatchObject([
        {
          scope: { kind: 'strategy', name: 'test' },
          state: 'reducing',
          why: '0.0999 in BTCUSDT have no stop and could not be sold (stop: risk_unavailable; sale: risk_unavailable)',
        },
      ]);
    });
  });

  test('O14, C5: are left to the session that follows when one ends while it gives a stop back', async () => {
    await world(protects);
    await bought('0.1');
    await on.perform(on.submit('SELL', stop('0.0999', '58000')));
    await on.perform(cancel('order-2'));
    await on.time.advance(4_900);
    const { promise, resolve } = Promise.withResolvers<void>();
    on.ledger.slowness = promise;
    await on.time.advance(1_000);
    const { nowMs } = on.time;
    on.time.nowMs = () => nowMs.call(on.time) + 8_000;
    await on.time.advance(2_000);
    on.ledger.slowness = undefined;
    resolve();
    await on.until('ready');
    await on.time.advance(60_000);
    expect((await on.service.openOrders()).map(({ intent }) => intent.terms)).toEqual([
      stop('0.0999', '58000'),
    ]);
    expect(on.risk.halts).toEqual([]);
    await on.perform(on.service.cancelAll({ ...BY, why: 'end' }));
  });

  test('O14: have no stop to get back once they are sold', async () => {
    await world(protects);
    await bought('0.1');
    await on.perform(on.submit('SELL', stop('0.0999', '58000')));
    await on.perform(cancel('order-2'));
    on.houseOrder('BUY', '59000', '1');
    await on.perform(on.submit('SELL', market('0.0999')));
    await on.time.advance(10_000);
    expect(await on.service.openOrders()).toEqual([]);
    expect(on.trueOrders()).toHaveLength(3);
  });
});

test('O16: orders of two strategies that would trade with one another are told of, and nothing is booked', async () => {
  await world();
  await on.perform(on.submit('SELL', limit('0.1', '60000')));
  await on.perform(on.submit('BUY', limit('0.1', '60000'), 'other'));
  await on.time.advance(1_000);
  expect(on.events('fill')).toEqual([]);
  expect(on.events('alert').map(({ name }) => name)).toContain('self_trade_prevented');
  // EXPIRE_MAKER is what the symbol does by default.
  expect([await stateOf('order-1'), await stateOf('order-2')]).toEqual(['expired_in_match', 'working']);
});
